/* SPDX-License-Identifier: MIT
 *
 * Trials that differ in nothing but their place on the axis have equal keys when that is set aside.
 * For weak scaling the data count by their family, and of those that are alike such are taken as
 * have as many rows for each thread or rank as the one with the fewest rows, at its first place. No
 * sweep says that it is about weak scaling: it is enough that such trials are there.
 */
#include "report/scaling/study_gather.h"

#include "base/memory.h"
#include "report/scaling/data_family.h"
#include "solvers/hyperparameter.h"

#include <inttypes.h>
#include <stdlib.h>

static bool takes(const struct study_axis *axis, const struct stored_trial *trial)
{
    return trial->epochs > 0 && trial->status != STATUS_FAILED &&
           (axis->takes == NULL || axis->takes(trial));
}

static int64_t place_of(const struct study_axis *axis, const struct stored_trial *trial)
{
    return hyperparameter_get(hyperparameter_find(axis->parameter), &trial->values).integer;
}

/* A digest of all that members share: the configuration with its place on the axis set aside, the
 * data, and where it ran. */
static void key_of(const struct study_gatherings *all, const struct stored_trial *trial,
                   char key[static DIGEST_TEXT])
{
    struct configuration values = trial->values;
    char *beside = NULL, *family = all->weak ? data_family(trial->data, trial->data_digest) : NULL;
    hyperparameter_set(hyperparameter_find(all->axis->parameter), &values,
                       (struct value){.integer = 1});
    if (trial->shared != 0)
        configuration_share(&values);
    if (asprintf(&beside, "%" PRId64 " %" PRId64 " %" PRId64 " %s %s %s", trial->features,
                 trial->models,
                 all->axis->one_machine ? trial->machine : trial->seat.ranks_per_host,
                 trial->seat.host, trial->kernel, all->weak ? family : trial->data_digest) < 0)
        memory_exhausted(1, 1);
    configuration_fingerprint(&values, beside, key);
    memory_free(beside);
    memory_free(family);
}

/* Returns the number of the gathering. */
static size_t find(struct study_gatherings *all, const struct stored_trial *trial)
{
    char key[DIGEST_TEXT];
    key_of(all, trial, key);
    size_t number = lookup_number(&all->keys, key, sizeof key);
    if (number == all->count) {
        all->items = memory_grow(all->items, &all->capacity, all->count + 1, sizeof *all->items);
        all->items[all->count++] = (struct study_gathering){.first = trial};
    }
    if (trial->rows < all->items[number].first->rows)
        all->items[number].first = trial;
    return number;
}

/* The member that the trial is: a new one, or that of its group. */
static struct study_member *member_of(struct study_gatherings *all,
                                      const struct stored_trial *trial)
{
    const size_t at = find(all, trial), known = all->clocks.count;
    const int64_t clock[2] = {(int64_t)at, trial->shared != 0 ? trial->shared : -trial->id};
    const size_t number = lookup_number(&all->clocks, clock, sizeof clock);
    struct study_gathering *gathering = &all->items[at];
    if (number < known)
        return &gathering->members[all->places[number]];
    all->places = memory_grow(all->places, &all->places_capacity, number + 1, sizeof *all->places);
    all->places[number] = gathering->count;
    gathering->members = memory_grow(gathering->members, &gathering->capacity, gathering->count + 1,
                                     sizeof *gathering->members);
    struct study_member *member = &gathering->members[gathering->count++];
    *member = (struct study_member){.trial = trial};
    return member;
}

static void add_trials(const struct results *results, struct study_gatherings *all)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!takes(all->axis, trial))
                continue;
            struct study_member *member = member_of(all, trial);
            if (trial->epochs > member->trial->epochs)
                member->trial = trial;
        }
}

/* Do trials differ in what they must? Mostly they do not, and no key need be made. */
static bool varies(const struct results *results, const struct study_gatherings *all)
{
    const struct stored_trial *first = NULL;
    bool rows = !all->weak, places = all->axis->profiled;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!takes(all->axis, trial))
                continue;
            first = first != NULL ? first : trial;
            rows = rows || trial->rows != first->rows;
            places = places || place_of(all->axis, trial) != place_of(all->axis, first);
            if (rows && places)
                return true;
        }
    return false;
}

static int by_place(const void *a, const void *b)
{
    const struct study_member *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return (left->trial->id > right->trial->id) - (left->trial->id < right->trial->id);
}

static bool sort(struct store *store, const struct study_axis *axis,
                 struct study_gathering *gathering, struct error *error)
{
    for (size_t i = 0; i < gathering->count; i++) {
        struct study_member *member = &gathering->members[i];
        member->place = place_of(axis, member->trial);
        if (axis->find_place != NULL &&
            !axis->find_place(store, member->trial, &member->place, error))
            return false;
    }
    qsort(gathering->members, gathering->count, sizeof *gathering->members, by_place);
    return true;
}

/* Keeps as many rows for each thread or rank as there are where they are fewest. */
static void keep_proportional(struct study_gathering *gathering)
{
    const int64_t rows = gathering->first->rows;
    size_t kept = 0, base = 0;
    while (gathering->members[base].trial->rows != rows)
        base++;
    const int64_t place = gathering->members[base].place;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct study_member member = gathering->members[i];
        if (member.trial->rows * place == rows * member.place)
            gathering->members[kept++] = member;
    }
    gathering->count = kept;
}

size_t study_next_place(const struct study_gathering *gathering, size_t from)
{
    size_t next = from + 1;
    while (next < gathering->count &&
           gathering->members[next].place == gathering->members[from].place)
        next++;
    return next;
}

static int by_first(const void *a, const void *b)
{
    const struct study_gathering *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

bool study_gather(struct store *store, const struct results *results, const struct study_axis *axis,
                  bool weak, struct study_gatherings *all, struct error *error)
{
    *all = (struct study_gatherings){.axis = axis, .weak = weak};
    if (varies(results, all))
        add_trials(results, all);
    for (size_t i = 0; i < all->count; i++) {
        struct study_gathering *gathering = &all->items[i];
        if (!sort(store, axis, gathering, error))
            return false;
        if (weak)
            keep_proportional(gathering);
        if ((weak || !axis->profiled) && study_next_place(gathering, 0) == gathering->count)
            gathering->count = 0;
    }
    if (all->count > 1)
        qsort(all->items, all->count, sizeof *all->items, by_first);
    return true;
}

void study_gatherings_free(struct study_gatherings *all)
{
    for (size_t i = 0; i < all->count; i++)
        memory_free(all->items[i].members);
    memory_free(all->items);
    memory_free(all->places);
    lookup_clear(&all->keys);
    lookup_clear(&all->clocks);
}
