/* SPDX-License-Identifier: MIT
 *
 * The table of metrics. Where a trial has no time of its own, since others were trained beside it,
 * it has no seconds.
 */
#include "store/metric.h"

#include "store/trial_columns.h"

#include <math.h>

static double objective(const struct stored_trial *trial)
{
    return trial->last.objective;
}

static double loss(const struct stored_trial *trial)
{
    return trial->last.loss;
}

static double accuracy(const struct stored_trial *trial)
{
    return trial->last.accuracy;
}

static double heldout_loss(const struct stored_trial *trial)
{
    return trial->last.heldout_loss;
}

static double heldout_accuracy(const struct stored_trial *trial)
{
    return trial->last.heldout_accuracy;
}

static double seconds(const struct stored_trial *trial)
{
    return stored_trial_is_solo(trial) ? trial->train_seconds : (double)NAN;
}

const struct metric metric_objective = {
    .entry = {"objective", "the objective at the end: loss and L2 term"}, .value = objective};
const struct metric metric_gap = {.entry = {"gap", "F - F* at the end"}, .value = stored_trial_gap};
static const struct metric metric_loss = {.entry = {"loss", "the loss at the end"}, .value = loss};
static const struct metric metric_accuracy = {
    .entry = {"accuracy", "the accuracy at the end"}, .larger_is_better = true, .value = accuracy};
const struct metric metric_heldout_loss = {
    .entry = {"heldout_loss", "the loss on the rows held out"}, .value = heldout_loss};
static const struct metric metric_heldout_accuracy = {
    .entry = {"heldout_accuracy", "the accuracy on the rows held out"},
    .larger_is_better = true,
    .value = heldout_accuracy};
const struct metric metric_seconds = {.entry = {"seconds", "the time of training, timed alone"},
                                      .value = seconds};

static const struct entry *const rows[] = {
    &metric_objective.entry, &metric_gap.entry,          &metric_loss.entry,
    &metric_accuracy.entry,  &metric_heldout_loss.entry, &metric_heldout_accuracy.entry,
    &metric_seconds.entry,
};

const struct table metric_table = TABLE("metric", rows);
