/* SPDX-License-Identifier: MIT
 *
 * Local SGD: workers that step on copies of the weights, over rows of their own, and average them.
 *
 * Problem:   minimise F(w, b) for each of k models.
 * Input:     the samples in the epoch's order, in which each of W workers has a part of its own.
 * Step:      worker m: w_m <- w_m - rate ((p_i - y_i) x_i + lambda w_m), likewise b_m, and after
 *            every H samples of each worker, and at the end of the epoch, w_m <- w for all m, where
 *            w = (1/W) sum w_m (kernels/stochastic/local_sgd.h); H is `average_every`, W `workers`.
 * Stopping:  the training loop's.
 * Reference: Stich, "Local SGD converges fast and communicates little", ICLR 2019; once at the end:
 *            Zinkevich, Weimer, Smola and Li, "Parallelized stochastic gradient descent", NIPS
 *            2010.
 */
#include "kernels/stochastic/local_sgd.h"
#include "solvers/solver.h"

static void *open_workers(const struct kernel_problem *problem, const struct configuration *common)
{
    (void)common;
    return local_sgd_create(problem);
}

static void close_workers(void *workspace)
{
    local_sgd_free(workspace);
}

static const struct solver_workspace workers = {open_workers, local_sgd_bytes, close_workers};

static void step_local_sgd(const struct step *step)
{
    const struct sgd_epoch epoch = {
        .data = step->problem->data,
        .order = step->order,
        .rates = step->rates,
        .lambdas = step->lambdas,
        .activation = ACTIVATION_SIGMOID,
    };
    objective_moved(step->objective);
    local_sgd_run(step->workspace, &epoch, (size_t)step->configurations[0]->average_every,
                  step->models);
}

const struct solver solver_local_sgd = {
    .entry = {"local-sgd", "SGD by workers on copies of their own, averaged at intervals"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_THREADS | USES_RANKS | USES_WORKERS,
    .family = FAMILY_SGD,
    .by_sample = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_sample,
    .step = step_local_sgd,
    .workspace = &workers,
};
