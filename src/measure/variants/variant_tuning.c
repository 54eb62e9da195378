/* SPDX-License-Identifier: MIT
 *
 * Measuring pays where what is to come takes many times as long: the best variant gains a few per
 * cent, perhaps a third. How long that is, is first judged by the bytes that will be read, which
 * takes no time, and only where these are many by a look at the first variant.
 */
#include "measure/variants/variant_tuning.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "measure/ceilings/read_pass.h"
#include "measure/variants/variant_file.h"
#include "measure/variants/variant_times.h"

#include <stdlib.h>
#include <string.h>

static const double pays = 20.0;   /* times as long as measuring */
static const double slowest = 1e9; /* bytes of X a second, for each model: no pass is slower */

static bool on;

static bool is_forbidden(void)
{
    const char *said = getenv("DESCENT_TUNING");
    return said != NULL && strcmp(said, "no") == 0;
}

void variant_tuning_begin(bool wanted)
{
    on = wanted && !is_forbidden();
    variants_forget();
    char *path = on ? variant_file_path() : NULL;
    if (path != NULL)
        variant_file_read(path);
    memory_free(path);
}

/* Seconds that the work takes at the very most. */
static double most_seconds(const struct variant_work *work)
{
    double numbers = (double)work->data->rows * (double)work->data->features;
    return work->passes * numbers * sizeof(double) * (double)work->what.models / slowest;
}

/* Are the rows in memory? Those of a file that is mapped come there when they are first read, which
 * a pass would do next, unless memory does not hold them. */
static bool are_at_hand(const struct variant_work *work)
{
    const struct dataset *data = work->data;
    const size_t numbers = data->rows * data->features;
    if (data->mapping == NULL)
        return true;
    if (numbers > memory_available() / 2 / sizeof(double))
        return false;
    read_pass(data->X, numbers, work->what.threads);
    return true;
}

static bool is_worth_it(const struct variant_work *work)
{
    const double least = pays * variants_measure_seconds(&work->what);
    if (work->data->ranks != NULL || ranks_launched() > 1 || variant_is_chosen(&work->what) ||
        (size_t)work->what.threads > work->data->rows)
        return false;
    return most_seconds(work) >= least && are_at_hand(work) &&
           work->passes * variant_first_seconds(work->data, &work->what) >= least;
}

static void measure(const struct variant_work *work)
{
    struct variant_times times;
    variants_measure(work->data, &work->what, &times);
    variant_choose(&(struct variant_choice){work->what, variant_times_best(&times)});
    variant_times_clear(&times);
}

/* Others may have added to the file: theirs stay, and what was measured now goes before. */
static void keep(const struct variant_choice *measured, size_t count)
{
    struct error nobody = {.kind = ERROR_NONE};
    char *path = variant_file_path();
    if (path == NULL)
        return;
    variant_file_read(path);
    for (size_t i = 0; i < count; i++)
        variant_choose(&measured[i]);
    variant_file_write(path, &nobody);
    memory_free(path);
}

void variant_tuning_prepare(const struct variant_work *work, size_t count)
{
    struct variant_choice *measured = memory_allocate(count + 1, sizeof *measured);
    size_t found = 0;
    for (size_t i = 0; on && i < count; i++) {
        if (!is_worth_it(&work[i]))
            continue;
        measure(&work[i]);
        measured[found++] = (struct variant_choice){work[i].what, variant_of(&work[i].what)};
    }
    if (found > 0)
        keep(measured, found);
    memory_free(measured);
}
