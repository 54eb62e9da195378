/* SPDX-License-Identifier: MIT
 *
 * The training loop.
 *
 *     evaluate, record epoch 0
 *     until every model has left:
 *         order of samples, rates, step                 on the training clock
 *         if this epoch is recorded:
 *             evaluate                                  on the evaluation clock
 *             record, and see who is done               on the recording clock
 *
 * Two points of honesty. A full-batch step needs the gradient where it starts, which the trace has
 * just evaluated: it is computed once, and its time is moved to the training clock when the step
 * takes it. And a point's seconds are read before its evaluation, so that watching costs the trial
 * nothing.
 *
 * Models train side by side in columns. A column whose model is done is handed over to its trial,
 * and the remaining columns are packed together.
 */
#include "solvers/training.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "kernels/choice.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* The model in one column. */
struct column {
    size_t index; /* of its configuration and trial */
    struct trial *trial;
    double limit; /* objective beyond which it has diverged */
};

struct training {
    const struct dataset *data;
    const struct training_hooks *hooks;
    const struct configuration *common; /* what compatible configurations share */
    const struct solver *solver;
    struct objective *objective;
    struct models models;
    struct column *columns;         /* (models.count) */
    struct configuration *resolved; /* (models.count at the start) with rates in place of `auto` */
    const struct configuration **configurations; /* (models.count) of them */
    double *rates;                               /* (models.count) */
    double *state; /* (state_rows, models.count) of the solver, or NULL */
    size_t state_rows;
    uint32_t *order;     /* (n), or NULL: as the data lie */
    int64_t epoch;       /* done */
    int64_t next_record; /* the next epoch that is due for the trace */
    double train_seconds, evaluate_seconds, record_seconds;
    double own_seconds;  /* on the training clock, each step shared out among the models in it */
    bool stopped;        /* an observer gave up */
    double pass_seconds; /* of the last evaluation: what a step that takes it is charged */
};

bool training_compatible(const struct configuration *a, const struct configuration *b)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameters[i].own && !hyperparameter_equal(&hyperparameters[i], a, b))
            return false;
    return !solver_of(a->solver)->alone;
}

static size_t batch_of(const struct configuration *configuration)
{
    bool batches = (solver_of(configuration->solver)->uses & USES_BATCH) != 0;
    return batches ? (size_t)configuration->batch : 0;
}

/* A solver that cannot use threads for one model gets one, also for the evaluations between its
 * steps; for several models, it can. */
static int threads_of(const struct configuration *configuration, size_t models)
{
    bool parallel = (solver_of(configuration->solver)->uses & USES_THREADS) != 0;
    if (parallel)
        return (int)configuration->threads;
    return models > 1 ? threads_available() : 1;
}

/* What the objective is made for: `models` of a group of `group`. */
static struct objective_shape shape_of(const struct dataset *data,
                                       const struct configuration *configuration, size_t models,
                                       size_t group)
{
    const struct entry *wish = configuration->kernel;
    bool sparse = dataset_is_sparse(data);
    bool by_sample = solver_of(configuration->solver)->by_sample;
    return (struct objective_shape){
        .data = data,
        .pass = kernel_for_pass(wish, sparse, data->features, group),
        .sgd = by_sample ? kernel_for_sgd(wish, sparse, data->features, group) : NULL,
        .models = models,
        .batch = batch_of(configuration),
        .second_order = solver_of(configuration->solver)->second_order,
        .threads = threads_of(configuration, models),
    };
}

static size_t state_rows_of(const struct dataset *data, const struct configuration *configuration)
{
    const struct solver *solver = solver_of(configuration->solver);
    if (solver->state_rows == NULL)
        return 0;
    return solver->state_rows(data->rows, data->features, configuration);
}

static bool is_ordered(const struct configuration *configuration)
{
    bool ordered = (solver_of(configuration->solver)->uses & USES_ORDER) != 0;
    return ordered && configuration->shuffle != &shuffle_none;
}

double training_bytes(const struct dataset *data, const struct configuration *configuration,
                      size_t models)
{
    const struct objective_shape shape = shape_of(data, configuration, models, models);
    double order = is_ordered(configuration) ? sizeof(uint32_t) * (double)data->rows : 0.0;
    double columns =
        sizeof(double) * (double)models *
        (2.0 * (double)(data->features + 2) + (double)state_rows_of(data, configuration));
    return order + columns + objective_bytes(&shape);
}

/* Every model starts from the same weights: N(0, 1/d), from a stream of the seed alone. */
static void initialise_weights(struct training *training)
{
    struct models *models = &training->models;
    struct random_stream stream = random_open((uint64_t)training->common->seed, RANDOM_WEIGHTS, 0);
    double scale = 1.0 / sqrt((double)models->features);
    for (size_t f = 0; f < models->features; f++) {
        double normal = scale * random_normal(&stream);
        double w =
            training->hooks->initial_weights != NULL ? training->hooks->initial_weights[f] : normal;
        for (size_t j = 0; j < models->count; j++)
            models->W[f * models->count + j] = w;
    }
}

