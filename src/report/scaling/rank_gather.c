/* SPDX-License-Identifier: MIT
 *
 * Trials that differ in nothing but ranks have equal keys when the ranks are set aside. Of models
 * that were trained side by side, and share their time, the one that stayed longest speaks for all.
 * For weak scaling the data count by their family (data_family.h), and of those that are alike such
 * are taken as have as many rows per rank as the one with the fewest rows, on its fewest ranks.
 */
#include "report/scaling/rank_gather.h"

#include "base/digest.h"
#include "base/lookup.h"
#include "base/memory.h"
#include "report/scaling/data_family.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rank_candidate {
    const struct stored_trial *trial;
    char key[DIGEST_TEXT]; /* of what it shares with those of its family */
};

struct rank_candidates {
    size_t count, capacity;
    struct rank_candidate *items; /* (count) */
    struct lookup clocks;         /* of trials that share theirs with others */
    size_t *places;               /* (clocks.count) their candidates */
    size_t places_capacity;
};

/* Times beside those of other passes are of no use; those of models side by side are. */
static bool is_candidate(const struct stored_trial *trial)
{
    bool timed = stored_trial_is_solo(trial) || trial->models > 1;
    return trial->epochs > 0 && trial->status != STATUS_FAILED && timed &&
           hyperparameter_applies(hyperparameter_find("ranks"), &trial->values);
}

static struct rank_candidate *add_place(struct rank_candidates *all,
                                        const struct stored_trial *trial)
{
    all->items = memory_grow(all->items, &all->capacity, all->count + 1, sizeof *all->items);
    struct rank_candidate *place = &all->items[all->count++];
    place->trial = trial;
    return place;
}

/* The place of a trial: a new one, or that of another that shares its clock. */
static struct rank_candidate *place_of(struct rank_candidates *all,
                                       const struct stored_trial *trial)
{
    if (trial->shared == 0)
        return add_place(all, trial);
    size_t known = all->clocks.count;
    size_t number = lookup_number(&all->clocks, &trial->shared, sizeof trial->shared);
    if (number < known)
        return &all->items[all->places[number]];
    all->places = memory_grow(all->places, &all->places_capacity, number + 1, sizeof *all->places);
    all->places[number] = all->count;
    return add_place(all, trial);
}

static void key_of(const struct stored_trial *trial, bool weak, char key[static DIGEST_TEXT])
{
    struct configuration values = trial->values;
    char *data =
        weak ? data_family(trial->data, trial->data_digest) : memory_copy_text(trial->data_digest);
    char *kind = NULL;
    values.ranks = 1;
    if (trial->shared != 0)
        configuration_share(&values);
    if (asprintf(&kind, "%s %" PRId64 " %" PRId64 " %s %s %" PRId64, data, trial->features,
                 trial->machine, trial->seat.host, trial->kernel, trial->models) < 0)
        memory_exhausted(1, 1);
    configuration_fingerprint(&values, kind, key);
    memory_free(kind);
    memory_free(data);
}

static void find_candidates(const struct results *results, bool weak, struct rank_candidates *all)
{
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!is_candidate(trial))
                continue;
            struct rank_candidate *place = place_of(all, trial);
            if (trial->epochs >= place->trial->epochs) { /* it stayed longest */
                place->trial = trial;
                key_of(trial, weak, place->key);
            }
        }
}

static int by_ranks(const void *a, const void *b)
{
    const struct stored_trial *left = *(const struct stored_trial *const *)a,
                              *right = *(const struct stored_trial *const *)b;
    if (left->values.ranks != right->values.ranks)
        return left->values.ranks < right->values.ranks ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

/* Of a family of weak scaling: of the fewest rows the one on the fewest ranks. */
static const struct stored_trial *base_of(const struct rank_family *family)
{
    const struct stored_trial *base = family->trials[0];
    for (size_t i = 1; i < family->count; i++)
        if (family->trials[i]->rows < base->rows)
            base = family->trials[i];
    return base;
}

static void keep_proportional(struct rank_family *family)
{
    const struct stored_trial *base = base_of(family);
    size_t kept = 0;
    for (size_t i = 0; i < family->count; i++) {
        const struct stored_trial *trial = family->trials[i];
        if (trial->rows * base->values.ranks == base->rows * trial->values.ranks)
            family->trials[kept++] = trial;
    }
    family->count = kept;
}

/* Adds a family if it is a study; else frees it. */
static void add_family(struct rank_family family, struct rank_families *families)
{
    qsort(family.trials, family.count, sizeof *family.trials, by_ranks);
    if (family.weak)
        keep_proportional(&family);
    if (family.trials[0]->values.ranks == family.trials[family.count - 1]->values.ranks) {
        memory_free(family.trials);
        return;
    }
    families->items = memory_grow(families->items, &families->capacity, families->count + 1,
                                  sizeof *families->items);
    families->items[families->count++] = family;
}

/* Candidates of equal keys are a family, in the order of their first. */
static void add_families(const struct rank_candidates *all, bool weak,
                         struct rank_families *families)
{
    struct lookup keys = {0};
    size_t *numbers = memory_allocate(all->count, sizeof *numbers);
    for (size_t i = 0; i < all->count; i++) {
        numbers[i] = lookup_number(&keys, all->items[i].key, strlen(all->items[i].key));
    }
    struct rank_family *found = memory_allocate(keys.count, sizeof *found);
    for (size_t i = 0; i < all->count; i++)
        found[numbers[i]].count++;
    for (size_t f = 0; f < keys.count; f++)
        found[f] = (struct rank_family){
            .weak = weak, .trials = memory_allocate(found[f].count, sizeof *found[f].trials)};
    for (size_t i = 0; i < all->count; i++) {
        struct rank_family *family = &found[numbers[i]];
        family->trials[family->count++] = all->items[i].trial;
    }
    for (size_t f = 0; f < keys.count; f++)
        add_family(found[f], families);
    memory_free(found);
    memory_free(numbers);
    lookup_clear(&keys);
}

/* Are there trials on two numbers of ranks? Mostly there are not, and no key need be made. */
static bool ranks_vary(const struct results *results)
{
    int64_t ranks = 0;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!is_candidate(trial))
                continue;
            if (ranks != 0 && trial->values.ranks != ranks)
                return true;
            ranks = trial->values.ranks;
        }
    return false;
}

void rank_gather(const struct results *results, struct rank_families *families)
{
    *families = (struct rank_families){0};
    if (!ranks_vary(results))
        return;
    for (int weak = 0; weak <= 1; weak++) {
        struct rank_candidates all = {0};
        find_candidates(results, weak != 0, &all);
        add_families(&all, weak != 0, families);
        memory_free(all.items);
        memory_free(all.places);
        lookup_clear(&all.clocks);
    }
}

void rank_families_free(struct rank_families *families)
{
    for (size_t i = 0; i < families->count; i++)
        memory_free(families->items[i].trials);
    memory_free(families->items);
}
