/* SPDX-License-Identifier: MIT
 *
 * One training run, asked for on the command line.
 */
#include "commands/training_command.h"

#include "base/interruption.h"
#include "base/memory.h"
#include "base/threads.h"
#include "data/source.h"
#include "solvers/optimum.h"

#include <math.h>

struct dataset *arguments_training_data(const struct arguments *arguments, size_t index,
                                        struct error *error)
{
    struct source source;
    arguments_source(arguments, index, &source, error);
    if (!ranks_settle(arguments->ranks, error))
        return NULL;
    source.ranks = arguments->ranks;
    struct dataset *data = source_load(&source, true, threads_available(), error);
    source_clear(&source);
    if (ranks_settle(arguments->ranks, error))
        return data;
    dataset_free(data);
    return NULL;
}

/* F*, where the trial is to stop by its gap to it; otherwise NaN. */
static bool find_optimum(const struct configuration *configuration, const struct dataset *data,
                         double *optimum, struct error *error)
{
    *optimum = NAN;
    if (configuration->gap == 0.0)
        return true;
    struct optimum found = optimum_find(data, configuration->lambda, threads_available());
    *optimum = found.objective;
    return found.status == OPTIMUM_FOUND ||
           error_usage(error,
                       "--gap: %s: %s (%s), so there is no gap to close; give a --lambda > 0, or "
                       "stop by --loss or --gradient-norm",
                       data->name,
                       found.status == OPTIMUM_NONE ? "F has no finite minimiser here"
                                                    : "the optimum was not found",
                       found.reason);
}

bool arguments_check_training(const struct arguments *arguments, const struct dataset *data,
                              double *optimum, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    char reason[512];
    if (configuration_fault(configuration, data, reason, sizeof reason) != NULL)
        return error_usage(error, "%s", reason);
    memory_check(training_bytes(data, configuration, 1, false), "training", error);
    return ranks_settle(arguments->ranks, error) &&
           find_optimum(configuration, data, optimum, error);
}

void arguments_train(const struct arguments *arguments, const struct dataset *data,
                     struct training_hooks hooks, struct trial *trial)
{
    const struct configuration *configuration = &arguments->configuration;
    struct interruption before;
    hooks.interrupt = &interruption_requested;
    interruption_install(&before);
    training_run(data, &configuration, 1, &hooks, trial);
    interruption_restore(&before);
}
