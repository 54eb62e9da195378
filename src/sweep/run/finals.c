/* SPDX-License-Identifier: MIT
 *
 * Finals: the best configurations of a sweep, each timed again alone, in interleaved rounds. A
 * sweep times many configurations a few times, or not at all where they share a clock; which are
 * the best is then read from the same numbers that would be reported for them, and the luckiest
 * looks faster than it is. New times, taken after the choice, do not know of it.
 *
 * Who is in the finals is asked of options->finalists. As long as its answer is the one recorded,
 * the rounds go on where they were; another answer begins new finals.
 */
#include "sweep/run/finals.h"

#include "base/memory.h"
#include "base/system/interruption.h"
#include "sweep/run/group_training.h"
#include "sweep/run/sweep_tuning.h"
#include "sweep/workload/rounds.h"

#include <string.h>

/* The finalists as items of the expansion. */
struct finals {
    int64_t number; /* in the store */
    size_t count;
    size_t *items; /* (count), in the order of the plan */
};

static bool is_recorded(struct runner *runner, const int64_t *chosen, size_t count, int64_t *number)
{
    int64_t *before;
    size_t many;
    if (!store_read_finalists(runner->recording.store, number, &before, &many, runner->error))
        return false;
    if (many != count || memcmp(before, chosen, count * sizeof *chosen) != 0)
        *number = 0;
    memory_free(before);
    return true;
}

/* Items whose configurations are among the chosen. */
static void find_items(const struct runner *runner, const int64_t *chosen, size_t count,
                       struct finals *finals)
{
    finals->items = memory_allocate(count, sizeof *finals->items);
    for (size_t i = 0; i < runner->workload->expansion.count; i++)
        for (size_t j = 0; j < count; j++)
            if (runner->recording.configurations[i] == chosen[j])
                finals->items[finals->count++] = i;
}

/* New finals. */
static bool begin(struct runner *runner, const int64_t *chosen, size_t count, int64_t *number)
{
    if (runner->recording.read_only)
        return error_failed(runner->error,
                            "%s: finals are to be run, but this store is read-only; copy the "
                            "folder to a place where you can write, and name that with --results",
                            runner->outcome->folder);
    return store_add_finalists(runner->recording.store, chosen, count, number, runner->error);
}

static bool choose(struct runner *runner, struct finals *finals)
{
    int64_t *chosen = NULL;
    size_t count = 0;
    bool done = runner->options->finalists(runner->recording.store, &chosen, &count, runner->error);
    if (done && count > 0) {
        done = is_recorded(runner, chosen, count, &finals->number) &&
               (finals->number > 0 || begin(runner, chosen, count, &finals->number));
        find_items(runner, chosen, count, finals);
    }
    memory_free(chosen);
    return done;
}

/* Counts what there is to do, and tells of it. */
static bool announce(struct runner *runner, const struct finals *finals, int64_t rounds)
{
    struct sweep_outcome *outcome = runner->outcome;
    const size_t before = outcome->recorded, planned = finals->count * (size_t)rounds;
    for (size_t i = 0; i < finals->count; i++)
        for (int64_t round = 1; round <= rounds; round++)
            if (!runner_count(runner, (struct turn){finals->items[i], finals->number, round, 0}))
                return false;
    progress_begin_finals(&runner->progress, planned);
    outcome->planned += planned;
    if (outcome->recorded - before < planned && !runner->options->quiet)
        fprintf(runner->options->out,
                "%s: finals: the best %zu configuration%s timed alone, %lld round%s\n",
                runner->workload->file->name, finals->count, finals->count == 1 ? " is" : "s are",
                (long long)rounds, rounds == 1 ? "" : "s");
    return true;
}

static bool run_source(struct runner *runner, const struct finals *finals, size_t source,
                       int64_t rounds)
{
    const struct sweep_file *file = runner->workload->file;
    const struct planned *items = runner->workload->expansion.items;
    size_t begin = 0, end;
    while (begin < finals->count && items[finals->items[begin]].source < source)
        begin++;
    for (end = begin; end < finals->count && items[finals->items[end]].source == source;)
        end++;
    if (begin == end)
        return true;
    uint32_t *turns = memory_allocate(end - begin, sizeof *turns);
    bool done = runner_prepare_source(runner, source, true);
    sweep_tune_finals(runner, &finals->items[begin], end - begin, rounds);
    progress_best_reset(&runner->progress);
    for (int64_t round = 1; round <= rounds && done; round++) {
        round_turns(file->order, (uint64_t)file->seed, round, end - begin, turns);
        for (size_t i = 0; i < end - begin && done && !interruption_requested; i++)
            done = group_run(runner, &finals->items[begin + turns[i]], 1,
                             (struct turn){.final = finals->number, .repeat = round});
    }
    memory_free(turns);
    return done;
}

/* What is chosen from half a sweep may be out of place in the whole. */
static bool is_complete(const struct sweep_outcome *outcome)
{
    return outcome->recorded + outcome->run + outcome->refused == outcome->planned;
}

bool finals_run(struct runner *runner)
{
    const struct workload *workload = runner->workload;
    const int64_t rounds = sweep_file_finals(workload->file);
    struct finals finals = {0};
    if (rounds == 0 || runner->options->finalists == NULL || runner->options->shard.count > 0 ||
        !is_complete(runner->outcome))
        return true;
    bool done = choose(runner, &finals) && announce(runner, &finals, rounds);
    const bool reads = runner->recording.read_only;
    done = done && (!reads || runner_is_finished(runner));
    for (size_t i = 0;
         i < workload->file->source_count && done && !reads && !interruption_requested; i++)
        done = run_source(runner, &finals, i, rounds);
    memory_free(finals.items);
    return done;
}
