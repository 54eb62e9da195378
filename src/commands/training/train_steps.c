/* SPDX-License-Identifier: MIT
 *
 * Numbers have six digits, which is enough to recompute what follows from them to five. Of long
 * vectors and large batches the first few are told: what is said is bounded whatever the data.
 */
#include "commands/training/train_steps.h"

#include "base/text.h"
#include "solvers/replay.h"

#include <inttypes.h>
#include <stdio.h>

enum { UPDATES = 3, UPDATES_MOST = 1000 };
enum { NUMBERS = 6, PRODUCTS = 3, SAMPLES = 10, SAMPLES_OF_MANY = 5 }; /* that are written out */

/* --- Options --------------------------------------------------------------------------------- */

static bool refuse_solver(const char *solver, struct error *error)
{
    const struct entry *told[REPLAY_SOLVERS];
    struct table table = {.noun = "solver", .entries = told};
    char names[128];
    for (size_t i = 0; i < solver_table.count; i++)
        if (replay_knows(solver_of(solver_table.entries[i])))
            told[table.count++] = solver_table.entries[i];
    return error_usage(error,
                       "--step-by-step does not know the updates of %s; it tells those of %s",
                       solver, table_names(&table, names, sizeof names));
}

bool train_steps_open(struct train_steps *steps, const struct arguments *arguments,
                      const struct dataset *data, bool json, struct error *error)
{
    const char *updates = arguments_value(arguments, "updates");
    const struct entry *solver = arguments->configuration.solver;
    *steps = (struct train_steps){0};
    if (!arguments_flag(arguments, "step-by-step"))
        return updates == NULL ||
               error_usage(error, "--updates is not used without --step-by-step");
    if (json)
        return error_usage(error, "--step-by-step is text; leave out --format json");
    if (arguments->ranks != NULL)
        return error_usage(error, "--step-by-step needs all rows, and they are distributed; leave "
                                  "out one of the two");
    if (dataset_is_stored(data))
        return error_usage(error,
                           "--step-by-step tells of features as they are given, and --precision "
                           "%s trains on others; leave out one of the two",
                           data->stored.precision->name);
    if (!replay_knows(solver_of(solver)))
        return refuse_solver(solver->name, error);
    steps->left = UPDATES;
    return updates == NULL ||
           (text_to_integer(updates, &steps->left) && steps->left >= 1 &&
            steps->left <= UPDATES_MOST) ||
           error_usage(error,
                       "--updates: '%s' is not a number of updates; give an integer from 1 "
                       "to %d",
                       updates, UPDATES_MOST);
}

/* --- Numbers --------------------------------------------------------------------------------- */

/* "3" or "(-3)": as a factor, or after a sign. */
static void tell_factor(double number)
{
    printf(number < 0.0 ? "(%.6g)" : "%.6g", number);
}

static double value_of(const struct sample *x, size_t feature)
{
    for (size_t t = 0; t < x->count; t++)
        if (sample_column(x, t) == feature)
            return sample_value(x, t);
    return 0.0;
}

static void tell_rest(size_t told, size_t all)
{
    if (told < all)
        printf(", ... %zu more", all - told);
    printf(")");
}

/* "(1, 2)" of v (d). */
static void tell_vector(const double *v, size_t d)
{
    size_t told = d < NUMBERS ? d : NUMBERS;
    for (size_t f = 0; f < told; f++)
        printf("%s%.6g", f > 0 ? ", " : "(", v[f]);
    tell_rest(told, d);
}

static void tell_features(const struct sample *x, size_t d)
{
    size_t told = d < NUMBERS ? d : NUMBERS;
    for (size_t f = 0; f < told; f++)
        printf("%s%.6g", f > 0 ? ", " : "(", value_of(x, f));
    tell_rest(told, d);
}

/* --- One sample ------------------------------------------------------------------------------ */

static void tell_sum(const struct update *update, const struct replay_sample *sample)
{
    const size_t d = update->data->features;
    printf("Sum:       z = w . x + b = ");
    for (size_t f = 0; f < d && d <= PRODUCTS; f++) {
        tell_factor(update->w[f]);
        printf(" * ");
        tell_factor(value_of(&sample->x, f));
        printf(" + ");
    }
    if (d <= PRODUCTS) {
        tell_factor(update->b);
        printf(" = ");
    }
    printf("%.6g\n", sample->z);
}

/* The perceptron's answer; it has no loss. */
static void tell_decision(const struct replay_sample *sample)
{
    printf("Step:      h = %g, because z is %s 0\n", sample->answer,
           sample->z > 0.0 ? "more than" : "not more than");
    printf("Error:     h - y = %g\n", sample->answer - sample->y);
}

static void tell_probability(const struct replay_sample *sample)
{
    const double error = neuron_point(sample->z, sample->y).residual;
    printf("Neuron:    p = 1 / (1 + exp(-z)) = %.6g\n", sample->answer);
    printf("Loss:      %s = %.6g, as y is %g\n", sample->y > 0.5 ? "-log p" : "-log (1 - p)",
           sample->loss, sample->y);
    printf("Error:     p - y = %.6g\n", error);
}

