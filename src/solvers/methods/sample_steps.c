/* SPDX-License-Identifier: MIT
 *
 * Samples that lie side by side are a set of their own; those of an order are picked from all.
 */
#include "solvers/methods/sample_steps.h"

#include "kernels/stochastic/sgd.h"

static void *open_steps(const struct kernel_problem *problem, const struct configuration *common)
{
    (void)common;
    return sgd_create(problem);
}

static void close_steps(void *workspace)
{
    sgd_free(workspace);
}

const struct solver_workspace sample_steps = {open_steps, sgd_bytes, close_steps};

void sample_steps_take(const struct step *step, size_t begin, size_t count,
                       enum activation activation)
{
    const bool ordered = step->order != NULL;
    const struct dataset samples = dataset_slice(step->problem->data, ordered ? 0 : begin, count);
    const struct sgd_epoch epoch = {
        .data = &samples,
        .order = ordered ? step->order + begin : NULL,
        .rates = step->rates,
        .lambdas = step->lambdas,
        .activation = activation,
    };
    objective_moved(step->objective);
    sgd_run(step->workspace, &epoch, step->models);
}
