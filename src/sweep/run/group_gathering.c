/* SPDX-License-Identifier: MIT
 *
 * Who is in a group: members that are not settled, that stand at the same epoch and, of a path,
 * whose neighbours are recorded, with the solutions that they begin with. A group that needs more
 * memory than there is is not begun; that is counted, and told at the end. Members that stand at
 * different epochs are gathered one epoch after the other: each is counted once.
 */
#include "sweep/run/group_training.h"

#include "base/memory.h"
#include "sweep/run/group_checkpoints.h"
#include "sweep/workload/paths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A number that neither a recorded trial nor another group has. */
static bool number_group(struct group_training *training)
{
    struct runner *runner = training->runner;
    if (training->alone || training->count == 0)
        return true;
    if (!store_new_group(runner->recording.store, &training->shared, runner->error))
        return false;
    if (training->shared <= runner->last_group)
        training->shared = runner->last_group + 1;
    runner->last_group = training->shared;
    return true;
}

/* What the group takes while it is trained: on a host, its passes and its ranks take as much each.
 */
static double bytes_needed(const struct group_training *training, const size_t *items)
{
    const struct runner *runner = training->runner;
    return workload_item_bytes(runner->workload, items[0], training->planned) *
           (double)group_placement(training).side_by_side * ranks_per_host(runner->options->ranks);
}

/* Is there memory to train it? If not, that is counted, and its members stay to be run: more may be
 * free another time. The system is asked again only where the last answer was too little. */
static bool fits(const struct group_training *training, const size_t *items)
{
    struct runner *runner = training->runner;
    struct sweep_outcome *outcome = runner->outcome;
    struct error shortage = {0};
    double bytes = bytes_needed(training, items);
    if (bytes <= runner->memory)
        return true;
    runner->memory = (double)memory_available();
    if (memory_check(bytes, "training", &shortage))
        return true;
    char words[256];
    if (outcome->refused == 0)
        snprintf(outcome->refusal, sizeof outcome->refusal, "%s: %.200s",
                 configuration_describe(group_configuration(training), words, sizeof words),
                 shortage.message);
    outcome->refused += training->open;
    return false;
}

static void add_member(struct group_training *training, size_t item, struct snapshot *snapshot,
                       int64_t continued)
{
    const size_t index = training->count++;
    training->items[index] = item;
    training->resume[index] = snapshot;
    training->continued[index] = continued;
}

/* Takes a member that is not settled, if it stands where those before it do. */
static bool choose_member(struct group_training *training, struct turn turn)
{
    struct snapshot *snapshot = NULL;
    int64_t continued = 0;
    if ((checkpoints_are_kept(training->runner) || turn.pause > 0) &&
        !checkpoints_find(training, turn, &snapshot, &continued))
        return false;
    const struct snapshot *first = training->resume[0];
    if (training->count == 0 ||
        (snapshot != NULL ? snapshot->epoch : 0) == (first != NULL ? first->epoch : 0))
        add_member(training, turn.item, snapshot, continued);
    else
        snapshot_free(snapshot);
    return true;
}

/* Is nothing left to do, or nothing before the rung that it waits at? */
static bool is_done(const struct group_training *training, const struct trial_record *record)
{
    return recording_is_settled(training->runner->workload->file, record) ||
           (record->status == STATUS_WAITING && training->turn.pause > 0 &&
            record->epochs >= training->turn.pause);
}

static size_t features_of(const struct group_training *training)
{
    return training->runner->workload->data[group_source(training)]->features;
}

/* The solution of an item, if it has one: one that has diverged or failed leads nowhere. */
static bool find_solution(const struct group_training *training, size_t item, double *weights,
                          double *bias, bool *found)
{
    struct runner *runner = training->runner;
    const struct turn turn = {item, 0, training->turn.repeat, 0};
    struct trial_record record;
    if (!recording_find(&runner->recording, turn, &record, runner->error) ||
        !recording_find_solution(&runner->recording, turn, weights, bias, found, runner->error))
        return false;
    *found = *found && record.status != STATUS_DIVERGED && record.status != STATUS_FAILED;
    return true;
}

/* Moves the start of member i on along the line from a solution before it (d + 1, the bias last),
 * unless that leads out of range. */
