/* SPDX-License-Identifier: MIT
 *
 * Before the first epoch: kernels are chosen, memory is counted and taken, learning rates resolved,
 * and every model gets the same first weights.
 */
#include "solvers/training/training_run.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "data/chunks.h"
#include "kernels/choice.h"
#include "solvers/training/training.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

/* Folds of one repeat are of one deal of the rows. */
static bool may_differ(const struct hyperparameter *row, const struct configuration *a,
                       const struct configuration *b)
{
    return row->own || (row == hyperparameter_find("fold") && a->fold > 0 && b->fold > 0 &&
                        configuration_repeat(a) == configuration_repeat(b));
}

bool training_compatible(const struct configuration *a, const struct configuration *b)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameter_equal(&hyperparameters[i], a, b) &&
            !may_differ(&hyperparameters[i], a, b))
            return false;
    return !solver_of(a->solver)->alone && !configuration_is_outside(a);
}

bool training_leaves_rows(const struct dataset *data, const struct configuration *configuration)
{
    const struct solver *solver = solver_of(configuration->solver);
    const bool whole_steps = !solver->alone && !solver->by_sample && solver->workspace == NULL &&
                             training_batch(configuration) == 0;
    const bool weighted = data->class_weights[0] != 1.0 || data->class_weights[1] != 1.0;
    return whole_steps && !weighted && !configuration_rate_is_auto(configuration) &&
           !configuration_is_outside(configuration) && data->ranks == NULL &&
           data->heldout == NULL && data->encoding == NULL && data->table == NULL &&
           !dataset_is_stored(data) &&
           kernel_for_pass(configuration->kernel, data, true)->leaves_parts;
}

size_t training_batch(const struct configuration *configuration)
{
    bool batches = (solver_of(configuration->solver)->uses & USES_BATCH) != 0;
    return batches ? (size_t)configuration->batch : 0;
}

/* Parts of the rows that are stepped over side by side; 0 where the solver has no workers. */
static size_t workers_of(const struct configuration *configuration)
{
    bool shares = (solver_of(configuration->solver)->uses & USES_WORKERS) != 0;
    return shares ? (size_t)configuration->workers : 0;
}

/* A solver that cannot use threads for one model gets one, also for the evaluations between its
 * steps; for several models, it can. `wish`: so many, where it can; 0: it does not matter. */
static int threads_of(const struct configuration *configuration, size_t models, int wish)
{
    bool parallel = configuration_is_threaded(configuration);
    if (!parallel && models == 1)
        return 1;
    if (wish > 0)
        return wish;
    return parallel ? (int)configuration->threads : threads_default();
}

/* The data, for sums over all rows: ranks have the same bits as one process where they share the
 * blocks of the data, or workers, evenly, so rows that workers have are cut into a multiple of
 * those. */
static struct dataset rows_of(const struct dataset *data, const struct configuration *configuration)
{
    struct dataset rows = *data;
    if (workers_of(configuration) > 0)
        rows.blocks = chunk_blocks_shared(data, workers_of(configuration));
    return rows;
}

/* `models` at once, on the threads wished for. */
static struct kernel_problem problem_of(const struct dataset *rows,
                                        const struct configuration *configuration, size_t models,
                                        bool side_by_side, int threads)
{
    const struct solver *solver = solver_of(configuration->solver);
    const struct entry *wish = configuration->kernel;
    const struct dataset given = dataset_as_given(rows);
    bool many = side_by_side && !solver->alone;
    const struct kernel *pass = kernel_for_pass(wish, rows, many);
    const struct kernel *sgd = solver->by_sample ? kernel_for_sgd(wish, rows, many) : NULL;
    return (struct kernel_problem){
        .data = rows,
        .pass = sgd != NULL ? kernel_beside(sgd, wish, rows->features) : pass,
        .sgd = sgd,
        .given = kernel_for_pass(&kernel_auto, &given, many),
        .models = models,
        .workers = workers_of(configuration),
        .residuals = solver->reads_residuals,
        .threads = threads_of(configuration, models, threads),
    };
}

bool training_case(const struct dataset *data, const struct configuration *configuration,
                   size_t models, bool side_by_side, int threads, struct variant_case *what)
{
    const struct dataset rows = rows_of(data, configuration);
    const struct kernel_problem problem =
        problem_of(&rows, configuration, models, side_by_side || models > 1, threads);
    *what = pass_case(&problem, rows.rows);
    return problem.pass->variants != NULL && problem.sgd == NULL &&
           training_batch(configuration) == 0;
}

