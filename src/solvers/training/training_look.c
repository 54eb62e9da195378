/* SPDX-License-Identifier: MIT
 *
 * Looking at models in training: where they stand, whether they are done, and what of it the trace
 * keeps. A point's seconds are read before its evaluation, so that watching costs the trial
 * nothing.
 *
 * Where a step begins with the gradient, looking at every epoch costs no pass. Limits are then
 * looked at in all of them, whatever `record` names, and the first point at or below a gap of
 * gap_targets is recorded together with the point before it: the two say in which epoch the trial
 * arrived.
 *
 * Where training reads rows in fewer bits (data/precision.h) its own objective tells it where it
 * is, and whether a limit or a target seems to be met; what is recorded, and decides, is the
 * objective of the rows as they were given. That pass is on the evaluation clock. With `refine`,
 * training goes over to those rows when the others have no more to say (training_refine.c).
 */
#include "kernels/phases.h"
#include "solvers/training/training.h"
#include "solvers/training/training_run.h"
#include "solvers/training/training_stop.h"

#include <math.h>

/* Has the model been trained as long as it may? */
static bool is_late(const struct training *training, size_t j)
{
    const double own = training->columns[j].carried.own + stop_seconds(training);
    return own >= training->configurations[j]->seconds;
}

/* Recorded of a model: the epochs that `record` names, and the last, for whatever reason. */
static bool is_due_of(const struct training *training, size_t j)
{
    return training->epoch >= training->columns[j].next_record ||
           training->epoch >= training->configurations[j]->epochs || stop_ends(training) ||
           is_late(training, j);
}

static int64_t record_after(const struct configuration *configuration, int64_t epoch)
{
    int64_t grown = epoch + epoch / 2;
    bool geometric = configuration->record == &record_geometric;
    return geometric && grown > epoch + 1 ? grown : epoch + 1;
}

int64_t training_recorded(const struct configuration *configuration, int64_t epoch)
{
    int64_t recorded = epoch < 1 ? epoch : 1;
    if (configuration->record != &record_geometric)
        return epoch;
    while (record_after(configuration, recorded) <= epoch)
        recorded = record_after(configuration, recorded);
    return recorded;
}

size_t training_points(const struct configuration *configuration, int64_t epochs)
{
    if (configuration->record != &record_geometric || epochs == 0)
        return (size_t)epochs + 1;
    size_t points = 2; /* the first and the last */
    for (int64_t epoch = 1; epoch < epochs; epoch = record_after(configuration, epoch))
        points++;
    return points;
}

/* Bad ends come first: a model that has diverged has not converged as well. What is `never` to be
 * reached is -infinity, and a gap that is not known, NaN, reaches nothing. */
static enum trial_status status_of(const struct training *training, size_t j,
                                   const struct trace_point *point)
{
    const struct configuration *configuration = training->configurations[j];
    if (training->columns[j].trial->message[0] != '\0')
        return STATUS_FAILED;
    if (!isfinite(point->objective) || !isfinite(point->gradient_norm) ||
        point->objective > training->columns[j].limit)
        return STATUS_DIVERGED;
    if (point->objective <= configuration->loss)
        return STATUS_LOSS;
    if (point->objective - training->columns[j].trial->optimum <= configuration->gap)
        return STATUS_GAP;
    if (point->gradient_norm <= configuration->gradient_norm)
        return STATUS_GRADIENT_NORM;
    if (point->epoch >= configuration->epochs)
        return STATUS_EPOCHS;
    if (is_late(training, j))
        return STATUS_TIME_LIMIT;
    return stop_ends(training) ? STATUS_INTERRUPTED : STATUS_RUNNING;
}

/* Can only the objective, or its gradient, say when it is done? */
static bool has_rule(const struct configuration *configuration)
{
    return configuration->loss > -INFINITY || configuration->gap > -INFINITY ||
           configuration->gradient_norm > -INFINITY;
}

/* What has diverged is then seen by who gets the weights. */
bool look_end_unseen(struct training *training)
{
    size_t unseen = 0;
    while (
        unseen < training->models.count && !has_rule(training->configurations[unseen]) &&
        (training->epoch >= training->configurations[unseen]->epochs || is_late(training, unseen)))
        unseen++;
    if (!training->hooks->untraced || training->given != NULL || unseen < training->models.count)
        return false;
    for (size_t j = 0; j < training->models.count; j++)
        training->columns[j].trial->status = training->epoch >= training->configurations[j]->epochs
                                                 ? STATUS_EPOCHS
                                                 : STATUS_TIME_LIMIT;
    return true;
}

static int64_t next_record(const struct training *training, size_t j)
{
    if (training->hooks->untraced && training->given == NULL &&
        !has_rule(training->configurations[j]))
        return INT64_MAX;
    return record_after(training->common, training->epoch);
}

static struct trace_point point_of(const struct training *training, const struct evaluation *at,
                                   size_t j)
{
    return (struct trace_point){
        .epoch = training->epoch,
        .seconds = training->columns[j].carried.train + training->train_seconds,
        .loss = at->loss[j],
        .objective = at->objective[j],
        .gradient_norm = at->gradient_norm[j],
        .accuracy = at->accuracy[j],
        .heldout_loss = NAN,
        .heldout_accuracy = NAN,
    };
}

/* How many of the gaps that are targets the point and those before it have met. */
static size_t targets_met(const struct column *column, const struct trace_point *point)
{
    size_t met = column->targets_met;
    while (met < GAP_TARGETS && point->objective <= column->trial->optimum + gap_targets[met])
        met++;
    return met;
}

