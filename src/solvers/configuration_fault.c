/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a configuration although each of its values is allowed: a kernel, a batch,
 * workers or ranks that do not go with the solver or the data.
 */
#include "base/parallel/ranks.h"
#include "data/chunks.h"
#include "kernels/choice.h"
#include "solvers/hyperparameter.h"
#include "solvers/solver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Has a kernel what a solver needs of it? */
static bool kernel_has(const struct entry *wish, bool by_sample)
{
    return by_sample ? kernel_has_sgd(wish) : kernel_has_pass(wish);
}

/* What a kernel may not take, in a word. */
static const char *kind_of(const struct dataset *data)
{
    if (dataset_is_stored(data))
        return dataset_is_sparse(data) ? "sparse float32" : data->stored.precision->name;
    return dataset_is_sparse(data) ? "sparse" : "dense";
}

/* Does the solver read rows that are stored in fewer bits? */
static bool solver_reads(const struct configuration *configuration, const struct dataset *data,
                         char *reason, size_t size)
{
    const struct solver *solver = solver_of(configuration->solver);
    if (!dataset_is_stored(data) || !solver->reads_given)
        return true;
    int used = snprintf(reason, size,
                        "solver %s does not read precision %s; leave precision at float64, or "
                        "choose one that does: ",
                        configuration->solver->name, data->stored.precision->name);
    for (size_t i = 0, listed = 0; i < solver_table.count && (size_t)used < size; i++) {
        const struct entry *other = solver_table.entries[i];
        if (!solver_of(other)->reads_given)
            used += snprintf(reason + used, size - (size_t)used, "%s%s", listed++ > 0 ? ", " : "",
                             other->name);
    }
    return false;
}

/* Does the kernel wished for serve the solver on such data? */
static bool kernel_serves(const struct configuration *configuration, const struct dataset *data,
                          char *reason, size_t size)
{
    const struct entry *wish = configuration->kernel;
    bool by_sample = solver_of(configuration->solver)->by_sample, has = kernel_has(wish, by_sample);
    if (has && kernel_takes(wish, data))
        return true;
    int used;
    if (has)
        used = snprintf(reason, size, "kernel %s does not take %s data; these do: ", wish->name,
                        kind_of(data));
    else
        used = snprintf(reason, size,
                        "kernel %s has no %s, which solver %s needs; these have: ", wish->name,
                        by_sample ? "SGD" : "pass", configuration->solver->name);
    for (size_t i = 0; i < kernel_choice_table.count && (size_t)used < size; i++) {
        const struct entry *other = kernel_choice_table.entries[i];
        if (kernel_has(other, by_sample) && kernel_takes(other, data))
            used += snprintf(reason + used, size - (size_t)used, "%s%s", i > 0 ? ", " : "",
                             other->name);
    }
    return false;
}

static bool solver_distributes(const struct configuration *configuration, char *reason, size_t size)
{
    if ((solver_of(configuration->solver)->uses & USES_RANKS) != 0)
        return true;
    const bool picks = solver_of(configuration->solver)->reads_residuals;
    char users[512];
    snprintf(reason, size,
             "solver %s %s all rows, which cannot be distributed; these can: %s; or distribute "
             "models",
             configuration->solver->name,
             picks ? "picks a sample of" : "steps from sample to sample through",
             hyperparameter_users(hyperparameter_find("ranks"), users, sizeof users));
    return false;
}

static bool ranks_serve(const struct configuration *configuration, const struct dataset *data,
                        char *reason, size_t size)
{
    int64_t ranks = configuration->ranks;
    int64_t blocks = ranks > 1 ? (int64_t)chunk_blocks(data) : 1;
    if (ranks > ranks_of_rows())
        snprintf(reason, size,
                 "%" PRId64 " ranks are requested, but rows are distributed over %d; start as many "
                 "processes (mpirun -np %" PRId64 " descent ... --distribute rows)",
                 ranks, ranks_of_rows(), ranks);
    else if (ranks > blocks)
        snprintf(reason, size,
                 "%" PRId64 " ranks are more than the %" PRId64 " block%s that the data's %zu rows "
                 "are cut into; start at most as many processes, or distribute models",
                 ranks, blocks, blocks == 1 ? "" : "s", dataset_samples(data));
    else
        return true;
    return false;
}

