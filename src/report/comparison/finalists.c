/* SPDX-License-Identifier: MIT
 *
 * The finals look at nothing but the sweep: what earlier finals found would change who is in the
 * next. Where several hosts timed a problem (shards that were merged), times say nothing, and
 * epochs choose, as where configurations shared a clock.
 */
#include "report/comparison/finalists.h"

#include "base/memory.h"
#include "report/comparison/contenders.h"

#include <stdlib.h>
#include <string.h>

static bool is_timed(const struct problem *problem, const struct entrant *entrant)
{
    return problem->elsewhere == 0 && entrant_has(entrant, TIMED_IN_SWEEP);
}

/* Configurations that could be trained side by side have the same. Where they were, nothing else
 * will time them, and so each choice that they differ in (the schedule) has a class of its own. */
static void class_key(const struct problem *problem, const struct entrant *entrant,
                      char key[static DIGEST_TEXT])
{
    struct configuration shared = entrant->values;
    bool timed = is_timed(problem, entrant);
    configuration_share(&shared);
    for (size_t i = 0; i < hyperparameter_count && !timed; i++)
        if (hyperparameters[i].type == TYPE_CHOICE)
            hyperparameter_set(&hyperparameters[i], &shared,
                               hyperparameter_get(&hyperparameters[i], &entrant->values));
    shared.seed = 0;
    configuration_fingerprint(&shared, "", key);
}

/* A candidate for one target. */
struct finalist_candidate {
    char class[DIGEST_TEXT];
    struct merit merit; /* classes are timed alone as a whole, or not at all */
    size_t entrant;
};

static bool arrives(const struct finalist_candidate *candidate)
{
    return candidate->merit.count > 0 && candidate->merit.share > 0.0;
}

static int best_of_class_first(const void *a, const void *b)
{
    const struct finalist_candidate *left = a, *right = b;
    int order = strcmp(left->class, right->class);
    if (order == 0)
        order = merit_is_better(&right->merit, &left->merit) -
                merit_is_better(&left->merit, &right->merit);
    return order != 0 ? order : (left->entrant > right->entrant) - (left->entrant < right->entrant);
}

/* Marks the best of each class for a target. */
static void mark_best(const struct problem *problem, struct finalist_candidate *candidates,
                      size_t target, bool *best)
{
    for (size_t i = 0; i < problem->count; i++) {
        struct finalist_candidate *candidate = &candidates[i];
        const struct entrant *entrant = &problem->entrants[candidate->entrant];
        candidate->merit = (struct merit){0};
        if (entrant->sound && !entrant->passed_over[target])
            candidate->merit = entrant_merit(
                entrant, target, is_timed(problem, entrant) ? EFFORT_SWEPT : EFFORT_EPOCHS);
    }
    qsort(candidates, problem->count, sizeof *candidates, best_of_class_first);
    for (size_t i = 0; i < problem->count; i++)
        if (arrives(&candidates[i]) &&
            (i == 0 || strcmp(candidates[i - 1].class, candidates[i].class) != 0))
            best[candidates[i].entrant] = true;
}

struct numbers {
    size_t count, capacity;
    int64_t *items; /* (count) */
};

/* Marks the best of a problem, best (problem->count). */
static void find_best(const struct problem *problem, bool *best)
{
    struct finalist_candidate *candidates = memory_allocate(problem->count, sizeof *candidates);
    for (size_t i = 0; i < problem->count; i++) {
        candidates[i].entrant = i;
        class_key(problem, &problem->entrants[i], candidates[i].class);
    }
    for (size_t t = 0; t < problem->targets; t++)
        mark_best(problem, candidates, t, best);
    memory_free(candidates);
}

/* The best of each problem with all their seeds; the field is of one store. */
static void add_best(const struct contenders *contenders, struct numbers *numbers)
{
    const struct results *results = &contenders->opened[0].results;
    bool **best = memory_allocate(contenders->count, sizeof *best);
    for (size_t p = 0; p < contenders->count; p++) {
        best[p] = memory_allocate(contenders->problems[p].count, sizeof **best);
        find_best(&contenders->problems[p], best[p]);
    }
    for (size_t i = 0; i < results->count; i++) {
        const struct membership *seat = &contenders->memberships[i];
        if (seat->problem < 0 || !best[seat->problem][seat->entrant])
            continue;
        numbers->items = memory_grow(numbers->items, &numbers->capacity, numbers->count + 1,
                                     sizeof *numbers->items);
        numbers->items[numbers->count++] = results->outcomes[i].trials[0].configuration;
    }
    for (size_t p = 0; p < contenders->count; p++)
        memory_free(best[p]);
    memory_free(best);
}

static int ascending(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* What earlier finals recorded is as if it were not there. */
static void forget_finals(struct results *results)
{
    for (size_t i = 0; i < results->count; i++)
        results->outcomes[i].final_count = 0;
}

bool finalists_choose(struct store *store, int64_t **configurations, size_t *count,
                      struct error *error)
{
    struct opened_store source = {.store = store, .name = ""};
    struct contenders contenders = {0};
    struct numbers numbers = {0};
    bool done = results_read(store, &source.results, error);
    forget_finals(&source.results);
    done = done && contenders_create(&contenders, "family", &source, 1, error);
    if (done)
        add_best(&contenders, &numbers);
    if (numbers.count > 0)
        qsort(numbers.items, numbers.count, sizeof *numbers.items, ascending);
    contenders_clear(&contenders);
    results_clear(&source.results);
    *configurations = numbers.items;
    *count = numbers.count;
    return done;
}
