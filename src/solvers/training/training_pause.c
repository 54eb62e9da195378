/* SPDX-License-Identifier: MIT
 *
 * From a model in training to a snapshot, and back. A column of the solver's state goes with it as
 * far as the next step reads it; order, rates and workspace are made anew, and so is the gradient
 * where the models stand, with the same bits.
 */
#include "solvers/training/training_run.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t training_kept_rows(const struct dataset *data, const struct configuration *configuration)
{
    const struct solver *solver = solver_of(configuration->solver);
    if (solver->state_rows == NULL)
        return 0;
    return (solver->kept_rows != NULL ? solver->kept_rows : solver->state_rows)(
        data->rows, data->features, configuration);
}

static struct trace copy_trace(const struct trace *trace)
{
    struct trace copy = {0};
    for (size_t i = 0; i < trace->count; i++)
        trace_append(&copy, trace->points[i]);
    return copy;
}

/* Of this epoch, as far as it is known. */
static struct trace_point point_now(const struct training *training, const struct trial *trial)
{
    struct trace_point point = *trial_last(trial);
    for (size_t v = 0; v < TRACE_VALUE_COUNT && point.epoch < training->epoch; v++)
        *trace_value(&point, v) = NAN;
    point.epoch = training->epoch;
    return point;
}

struct snapshot *pause_snapshot(const struct training *training, size_t j)
{
    const struct models *models = &training->models;
    const struct column *column = &training->columns[j];
    struct snapshot *snapshot = memory_allocate(1, sizeof *snapshot);
    *snapshot = (struct snapshot){
        .epoch = training->epoch,
        .features = models->features,
        .w = memory_allocate_untouched(models->features, sizeof *snapshot->w),
        .b = models->b[j],
        .kept = training_kept_rows(training->data, training->common),
        .refined = training->refined,
        .compare_below = training->compare_below,
        .limit = column->limit,
        .targets_met = column->targets_met,
        .next_record = column->next_record,
        .before = column->before,
        .point = point_now(training, column->trial),
        .clocks = training_clocks_of(training, j),
        .trace = copy_trace(&column->trial->trace),
    };
    models_copy_weights(models, j, snapshot->w);
    if (snapshot->kept > 0)
        snapshot->state = memory_allocate_untouched(snapshot->kept, sizeof *snapshot->state);
    for (size_t row = 0; row < snapshot->kept; row++)
        snapshot->state[row] = training->state[row * models->count + j];
    return snapshot;
}

struct training_clocks training_clocks_of(const struct training *training, size_t j)
{
    const struct training_clocks *carried = &training->columns[j].carried;
    return (struct training_clocks){
        carried->train + training->train_seconds,
        carried->evaluate + training->evaluate_seconds,
        carried->record + training->record_seconds,
        carried->own + training->own_seconds,
    };
}

bool training_resumes(const struct dataset *data, const struct configuration *configuration,
                      const struct snapshot *snapshot)
{
    return snapshot->features == data->features &&
           snapshot->kept == training_kept_rows(data, configuration) &&
           snapshot->epoch < configuration->epochs && (!snapshot->refined || data->stored.refine);
}

static void resume_column(struct training *training, size_t j, const struct snapshot *snapshot)
{
    const struct models *models = &training->models;
    struct column *column = &training->columns[j];
    for (size_t f = 0; f < models->features; f++)
        models->W[f * models->count + j] = snapshot->w[f];
    models->b[j] = snapshot->b;
    for (size_t row = 0; row < snapshot->kept; row++)
        training->state[row * models->count + j] = snapshot->state[row];
    column->limit = snapshot->limit;
    column->targets_met = snapshot->targets_met;
    column->next_record = snapshot->next_record;
    column->before = snapshot->before;
    column->carried = snapshot->clocks;
    column->phases = snapshot->phases;
    column->trial->trace = copy_trace(&snapshot->trace);
}

void resume_models(struct training *training)
{
    const struct snapshot *const *snapshots = training->hooks->resume;
    const struct snapshot *first = snapshots[0];
    training->epoch = first->epoch;
    training->compare_below = first->compare_below;
    for (size_t j = 0; j < training->models.count; j++) {
        assert(snapshots[j]->epoch == first->epoch && snapshots[j]->refined == first->refined);
        assert(training_resumes(training->data, training->configurations[j], snapshots[j]));
        resume_column(training, j, snapshots[j]);
    }
    if (first->refined)
        refine_go_over(training);
}
