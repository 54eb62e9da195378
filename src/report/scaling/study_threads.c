/* SPDX-License-Identifier: MIT
 *
 * The axis of threads: what the ceilings allow each phase, and models of the speed-up.
 */
#include "report/scaling/study_threads.h"

#include "base/memory.h"
#include "report/scaling/study_axis.h"
#include "report/scaling/study_limit.h"
#include "report/scaling/study_point.h"
#include "report/scaling/study_text.h"

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

static bool complete(struct store *store, const struct studies *studies, struct study *study,
                     struct error *error)
{
    (void)store, (void)error;
    if (study->weak)
        return true;
    study_set_limits(studies, study);
    struct speedup_sample *samples = study_samples(study);
    struct error why = {.kind = ERROR_NONE};
    study->fitted =
        study->count > 1 && !study_is_noisy(study) &&
        speedup_analyse(samples, study->trials, studies->machine_threads, &study->speedup, &why);
    memory_free(samples);
    return true;
}

const struct study_axis study_over_threads = {
    .parameter = "threads",
    .profiled = true,
    .find_place = find_threads,
    .complete = complete,
    .print = study_print_threads,
};

/* --- Models that are drawn ------------------------------------------------------------------- */

bool study_shows_fit(const struct study *study, size_t fit)
{
    if (!study->fitted)
        return false;
    const struct speedup *speedup = &study->speedup;
    return speedup->fits[fit].fitted &&
           (speedup->verdict == SPEEDUP_NONE || speedup->fits[fit].likely);
}

const struct speedup_fit *study_first_fit(const struct study *study)
{
    if (study->fitted && study->speedup.first < SPEEDUP_MODELS)
        return &study->speedup.fits[study->speedup.first];
    for (size_t i = 0; i < SPEEDUP_MODELS; i++)
        if (study_shows_fit(study, i))
            return &study->speedup.fits[i];
    return NULL;
}

double study_speedup(const struct study *study, double seconds)
{
    return study->points[0].seconds / seconds;
}