/* Looks at the point of the model in column j: is it done, and is its point recorded? */
static void look_at(struct training *training, size_t j, const struct trace_point *point)
{
    struct column *column = &training->columns[j];
    if (training->epoch == 0)
        column->limit = training->configurations[j]->divergence * fmax(point->objective, 1.0);
    column->trial->status = status_of(training, j, point);
    column->arrives = targets_met(column, point) > column->targets_met && training->epoch > 0;
    column->recorded = column->due || column->arrives || column->trial->status != STATUS_RUNNING;
}

/* Where looking costs a pass, a point that is there because that of another model is due is not
 * looked at: what becomes of a model must not depend on its company. */
static bool is_looked_at(const struct training *training, size_t j)
{
    return training->columns[j].due || training->solver->begins_with_gradient;
}

/* Looks at the points (models.count) of this epoch. Returns whether any is recorded. */
static bool look(struct training *training, const struct trace_point *points)
{
    bool any = false;
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        column->due = is_due_of(training, j);
        column->arrives = column->recorded = false;
        if (is_looked_at(training, j))
            look_at(training, j, &points[j]);
        any = any || column->recorded;
    }
    return any;
}

void look_find_first_record(struct training *training)
{
    training->first_record = INT64_MAX;
    for (size_t j = 0; j < training->models.count; j++)
        if (training->columns[j].next_record < training->first_record)
            training->first_record = training->columns[j].next_record;
}

/* The point before an arrival, where it was looked at and not recorded. Held-out rows were not. */
static void append_before(struct column *column)
{
    if (!column->arrives || column->before.epoch <= trial_last(column->trial)->epoch)
        return;
    column->before.heldout_loss = column->before.heldout_accuracy = NAN;
    column->before.between = true;
    trace_append(&column->trial->trace, column->before);
}

/* Appends its point to the trace of every model whose point is recorded, and tells the observer. */
static void record(struct training *training, const struct trace_point *points)
{
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        if (!column->recorded)
            continue;
        column->targets_met = targets_met(column, &points[j]);
        struct trace_point point = points[j];
        point.between = !column->due && column->trial->status == STATUS_RUNNING;
        append_before(column);
        trace_append(&column->trial->trace, point);
        if (training->hooks->observe != NULL)
            training->hooks->observe(
                training->hooks->context,
                &(struct observation){column->index, &point, &training->models, j});
        if (column->due)
            column->next_record = next_record(training, j);
    }
    look_find_first_record(training);
}

static struct heldout evaluate_heldout(struct training *training)
{
    if (training->data->heldout == NULL)
        return objective_heldout(training->objective, &training->models);
    training->record_seconds += clocks_lap(training);
    struct heldout heldout = objective_heldout(training->objective, &training->models);
    training->evaluate_seconds += clocks_lap(training);
    phases_end_aside();
    clocks_leave_out_phases(training);
    return heldout;
}

static void add_heldout(struct training *training, struct trace_point *points)
{
    struct heldout heldout = evaluate_heldout(training);
    for (size_t j = 0; j < training->models.count; j++) {
        points[j].heldout_loss = heldout.loss[j];
        points[j].heldout_accuracy = heldout.accuracy[j];
    }
}

/* The same of the rows as they were given: the points (models.count) become theirs. */
static bool look_at_given(struct training *training, const struct evaluation *at, bool refines,
                          struct trace_point *points)
{
    training->record_seconds += clocks_lap(training);
    const struct evaluation given = objective_at(training->given, &training->models);
    const double spent = clocks_lap(training);
    for (size_t j = 0; j < training->models.count; j++)
        points[j] = point_of(training, &given, j);
    const bool any = look(training, points);
    if (refines && training->columns[0].trial->status == STATUS_RUNNING) {
        training->train_seconds += spent;
        training->own_seconds += spent;
        phases_end_step(false);
    } else {
        training->evaluate_seconds += spent;
        phases_end_aside();
        clocks_leave_out_phases(training);
    }
    if (refines)
        refine_decide(training, at, &given);
    return any;
}

static struct evaluation evaluate(struct training *training)
{
    stop_tell_ranks(training);
    const struct evaluation at = objective_evaluate(training->objective, &training->models);
    training->pass_seconds = clocks_lap(training);
    training->evaluate_seconds += training->pass_seconds;
    phases_end_evaluation();
    clocks_leave_out_phases(training);
    return at;
}

/* Records the points of models that are due, and of those that have met a target or a limit. */
void look_and_record(struct training *training)
{
    struct trace_point *points = training->points;
    const struct evaluation at = evaluate(training);
    for (size_t j = 0; j < training->models.count; j++)
        points[j] = point_of(training, &at, j);
    bool any = look(training, points), given = training->given == NULL;
    const bool refines = refine_compares(training, &at);
    if (!given && (any || refines)) {
        any = look_at_given(training, &at, refines, points);
        given = true;
    }
    if (any) {
        add_heldout(training, points);
        record(training, points);
    }
    for (size_t j = 0; j < training->models.count && given; j++)
        if (is_looked_at(training, j))
            training->columns[j].before = points[j];
    training->record_seconds += clocks_lap(training);
    phase_lap(PHASE_RECORD);
}

/* The points where models stand that are to be paused, of the rows as they were given. */
void look_at_pause(struct training *training)
{
    struct trace_point *points = training->points;
    struct evaluation at = evaluate(training);
    if (training->given != NULL) {
        at = objective_at(training->given, &training->models);
        training->evaluate_seconds += clocks_lap(training);
        phases_end_aside();
        clocks_leave_out_phases(training);
    }
    for (size_t j = 0; j < training->models.count; j++)
        points[j] = point_of(training, &at, j);
    add_heldout(training, points);
    training->record_seconds += clocks_lap(training);
}
