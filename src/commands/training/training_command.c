/* SPDX-License-Identifier: MIT
 *
 * One training run, asked for on the command line.
 */
#include "commands/training/training_command.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "base/text.h"
#include "data/sources/source_load.h"
#include "measure/variants/variant_tuning.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"

#include <math.h>
#include <stdio.h>

struct dataset *arguments_source_data(const struct arguments *arguments, size_t index,
                                      struct source *source, struct error *error)
{
    *source = (struct source){0};
    arguments_source(arguments, index, source, error);
    return arguments_load(arguments, source, error);
}

struct dataset *arguments_load(const struct arguments *arguments, struct source *source,
                               struct error *error)
{
    if (!ranks_settle(arguments->ranks, error))
        return NULL;
    source->ranks = arguments->ranks;
    struct dataset *data = source_load(source, true, threads_default(), error);
    if (ranks_settle(arguments->ranks, error)) {
        dataset_print_notes(data, stderr);
        return data;
    }
    dataset_free(data);
    return NULL;
}

struct dataset *arguments_training_data(const struct arguments *arguments, size_t index,
                                        struct error *error)
{
    struct source source;
    struct dataset *data = arguments_source_data(arguments, index, &source, error);
    source_clear(&source);
    return data;
}

/* What can be done where there is no F*: a lambda where there is none yet, other scales where it is
 * they that may be in the way. */
static const char *remedy_for(const struct optimum *optimum, const struct dataset *data)
{
    if (optimum->status == OPTIMUM_NONE)
        return "give a --lambda > 0, or stop by --loss or --gradient-norm";
    if (data->scaling == NULL)
        return "try --scale standard, or stop by --loss or --gradient-norm";
    return "stop by --loss or --gradient-norm";
}

bool arguments_find_optimum(const struct arguments *arguments, const struct dataset *data,
                            struct optimum *optimum, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    *optimum = (struct optimum){.objective = NAN};
    if (!configuration_stops_by_gap(configuration))
        return true;
    *optimum = optimum_find(data, configuration->lambda, threads_default());
    return optimum->status == OPTIMUM_FOUND ||
           error_usage(error, "--gap: %s: %s (%s), so there is no gap to close; %s", data->name,
                       optimum->status == OPTIMUM_NONE ? "F has no finite minimiser here"
                                                       : "the optimum was not found",
                       optimum->reason, remedy_for(optimum, data));
}

/* Where the number of threads was left open. */
static void tell_threads(const struct arguments *arguments)
{
    const struct hyperparameter *threads = hyperparameter_find("threads");
    const char *words = threads_default_words();
    if (words != NULL && !arguments->given[threads - hyperparameters] &&
        hyperparameter_applies(threads, &arguments->configuration) &&
        ranks_index(arguments->ranks) == 0)
        fprintf(stderr, "descent: note: %s\n", words);
}

bool arguments_check_configuration(const struct arguments *arguments, const struct dataset *data,
                                   struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    char reason[512];
    tell_threads(arguments);
    if (configuration_fault(configuration, data, reason, sizeof reason) != NULL)
        return error_usage(error, "%s", reason);
    memory_check(training_bytes(data, configuration, 1, false), "training", error);
    return ranks_settle(arguments->ranks, error);
}

bool arguments_check_training(const struct arguments *arguments, const struct dataset *data,
                              struct optimum *optimum, struct error *error)
{
    return arguments_check_configuration(arguments, data, error) &&
           arguments_find_optimum(arguments, data, optimum, error);
}

/* --- The first weights ------------------------------------------------------------------------ */

/* "0.1,-2,3e-1" as d weights. NULL, with an error, when they are not. */
static double *parse_weights(const char *text, size_t features, struct error *error)
{
    double *w = memory_allocate(features, sizeof *w);
    char *copy = memory_copy_text(text), *rest = copy;
    size_t count = 0;
    for (char *word; (word = strsep(&rest, ",")) != NULL; count++) {
        double number;
        if (!text_to_real(word, &number) || !isfinite(number)) {
            error_usage(error,
                        "--init: '%s' is not a number up to 1.8e308; give one number per feature, "
                        "separated by commas",
                        word);
            break;
        }
        if (count < features)
            w[count] = number;
    }
    memory_free(copy);
    if (error->kind == ERROR_NONE && count != features)
        error_usage(error,
                    "--init: %zu number%s given, and the data have %zu feature%s; give the weights "
                    "w, one per feature; the bias is given by --bias, and is 0 without",
                    count, count == 1 ? " was" : "s were", features, features == 1 ? "" : "s");
    if (error->kind == ERROR_NONE)
        return w;
    memory_free(w);
    return NULL;
}

