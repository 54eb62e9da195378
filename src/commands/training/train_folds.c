/* SPDX-License-Identifier: MIT
 *
 * One fold after the other; one copy of the rows lives at a time. A fold that diverges or fails
 * ends it: the mean of the others would be of other rows.
 */
#include "commands/training/train_folds.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "commands/training/quality.h"
#include "data/input.h"
#include "data/preparation/folds.h"
#include "data/sources/preparation.h"
#include "data/sources/source_load.h"

#include <math.h>
#include <stdio.h>

static bool wants_folds(const struct arguments *arguments)
{
    return arguments->configuration.folds > 0 && arguments->configuration.fold == 0;
}

bool train_folds_check(const struct arguments *arguments, const struct source *source,
                       struct error *error)
{
    const struct configuration *configuration = &arguments->configuration;
    if (configuration->folds == 0)
        return true;
    if (source->split > 0.0)
        return error_usage(error, "--folds holds rows out in turn, and --split does so once; leave "
                                  "out one of the two");
    if (arguments->ranks != NULL)
        return error_usage(error, "--folds takes rows that are all in one process, and they are "
                                  "distributed; leave out one of the two");
    if (configuration->folds == 1)
        return error_usage(error, "--folds 1 would hold all rows out; give at least 2");
    input_keep_pipes(); /* what is fitted to rows is read again for the folds */
    return true;
}

/* The rows before anything was fitted to them: `data`, or read again into *own. NULL on error. */
static const struct dataset *rows_of(const struct source *source, const struct dataset *data,
                                     struct dataset **own, struct error *error)
{
    *own = NULL;
    if (source_rows_serve(data))
        return data;
    return *own = source_load_rows(source, threads_default(), error);
}

bool train_folds_leave(const struct arguments *arguments, const struct source *source,
                       struct dataset **data, struct error *error)
{
    const struct fold fold = configuration_fold(&arguments->configuration);
    struct dataset *own, *left = NULL;
    if (fold.folds == 0 || fold.number == 0)
        return true;
    const struct dataset *rows = rows_of(source, *data, &own, error);
    if (rows != NULL)
        left = preparation_fold(source, rows, &fold, threads_default(), error);
    dataset_free(own);
    dataset_free(*data);
    *data = left;
    return left != NULL;
}

/* The values of all folds, a row each of fold_measures[]. */
struct fold_values {
    size_t count;
    struct fold_means *folds; /* (count) the mean of each is its value */
};

/* Trained without a fold, and measured on it. */
static bool measure(const struct arguments *arguments, const struct dataset *data,
                    struct train_checkpoint *checkpoint, struct fold_means *values,
                    struct error *error)
{
    struct optimum optimum;
    struct trial trial;
    struct training_hooks hooks = {.optima = &optimum.objective};
    if (!arguments_find_optimum(arguments, data, &optimum, error) ||
        !train_checkpoint_hook(checkpoint, data, &hooks, error))
        return false;
    bool done = arguments_train(arguments, data, hooks, &trial, error) &&
                train_checkpoint_completed(checkpoint, &trial, error);
    const struct trace_point *last = trial.trace.count > 0 ? trial_last(&trial) : NULL;
    if (done && (last == NULL || trial.status == STATUS_DIVERGED || trial.status == STATUS_FAILED))
        done = error_failed(error, "%s%s%s", trial_status_words(trial.status),
                            *trial.message != '\0' ? ": " : "", trial.message);
    if (done && last != NULL) {
        const struct quality quality =
            quality_of(data->heldout, "held out", trial.w, trial.b, 0.5, false);
        values->heldout_loss.mean = last->heldout_loss;
        values->heldout_accuracy.mean = last->heldout_accuracy;
        values->heldout_auc.mean = quality.measured ? quality.measures.auc : (double)NAN;
        values->loss.mean = last->loss;
        train_checkpoint_add_fold(checkpoint, values);
    }
    trial_clear(&trial);
    return done;
}

