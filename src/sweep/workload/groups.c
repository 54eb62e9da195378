/* SPDX-License-Identifier: MIT
 *
 * Configurations with the same key, when all that each model may have for itself is set aside, are
 * sorted side by side and cut into groups; groups are put in the order of their first members. A
 * path (paths.h) goes by the key of its first item, and is never cut.
 */
#include "sweep/workload/groups.h"

#include "base/memory.h"
#include "solvers/solver.h"
#include "sweep/workload/paths.h"

#include <stdlib.h>
#include <string.h>

struct member_candidate {
    size_t source;
    int64_t zoom;
    char key[DIGEST_TEXT]; /* of what must be shared; "" where everything is alone */
    size_t item;
    size_t head, depth; /* of its path (paths.h); itself and 0 where it has none */
    bool alone;         /* its solver trains one model at a time, or others go other ways */
    size_t first;       /* of its group */
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
    if (order == 0)
        order = compare_sizes(left->head, right->head);
    return order != 0 ? order : compare_sizes(left->depth, right->depth);
}

static int first_members_first(const void *a, const void *b)
{
    const struct member_candidate *left = a, *right = b;
    int order = compare_sizes(left->first, right->first);
    if (order == 0)
        order = compare_sizes(left->depth, right->depth);
    return order != 0 ? order : compare_sizes(left->item, right->item);
}

/* Cuts neighbours with equal keys into groups of at most `models` paths, or of members without. */
static void find_firsts(struct member_candidate *candidates, size_t count, size_t models)
{
    size_t start = 0, paths = 0;
    for (size_t i = 0; i < count; i++) {
        bool alike = candidates[i].source == candidates[start].source &&
                     candidates[i].zoom == candidates[start].zoom &&
                     strcmp(candidates[i].key, candidates[start].key) == 0;
        bool goes_on = i > 0 && candidates[i].head == candidates[i - 1].head;
        if (!goes_on && (!alike || candidates[i].alone || paths == models)) {
            start = i;
            paths = 0;
        }
        paths += !goes_on;
        candidates[i].first = candidates[start].head;
    }
}

/* Paths along an axis that models side by side share do not go side by side. */
static struct member_candidate *member_candidates(const struct sweep_file *file,
                                                  const struct expansion *expansion,
                                                  const size_t *items, size_t count, size_t models)
{
    struct member_candidate *candidates = memory_allocate(count, sizeof *candidates);
    const bool own = file->path_axis == NULL || file->path_axis->own;
    for (size_t i = 0; i < count; i++) {
        const struct planned *item = &expansion->items[items[i]];
        const size_t head = path_head(expansion, items[i]);
        struct configuration shared = expansion->items[head].configuration;
        configuration_share(&shared);
        if (item->masked) /* whichever fold it is, of one deal of the rows */
            shared.fold = configuration_repeat(&shared) * shared.folds + 1;
        candidates[i].source = item->source;
        candidates[i].zoom = item->zoom;
        candidates[i].item = items[i];
        candidates[i].head = head;
        candidates[i].depth = item->depth;
        candidates[i].alone = solver_of(shared.solver)->alone || (!own && item->head > 0);
        configuration_key(&shared, "", candidates[i].key);
    }
    qsort(candidates, count, sizeof *candidates, alike_together);
    find_firsts(candidates, count, models);
    qsort(candidates, count, sizeof *candidates, first_members_first);
    return candidates;
}

static struct groups groups_of_one(const size_t *items, size_t count)
{
    struct groups groups = {
        .count = count,
        .starts = memory_allocate(count + 1, sizeof(size_t)),
        .members = memory_allocate(count, sizeof(size_t)),
    };
    for (size_t i = 0; i < count; i++) {
        groups.members[i] = items[i];
        groups.starts[i + 1] = i + 1;
    }
    return groups;
}

struct groups groups_create_of(const struct sweep_file *file, const struct expansion *expansion,
                               const size_t *items, size_t count, size_t models)
{
    if (models == 1 && expansion->paths == 0)
        return groups_of_one(items, count);
    struct member_candidate *candidates = member_candidates(file, expansion, items, count, models);
    struct groups groups = {
        .starts = memory_allocate(count + 1, sizeof(size_t)),
        .members = memory_allocate(count, sizeof(size_t)),
    };
    for (size_t i = 0; i < count; i++) {
        groups.members[i] = candidates[i].item;
        if (i > 0 && candidates[i].first != candidates[i - 1].first)
            groups.starts[++groups.count] = i;
    }
    groups.starts[++groups.count] = count;
    memory_free(candidates);
    return groups;
}

struct groups groups_create(const struct sweep_file *file, const struct expansion *expansion,
                            size_t models)
{
    size_t *items = memory_allocate(expansion->count, sizeof *items);
    for (size_t i = 0; i < expansion->count; i++)
        items[i] = i;
    struct groups groups = groups_create_of(file, expansion, items, expansion->count, models);
    memory_free(items);
    return groups;
}

size_t groups_step(const struct groups *groups, const struct expansion *expansion, size_t begin,
                   size_t end)
{
    const struct planned *items = expansion->items;
    const size_t depth = items[groups->members[begin]].depth;
    size_t i = begin;
    while (i < end && items[groups->members[i]].depth == depth)
        i++;
    return i;
}

size_t groups_models(const struct groups *groups, const struct expansion *expansion, size_t group)
{
    return groups_step(groups, expansion, groups->starts[group], groups->starts[group + 1]) -
           groups->starts[group];
}

void groups_clear(struct groups *groups)
{
    memory_free(groups->starts);
    memory_free(groups->members);
    *groups = (struct groups){0};
}