/* Copies of the configurations with learning rates in place of `auto`. */
static struct configuration *resolve(const struct training *training,
                                     const struct configuration *const *configurations,
                                     size_t count)
{
    const struct smoothness *given = training->hooks->smoothness;
    struct smoothness smoothness = {0};
    struct configuration *resolved = memory_allocate(count, sizeof *resolved);
    for (size_t j = 0; j < count; j++) {
        resolved[j] = *configurations[j];
        if (resolved[j].rate != 0.0 || training->solver->rate_auto == NULL)
            continue;
        if (given == NULL) {
            smoothness = smoothness_of(training->data, threads_available());
            given = &smoothness;
        }
        resolved[j].rate = training->solver->rate_auto(given, &resolved[j]);
    }
    return resolved;
}

static void training_open(struct training *training,
                          const struct configuration *const *configurations, size_t count,
                          struct trial *trials)
{
    const struct configuration *common = training->common;
    const size_t group = training->hooks->group > count ? training->hooks->group : count;
    const struct objective_shape shape = shape_of(training->data, common, count, group);
    const char *kernel = (shape.sgd != NULL ? shape.sgd : shape.pass)->entry.name;
    training->solver = solver_of(common->solver);
    training->models = models_create(training->data->features, count);
    training->columns = memory_allocate(count, sizeof *training->columns);
    training->resolved = resolve(training, configurations, count);
    training->configurations = memory_allocate(count, sizeof *training->configurations);
    training->rates = memory_allocate(count, sizeof *training->rates);
    training->state_rows = state_rows_of(training->data, common);
    if (training->state_rows > 0)
        training->state = memory_allocate(training->state_rows * count, sizeof(double));
    for (size_t j = 0; j < count; j++) {
        assert(j == 0 || training_compatible(common, configurations[j]));
        training->columns[j] = (struct column){j, &trials[j], INFINITY};
        training->configurations[j] = &training->resolved[j];
        training->rates[j] = configurations[j]->lambda; /* lent to objective_create */
        trials[j] =
            (struct trial){.features = training->data->features, .group = group, .kernel = kernel};
        trials[j].rate = training->resolved[j].rate;
        trials[j].optimum = training->hooks->optima != NULL ? training->hooks->optima[j] : NAN;
    }
    training->objective = objective_create(&shape, training->rates);
    if (is_ordered(common))
        training->order = memory_allocate_untouched(training->data->rows, sizeof(uint32_t));
    initialise_weights(training);
}

static void training_close(struct training *training)
{
    objective_free(training->objective);
    models_clear(&training->models);
    memory_free(training->columns);
    memory_free(training->resolved);
    memory_free(training->configurations);
    memory_free(training->rates);
    memory_free(training->state);
    memory_free(training->order);
}

/* "once" draws for the first epoch (index 0), "epoch" for each (its number). */
static void draw_order(struct training *training)
{
    bool once = training->common->shuffle == &shuffle_once;
    if (training->order == NULL || (once && training->epoch > 1))
        return;
    struct random_stream stream = random_open((uint64_t)training->common->seed, RANDOM_ORDER,
                                              once ? 0 : (uint64_t)training->epoch);
    random_permutation(&stream, training->order, training->data->rows);
}

static void step(struct training *training)
{
    double start = clock_seconds();
    training->epoch++;
    draw_order(training);
    for (size_t j = 0; j < training->models.count; j++) {
        const struct configuration *configuration = training->configurations[j];
        training->rates[j] =
            schedule_of(configuration->schedule)->rate(configuration, (double)training->epoch - 1);
    }
    const struct step one = {
        .objective = training->objective,
        .models = &training->models,
        .configurations = training->configurations,
        .rates = training->rates,
        .order = training->order,
        .batch = batch_of(training->common),
        .state = training->state,
        .epoch = training->epoch,
    };
    training->solver->step(&one);
    double spent = clock_seconds() - start;
    if (objective_took_evaluation(training->objective)) {
        spent += training->pass_seconds;
        training->evaluate_seconds -= training->pass_seconds;
    }
    training->train_seconds += spent;
    training->own_seconds += spent / (double)training->models.count;
}

static bool is_interrupted(const struct training *training)
{
    return training->stopped ||
           (training->hooks->interrupt != NULL && *training->hooks->interrupt != 0);
}

/* Recorded: the epochs that `record` names, and the last of a model, for whatever reason. */
static bool is_due(const struct training *training)
{
    if (training->epoch >= training->next_record || is_interrupted(training))
        return true;
    for (size_t j = 0; j < training->models.count; j++) {
        const struct configuration *configuration = training->configurations[j];
        if (training->epoch >= configuration->epochs ||
            training->own_seconds >= configuration->seconds)
            return true;
    }
    return false;
}

