/* SPDX-License-Identifier: MIT
 *
 * Each axis is walked twice: for strong scaling and for weak.
 */
#include "report/scaling/studies.h"

#include "base/memory.h"
#include "base/system/terminal.h"
#include "report/scaling/study_point.h"
#include "report/text_table.h"

#include <jansson.h>

static const struct study_axis *const axes[STUDY_AXES] = {
    [OVER_THREADS] = &study_over_threads,
    [OVER_RANKS] = &study_over_ranks,
};

/* --- A study --------------------------------------------------------------------------------- */

static void study_free(struct study *study)
{
    for (size_t i = 0; i < study->count; i++) {
        memory_free(study->points[i].samples);
        memory_free(study->points[i].waits);
    }
    memory_free(study->points);
    memory_free(study->exchange.samples);
    speedup_counts_free(&study->counts);
    speedup_free(&study->speedup);
}

static void count_up(struct study *study)
{
    struct speedup_sample *samples = study_samples(study);
    struct error error = {.kind = ERROR_NONE};
    (study->weak ? speedup_counts_weak : speedup_counts_strong)(samples, study->trials,
                                                                &study->counts, &error);
    memory_free(samples);
}

static bool add_study(struct store *store, const struct study_gatherings *all, size_t at,
                      const struct studies *studies, struct study_list *list, struct error *error)
{
    struct study *study = &list->items[list->count++];
    *study = (struct study){.weak = all->weak, .base = all->items[at].first};
    if (!study_read_points(store, &all->items[at], study, error))
        return false;
    if (all->axis->profiled && study->profiled == 0) {
        study_free(study);
        list->count--;
        return true;
    }
    count_up(study);
    return all->axis->complete(store, studies, study, error);
}

static bool read_list(struct store *store, const struct results *results,
                      const struct study_axis *axis, bool weak, const struct studies *studies,
                      struct study_list *list, struct error *error)
{
    struct study_gatherings all;
    bool done = study_gather(store, results, axis, weak, &all, error);
    list->items = memory_allocate(all.count, sizeof *list->items);
    for (size_t i = 0; i < all.count && done; i++)
        if (all.items[i].count > 0)
            done = add_study(store, &all, i, studies, list, error);
    study_gatherings_free(&all);
    return done;
}

/* --- The machine ----------------------------------------------------------------------------- */

/* How many threads it has, and from how many elements on BLAS has threads of its own
 * (measure/machine/machine.h). */
static bool read_facts(struct store *store, int64_t machine, struct studies *studies,
                       struct error *error)
{
    const size_t ceilings = studies->ceiling_count;
    studies->machine_threads = ceilings > 0 ? (size_t)studies->ceilings[ceilings - 1].threads : 1;
    if (machine == 0)
        return true;
    char *text = store_read_machine(store, machine, error);
    json_t *facts = text != NULL ? json_loads(text, 0, NULL) : NULL;
    json_int_t count = json_integer_value(json_object_get(facts, "threads"));
    if (count > (json_int_t)studies->machine_threads)
        studies->machine_threads = (size_t)count;
    studies->gemv_elements = (int64_t)json_integer_value(
        json_object_get(json_object_get(facts, "blas_gemv"), "forks_from_elements"));
    json_decref(facts);
    memory_free(text);
    return text != NULL;
}

static bool read_machine(struct store *store, const struct results *results,
                         struct studies *studies, struct error *error)
{
    int64_t machine = results->list.count > 0 ? results->list.rows[0].machine : 0;
    for (size_t i = 0; i < results->list.count; i++)
        if (results->list.rows[i].machine > machine)
            machine = results->list.rows[i].machine; /* the last that recorded something */
    bool done =
        store_read_ceilings(store, machine, &studies->ceilings, &studies->ceiling_count, error);
    ceilings_raise(studies->ceilings, studies->ceiling_count);
    return done &&
           store_read_remarks(store, machine, &studies->remarks, &studies->remark_count, error) &&
           read_facts(store, machine, studies, error);
}

/* --- Studies --------------------------------------------------------------------------------- */

bool studies_read(struct store *store, const struct results *results, struct studies *studies,
                  struct error *error)
{
    *studies = (struct studies){0};
    noise_add(&studies->noise, results);
    bool any = false, done = store_has_profiles(store, &any, error) &&
                             read_machine(store, results, studies, error);
    for (size_t i = 0; i < STUDY_AXES; i++)
        if (any || !axes[i]->profiled)
            done = done &&
                   read_list(store, results, axes[i], false, studies, &studies->strong[i], error) &&
                   read_list(store, results, axes[i], true, studies, &studies->weak[i], error);
    return done;
}

static void free_list(struct study_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        study_free(&list->items[i]);
    memory_free(list->items);
}

void studies_free(struct studies *studies)
{
    for (size_t i = 0; i < STUDY_AXES; i++) {
        free_list(&studies->strong[i]);
        free_list(&studies->weak[i]);
    }
    memory_free(studies->ceilings);
    memory_free(studies->remarks);
    *studies = (struct studies){0};
}

/* How many points there are whose times say nothing; of all. */
static size_t count_noisy(const struct studies *studies, size_t *all)
{
    size_t noisy = *all = 0;
    for (size_t a = 0; a < STUDY_AXES; a++)
        for (size_t i = 0; i < studies->strong[a].count; i++) {
            const struct study *study = &studies->strong[a].items[i];
            *all += study->count;
            for (size_t p = 0; p < study->count; p++)
                noisy += study->points[p].noisy;
        }
    return noisy;
}

static void print_noise(const struct studies *studies, FILE *out)
{
    char words[NOISE_TEXT], text[NOISE_TEXT + 160];
    struct terminal terminal = terminal_of(out);
    size_t all, noisy = count_noisy(studies, &all);
    if (noisy == 0)
        return;
    snprintf(text, sizeof text,
             "%zu of %zu points are not measurable here: %s; `descent machine` says what to do",
             noisy, all, noise_words(words, &studies->noise));
    fprintf(out, "\n%s", terminal_style(&terminal, STYLE_WARNING));
    text_print_wrapped(text, 0, REPORT_WIDTH, out);
    fputs(terminal_style(&terminal, STYLE_PLAIN), out);
}

void studies_print(const struct studies *studies, size_t most, FILE *out)
{
    print_noise(studies, out);
    for (size_t i = 0; i < STUDY_AXES; i++)
        axes[i]->print(studies, most, out);
}