static bool parse_bias(const char *text, double *bias, struct error *error)
{
    return (text_to_real(text, bias) && isfinite(*bias)) ||
           error_usage(error, "--bias: '%s' is not a number up to 1.8e308; give one such as -0.5",
                       text);
}

bool arguments_initial(const struct arguments *arguments, size_t features, double **w, double *bias,
                       struct error *error)
{
    const char *weights = arguments_value(arguments, "init"),
               *given = arguments_value(arguments, "bias");
    *w = NULL;
    *bias = 0.0;
    return (given == NULL || parse_bias(given, bias, error)) &&
           (weights == NULL || (*w = parse_weights(weights, features, error)) != NULL);
}

/* What can be known of the passes to come. */
static void tune(const struct dataset *data, const struct configuration *configuration)
{
    struct variant_work work = {.data = data, .passes = training_sure_passes(configuration)};
    if (training_case(data, configuration, 1, false, 0, &work.what))
        variant_tuning_prepare(&work, 1);
}

bool arguments_train(const struct arguments *arguments, const struct dataset *data,
                     struct training_hooks hooks, struct trial *trial, struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    struct interruption before;
    hooks.interrupt = &interruption_requested;
    tune(data, configuration);
    interruption_install(&before);
    training_run(data, &configuration, 1, &hooks, trial);
    interruption_restore(&before, ranks_count(arguments->ranks) > 1);
    bool unchanged = dataset_is_unchanged(data, error);
    return ranks_settle(arguments->ranks, error) && unchanged;
}

bool trial_completed(const struct trial *trial, struct error *error)
{
    if (trial->status != STATUS_INTERRUPTED)
        return true;
    error_failed(error, "training was stopped before its end, and nothing is drawn");
    error->kind = ERROR_INTERRUPTED;
    return false;
}

/* --- What a trial shows ----------------------------------------------------------------------- */

static const double cheap = 3e8; /* operations: a tenth of a second or so */

/* By rank 0. */
static void tell(const struct dataset *data, const char *what)
{
    if (ranks_index(data->ranks) == 0)
        fprintf(stderr, "descent: note: %s: %s\n", text_shown(data->name), what);
}

/* Without regularisation a method that minimises F goes on for ever where there is no minimiser. */
static bool may_be_endless(const struct configuration *configuration, const struct trial *trial)
{
    return configuration->lambda == 0.0 && !configuration_stops_by_gap(configuration) &&
           trial->epochs > 0 && trial->status != STATUS_DIVERGED &&
           trial->status != STATUS_INTERRUPTED &&
           solver_of(configuration->solver)->minimises_objective;
}

static void tell_if_separable(const struct dataset *data, const struct trial *trial)
{
    struct optimum found = {.status = OPTIMUM_UNKNOWN};
    char what[512];
    if (optimum_flops(data) <= cheap)
        found = optimum_find(data, 0.0, threads_default());
    else if (trial_last(trial)->accuracy == 1.0 &&
             optimum_is_separated_by(data, trial->w, trial->b))
        found =
            (struct optimum){.status = OPTIMUM_NONE, .reason = "the data are completely separable"};
    snprintf(what, sizeof what,
             "F has no finite minimiser without regularisation (%s), so weights grow as long as "
             "training goes on; give a --lambda > 0",
             found.reason);
    if (found.status == OPTIMUM_NONE)
        tell(data, what);
}

void arguments_tell_of_trial(const struct arguments *arguments, const struct dataset *data,
                             struct optimum *optimum, struct trial *trial)
{
    const struct configuration *configuration = &arguments->configuration;
    const double objective = trial_last(trial)->objective;
    if (trial->status == STATUS_DIVERGED && trial->epochs == 0)
        tell(data, data->scaling == NULL
                       ? "F or its gradient is too large for a double before the first step; try "
                         "--scale standard, or a smaller --lambda"
                       : "F or its gradient is too large for a double before the first step; give "
                         "a smaller --lambda");
    if (optimum->status != OPTIMUM_NONE && may_be_endless(configuration, trial))
        tell_if_separable(data, trial);
    if (optimum_is_refuted(optimum, data, objective, trial->w, trial->b)) {
        optimum_withdraw(optimum, objective);
        tell(data, optimum->reason);
        trial->optimum = NAN;
    }
}