static int64_t record_after(const struct configuration *configuration, int64_t epoch)
{
    int64_t grown = epoch + epoch / 2;
    bool geometric = configuration->record == &record_geometric;
    return geometric && grown > epoch + 1 ? grown : epoch + 1;
}

/* Bad ends come first: a model that has diverged has not converged as well. A limit of 0 is no
 * limit: a loss that underflows to 0 does not reach it. */
static enum trial_status status_of(const struct training *training, size_t j,
                                   const struct trace_point *point)
{
    const struct configuration *configuration = training->configurations[j];
    if (!isfinite(point->objective) || !isfinite(point->gradient_norm) ||
        point->objective > training->columns[j].limit)
        return STATUS_DIVERGED;
    if (configuration->loss > 0.0 && point->objective <= configuration->loss)
        return STATUS_LOSS;
    if (configuration->gap > 0.0 &&
        point->objective - training->columns[j].trial->optimum <= configuration->gap)
        return STATUS_GAP;
    if (configuration->gradient_norm > 0.0 && point->gradient_norm <= configuration->gradient_norm)
        return STATUS_GRADIENT_NORM;
    if (point->epoch >= configuration->epochs)
        return STATUS_EPOCHS;
    if (training->own_seconds >= configuration->seconds)
        return STATUS_TIME_LIMIT;
    return is_interrupted(training) ? STATUS_INTERRUPTED : STATUS_RUNNING;
}

static struct trace_point point_of(const struct training *training, const struct evaluation *at,
                                   size_t j)
{
    return (struct trace_point){
        .epoch = training->epoch,
        .seconds = training->train_seconds,
        .loss = at->loss[j],
        .objective = at->objective[j],
        .gradient_norm = at->gradient_norm[j],
        .accuracy = at->accuracy[j],
    };
}

/* Appends a point to every trace, tells the observer, and sets the status of those that are done.
 */
static void record(struct training *training, const struct evaluation *at)
{
    double start = clock_seconds();
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        struct trace_point point = point_of(training, at, j);
        if (training->epoch == 0)
            column->limit = training->configurations[j]->divergence * fmax(point.objective, 1.0);
        trace_append(&column->trial->trace, point);
        column->trial->status = status_of(training, j, &point);
        if (training->hooks->observe != NULL)
            training->hooks->observe(training->hooks->context, column->index, &point);
    }
    training->next_record = record_after(training->common, training->epoch);
    training->record_seconds += clock_seconds() - start;
}

static void evaluate_and_record(struct training *training)
{
    double start = clock_seconds();
    struct evaluation at = objective_evaluate(training->objective, &training->models);
    training->pass_seconds = clock_seconds() - start;
    training->evaluate_seconds += training->pass_seconds;
    record(training, &at);
}

/* Hands the model over to its trial. Times of models trained side by side are shared. */
static void finish(struct training *training, size_t j)
{
    const struct training_hooks *hooks = training->hooks;
    struct trial *trial = training->columns[j].trial;
    trial->epochs = training->epoch;
    trial->w = memory_allocate(training->data->features, sizeof *trial->w);
    models_copy_weights(&training->models, j, trial->w);
    trial->b = training->models.b[j];
    trial->train_seconds = training->train_seconds;
    trial->evaluate_seconds = training->evaluate_seconds;
    trial->record_seconds = training->record_seconds;
    trial_seal(trial);
    if (hooks->finished != NULL &&
        !hooks->finished(hooks->context, training->columns[j].index, trial))
        training->stopped = true;
}

/* Lets those go that are done, and packs the columns of the others. */
static void release(struct training *training)
{
    size_t count = training->models.count, left = 0;
    size_t *kept = memory_allocate(count, sizeof *kept);
    for (size_t j = 0; j < count; j++) {
        if (training->columns[j].trial->status != STATUS_RUNNING) {
            finish(training, j);
            continue;
        }
        training->columns[left] = training->columns[j];
        training->configurations[left] = training->configurations[j];
        kept[left++] = j;
    }
    if (left < count) {
        columns_keep(training->state, training->state_rows, count, kept, left);
        models_keep(&training->models, kept, left);
        objective_keep(training->objective, kept, left);
    }
    memory_free(kept);
}

void training_run(const struct dataset *data, const struct configuration *const *configurations,
                  size_t models, const struct training_hooks *hooks, struct trial *trials)
{
    assert(models > 0 && data->y != NULL);
    assert(models == 1 || !solver_of(configurations[0]->solver)->alone);
    struct training training = {.data = data, .hooks = hooks, .common = configurations[0]};
    training_open(&training, configurations, models, trials);
    evaluate_and_record(&training);
    release(&training);
    while (training.models.count > 0) {
        step(&training);
        if (!is_due(&training))
            continue;
        evaluate_and_record(&training);
        release(&training);
    }
    training_close(&training);
}
