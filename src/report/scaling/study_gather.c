/* SPDX-License-Identifier: MIT
 *
 * Trials that differ in nothing but their place on the axis have equal keys when that is set aside.
 */
#include "report/scaling/study_gather.h"

#include "base/memory.h"

#include <stdlib.h>

/* Returns the number of the gathering. */
static size_t find(struct study_gatherings *all, const struct study_axis *axis,
                   const struct stored_trial *trial)
{
    char key[DIGEST_TEXT];
    axis->key(trial, key);
    size_t number = lookup_number(&all->keys, key, sizeof key);
    if (number < all->count)
        return number;
    all->items = memory_grow(all->items, &all->capacity, all->count + 1, sizeof *all->items);
    all->items[all->count++] = (struct study_gathering){.first = trial};
    return number;
}

static struct study_member *add_member(struct study_gathering *gathering,
                                       const struct study_axis *axis,
                                       const struct stored_trial *trial)
{
    gathering->members = memory_grow(gathering->members, &gathering->capacity, gathering->count + 1,
                                     sizeof *gathering->members);
    struct study_member *member = &gathering->members[gathering->count++];
    *member = (struct study_member){trial, axis->place(trial)};
    return member;
}

/* The member that the trial is: a new one, or that of its group. */
static struct study_member *member_of(struct study_gatherings *all, const struct study_axis *axis,
                                      const struct stored_trial *trial)
{
    size_t at = find(all, axis, trial);
    struct study_gathering *gathering = &all->items[at];
    if (trial->shared == 0)
        return add_member(gathering, axis, trial);
    const int64_t group[2] = {(int64_t)at, trial->shared};
    size_t known = all->groups.count, number = lookup_number(&all->groups, group, sizeof group);
    if (number < known)
        return &gathering->members[all->places[number]];
    all->places = memory_grow(all->places, &all->places_capacity, number + 1, sizeof *all->places);
    all->places[number] = gathering->count;
    return add_member(gathering, axis, trial);
}

bool study_has(const struct study_axis *axis, const struct stored_trial *trial)
{
    return trial->epochs > 0 && trial->status != STATUS_FAILED && axis->takes(trial);
}

void study_gather(const struct results *results, const struct study_axis *axis,
                  struct study_gatherings *all)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!study_has(axis, trial))
                continue;
            struct study_member *member = member_of(all, axis, trial);
            if (trial->epochs > member->trial->epochs)
                member->trial = trial;
        }
}

static int by_place(const void *a, const void *b)
{
    const struct study_member *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return (left->trial->id > right->trial->id) - (left->trial->id < right->trial->id);
}

void study_sort(struct study_gathering *gathering)
{
    qsort(gathering->members, gathering->count, sizeof *gathering->members, by_place);
}

size_t study_next_place(const struct study_gathering *gathering, size_t from)
{
    size_t next = from + 1;
    while (next < gathering->count &&
           gathering->members[next].place == gathering->members[from].place)
        next++;
    return next;
}

double study_seconds(const struct stored_trial *trial)
{
    return trial->train_seconds / (double)trial->epochs;
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
