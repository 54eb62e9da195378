/* SPDX-License-Identifier: MIT
 *
 * The end of training over rows as they were given, where most of it went over rows that are stored
 * in fewer bits. Those have an objective F~ of their own, whose minimiser is near that of F and is
 * not it: close to it, steps along the gradient of F~ lead nowhere. So the two gradients are
 * compared, at the same models,
 *
 *     when the norm of F~'s has become a hundredth of what it was at the start,
 *     then when it is 4 times the distance that was found, or half of what it was, and
 *     when F~ says that a limit is met, which ends a trial,
 *
 * and training goes over to F for good where the limit is not met by F, or where
 *
 *     ||dF~ - dF|| > 1/2 ||dF~||
 *
 * as a step along dF~ is then no longer sure to descend F. Below that it is: with the angle between
 * the two at most 30 degrees, every method that descends along dF~ does so on F (the norm condition
 * of Carter, "On the global convergence of trust region algorithms using inexact gradient
 * information", SIAM J. Numer. Anal. 28, 1991). No clock is looked at: the same run has the same
 * bits. A comparison is one pass over F's rows, and where training goes on after it, its time is
 * the trial's.
 */
#include "kernels/phases.h"
#include "solvers/norm.h"
#include "solvers/training/training_run.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>

static const double hundredth = 0.01;
static const double strayed = 0.5;   /* share of the gradient that is another */
static const double foreseen = 0.25; /* of which the next comparison is in time */

/* Does the trial end well, as far as rows in fewer bits know? */
static bool is_claimed(enum trial_status status)
{
    return status == STATUS_GAP || status == STATUS_LOSS || status == STATUS_GRADIENT_NORM;
}

bool refine_compares(struct training *training, const struct evaluation *at)
{
    struct column *column = &training->columns[0];
    if (training->given == NULL || !training->data->stored.refine)
        return false;
    if (training->epoch == 0)
        training->compare_below = hundredth * at->gradient_norm[0];
    column->claimed = is_claimed(column->trial->status);
    return training->epoch > 0 &&
           (column->claimed || at->gradient_norm[0] <= training->compare_below);
}

/* ||dF~ - dF|| of the one model */
static double distance(const struct training *training, const struct evaluation *at,
                       const struct evaluation *given)
{
    const size_t d = training->models.features;
    double *difference = memory_allocate_untouched(d, sizeof *difference);
    for (size_t f = 0; f < d; f++)
        difference[f] = at->dW[f] - given->dW[f];
    const double norm = norm_with(difference, d, 1, at->db[0] - given->db[0]);
    memory_free(difference);
    return norm;
}

void refine_go_over(struct training *training)
{
    const struct solver_workspace *workspace = training->solver->workspace;
    if (workspace != NULL)
        workspace->close(training->workspace);
    objective_free(training->objective);
    training->problem = training->problem_given;
    training->objective = training->given;
    training->given = NULL;
    training->refined = true;
    if (workspace != NULL)
        training->workspace = workspace->open(&training->problem, training->common);
    training->one.objective = training->objective; /* what every step is given */
    training->one.workspace = training->workspace;
}

void refine_decide(struct training *training, const struct evaluation *at,
                   const struct evaluation *given)
{
    assert(training->models.count == 1);
    const struct column *column = &training->columns[0];
    const double norm = at->gradient_norm[0], other = distance(training, at, given);
    training->compare_below = fmin(other / foreseen, 0.5 * norm);
    if (column->trial->status == STATUS_RUNNING && (column->claimed || other > strayed * norm))
        refine_go_over(training);
}
