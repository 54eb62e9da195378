/* SPDX-License-Identifier: MIT
 *
 * Numbers of threads, and of passes, are powers of two and the most there are.
 */
#include "sweep/placement/candidates.h"

#include "base/memory.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "sweep/workload/placement.h"

#include <math.h>

static const size_t sizes[] = {1, 8, 16, 32};
_Static_assert(sizeof sizes / sizeof *sizes < LAYOUTS_MOST, "and the largest group there can be");

/* --- Kinds --------------------------------------------------------------------------------- */

/* Does it matter how many threads a pass is given? */
static bool is_threaded(const struct sweep_file *file, const struct planned *item, size_t models)
{
    static const struct placement one_thread = {1, 1, 1};
    return (models > 1 || configuration_is_threaded(&item->configuration)) &&
           placement_threads(file, &one_thread, &item->configuration) != 0;
}

static size_t kind_of(struct candidates *candidates, const struct planned *item, size_t models)
{
    for (size_t i = 0; i < candidates->kind_count; i++)
        if (candidates->kinds[i].models == models &&
            workload_is_alike(candidates->kinds[i].like, item))
            return i;
    candidates->kinds = memory_grow(candidates->kinds, &candidates->kind_capacity,
                                    candidates->kind_count + 1, sizeof *candidates->kinds);
    candidates->kinds[candidates->kind_count] = (struct kind){
        .like = item,
        .models = models,
        .threaded = is_threaded(candidates->workload->file, item, models),
    };
    return candidates->kind_count++;
}

static void add_example(struct kind *kind, const size_t *members)
{
    kind->examples =
        memory_grow(kind->examples, &kind->capacity, kind->count + 1, sizeof *kind->examples);
    kind->examples[kind->count++] = members;
}

/* --- Layouts ------------------------------------------------------------------------------- */

static size_t largest_group(const struct groups *groups)
{
    size_t largest = 0;
    for (size_t i = 0; i < groups->count; i++)
        if (groups->starts[i + 1] - groups->starts[i] > largest)
            largest = groups->starts[i + 1] - groups->starts[i];
    return largest;
}

static void find_kinds(struct candidates *candidates, struct layout *layout)
{
    const struct planned *items = candidates->workload->expansion.items;
    const struct groups *groups = &layout->groups;
    size_t source = 0, in_source = 0;
    layout->kinds = memory_allocate(groups->count, sizeof *layout->kinds);
    for (size_t i = 0; i < groups->count; i++) {
        const size_t *members = groups->members + groups->starts[i];
        size_t kind =
            kind_of(candidates, &items[*members], groups->starts[i + 1] - groups->starts[i]);
        add_example(&candidates->kinds[kind], members);
        layout->kinds[i] = kind;
        layout->threaded = layout->threaded || candidates->kinds[kind].threaded;
        in_source = items[*members].source == source ? in_source + 1 : 1;
        source = items[*members].source;
        if (in_source > layout->most_groups)
            layout->most_groups = in_source;
    }
}

static void add_layout(struct candidates *candidates, size_t models)
{
    struct layout *layout = &candidates->layouts[candidates->layout_count++];
    *layout = (struct layout){
        .models = models,
        .groups =
            groups_create(candidates->workload->file, &candidates->workload->expansion, models),
    };
    find_kinds(candidates, layout);
}

static void add_layouts(struct candidates *candidates)
{
    struct groups groups =
        groups_create(candidates->workload->file, &candidates->workload->expansion, GROUP_MOST);
    size_t largest = largest_group(&groups);
    groups_clear(&groups);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (sizes[i] < largest)
            add_layout(candidates, sizes[i]);
    add_layout(candidates, largest);
}

/* --- Candidates ---------------------------------------------------------------------------- */

/* The most that one pass takes. */
static double bytes_of_pass(const struct candidates *candidates, const struct layout *layout)
{
    const struct workload *workload = candidates->workload;
    double bytes = 0.0;
    for (size_t i = 0; i < layout->groups.count; i++) {
        const struct kind *kind = &candidates->kinds[layout->kinds[i]];
        bytes = fmax(bytes, training_bytes(workload->data[kind->like->source],
                                           &kind->like->configuration, kind->models, true));
    }
    return bytes;
}

static void add_candidate(struct candidates *candidates, size_t layout, int threads, int passes)
{
    candidates->items = memory_grow(candidates->items, &candidates->capacity, candidates->count + 1,
                                    sizeof *candidates->items);
    candidates->items[candidates->count++] = (struct candidate){
        .layout = layout,
        .placement = {(int64_t)candidates->layouts[layout].models, threads, passes},
    };
}

/* The next of 1, 2, 4, ... and `most`; more than `most` after it. */
static int next_count(int count, int most)
{
    return count < most && 2 * count > most ? most : 2 * count;
}

static void add_candidates(struct candidates *candidates, size_t number, int processors,
                           double memory)
{
    const struct layout *layout = &candidates->layouts[number];
    const double bytes = bytes_of_pass(candidates, layout);
    const int threads_most = layout->threaded ? processors : 1;
    for (int threads = 1; threads <= threads_most; threads = next_count(threads, threads_most)) {
        int most = processors / threads;
        for (int passes = 1; passes <= most; passes = next_count(passes, most)) {
            bool needed = layout->models == 1 && threads == 1 && passes == 1;
            bool fits = bytes * passes <= memory;
            if (needed || (fits && (size_t)passes <= layout->most_groups))
                add_candidate(candidates, number, threads, passes);
        }
    }
}

struct candidates candidates_create(const struct workload *workload, int processors, double memory)
{
    struct candidates candidates = {.workload = workload};
    add_layouts(&candidates);
    for (size_t i = 0; i < candidates.layout_count; i++)
        add_candidates(&candidates, i, processors, memory);
    return candidates;
}

void candidates_clear(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->kind_count; i++)
        memory_free(candidates->kinds[i].examples);
    for (size_t i = 0; i < candidates->layout_count; i++) {
        groups_clear(&candidates->layouts[i].groups);
        memory_free(candidates->layouts[i].kinds);
    }
    memory_free(candidates->kinds);
    memory_free(candidates->items);
    *candidates = (struct candidates){0};
}
