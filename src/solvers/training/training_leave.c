/* SPDX-License-Identifier: MIT
 *
 * Models that leave training: a column whose model is done is handed over to its trial, and the
 * remaining columns are packed together; those that are to pause are handed over to snapshots.
 */
#include "base/memory.h"
#include "kernels/phases.h"
#include "solvers/training/training_run.h"
#include "solvers/training/training_stop.h"

/* What this run has sent, as a mean over ranks, all of which come here in the same epoch. The sums
 * of numbers so small are exact in any order. */
static struct ranks_traffic traffic_of(const struct training *training)
{
    const struct ranks *ranks = training->data->ranks;
    const struct ranks_traffic *begun = &training->traffic_begun, now = ranks_traffic(ranks);
    double sent[] = {now.sums - begun->sums, now.sum_bytes - begun->sum_bytes,
                     now.messages - begun->messages, now.bytes - begun->bytes};
    ranks_allreduce_mpi(ranks, sent, 4);
    double count = ranks_count(ranks);
    return (struct ranks_traffic){sent[0] / count, sent[1] / count, sent[2] / count,
                                  sent[3] / count};
}

/* Hands the model over to its trial. Times of models trained side by side are shared. */
static void finish(struct training *training, size_t j)
{
    const struct training_hooks *hooks = training->hooks;
    const struct column *column = &training->columns[j];
    const struct training_clocks clocks = training_clocks_of(training, j);
    struct trial *trial = column->trial;
    trial->epochs = training->epoch;
    trial->w = memory_allocate(training->data->features, sizeof *trial->w);
    models_copy_weights(&training->models, j, trial->w);
    trial->b = training->models.b[j];
    trial->train_seconds = clocks.train;
    trial->evaluate_seconds = clocks.evaluate;
    trial->record_seconds = clocks.record;
    trial->phases = phases_read();
    if (hooks->phases) /* for all ranks alike */
        trial->phases->traffic = traffic_of(training);
    if (hooks->phases && column->phases != NULL)
        phase_totals_add(trial->phases, column->phases);
    if (trial->status == STATUS_PAUSED)
        hooks->paused[column->index]->phases = phase_totals_copy(trial->phases);
    trial_seal(trial);
    if (hooks->finished != NULL && !hooks->finished(hooks->context, column->index, trial))
        training->stopped = true;
}

static bool any_is_done(const struct training *training)
{
    size_t j = 0;
    while (j < training->models.count && training->columns[j].trial->status == STATUS_RUNNING)
        j++;
    return j < training->models.count;
}

/* Lets those go that are done, and packs the columns of the others. */
void leave_done(struct training *training)
{
    size_t count = training->models.count, left = 0;
    if (!any_is_done(training))
        return;
    size_t *kept = memory_allocate(count, sizeof *kept);
    for (size_t j = 0; j < count; j++) {
        if (training->columns[j].trial->status != STATUS_RUNNING) {
            finish(training, j);
            continue;
        }
        training->columns[left] = training->columns[j];
        training->configurations[left] = training->configurations[j];
        training->lambdas[left] = training->lambdas[j];
        kept[left++] = j;
    }
    columns_keep(training->state, training->state_rows, count, kept, left);
    models_keep(&training->models, kept, left);
    if (training->left.parts != NULL)
        columns_keep(training->left.parts, 1, count, kept, left);
    objective_moved(training->objective);
    memory_free(kept);
    training_prepare_models(training);
    clocks_leave_out(training);
}

/* Is the point of this epoch in all traces? */
static bool all_are_recorded(const struct training *training)
{
    size_t j = 0;
    while (j < training->models.count &&
           trial_last(training->columns[j].trial)->epoch == training->epoch)
        j++;
    return j == training->models.count;
}

/* Ends those that still train as interrupted: they are kept. */
static void stop_models(struct training *training)
{
    keep_models(training);
    for (size_t j = 0; j < training->models.count; j++) {
        training->columns[j].trial->status = STATUS_INTERRUPTED;
        finish(training, j);
    }
    training->models.count = 0;
}

/* Hands all that still train over to their snapshots. */
void leave_paused(struct training *training)
{
    const struct training_hooks *hooks = training->hooks;
    if (hooks->paused == NULL) {
        stop_models(training);
        return;
    }
    const bool evaluates = hooks->pause == training->epoch && !all_are_recorded(training);
    if (evaluates)
        look_at_pause(training);
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        struct snapshot *snapshot = pause_snapshot(training, j);
        if (evaluates)
            snapshot->point = training->points[j];
        hooks->paused[column->index] = snapshot;
        column->trial->status = STATUS_PAUSED;
        finish(training, j);
    }
    training->models.count = 0;
}
