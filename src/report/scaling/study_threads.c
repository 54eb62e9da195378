/* SPDX-License-Identifier: MIT
 *
 * The axis of threads: what the ceilings allow each phase, and models of the speed-up.
 */
#include "base/memory.h"
#include "report/scaling/profile_text.h"
#include "report/scaling/study_axis.h"
#include "report/scaling/study_limit.h"
#include "report/scaling/study_point.h"

/* Threads are no axis of a solver that takes one sample after the other: it has one for a model,
 * and for several, among which they are shared out, all there were; only its phases know them. */
static bool find_threads(struct store *store, const struct stored_trial *trial, int64_t *place,
                         struct error *error)
{
    struct phase_totals *totals = NULL;
    double counters[COUNTER_VALUE_COUNT];
    *place = configuration_threads(&trial->values);
    if (configuration_is_threaded(&trial->values) || trial->models == 1)
        return true;
    if (!store_read_profile(store, trial->id, &totals, counters, error))
        return false;
    if (totals != NULL)
        *place = totals->threads;
    phase_totals_free(totals);
    return true;
}

/* Threads of the hardware: all that the machine had, or, where it does not say, the most that a
 * ceiling was measured at. */
static size_t hardware_threads(const struct studies *studies)
{
    size_t most = studies->machine_threads;
    for (size_t i = 0; i < studies->ceiling_count; i++)
        if ((size_t)studies->ceilings[i].threads > most)
            most = (size_t)studies->ceilings[i].threads;
    return most;
}

static bool complete(struct store *store, const struct studies *studies, struct study *study,
                     struct error *error)
{
    (void)store, (void)error;
    if (study->weak)
        return true;
    for (size_t i = 0; i < study->count; i++)
        study_set_limits(studies, study, &study->points[i]);
    size_t count;
    struct speedup_sample *samples = study_samples(study, &count);
    struct error why = {.kind = ERROR_NONE};
    study->fitted = study->count > 1 && speedup_analyse(samples, count, hardware_threads(studies),
                                                        &study->speedup, &why);
    memory_free(samples);
    return true;
}

const struct study_axis study_over_threads = {
    .parameter = "threads",
    .profiled = true,
    .find_place = find_threads,
    .complete = complete,
    .print = profile_print,
};