static void tell_sample(const struct update *update)
{
    const struct replay_sample sample = replay_sample(update, 0);
    printf("Sample:    x = ");
    tell_features(&sample.x, update->data->features);
    printf("%s, y = %g (%s)\n", update->data->scaling != NULL ? " (scaled)" : "", sample.y,
           text_shown(update->data->class_names[sample.y > 0.5]));
    if (sample.weight != 1.0)
        printf("Counts:    c = %.6g times, the weight of its class\n", sample.weight);
    tell_sum(update, &sample);
    if (update->activation == ACTIVATION_HEAVISIDE)
        tell_decision(&sample);
    else
        tell_probability(&sample);
}

/* --- Several samples -------------------------------------------------------------------------- */

static void tell_samples(const struct update *update)
{
    const size_t told = update->count <= SAMPLES ? update->count : SAMPLES_OF_MANY;
    bool weighted = false;
    double loss = 0.0;
    printf("Samples:   z = w . x + b, p = 1 / (1 + exp(-z)), loss -log p where y is 1, and "
           "-log (1 - p) where it is 0\n");
    printf("%10s %2s %12s %12s %12s %12s  x%s\n", "row", "y", "z", "p", "loss", "p - y",
           update->data->scaling != NULL ? " (scaled)" : "");
    for (size_t i = 0; i < update->count; i++) {
        const struct replay_sample sample = replay_sample(update, i);
        loss += sample.weight * sample.loss / (double)update->count;
        weighted = weighted || sample.weight != 1.0;
        if (i >= told)
            continue;
        printf("%10zu %2g %12.6g %12.6g %12.6g %12.6g  ", sample.row + 1, sample.y, sample.z,
               sample.answer, sample.loss, neuron_point(sample.z, sample.y).residual);
        tell_features(&sample.x, update->data->features);
        printf("\n");
    }
    if (told < update->count)
        printf("       ... %zu more\n", update->count - told);
    if (weighted)
        printf("Counts:    c = %.6g of class 0, %.6g of class 1\n", update->data->class_weights[0],
               update->data->class_weights[1]);
    printf("Mean loss: %.6g\n", loss);
}

/* --- An update -------------------------------------------------------------------------------- */

static void tell_heading(const struct train_steps *steps, const struct update *update)
{
    printf("---------- Update %" PRId64 ": epoch %" PRId64 ", ", steps->told, update->epoch);
    if (update->count == 1)
        printf("row %zu of %zu", replay_sample(update, 0).row + 1, update->data->rows);
    else if (update->count == update->data->rows)
        printf("all %zu rows", update->count);
    else
        printf("a batch of %zu rows", update->count);
    if (steps->right > 0)
        printf("; before it %" PRId64 " were right and changed nothing", steps->right);
    printf(" ----------\n");
}

/* "dw = (p - y) x", as it is for this update, and what it comes to. */
static void tell_gradient(const struct update *update)
{
    const bool weighted =
        update->data->class_weights[0] != 1.0 || update->data->class_weights[1] != 1.0;
    const char *mean = update->count > 1 ? "mean of " : "", *weight = weighted ? "c " : "";
    const char error = update->activation == ACTIVATION_HEAVISIDE ? 'h' : 'p';
    printf("Gradient:  dw = %s%s(%c - y) x%s = ", mean, weight, error,
           update->lambda > 0.0 ? " + lambda w" : "");
    tell_vector(update->dw, update->data->features);
    printf(", db = %s%s%s%c - y%s = %.6g\n", mean, weight, weighted ? "(" : "", error,
           weighted ? ")" : "", update->db);
}

static void tell_move(const struct update *update)
{
    const size_t d = update->data->features;
    printf("Weights:   w - rate dw = ");
    tell_vector(update->w, d);
    printf(" - %.6g * ", update->rate);
    tell_vector(update->dw, d);
    printf(" = ");
    tell_vector(update->moved_w, d);
    printf("\nBias:      b - rate db = %.6g - %.6g * ", update->b, update->rate);
    tell_factor(update->db);
    printf(" = %.6g\n", update->moved_b);
}

/* The same sample once more, with the new weights. */
static void tell_effect(const struct update *update)
{
    struct update after = *update;
    after.w = update->moved_w;
    after.b = update->moved_b;
    const struct replay_sample sample = replay_sample(&after, 0);
    if (update->activation == ACTIVATION_HEAVISIDE)
        printf("Then:      z = %.6g for this sample, h = %g\n", sample.z, sample.answer);
    else
        printf("Then:      p = %.6g for this sample, loss %.6g\n", sample.answer, sample.loss);
}

/* Has the perceptron nothing to do? */
static bool is_idle(const struct update *update)
{
    if (update->activation != ACTIVATION_HEAVISIDE)
        return false;
    const struct replay_sample sample = replay_sample(update, 0);
    return sample.answer == sample.y;
}

static bool tell_update(void *context, const struct update *update)
{
    struct train_steps *steps = context;
    if (is_idle(update)) {
        steps->right++;
        return true;
    }
    steps->told++;
    steps->left--;
    tell_heading(steps, update);
    steps->right = 0;
    if (update->count == 1)
        tell_sample(update);
    else
        tell_samples(update);
    tell_gradient(update);
    tell_move(update);
    if (update->count == 1)
        tell_effect(update);
    if (steps->left == 0)
        printf("---------- and so on (--updates tells more) ----------\n");
    return steps->left > 0;
}

void train_steps_tell(struct train_steps *steps, const struct step *step)
{
    if (steps->left > 0)
        replay_epoch(step, tell_update, steps);
}
