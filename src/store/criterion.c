/* SPDX-License-Identifier: MIT
 *
 * The table of criteria. Objectives of different lambda are values of different functions, and are
 * never compared; gaps are distances, each to the optimum of its own function, and the loss on rows
 * held out has no lambda in it.
 *
 * The time to a target is that of a straight line on a logarithmic axis: a model that has taken t
 * seconds from a gap g_0 to a gap g needs t log(g_0 / target) / log(g_0 / g) of them.
 */
#include "store/criterion.h"

#include <math.h>

static const struct trace_point *point_of(const struct judged_point *judged)
{
    return &judged->trace->points[judged->point];
}

static double objective(const struct judged_point *judged)
{
    return point_of(judged)->objective;
}

static double gap(const struct judged_point *judged)
{
    return point_of(judged)->objective - judged->optimum;
}

static double heldout_loss(const struct judged_point *judged)
{
    return point_of(judged)->heldout_loss;
}

static double time_to_target(const struct judged_point *judged)
{
    const double start = judged->trace->points[0].objective - judged->optimum;
    const double now = gap(judged);
    if (now <= judged->target)
        return point_of(judged)->seconds;
    if (!(now < start))
        return INFINITY;
    return point_of(judged)->seconds * log(start / judged->target) / log(start / now);
}

const struct criterion criterion_objective = {
    .entry = {"objective", "the objective, among those of one lambda"}, .value = objective};
const struct criterion criterion_gap = {.entry = {"gap", "F - F*, among those of all lambdas"},
                                        .across = true,
                                        .needs_optimum = true,
                                        .value = gap};
const struct criterion criterion_heldout_loss = {
    .entry = {"heldout_loss", "the loss on the rows held out, among those of all lambdas"},
    .across = true,
    .value = heldout_loss};
const struct criterion criterion_time_to_target = {
    .entry = {"time_to_target", "the time to the gap that stops a trial, at the pace so far"},
    .across = true,
    .needs_optimum = true,
    .value = time_to_target};

static const struct entry *const rows[] = {
    &criterion_objective.entry,
    &criterion_gap.entry,
    &criterion_heldout_loss.entry,
    &criterion_time_to_target.entry,
};

const struct table criterion_table = TABLE("criterion", rows);
