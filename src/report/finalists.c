/* SPDX-License-Identifier: MIT
 *
 * The finals look at nothing but the sweep: what earlier finals found would change who is in the
 * next.
 */
#include "report/finalists.h"

#include "base/memory.h"
#include "report/field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Configurations that could be trained side by side have the same. */
static void class_key(const struct entrant *entrant, char key[static DIGEST_TEXT])
{
    struct configuration shared = entrant->values;
    configuration_share(&shared);
    shared.seed = 0;
    configuration_key(&shared, "", key);
}

/* What an entrant needed for a target; classes are timed alone as a whole, or not at all. */
static double effort(const struct entrant *entrant, size_t target)
{
    bool timed = entrant_has(entrant, PHASE_SWEEP);
    return timed ? entrant_seconds(entrant, target, PHASE_SWEEP) : entrant_epochs(entrant, target);
}

/* Is no other of its class there before it? */
static bool is_best(const struct problem *problem, char (*keys)[DIGEST_TEXT], size_t index,
                    size_t target)
{
    double own = effort(&problem->entrants[index], target);
    if (!problem->entrants[index].sound || !isfinite(own))
        return false;
    for (size_t i = 0; i < problem->count; i++) {
        if (i == index || !problem->entrants[i].sound || strcmp(keys[i], keys[index]) != 0)
            continue;
        double other = effort(&problem->entrants[i], target);
        if (other < own || (other == own && i < index))
            return false;
    }
    return true;
}

struct numbers {
    size_t count, capacity;
    int64_t *items; /* (count) */
};

/* All seeds of an entrant. */
static void add_entrant(const struct field *field, const struct problem *problem,
                        const struct entrant *entrant, struct numbers *numbers)
{
    const struct results *results = &field->exhibits[0].results;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        struct configuration values = *outcome_values(outcome);
        char key[DIGEST_TEXT];
        values.seed = 0;
        if (strcmp(outcome->trials[0].data_digest, problem->digest) != 0)
            continue;
        configuration_key(&values, problem->digest, key);
        if (strcmp(key, entrant->key) != 0)
            continue;
        numbers->items = memory_grow(numbers->items, &numbers->capacity, numbers->count + 1,
                                     sizeof *numbers->items);
        numbers->items[numbers->count++] = outcome->trials[0].configuration;
    }
}

static void add_problem(const struct field *field, const struct problem *problem,
                        struct numbers *numbers)
{
    char(*keys)[DIGEST_TEXT] = memory_allocate(problem->count, sizeof *keys);
    for (size_t i = 0; i < problem->count; i++)
        class_key(&problem->entrants[i], keys[i]);
    for (size_t i = 0; i < problem->count; i++) {
        bool best = false;
        for (size_t t = 0; t < problem->targets && !best; t++)
            best = is_best(problem, keys, i, t);
        if (best)
            add_entrant(field, problem, &problem->entrants[i], numbers);
    }
    memory_free(keys);
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
    struct exhibit source = {.store = store, .name = ""};
    struct field field = {0};
    struct numbers numbers = {0};
    bool done = results_read(store, &source.results, error);
    forget_finals(&source.results);
    done = done && field_create(&field, "family", &source, 1, error);
    for (size_t p = 0; p < field.count && done; p++)
        add_problem(&field, &field.problems[p], &numbers);
    if (numbers.count > 0)
        qsort(numbers.items, numbers.count, sizeof *numbers.items, ascending);
    field_clear(&field);
    results_clear(&source.results);
    *configurations = numbers.items;
    *count = numbers.count;
    return done;
}