/* Rows that it is trained on, at least: of all, or of those that a fold leaves. */
static size_t rows_trained(const struct configuration *configuration, const struct dataset *data)
{
    const size_t rows = dataset_samples(data), folds = (size_t)configuration->folds;
    return folds < 2 || data->heldout != NULL ? rows : rows - fold_rows_most(rows, folds);
}

static bool folds_serve(const struct configuration *configuration, char *reason, size_t size)
{
    if (configuration->folds == 1)
        snprintf(reason, size, "folds 1 would hold all rows out; give at least 2");
    else if (configuration->fold > 0 && configuration->folds == 0)
        snprintf(reason, size, "fold %" PRId64 " is one of folds; say of how many: folds: 10",
                 configuration->fold);
    else if (configuration->folds > 0 && ranks_of_rows() > 1)
        snprintf(reason, size,
                 "folds are taken from rows that are all in one process, and rows are distributed; "
                 "distribute models, or leave folds out");
    else
        return true;
    return false;
}

static bool batch_fits(const struct configuration *configuration, const struct dataset *data,
                       char *reason, size_t size)
{
    const size_t rows = rows_trained(configuration, data);
    if ((uint64_t)configuration->batch <= rows)
        return true;
    snprintf(reason, size, "batch %" PRId64 " is larger than the data, which have %zu rows%s",
             configuration->batch, rows, configuration->folds > 0 ? " without a fold" : "");
    return false;
}

/* Every worker has a row, and every rank as many workers as any other. */
static bool workers_fit(const struct configuration *configuration, const struct dataset *data,
                        char *reason, size_t size)
{
    int64_t workers = configuration->workers, ranks = configuration->ranks;
    const size_t rows = rows_trained(configuration, data);
    if ((uint64_t)workers > rows)
        snprintf(reason, size,
                 "%" PRId64 " workers are too many for the data, which have %zu rows%s", workers,
                 rows, configuration->folds > 0 ? " without a fold" : "");
    else if (workers % ranks != 0)
        snprintf(reason, size,
                 "%" PRId64 " workers cannot be shared out among %" PRId64
                 " ranks; choose a multiple of %" PRId64,
                 workers, ranks, ranks);
    else
        return true;
    return false;
}

/* Is it known which other program trains? That is said in a sweep file. */
static bool is_trained(const struct configuration *configuration, char *reason, size_t size)
{
    const bool named = strcmp(configuration->program_command->name, "") != 0;
    if (named || !solver_of(configuration->solver)->outside)
        return true;
    snprintf(reason, size,
             "solver program is for sweep files, which say what trains: programs: {mine: {command: "
             "[./mine]}} and, in a run, program: mine");
    return false;
}

const struct hyperparameter *configuration_fault(const struct configuration *configuration,
                                                 const struct dataset *data, char *reason,
                                                 size_t size)
{
    if (!is_trained(configuration, reason, size))
        return hyperparameter_find("solver");
    if (!solver_reads(configuration, data, reason, size))
        return hyperparameter_find("solver");
    if (!kernel_serves(configuration, data, reason, size))
        return hyperparameter_find("kernel");
    if (ranks_of_rows() > 1 && !solver_distributes(configuration, reason, size))
        return hyperparameter_find("solver");
    if (!ranks_serve(configuration, data, reason, size))
        return hyperparameter_find("ranks");
    if (!folds_serve(configuration, reason, size))
        return hyperparameter_find(configuration->folds == 0 ? "fold" : "folds");
    const struct hyperparameter *batch = hyperparameter_find("batch");
    if (hyperparameter_applies(batch, configuration) &&
        !batch_fits(configuration, data, reason, size))
        return batch;
    const struct hyperparameter *workers = hyperparameter_find("workers");
    if (hyperparameter_applies(workers, configuration) &&
        !workers_fit(configuration, data, reason, size))
        return workers;
    return NULL;
}
