/* SPDX-License-Identifier: MIT
 *
 * Trials that differ in nothing but threads have equal keys when the threads are set aside; of a
 * group that was trained side by side the member that stayed longest speaks for all.
 */
#include "report/scaling/study_gather.h"

#include "base/digest.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Returns the number of the gathering. */
static size_t find(struct study_gatherings *all, const struct stored_trial *trial)
{
    char key[DIGEST_TEXT];
    key_of(trial, key);
    size_t number = lookup_number(&all->keys, key, sizeof key);
    if (number < all->count)
        return number;
    all->items = memory_grow(all->items, &all->capacity, all->count + 1, sizeof *all->items);
    all->items[all->count++] = (struct study_gathering){.study = {
                                                            .data = trial->data,
                                                            .data_digest = trial->data_digest,
                                                            .rows = trial->rows,
                                                            .features = trial->features,
                                                            .values = &trial->values,
                                                            .kernel = trial->kernel,
                                                            .models = trial->models,
                                                            .seat = &trial->seat,
                                                        }};
    return number;
}

/* Threads are no axis of a solver that takes one sample after the other: it has one for a model,
 * and for several, among which they are shared out, all there were; only its phases know them. */
static bool is_threaded(const struct stored_trial *trial)
{
    return configuration_is_threaded(&trial->values);
}

static struct study_member *add_member(struct study_gathering *gathering,
                                       const struct stored_trial *trial)
{
    gathering->members = memory_grow(gathering->members, &gathering->capacity, gathering->count + 1,
                                     sizeof *gathering->members);
    struct study_member *place = &gathering->members[gathering->count++];
    *place = (struct study_member){trial, configuration_threads(&trial->values)};
    return place;
}

/* Where the trial belongs: a new place, or that of another of its group. */
static struct study_member *place_of(struct study_gatherings *all, const struct stored_trial *trial)
{
    size_t at = find(all, trial);
    struct study_gathering *gathering = &all->items[at];
    if (trial->shared == 0)
        return add_member(gathering, trial);
    const int64_t group[2] = {(int64_t)at, trial->shared};
    size_t known = all->groups.count, number = lookup_number(&all->groups, group, sizeof group);
    if (number < known)
        return &gathering->members[all->places[number]];
    all->places = memory_grow(all->places, &all->places_capacity, number + 1, sizeof *all->places);
    all->places[number] = gathering->count;
    return add_member(gathering, trial);
}

void study_gather(const struct results *results, struct study_gatherings *all)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (trial->epochs == 0 || trial->status == STATUS_FAILED)
                continue;
            struct study_member *place = place_of(all, trial);
            if (trial->epochs > place->trial->epochs)
                place->trial = trial;
        }
}

static int by_threads(const void *a, const void *b)
{
    const struct study_member *left = a, *right = b;
    if (left->threads != right->threads)
        return left->threads < right->threads ? -1 : 1;
    return (left->trial->id > right->trial->id) - (left->trial->id < right->trial->id);
}

static bool find_threads(struct store *store, struct study_gathering *gathering,
                         struct error *error)
{
    for (size_t i = 0; i < gathering->count; i++) {
        struct study_member *member = &gathering->members[i];
        struct phase_totals *totals = NULL;
        double counters[COUNTER_VALUE_COUNT];
        if (is_threaded(member->trial) || member->trial->models == 1)
            continue;
        if (!store_read_profile(store, member->trial->id, &totals, counters, error))
            return false;
        if (totals != NULL)
            member->threads = totals->threads;
        phase_totals_free(totals);
    }
    return true;
}

bool study_sort(struct store *store, struct study_gathering *gathering, struct error *error)
{
    if (!find_threads(store, gathering, error))
        return false;
    qsort(gathering->members, gathering->count, sizeof *gathering->members, by_threads);
    return true;
}

void study_gatherings_free(struct study_gatherings *all)
{
    for (size_t i = 0; i < all->count; i++)
        memory_free(all->items[i].members);
    memory_free(all->items);
    memory_free(all->places);
    lookup_clear(&all->keys);
    lookup_clear(&all->groups);
}
