/* SPDX-License-Identifier: MIT
 *
 * Configurations with the same key, when all that each model may have for itself is set aside, are
 * sorted side by side and cut into groups; groups are put in the order of their first members.
 */
#include "sweep/workload/groups.h"

#include "base/memory.h"
#include "solvers/solver.h"

#include <stdlib.h>
#include <string.h>

struct member_candidate {
    size_t source;
    int64_t zoom;
    char key[DIGEST_TEXT]; /* of what must be shared; "" where everything is alone */
    size_t item;
    bool alone;   /* its solver trains one model at a time */
    size_t first; /* of its group */
};

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int alike_together(const void *a, const void *b)
{
    const struct member_candidate *left = a, *right = b;
    int order = compare_sizes(left->source, right->source);
    if (order == 0)
        order = (left->zoom > right->zoom) - (left->zoom < right->zoom);
    if (order == 0)
        order = strcmp(left->key, right->key);
    return order != 0 ? order : compare_sizes(left->item, right->item);
}

static int first_members_first(const void *a, const void *b)
{
    const struct member_candidate *left = a, *right = b;
    int order = compare_sizes(left->first, right->first);
    return order != 0 ? order : compare_sizes(left->item, right->item);
}

/* Cuts neighbours with equal keys into groups of at most `models`. */
static void find_firsts(struct member_candidate *candidates, size_t count, size_t models)
{
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        bool alike = candidates[i].source == candidates[start].source &&
                     candidates[i].zoom == candidates[start].zoom &&
                     strcmp(candidates[i].key, candidates[start].key) == 0;
        if (!alike || candidates[i].alone || i - start == models)
            start = i;
        candidates[i].first = candidates[start].item;
    }
}

static struct member_candidate *member_candidates(const struct expansion *expansion, size_t models)
{
    struct member_candidate *candidates = memory_allocate(expansion->count, sizeof *candidates);
    for (size_t i = 0; i < expansion->count; i++) {
        struct configuration shared = expansion->items[i].configuration;
        configuration_share(&shared);
        candidates[i].source = expansion->items[i].source;
        candidates[i].zoom = expansion->items[i].zoom;
        candidates[i].item = i;
        candidates[i].alone = solver_of(shared.solver)->alone;
        configuration_key(&shared, "", candidates[i].key);
    }
    qsort(candidates, expansion->count, sizeof *candidates, alike_together);
    find_firsts(candidates, expansion->count, models);
    qsort(candidates, expansion->count, sizeof *candidates, first_members_first);
    return candidates;
}

static struct groups groups_of_one(const struct expansion *expansion)
{
    struct groups groups = {
        .count = expansion->count,
        .starts = memory_allocate(expansion->count + 1, sizeof(size_t)),
        .members = memory_allocate(expansion->count, sizeof(size_t)),
    };
    for (size_t i = 0; i < expansion->count; i++) {
        groups.members[i] = i;
        groups.starts[i + 1] = i + 1;
    }
    return groups;
}

struct groups groups_create(const struct expansion *expansion, size_t models)
{
    if (models == 1)
        return groups_of_one(expansion);
    struct member_candidate *candidates = member_candidates(expansion, models);
    struct groups groups = {
        .starts = memory_allocate(expansion->count + 1, sizeof(size_t)),
        .members = memory_allocate(expansion->count, sizeof(size_t)),
    };
    for (size_t i = 0; i < expansion->count; i++) {
        groups.members[i] = candidates[i].item;
        if (i > 0 && candidates[i].first != candidates[i - 1].first)
            groups.starts[++groups.count] = i;
    }
    groups.starts[++groups.count] = expansion->count;
    memory_free(candidates);
    return groups;
}

void groups_clear(struct groups *groups)
{
    memory_free(groups->starts);
    memory_free(groups->members);
    *groups = (struct groups){0};
}
