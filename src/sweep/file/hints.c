/* SPDX-License-Identifier: MIT
 *
 * The table of hints. The penalty of scikit-learn and LIBLINEAR, C sum loss + ||w||^2 / 2, has the
 * minimiser of ours, (1/n) sum loss + lambda ||w||^2 / 2, where lambda = 1/(n C); scikit-learn's
 * SGDClassifier, Spark and PyTorch weight it as we do.
 *
 * A word has one row for any value, and before it rows for values that mean something else. Rows of
 * our own keys are for values that other programs have.
 */
#include "sweep/file/hints.h"

#include "base/memory_stream.h"
#include "base/text.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "solvers/hyperparameter.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ONE_NEURON "descent trains one neuron, logistic regression, and nothing else"
#define NO_L1 "the penalty is lambda/2 ||w||^2; there is no L1 penalty"

const struct hint hints[] = {
    /* Steps. */
    {.word = "learning_rate", .value = "constant", .key = "schedule", .written = "constant"},
    {.word = "learning_rate", .value = "optimal", .key = "schedule", .written = "inverse"},
    {.word = "learning_rate", .value = "invscaling", .key = "schedule", .written = "inverse-sqrt"},
    {.word = "learning_rate", .key = "rate"},
    {.word = "learning_rate_init", .key = "rate"},
    {.word = "lr", .key = "rate"},
    {.word = "eta0", .key = "rate"},
    {.word = "step_size", .key = "rate"},
    {.word = "lr_scheduler", .key = "schedule"},
    {.word = "batch_size", .key = "batch"},
    {.word = "mini_batch_size", .key = "batch"},

    /* Solvers. */
    {.word = "optimizer", .key = "solver"},
    {.word = "optimiser", .key = "solver"},
    {.word = "algorithm", .key = "solver"},
    {.word = "nesterov", .key = "solver", .written = "gd-nesterov"},
    {.word = "solver", .value = "liblinear", .key = "solver", .written = "newton"},
    {.word = "solver", .value = "newton-cg", .key = "solver", .written = "newton"},
    {.word = "solver", .value = "newton-cholesky", .key = "solver", .written = "newton"},
    {.word = "solver", .value = "irls", .key = "solver", .written = "newton"},
    {.word = "solver", .value = "l-bfgs-b", .key = "solver", .written = "lbfgs"},
    {.word = "solver", .value = "l-bfgs", .key = "solver", .written = "lbfgs"},
    {.word = "solver", .value = "bfgs", .key = "solver", .written = "lbfgs"},
    {.word = "solver", .value = "sag", .key = "solver", .written = "saga"},
    {.word = "solver", .value = "adam", .key = "solver", .written = "minibatch-adam"},
    {.word = "solver", .value = "adamw", .key = "solver", .written = "minibatch-adam"},
    {.word = "solver", .value = "rmsprop", .key = "solver", .written = "minibatch-adam"},
    {.word = "solver", .value = "adagrad", .key = "solver", .written = "minibatch-adagrad"},
    {.word = "solver", .value = "momentum", .key = "solver", .written = "minibatch-momentum"},
    {.word = "solver", .value = "nesterov", .key = "solver", .written = "gd-nesterov"},
    {.word = "solver", .value = "nag", .key = "solver", .written = "gd-nesterov"},
    {.word = "solver", .value = "batch", .key = "solver", .written = "gd"},
    {.word = "solver", .value = "asgd", .key = "solver", .written = "sgd-averaged"},
    {.word = "schedule", .value = "optimal", .key = "schedule", .written = "inverse"},
    {.word = "schedule", .value = "invscaling", .key = "schedule", .written = "inverse-sqrt"},
    {.word = "schedule", .value = "cosine-annealing", .key = "schedule", .written = "cosine"},
    {.word = "shuffle", .value = "true", .key = "shuffle", .written = "epoch"},
    {.word = "shuffle", .value = "false", .key = "shuffle", .written = "none"},

    /* The objective. */
    {.word = "C", .key = "lambda", .inverse = true},
    {.word = "cost", .key = "lambda", .inverse = true},
    {.word = "alpha", .key = "lambda"},
    {.word = "weight_decay", .key = "lambda"},
    {.word = "reg_param", .key = "lambda"},
    {.word = "reg_lambda", .key = "lambda"},
    {.word = "regularization", .key = "lambda"},
    {.word = "penalty", .value = "none", .key = "lambda", .written = "0"},
    {.word = "penalty", .value = "l1", .about = NO_L1},
    {.word = "penalty", .value = "elasticnet", .about = NO_L1},
    {.word = "penalty", .key = "lambda", .written = "0.001", .about = NO_L1},
    {.word = "l1_ratio", .about = NO_L1},
    {.word = "fit_intercept", .about = "the bias is always trained and never penalised"},
    {.word = "intercept", .about = "the bias is always trained and never penalised"},
    {.word = "class_weight", .key = "weights"},

    /* When to stop. */
    {.word = "max_iter", .key = "epochs"},
    {.word = "maxit", .key = "epochs"},
    {.word = "n_iter", .key = "epochs"},
    {.word = "num_iterations", .key = "epochs"},
    {.word = "iterations", .key = "epochs"},
    {.word = "num_epochs", .key = "epochs"},
    {.word = "n_epochs", .key = "epochs"},
    {.word = "tol", .key = "gap", .about = "or gradient_norm, for the norm of the gradient"},
    {.word = "tolerance", .key = "gap", .about = "or gradient_norm, for the norm of the gradient"},
    {.word = "gtol", .key = "gradient_norm"},
    {.word = "early_stopping", .key = "gap", .written = "1e-6", .about = "the distance to F*"},
    {.word = "timeout", .key = "seconds"},

    /* Chance, and the machine. */
    {.word = "random_state", .key = "seed"},
    {.word = "random_seed", .key = "seed"},
    {.word = "n_jobs", .value = "-1", .key = "threads", .written = "all"},
    {.word = "n_jobs", .key = "threads", .about = "or workers, of solver local-sgd"},
    {.word = "num_threads", .key = "threads"},
    {.word = "nthread", .key = "threads"},
    {.word = "backend", .key = "kernel", .written = "auto"},

    /* Data, and how good a classifier is. */
    {.word = "dataset", .key = "data"},
    {.word = "datasets", .key = "data"},
    {.word = "train_file", .key = "data"},
    {.word = "train_data", .key = "data"},
    {.word = "path", .key = "file"},
    {.word = "filename", .key = "file"},
    {.word = "generator", .key = "generate"},
    {.word = "target", .key = "label"},
    {.word = "target_column", .key = "label"},
    {.word = "label_column", .key = "label"},
    {.word = "pos_label", .key = "positive"},
    {.word = "usecols", .key = "columns"},
    {.word = "drop_columns", .key = "drop"},
    {.word = "ignore", .key = "drop"},
    {.word = "index_col", .key = "drop"},
    {.word = "cat_features", .key = "category"},
    {.word = "categorical_features", .key = "category"},
    {.word = "na_values", .key = "missing_tokens"},
    {.word = "missing_values", .value = "mean", .key = "missing"},
    {.word = "missing_values", .value = "median", .key = "missing"},
    {.word = "missing_values", .value = "drop", .key = "missing"},
    {.word = "missing_values", .key = "missing_tokens"},
    {.word = "fillna", .key = "missing"},
    {.word = "dropna", .key = "missing", .written = "drop"},
    {.word = "exclude", .key = "drop"},
    {.word = "imputer", .key = "missing"},
    {.word = "impute", .key = "missing"},
    {.word = "encoder", .key = "categories"},
    {.word = "min_frequency", .key = "rare"},
    {.word = "dtype", .key = "precision"},
    {.word = "header", .value = "none", .key = "header", .written = "no"},
    {.word = "header", .value = "0", .key = "header", .written = "yes"},
    {.word = "header", .value = "infer", .key = "header", .written = "auto"},
    {.word = "first_line", .value = "row", .key = "header", .written = "no"},
    {.word = "first_line", .value = "header", .key = "header", .written = "yes"},
    {.word = "first_line", .key = "header", .about = "yes, no or auto"},
    {.word = "has_header", .key = "header"},
    {.word = "sep", .about = "commas, semicolons and tabs are told apart"},
    {.word = "delimiter", .about = "commas, semicolons and tabs are told apart"},
    {.word = "n_samples", .key = "rows"},
    {.word = "n_features", .key = "features"},
    {.word = "test_size", .key = "split"},
    {.word = "validation_split", .key = "split"},
    {.word = "validation_fraction", .key = "split"},
    {.word = "cv", .key = "folds"},
    {.word = "n_splits", .key = "folds"},
    {.word = "nfolds", .key = "folds"},
    {.word = "k_folds", .key = "folds"},
    {.word = "kfold", .key = "folds"},
    {.word = "n_repeats", .key = "fold_repeats"},
    {.word = "stratify", .about = "split and folds take a share of each class as it is"},
    {.word = "normalize", .key = "scale", .written = "standard"},
    {.word = "standardize", .key = "scale", .written = "standard"},
    {.word = "scaler", .key = "scale"},
    {.word = "scale", .value = "true", .key = "scale", .written = "standard"},
    {.word = "scale", .value = "zscore", .key = "scale", .written = "standard"},
    {.word = "scale", .value = "StandardScaler", .key = "scale", .written = "standard"},
    {.word = "scale", .value = "MinMaxScaler", .key = "scale", .written = "minmax"},
    {.word = "scale", .value = "MaxAbsScaler", .key = "scale", .written = "maxabs"},
    {.word = "scale", .value = "Normalizer", .key = "scale", .written = "unit"},
    {.word = "scoring",
     .key = "metric",
     .written = "heldout_accuracy",
     .about = "with split or folds"},
    {.word = "metrics", .key = "metric", .written = "heldout_loss", .about = "with split or folds"},
    {.word = "metric", .value = "auc", .about = "train tells the AUC; sweeps rank by others"},
    {.word = "metric", .value = "log_loss", .key = "metric", .written = "heldout_loss"},
    {.word = "search", .key = "method"},
    {.word = "method",
     .value = "hyperband",
     .key = "method",
     .written = "halving",
     .about = "with trials, and brackets: 3"},
    {.word = "method", .value = "bayes", .key = "method", .written = "random"},
    {.word = "early_terminate", .key = "method", .written = "halving"},
    {.word = "num_trials", .key = "trials"},

    /* Other models. */
    {.word = "n_estimators", .about = ONE_NEURON},
    {.word = "max_depth", .about = ONE_NEURON},
    {.word = "num_leaves", .about = ONE_NEURON},
    {.word = "hidden_layers", .about = ONE_NEURON},
    {.word = "hidden_layer_sizes", .about = ONE_NEURON},
    {.word = "layers", .about = ONE_NEURON},
    {.word = "activation", .about = ONE_NEURON},
    {.word = "dropout", .about = ONE_NEURON},
    {.word = "n_neighbors", .about = ONE_NEURON},
    {.word = "gamma", .about = ONE_NEURON},
    {.word = "multi_class", .about = "there are two classes"},
    {.word = "kernel", .value = "rbf", .about = ONE_NEURON},
    {.word = "kernel", .value = "linear", .key = "kernel", .written = "auto"},
};