double training_sure_passes(const struct configuration *configuration)
{
    static const double few = 20.0;
    bool early = isfinite(configuration->gap) || isfinite(configuration->loss) ||
                 isfinite(configuration->gradient_norm) || isfinite(configuration->seconds);
    double epochs = (double)configuration->epochs;
    return early && epochs > few ? few : epochs;
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

/* Is the next order drawn while a step is taken? */
static bool is_drawn_ahead(const struct configuration *configuration,
                           const struct kernel_problem *problem)
{
    return is_ordered(configuration) && configuration->shuffle == &shuffle_epoch &&
           solver_of(configuration->solver)->spares_threads && problem->threads > 1;
}

/* Orders that there is room for. */
static size_t orders_of(const struct configuration *configuration,
                        const struct kernel_problem *problem)
{
    return is_ordered(configuration) + (size_t)is_drawn_ahead(configuration, problem);
}

double training_bytes(const struct dataset *data, const struct configuration *configuration,
                      size_t models, bool side_by_side)
{
    const struct solver_workspace *workspace = solver_of(configuration->solver)->workspace;
    const struct dataset rows = rows_of(data, configuration);
    const struct kernel_problem problem =
        problem_of(&rows, configuration, models, side_by_side || models > 1, 0);
    double order =
        sizeof(uint32_t) * (double)data->rows * (double)orders_of(configuration, &problem);
    double columns =
        sizeof(double) * (double)models *
        (2.0 * (double)(data->features + 2) + (double)state_rows_of(data, configuration));
    double bytes = order + columns + objective_bytes(&problem, training_batch(configuration)) +
                   (workspace != NULL ? workspace->size(&problem) : 0.0);
    if (!dataset_is_stored(data))
        return bytes;
    const struct dataset given = dataset_as_given(&rows);
    const struct kernel_problem problem_given =
        problem_of(&given, configuration, models, side_by_side || models > 1, 0);
    return bytes + objective_bytes(&problem_given, training_batch(configuration)) +
           (workspace != NULL ? workspace->size(&problem_given) : 0.0);
}

/* Is a feature 0 in all rows that count for a model which leaves others out? */
static bool is_left(const struct training *training, size_t j, size_t f)
{
    const struct fold_masks *masks = training->hooks->masks;
    const size_t part = masks != NULL ? (size_t)training->left.parts[j] : 0;
    return part > 0 && masks->zeros[(part - 1) * masks->features + f];
}

/* Without a start of its own, every model starts from the same weights: N(0, 1/d), from a stream of
 * the seed alone. The weight
 * of a feature that is 0 in all rows is moved by nothing; it is 0 from the start, as elsewhere a
 * prediction would depend on the seed. Its number is drawn all the same, so that the others have
 * those that they would have without it. */
static void initialise_alike(struct training *training)
{
    struct models *models = &training->models;
    const bool *zeros = training->data->zeros;
    const double *given = training->hooks->initial_weights;
    struct random_stream stream = random_open((uint64_t)training->common->seed, RANDOM_WEIGHTS, 0);
    double scale = 1.0 / sqrt((double)models->features);
    for (size_t f = 0; f < models->features; f++) {
        double normal = scale * random_normal(&stream);
        double drawn = zeros != NULL && zeros[f] ? 0.0 : normal;
        for (size_t j = 0; j < models->count; j++)
            models->W[f * models->count + j] = given != NULL             ? given[f]
                                               : is_left(training, j, f) ? 0.0
                                                                         : drawn;
    }
    for (size_t j = 0; j < models->count; j++)
        models->b[j] = training->hooks->initial_bias;
}

/* A model that has a start of its own begins there. */
static void initialise_weights(struct training *training)
{
    const struct model_start *starts = training->hooks->starts;
    struct models *models = &training->models;
    initialise_alike(training);
    for (size_t j = 0; starts != NULL && j < models->count; j++) {
        if (starts[j].weights == NULL)
            continue;
        for (size_t f = 0; f < models->features; f++)
            models->W[f * models->count + j] = starts[j].weights[f];
        models->b[j] = starts[j].bias;
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
        if (!configuration_rate_is_auto(&resolved[j]) || training->solver->rate_auto == NULL)
            continue;
        if (given == NULL) {
            smoothness = smoothness_of(training->data, threads_default());
            given = &smoothness;
        }
        resolved[j].rate = training->solver->rate_auto(given, &resolved[j]);
    }
    return resolved;
}

/* `auto` is 1 by an L of squares of features, which may be beyond a double. */
static void check_rate(const struct training *training, struct trial *trial)
{
    if (training->solver->rate_auto == NULL || (trial->rate > 0.0 && isfinite(trial->rate)))
        return;
    snprintf(trial->message, sizeof trial->message,
             "rate: auto cannot be computed: squares of the features overflow; scale them (--scale "
             "standard)");
}

/* What it is called that the kernel of the steps ran; NULL: it has no variants, or its steps are
 * over samples or batches, which nothing is chosen for. */
static const char *variant_name(const struct training *training)
{
    const struct entry *variant = objective_variant(training->objective);
    bool whole = training->problem.sgd == NULL && training_batch(training->common) == 0;
    return whole && variant != NULL ? variant->name : NULL;
}

/* The trial in column j, whose objective is not known to diverge yet. */
static void begin_trial(struct training *training, size_t j, size_t group, struct trial *trial)
{
    const struct kernel_problem *problem = &training->problem;
    const struct training_hooks *hooks = training->hooks;
    *trial = (struct trial){
        .features = training->data->features,
        .group = group,
        .kernel = (problem->sgd != NULL ? problem->sgd : problem->pass)->entry.name,
        .rate = training->resolved[j].rate,
        .optimum = hooks->optima != NULL ? hooks->optima[j] : NAN,
        .heldout_auc = NAN,
        .own_seconds = NAN,
        .own_iterations = NAN,
        .load_seconds = NAN,
        .peak_bytes = NAN,
        .threads_used = NAN,
    };
    check_rate(training, trial);
    training->columns[j] = (struct column){.index = j, .trial = trial, .limit = INFINITY};
}

/* Where training reads rows in fewer bits, what is recorded of it is of rows as they were given. */
static void open_given(struct training *training, size_t count, bool side_by_side)
{
    const struct training_hooks *hooks = training->hooks;
    if (!dataset_is_stored(training->data))
        return;
    training->rows_given = dataset_as_given(&training->rows);
    training->problem_given =
        problem_of(&training->rows_given, training->common, count, side_by_side, hooks->threads);
    training->problem_given.agreement = &training->agreement;
    training->problem_given.ranges = hooks->ranges;
    training->given = objective_create(&training->problem_given, training_batch(training->common),
                                       training->lambdas);
}

/* The rows that each model leaves out. */
static void open_parts(struct training *training, const struct configuration *const *configurations,
                       size_t count)
{
    const struct fold_masks *masks = training->hooks->masks;
    if (masks == NULL)
        return;
    training->left.row_parts = masks->row_parts;
    training->left.parts = memory_allocate(count, sizeof *training->left.parts);
    for (size_t j = 0; j < count; j++) {
        const struct fold fold = configuration_fold(configurations[j]);
        training->left.parts[j] = (double)fold_part(&fold);
    }
    training->problem.left = &training->left;
}

void training_open(struct training *training, const struct configuration *const *configurations,
                   size_t count, struct trial *trials)
{
    const struct configuration *common = training->common;
    const struct training_hooks *hooks = training->hooks;
    const struct solver_workspace *workspace = solver_of(common->solver)->workspace;
    const size_t group = hooks->group > count ? hooks->group : count;
    training->solver = solver_of(common->solver);
    training->rows = rows_of(training->data, common);
    training->problem =
        problem_of(&training->rows, common, count, hooks->batched || group > 1, hooks->threads);
    training->problem.agreement = &training->agreement;
    training->problem.ranges = hooks->ranges;
    open_parts(training, configurations, count);
    training->models = models_create(training->data->features, count);
    training->columns = memory_allocate(count, sizeof *training->columns);
    training->points = memory_allocate(count, sizeof *training->points);
    training->resolved = resolve(training, configurations, count);
    training->configurations = memory_allocate(count, sizeof *training->configurations);
    training->rates = memory_allocate(2 * count, sizeof *training->rates);
    training->lambdas = training->rates + count;
    training->state_rows = state_rows_of(training->data, common);
    if (training->state_rows > 0)
        training->state = memory_allocate(training->state_rows * count, sizeof(double));
    for (size_t j = 0; j < count; j++) {
        assert(j == 0 || training_compatible(common, configurations[j]));
        training->configurations[j] = &training->resolved[j];
        training->lambdas[j] = configurations[j]->lambda;
        begin_trial(training, j, group, &trials[j]);
    }
    training->objective =
        objective_create(&training->problem, training_batch(common), training->lambdas);
    if (hooks->masks != NULL)
        objective_leave(training->objective, hooks->masks);
    for (size_t j = 0; j < count; j++)
        trials[j].variant = variant_name(training);
    open_given(training, count, hooks->batched || group > 1);
    if (workspace != NULL)
        training->workspace = workspace->open(&training->problem, common);
    if (is_ordered(common))
        training->order = memory_allocate_untouched(training->data->rows, sizeof(uint32_t));
    if (is_drawn_ahead(common, &training->problem))
        training->next_order = memory_allocate_untouched(training->data->rows, sizeof(uint32_t));
    initialise_weights(training);
}

void training_close(struct training *training)
{
    if (training->workspace != NULL)
        training->solver->workspace->close(training->workspace);
    objective_free(training->objective);
    objective_free(training->given);
    models_clear(&training->models);
    memory_free(training->left.parts);
    memory_free(training->columns);
    memory_free(training->points);
    memory_free(training->resolved);
    memory_free(training->configurations);
    memory_free(training->rates);
    memory_free(training->state);
    memory_free(training->order);
    memory_free(training->next_order);
}
