/* SPDX-License-Identifier: MIT
 *
 * Hogwild: stochastic gradient descent by all threads at once, without locks.
 *
 * Problem:   minimise F(w, b) for one model.
 * Input:     the samples in the epoch's order, a share of them for each thread.
 * Step:      that of sgd, by every thread on the same weights (kernels/stochastic/hogwild.h).
 * Stopping:  the training loop's. On more than one thread a trial has other bits every time: it is
 *            not deterministic, says so (descent list solvers), and is not checked for it.
 * Reference: Niu, Recht, Re and Wright, "Hogwild!: a lock-free approach to parallelizing stochastic
 *            gradient descent", NIPS 2011.
 */
#include "kernels/stochastic/hogwild.h"
#include "solvers/solver.h"

static void *open_threads(const struct kernel_problem *problem, const struct configuration *common)
{
    (void)common;
    return hogwild_create(problem);
}

static void close_threads(void *workspace)
{
    hogwild_free(workspace);
}

static const struct solver_workspace racing_threads = {open_threads, hogwild_bytes, close_threads};

static void step_hogwild(const struct step *step)
{
    objective_moved(step->objective);
    hogwild_run(step->workspace, step->models, step->order, step->rates[0], step->lambdas[0]);
}

const struct solver solver_hogwild = {
    .entry = {"hogwild", "lock-free SGD on all threads at once: different bits every time"},
    .uses = USES_RATE | USES_LAMBDA | USES_ORDER | USES_THREADS,
    .family = FAMILY_SGD,
    .alone = true,
    .racy = true,
    .minimises_objective = true,
    .rate_auto = rate_auto_sample,
    .reads_given = true,
    .step = step_hogwild,
    .workspace = &racing_threads,
};