static void move_on(struct group_training *training, size_t i, double *before, double share)
{
    const size_t d = features_of(training);
    struct model_start *start = &training->starts[i];
    double *last = training->solutions + i * d;
    bool finite = true;
    for (size_t j = 0; j <= d; j++) {
        const double here = j < d ? last[j] : start->bias;
        before[j] = here + share * (here - before[j]);
        finite = finite && isfinite(before[j]);
    }
    if (!finite)
        return;
    memcpy(last, before, d * sizeof *last);
    start->bias = before[d];
    training->predicted[i] = true;
}

/* Where the plan says so, and both solutions are there. */
static bool predict(struct group_training *training, size_t i)
{
    const struct workload *workload = training->runner->workload;
    const struct planned *items = workload->expansion.items, *item = &items[training->items[i]];
    const size_t d = features_of(training);
    double share;
    if (!path_predicts(workload->file, &workload->expansion, item, &share))
        return true;
    double *before = memory_allocate(d + 1, sizeof *before);
    bool found,
        done = find_solution(training, items[item->from - 1].from - 1, before, &before[d], &found);
    if (done && found)
        move_on(training, i, before, share);
    memory_free(before);
    return done;
}

/* What member i begins with, in row i of `solutions`. Where its neighbour leads nowhere it begins
 * as usual, and its trial says so. */
static bool find_start(struct group_training *training, size_t i)
{
    const struct planned *items = training->runner->workload->expansion.items;
    double *weights = training->solutions + i * features_of(training);
    bool found;
    training->starts[i] = (struct model_start){0};
    if (!find_solution(training, items[training->items[i]].from - 1, weights,
                       &training->starts[i].bias, &found))
        return false;
    if (!found)
        return true;
    training->starts[i].weights = weights;
    return predict(training, i);
}

/* Members of a group stand at the same step of their paths. Finals begin as usual, all alike. */
static bool find_starts(struct group_training *training)
{
    const struct planned *items = training->runner->workload->expansion.items;
    bool done = true;
    if (training->count == 0 || training->turn.final > 0 || items[training->items[0]].from == 0)
        return true;
    training->led = true;
    training->solutions = memory_allocate(training->count * features_of(training), sizeof(double));
    for (size_t i = 0; i < training->count && done; i++)
        done = find_start(training, i);
    return done;
}

/* Is there a trial to go on from? Not where it was refused for want of memory. */
static bool may_begin(const struct group_training *training, size_t item, bool *may)
{
    struct runner *runner = training->runner;
    const size_t from = runner->workload->expansion.items[item].from;
    struct trial_record record;
    *may = from == 0 || training->turn.final > 0;
    if (*may)
        return true;
    const struct turn before = {from - 1, 0, training->turn.repeat, 0};
    bool done = recording_find(&runner->recording, before, &record, runner->error);
    *may = done && record.status != STATUS_RUNNING;
    return done;
}

void group_clear(struct group_training *training)
{
    group_forget_snapshots(training);
    memory_free(training->solutions);
    training->solutions = NULL;
}

/* Who of the group is not settled? `first`: nobody has been gathered before. */
static bool choose(struct group_training *training, const size_t *items, bool first)
{
    struct runner *runner = training->runner;
    struct turn turn = training->turn;
    for (size_t i = 0; i < training->planned; i++) {
        struct trial_record recorded;
        turn.item = items[i];
        bool may;
        if (!recording_find(&runner->recording, turn, &recorded, runner->error) ||
            !may_begin(training, items[i], &may))
            return false;
        const bool open = !is_done(training, &recorded);
        if (open && may && !choose_member(training, turn))
            return false;
        training->open += open && may;
        runner->outcome->refused += open && !may && first;
        if (training->planned == 1 && recorded.status != STATUS_WAITING &&
            recorded.status != STATUS_CUT)
            training->attempt = recorded.attempt + 1;
    }
    return true;
}

bool group_gather(struct group_training *training, struct runner *runner,
                  const struct trainer *trainer, const size_t *items, size_t planned,
                  struct turn turn, bool first)
{
    bool beside = turn.final == 0 && runner->beside;
    *training = (struct group_training){
        .runner = runner,
        .trainer = trainer,
        .turn = turn,
        .planned = planned,
        .attempt = 1,
        .alone = planned == 1 && !beside &&
                 (turn.final > 0 || !sweep_file_halves(runner->workload->file)),
        .deliver = group_deliver,
        .keeper = checkpoints_keeper,
    };
    if (!choose(training, items, first))
        return false;
    if (training->count > 0 && !fits(training, items))
        training->count = 0;
    if (training->count > 0 && turn.pause == 0) /* models of rungs go on all the time */
        checkpoints_tell(training);
    return number_group(training) && find_starts(training);
}
