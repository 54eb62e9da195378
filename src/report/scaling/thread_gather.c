/* SPDX-License-Identifier: MIT
 *
 * The axis of threads.
 */
#include "report/scaling/thread_gather.h"

#include "store/store_profile.h"

#include <inttypes.h>
#include <stdio.h>

static bool takes(const struct stored_trial *trial)
{
    (void)trial;
    return true;
}

/* Threads are no axis of a solver that takes one sample after the other: it has one for a model,
 * and for several, among which they are shared out, all there were; only its phases know them. */
static int64_t threads_of(const struct stored_trial *trial)
{
    return configuration_threads(&trial->values);
}

static void key_of(const struct stored_trial *trial, char key[static DIGEST_TEXT])
{
    char kind[DIGEST_TEXT + 2 * HOST_TEXT];
    struct configuration values = trial->values;
    values.threads = 1;
    if (trial->shared != 0)
        configuration_share(&values);
    snprintf(kind, sizeof kind, "%s %" PRId64 " %s %" PRId64 " %s", trial->data_digest,
             trial->models, trial->kernel, trial->seat.ranks_per_host, trial->seat.host);
    configuration_fingerprint(&values, kind, key);
}

static const struct study_axis thread_axis = {takes, threads_of, key_of};

/* Asks the phases of those that only they know of. */
static bool find_threads(struct store *store, struct study_gathering *gathering,
                         struct error *error)
{
    for (size_t i = 0; i < gathering->count; i++) {
        struct study_member *member = &gathering->members[i];
        struct phase_totals *totals = NULL;
        double counters[COUNTER_VALUE_COUNT];
        if (configuration_is_threaded(&member->trial->values) || member->trial->models == 1)
            continue;
        if (!store_read_profile(store, member->trial->id, &totals, counters, error))
            return false;
        if (totals != NULL)
            member->place = totals->threads;
        phase_totals_free(totals);
    }
    return true;
}

bool thread_gather(struct store *store, const struct results *results, struct study_gatherings *all,
                   struct error *error)
{
    bool done = true;
    *all = (struct study_gatherings){0};
    study_gather(results, &thread_axis, all);
    for (size_t i = 0; i < all->count && done; i++) {
        done = find_threads(store, &all->items[i], error);
        study_sort(&all->items[i]);
    }
    return done;
}
