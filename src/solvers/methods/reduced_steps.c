/* SPDX-License-Identifier: MIT
 *
 * The table and its mean gradient, which is that of the objective without lambda w.
 */
#include "solvers/methods/reduced_steps.h"

#include "kernels/stochastic/reduced_epoch.h"

static void *open_steps(const struct kernel_problem *problem, const struct configuration *common)
{
    (void)common;
    return reduced_create(problem);
}

static void close_steps(void *workspace)
{
    reduced_free(workspace);
}

const struct solver_workspace reduced_steps = {open_steps, reduced_bytes, close_steps};

size_t reduced_steps_rows(size_t samples, size_t features, const struct configuration *common)
{
    (void)common;
    return samples + features + 1;
}

static struct reduced_table table_of(const struct step *step)
{
    const size_t k = step->models->count;
    struct reduced_table table = {.residuals = step->state};
    table.A = table.residuals + step->problem->data->rows * k;
    table.a = table.A + step->models->features * k;
    return table;
}

static void fill_table(const struct step *step, const struct reduced_table *table)
{
    const struct models *models = step->models;
    const size_t d = models->features, k = models->count;
    const struct evaluation at = objective_gradient(step->objective, models);
    for (size_t f = 0; f < d; f++)
        for (size_t j = 0; j < k; j++)
            table->A[f * k + j] = at.dW[f * k + j] - step->lambdas[j] * models->W[f * k + j];
    for (size_t j = 0; j < k; j++)
        table->a[j] = at.db[j];
    reduced_fill(step->problem->data, models, table->residuals, step->problem->threads);
}

void reduced_steps_take(const struct step *step, bool fill, bool update)
{
    const struct reduced_epoch epoch = {
        .order = step->order,
        .rates = step->rates,
        .lambdas = step->lambdas,
        .table = table_of(step),
        .update = update,
        .spare = step->spare,
    };
    if (fill)
        fill_table(step, &epoch.table);
    objective_moved(step->objective);
    reduced_run(step->workspace, &epoch, step->models);
}
