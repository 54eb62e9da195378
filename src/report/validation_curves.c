/* SPDX-License-Identifier: MIT
 *
 * Configurations are on one curve that differ in nothing but the number across.
 */
#include "report/validation_curves.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "report/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Over what ------------------------------------------------------------------------------- */

static bool is_number(const struct hyperparameter *row)
{
    return (row->type == TYPE_REAL || row->type == TYPE_INTEGER) && !hyperparameter_deals_rows(row);
}

/* Is it on a curve over this row? A word such as "auto" has no place among numbers. */
static bool has_place(const struct hyperparameter *row, const struct validated *of)
{
    return validated_is_whole(of) && hyperparameter_applies(row, &of->values) &&
           !setting_is_keyword(&row->setting, hyperparameter_get(row, &of->values));
}

static double number_of(const struct hyperparameter *row, const struct validated *of)
{
    return setting_number(&row->setting, hyperparameter_get(row, &of->values));
}

static size_t count_values(const struct cross_validation *validation,
                           const struct hyperparameter *row)
{
    struct lookup seen = {0};
    for (size_t i = 0; i < validation->count; i++)
        if (has_place(row, &validation->items[i])) {
            const double number = number_of(row, &validation->items[i]);
            lookup_number(&seen, &number, sizeof number);
        }
    const size_t count = seen.count;
    lookup_clear(&seen);
    return count;
}

static const struct hyperparameter *choose(const struct cross_validation *validation)
{
    const struct hyperparameter *lambda = hyperparameter_find("lambda"), *chosen = NULL;
    size_t most = 1;
    if (count_values(validation, lambda) > 1)
        return lambda;
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        const size_t count = is_number(row) ? count_values(validation, row) : 0;
        if (count > most) {
            most = count;
            chosen = row;
        }
    }
    return chosen;
}

double validation_across(const struct validation_curves *curves, const struct validated *of)
{
    return number_of(curves->across, of);
}

/* --- Who is on which ------------------------------------------------------------------------- */

/* The number of the curve of a configuration among those seen. */
static size_t curve_of(struct lookup *seen, const struct hyperparameter *across,
                       const struct validated *of)
{
    const struct configuration usual = configuration_default();
    struct configuration values = of->values;
    char key[DIGEST_TEXT];
    hyperparameter_set(across, &values, hyperparameter_get(across, &usual));
    configuration_fingerprint(&values, of->first->trials[0].data, key);
    return lookup_number(seen, key, strlen(key));
}

/* A configuration with the number of its curve. */
struct placed {
    size_t curve;
    double across;
    const struct validated *of;
};

static int by_curve(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    if (left->curve != right->curve)
        return left->curve < right->curve ? -1 : 1;
    return (left->across > right->across) - (left->across < right->across);
}

static int least_first(const void *a, const void *b)
{
    const struct validation_curve *left = a, *right = b;
    return (left->least > right->least) - (left->least < right->least);
}

/* All that have a place (validation->count at most); how many. */
static size_t find_places(const struct cross_validation *validation,
                          const struct hyperparameter *across, struct placed *placed)
{
    struct lookup seen = {0};
    size_t count = 0;
    for (size_t i = 0; i < validation->count; i++) {
        const struct validated *of = &validation->items[i];
        if (has_place(across, of))
            placed[count++] =
                (struct placed){curve_of(&seen, across, of), number_of(across, of), of};
    }
    lookup_clear(&seen);
    qsort(placed, count, sizeof *placed, by_curve);
    return count;
}

static void gather(struct validation_curves *curves, const struct placed *placed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double mean = placed[i].of->means.heldout_loss.mean;
        curves->points[i] = placed[i].of;
        if (i == 0 || placed[i].curve != placed[i - 1].curve)
            curves->curves[curves->count++] =
                (struct validation_curve){.points = &curves->points[i], .least = mean};
        struct validation_curve *curve = &curves->curves[curves->count - 1];
        curve->count++;
        curve->least = fmin(curve->least, mean);
    }
    qsort(curves->curves, curves->count, sizeof *curves->curves, least_first);
}

/* --- Their names ----------------------------------------------------------------------------- */

static const struct validated *first_of(const struct validation_curves *curves, size_t i)
{
    return curves->curves[i].points[0];
}

/* Does it tell curves apart? */
static bool tells(const struct validation_curves *curves, const struct hyperparameter *row)
{
    if (row == curves->across)
        return false;
    for (size_t i = 1; i < curves->count; i++)
        if (!hyperparameter_equal(row, &first_of(curves, 0)->values, &first_of(curves, i)->values))
            return true;
    return false;
}

static bool data_tell(const struct validation_curves *curves)
{
    const char *data = curves->count > 0 ? first_of(curves, 0)->first->trials[0].data : "";
    for (size_t i = 1; i < curves->count; i++)
        if (strcmp(first_of(curves, i)->first->trials[0].data, data) != 0)
            return true;
    return false;
}

static char *name_of(const struct validation_curves *curves, const bool *told, bool data, size_t i)
{
    const struct validated *of = first_of(curves, i);
    struct memory_stream name;
    FILE *out = memory_stream_open(&name);
    fputs(of->values.solver->name, out);
    for (size_t h = 0; h < hyperparameter_count; h++) {
        char value[QUANTITY_TEXT];
        if (told[h] && hyperparameter_applies(&hyperparameters[h], &of->values))
            fprintf(out, ", %s %s", hyperparameters[h].entry.name,
                    quantity_hyperparameter(value, &hyperparameters[h], &of->values));
    }
    if (data)
        fprintf(out, ", %s", of->first->trials[0].data);
    return memory_stream_close(&name);
}

static void name_curves(struct validation_curves *curves)
{
    bool *told = memory_allocate(hyperparameter_count, sizeof *told);
    const bool data = data_tell(curves);
    for (size_t h = 0; h < hyperparameter_count; h++)
        told[h] = strcmp(hyperparameters[h].entry.name, "solver") != 0 &&
                  tells(curves, &hyperparameters[h]);
    for (size_t i = 0; i < curves->count; i++)
        curves->curves[i].name = name_of(curves, told, data, i);
    memory_free(told);
}

struct validation_curves validation_curves_of(const struct cross_validation *validation,
                                              const struct hyperparameter *across)
{
    struct validation_curves curves = {.across = across != NULL ? across : choose(validation)};
    if (curves.across == NULL)
        return curves;
    struct placed *placed = memory_allocate(validation->count + 1, sizeof *placed);
    curves.points = memory_allocate(validation->count + 1, sizeof *curves.points);
    curves.curves = memory_allocate(validation->count + 1, sizeof *curves.curves);
    gather(&curves, placed, find_places(validation, curves.across, placed));
    name_curves(&curves);
    memory_free(placed);
    return curves;
}

void validation_curves_clear(struct validation_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++)
        memory_free(curves->curves[i].name);
    memory_free(curves->curves);
    memory_free(curves->points);
    *curves = (struct validation_curves){0};
}
