/* SPDX-License-Identifier: MIT
 *
 * Whole configurations: defaults, canonical form and identity. Two configurations are the same when
 * they would do the same: a row that the solver and the schedule do not use keeps its default, so
 * it neither multiplies runs nor changes the key.
 */
#include "base/parallel/ranks.h"
#include "base/text.h"
#include "data/chunks.h"
#include "kernels/choice.h"
#include "solvers/hyperparameter.h"
#include "solvers/solver.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct configuration configuration_default(void)
{
    struct configuration configuration = {0};
    for (size_t i = 0; i < hyperparameter_count; i++)
        hyperparameter_set(&hyperparameters[i], &configuration,
                           setting_fallback(&hyperparameters[i].setting));
    return configuration;
}

bool configuration_stops_by_gap(const struct configuration *configuration)
{
    return configuration->gap != -INFINITY;
}

bool configuration_is_threaded(const struct configuration *configuration)
{
    return (solver_of(configuration->solver)->uses & USES_THREADS) != 0;
}

int64_t configuration_threads(const struct configuration *configuration)
{
    return configuration_is_threaded(configuration) ? configuration->threads : 1;
}

void configuration_canonicalise(struct configuration *configuration)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameter_applies(&hyperparameters[i], configuration))
            hyperparameter_set(&hyperparameters[i], configuration,
                               setting_fallback(&hyperparameters[i].setting));
}

void configuration_share(struct configuration *configuration)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].own)
            hyperparameter_set(&hyperparameters[i], configuration,
                               setting_fallback(&hyperparameters[i].setting));
}

/* Only what applies enters the key: a hyper-parameter added later, or a default that depends on the
 * machine (threads), leaves the identity of those that do not use it as it was. */
void configuration_key(const struct configuration *configuration, const char *data_digest,
                       char key[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_add_text(digest, data_digest);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (!hyperparameter_applies(row, configuration))
            continue;
        char number[TEXT_NUMBER];
        const char *text =
            setting_text(&row->setting, hyperparameter_get(row, configuration), number);
        if (row->was != NULL && strcmp(text, row->was) == 0)
            continue;
        digest_add_text(digest, row->entry.name);
        digest_add_text(digest, text);
    }
    digest_finish(digest, key);
}

void configuration_fingerprint(const struct configuration *configuration, const char *beside,
                               char key[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_add_text(digest, beside);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        struct value value = hyperparameter_get(row, configuration);
        if (!hyperparameter_applies(row, configuration))
            continue;
        digest_add(digest, &i, sizeof i);
        if (row->type == TYPE_CHOICE)
            digest_add_text(digest, value.choice->name);
        else
            digest_add(digest, &value, sizeof value);
    }
    digest_finish(digest, key);
}

char *configuration_describe(const struct configuration *configuration, char *text, size_t size)
{
    struct configuration defaults = configuration_default();
    size_t used = 0;
    for (size_t i = 0; i < hyperparameter_count && used < size; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        bool shown = i == 0 || (hyperparameter_applies(row, configuration) &&
                                !hyperparameter_equal(row, configuration, &defaults));
        char number[TEXT_NUMBER];
        if (shown)
            used += (size_t)snprintf(
                text + used, size - used, "%s%s=%s", used > 0 ? " " : "", row->entry.name,
                setting_text(&row->setting, hyperparameter_get(row, configuration), number));
    }
    return text;
}

/* Has a kernel what a solver needs of it? */
static bool kernel_has(const struct entry *wish, bool by_sample)
{
    return by_sample ? kernel_has_sgd(wish) : kernel_has_pass(wish);
}

/* Does the kernel wished for serve the solver on such data? */
static bool kernel_serves(const struct configuration *configuration, bool sparse, char *reason,
                          size_t size)
{
    const struct entry *wish = configuration->kernel;
    bool by_sample = solver_of(configuration->solver)->by_sample, has = kernel_has(wish, by_sample);
    if (has && kernel_takes(wish, sparse))
        return true;
    int used;
    if (has)
        used = snprintf(reason, size, "kernel %s does not take %s data; these do: ", wish->name,
                        sparse ? "sparse" : "dense");
    else
        used = snprintf(reason, size,
                        "kernel %s has no %s, which solver %s needs; these have: ", wish->name,
                        by_sample ? "SGD" : "pass", configuration->solver->name);
    for (size_t i = 0; i < kernel_choice_table.count && (size_t)used < size; i++) {
        const struct entry *other = kernel_choice_table.entries[i];
        if (kernel_has(other, by_sample) && kernel_takes(other, sparse))
            used += snprintf(reason + used, size - (size_t)used, "%s%s", i > 0 ? ", " : "",
                             other->name);
    }
    return false;
}

static bool solver_distributes(const struct configuration *configuration, char *reason, size_t size)
{
    if ((solver_of(configuration->solver)->uses & USES_RANKS) != 0)
        return true;
    char users[512];
    snprintf(reason, size,
             "solver %s steps from sample to sample through all rows, which cannot be distributed; "
             "these can: %s; or distribute models",
             configuration->solver->name,
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
                 "%" PRId64 " ranks are wanted, and rows are distributed over %d; start as many "
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

static bool batch_fits(const struct configuration *configuration, const struct dataset *data,
                       char *reason, size_t size)
{
    if ((uint64_t)configuration->batch <= data->rows)
        return true;
    snprintf(reason, size, "batch %" PRId64 " is larger than the data, which have %zu rows",
             configuration->batch, data->rows);
    return false;
}

/* Every worker has a row, and every rank as many workers as any other. */
static bool workers_fit(const struct configuration *configuration, const struct dataset *data,
                        char *reason, size_t size)
{
    int64_t workers = configuration->workers, ranks = configuration->ranks;
    if ((uint64_t)workers > dataset_samples(data))
        snprintf(reason, size, "%" PRId64 " workers are too many for the data, which have %zu rows",
                 workers, dataset_samples(data));
    else if (workers % ranks != 0)
        snprintf(reason, size,
                 "%" PRId64 " workers cannot be shared out among %" PRId64
                 " ranks; choose a multiple of %" PRId64,
                 workers, ranks, ranks);
    else
        return true;
    return false;
}

const struct hyperparameter *configuration_fault(const struct configuration *configuration,
                                                 const struct dataset *data, char *reason,
                                                 size_t size)
{
    if (!kernel_serves(configuration, dataset_is_sparse(data), reason, size))
        return hyperparameter_find("kernel");
    if (ranks_of_rows() > 1 && !solver_distributes(configuration, reason, size))
        return hyperparameter_find("solver");
    if (!ranks_serve(configuration, data, reason, size))
        return hyperparameter_find("ranks");
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