const size_t hint_count = sizeof hints / sizeof *hints;

/* --- Looking up ------------------------------------------------------------------------------ */

/* The next letter that matters, in small; '\0': there is none. */
static int letter(const char **at)
{
    while (**at == '-' || **at == '_')
        (*at)++;
    int found = tolower((unsigned char)**at);
    *at += **at != '\0';
    return found;
}

static bool is_same(const char *a, const char *b)
{
    int one, other;
    if (strcmp(a, b) == 0)
        return true;
    do {
        one = letter(&a);
        other = letter(&b);
    } while (one == other && one != '\0');
    return one == other;
}

const struct hint *hint_find(const char *word, const char *value)
{
    const struct hint *any = NULL;
    for (size_t i = 0; i < hint_count; i++) {
        if (!is_same(hints[i].word, word))
            continue;
        if (hints[i].value == NULL)
            any = &hints[i];
        else if (value != NULL && is_same(hints[i].value, value))
            return &hints[i];
    }
    return any;
}

const struct hint *hint_find_value(const char *key, const char *value)
{
    const struct hint *hint = hint_find(key, value);
    return hint != NULL && hint->value != NULL ? hint : NULL;
}

/* --- What to write --------------------------------------------------------------------------- */

/* 1/(n C), of each value of a list: as numbers where the rows are known, else as it is computed. */
static void write_inverse(const char *value, double rows, FILE *out)
{
    for (const char *at = value; *at != '\0';) {
        size_t length = strcspn(at, "[], ");
        char word[TEXT_NUMBER], text[TEXT_NUMBER];
        double number = NAN;
        snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (length == 0)
            putc(*at++, out);
        else if (rows > 0.0 && length < sizeof word && text_to_real(word, &number) && number > 0.0)
            fputs(text_from_real(text, 1.0 / (rows * number)), out);
        else
            fprintf(out, "1/(n * %.*s)", (int)length, at);
        at += length;
    }
}