static void tell_fold(size_t number, size_t of, const struct fold_means *values)
{
    char loss[TEXT_NUMBER], accuracy[TEXT_NUMBER];
    printf("Fold %zu of %zu: held-out loss %s, accuracy %s, AUC %.6g\n", number, of,
           text_from_real(loss, values->heldout_loss.mean),
           text_from_real(accuracy, values->heldout_accuracy.mean), values->heldout_auc.mean);
    fflush(stdout);
}

static void tell_means(const struct model_report *report)
{
    const struct fold_means *means = &report->means;
    printf("Cross-validation: held-out loss %.6g ± %.2g, accuracy %.6g ± %.2g, AUC %.6g ± %.2g "
           "(mean ± standard error over %zu folds)\n",
           means->heldout_loss.mean, means->heldout_loss.error, means->heldout_accuracy.mean,
           means->heldout_accuracy.error, means->heldout_auc.mean, means->heldout_auc.error,
           report->folds * report->repeats);
}

/* Without one of the folds; an error says which. */
static bool measure_fold(const struct arguments *arguments, const struct source *source,
                         const struct dataset *rows, const struct fold *fold,
                         struct train_checkpoint *checkpoint, struct fold_means *values,
                         struct error *error)
{
    const struct fold_means *known = train_checkpoint_fold(checkpoint, fold->number - 1);
    struct error plain = {.kind = ERROR_NONE};
    if (known != NULL) {
        *values = *known;
        return true;
    }
    struct dataset *left = preparation_fold(source, rows, fold, threads_default(), error);
    bool done = left != NULL && measure(arguments, left, checkpoint, values, &plain);
    dataset_free(left);
    if (plain.kind != ERROR_NONE) {
        error_failed(error, "without fold %zu: %s", fold->number, plain.message);
        error->kind = plain.kind;
    }
    return done;
}

static bool measure_all(const struct arguments *arguments, const struct source *source,
                        const struct dataset *rows, bool quiet, struct train_checkpoint *checkpoint,
                        struct fold_values *values, struct error *error)
{
    struct fold fold = configuration_fold(&arguments->configuration);
    for (fold.number = 1; fold.number <= values->count; fold.number++) {
        struct fold_means *of = &values->folds[fold.number - 1];
        if (!measure_fold(arguments, source, rows, &fold, checkpoint, of, error))
            return false;
        if (!quiet)
            tell_fold(fold.number, values->count, of);
    }
    return true;
}

static void summarise(const struct fold_values *values, struct model_report *report)
{
    double *column = memory_allocate(values->count, sizeof *column);
    for (size_t m = 0; m < fold_measure_count; m++) {
        for (size_t i = 0; i < values->count; i++)
            column[i] = fold_mean_find(&fold_measures[m], &values->folds[i])->mean;
        *fold_mean_find(&fold_measures[m], &report->means) =
            fold_mean_of(column, values->count, report->folds);
    }
    memory_free(column);
}

bool train_folds(const struct arguments *arguments, const struct source *source,
                 const struct dataset *data, bool quiet, struct train_checkpoint *checkpoint,
                 struct model_report *report, struct error *error)
{
    enum { REPEATS_MOST = FOLD_MOST / FOLDS_MOST };
    int64_t repeats = 1;
    struct dataset *own = NULL;
    *report = (struct model_report){.folds = 0};
    if (arguments_value(arguments, "fold-repeats") != NULL &&
        !arguments_integer(arguments, "fold-repeats", 1, REPEATS_MOST, &repeats, error))
        return false;
    if (!wants_folds(arguments))
        return true;
    report->folds = (size_t)arguments->configuration.folds;
    report->repeats = (size_t)repeats;
    struct fold_values values = {.count = report->folds * report->repeats};
    values.folds = memory_allocate(values.count, sizeof *values.folds);
    const struct dataset *rows = rows_of(source, data, &own, error);
    bool done =
        rows != NULL && measure_all(arguments, source, rows, quiet, checkpoint, &values, error);
    if (done)
        summarise(&values, report);
    if (done && !quiet)
        tell_means(report);
    memory_free(values.folds);
    dataset_free(own);
    return done;
}