static void write_value(const struct hint *hint, const char *value, double rows, FILE *out)
{
    const struct hint *ours = hint->key != NULL ? hint_find_value(hint->key, value) : NULL;
    if (hint->inverse)
        write_inverse(value, rows, out);
    else if (hint->written != NULL)
        fputs(hint->written, out);
    else
        fputs(ours != NULL && ours->written != NULL ? ours->written : value, out);
}

const char *hint_section(const char *key)
{
    const struct hyperparameter *row = hyperparameter_find(key);
    return row != NULL ? row->section : NULL;
}

/* Where a key of ours may stand. */
static const char *place_of(const char *key)
{
    const struct source_attribute *attribute = source_attribute_find(key);
    if (strcmp(key, "file") == 0 || strcmp(key, "generate") == 0)
        return "under data";
    if (attribute != NULL && attribute->about != ATTRIBUTE_PREPARATION)
        return "beside file";
    return generator_setting_find(key) != NULL && hyperparameter_find(key) == NULL
               ? "beside generate"
               : "at the top level";
}

static void write_remedy(const struct hint *hint, const char *value, bool here, double rows,
                         FILE *out)
{
    const char *section = hint_section(hint->key);
    bool wrapped = section != NULL && !here;
    fputs("write ", out);
    if (wrapped)
        fprintf(out, "%s: {", section);
    fprintf(out, "%s: ", hint->key);
    write_value(hint, value, rows, out);
    if (wrapped)
        putc('}', out);
    else if (!here)
        fprintf(out, " %s", place_of(hint->key));
    if (hint->inverse && rows > 0.0)
        fprintf(out, ", which is 1/(n C) with n = %.0f", rows);
    else if (hint->inverse)
        fputs(", as a number; n is how many rows are trained on", out);
    if (hint->about != NULL)
        fprintf(out, " (%s)", hint->about);
}

char *hint_for_file(const struct hint *hint, const char *value, bool here, double rows)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    if (hint->key == NULL)
        fprintf(out, "leave it out: %s", hint->about);
    else
        write_remedy(hint, value, here, rows, out);
    return memory_stream_close(&stream);
}
