/* SPDX-License-Identifier: MIT
 *
 * From sums over rows to means, regularisation and norms.
 */
#include "solvers/objective.h"

#include "base/memory.h"
#include "data/chunks.h"
#include "data/ranges.h"
#include "kernels/hessian.h"
#include "kernels/pass.h"
#include "kernels/stochastic/hogwild.h"
#include "kernels/stochastic/local_sgd.h"
#include "kernels/stochastic/sgd.h"
#include "solvers/norm.h"
#include "solvers/units.h"

#include <math.h>

struct objective {
    const struct dataset *data;
    struct dataset views[2]; /* of it and of the rows held out, as they are cut into blocks */
    size_t models;           /* k */
    int threads;
    double *lambdas;         /* (k) */
    struct pass *full;       /* passes over all rows */
    struct pass *batch;      /* passes over mini-batches, or NULL */
    struct pass *heldout;    /* passes over the rows held out, or NULL */
    struct sgd *sgd;         /* epochs of one-sample steps, or NULL */
    struct local_sgd *local; /* the same by workers, or NULL */
    struct reduced *reduced; /* epochs with a table of residuals, or NULL */
    struct hogwild *hogwild; /* epochs of threads that race, or NULL */
    struct hessian *hessian; /* of the mean loss, or NULL */
    struct units units;      /* of it */
    bool fresh;              /* the results below belong to where the models are now... */
    bool evaluated;          /* ...and were computed for the trace, not by a step */
    bool took;
    double *loss, *objective, *accuracy, *gradient_norm, *db; /* (k) each */
    double *heldout_loss, *heldout_accuracy;                  /* (k) each */
    double *dW;                                               /* (d, k) */
};

/* The data, and the rows held out, for sums over all of them. Ranks have the same bits as one
 * process where they share the blocks of the data, or workers, evenly; so the rows held out are cut
 * into as many, though they are fewer, and rows that workers have into a multiple of those. */
enum { VIEW_FULL, VIEW_HELDOUT };
static void view_data(const struct objective_shape *shape, struct dataset views[2])
{
    const struct dataset *data = shape->data;
    size_t blocks =
        shape->workers > 0 ? chunk_blocks_shared(data, shape->workers) : chunk_blocks(data);
    views[VIEW_FULL] = *data;
    views[VIEW_FULL].blocks = blocks;
    if (data->heldout == NULL)
        return;
    views[VIEW_HELDOUT] = *data->heldout;
    views[VIEW_HELDOUT].blocks = blocks;
}

/* The workspaces of the three kinds of loops over the data. */
static struct pass_shape pass_shape(const struct objective_shape *shape, const struct dataset *view)
{
    return (struct pass_shape){shape->pass, view, view->rows, false, shape->models, shape->threads};
}

static struct pass_shape batch_shape(const struct objective_shape *shape)
{
    return (struct pass_shape){shape->pass, shape->data,   shape->batch,
                               true,        shape->models, shape->threads};
}

static struct sgd_shape sgd_shape(const struct objective_shape *shape)
{
    return (struct sgd_shape){shape->sgd, shape->data, shape->models, shape->threads};
}

static struct local_sgd_shape local_shape(const struct objective_shape *shape)
{
    return (struct local_sgd_shape){shape->sgd,     shape->data,    shape->models,
                                    shape->workers, shape->threads, shape->agreement};
}

static void create_workspaces(struct objective *objective, const struct objective_shape *shape)
{
    view_data(shape, objective->views);
    const struct pass_shape full = pass_shape(shape, &objective->views[VIEW_FULL]);
    const struct pass_shape batch = batch_shape(shape);
    const struct sgd_shape sgd = sgd_shape(shape);
    const struct local_sgd_shape local = local_shape(shape);
    objective->full = pass_create(&full);
    pass_agree(objective->full, shape->agreement);
    if (shape->data->heldout != NULL) {
        const struct pass_shape heldout = pass_shape(shape, &objective->views[VIEW_HELDOUT]);
        objective->heldout = pass_create(&heldout);
        pass_agree(objective->heldout, shape->agreement);
    }
    if (shape->batch > 0)
        objective->batch = pass_create(&batch);
    if (shape->workers > 0)
        objective->local = local_sgd_create(&local);
    else if (shape->sgd != NULL)
        objective->sgd = sgd_create(&sgd);
    if (shape->reduces_variance)
        objective->reduced = reduced_create(shape->data, shape->models, shape->threads);
    if (shape->racy)
        objective->hogwild = hogwild_create(shape->data, shape->threads);
    if (shape->second_order) {
        objective->hessian = hessian_create(shape->data, shape->threads);
        objective->units = units_choose(shape->data, objective->lambdas[0], shape->threads);
    }
}

struct objective *objective_create(const struct objective_shape *shape, const double *lambdas)
{
    size_t models = shape->models;
    struct objective *objective = memory_allocate(1, sizeof *objective);
    double *numbers = memory_allocate((8 + shape->data->features) * models, sizeof *numbers);
    objective->data = shape->data;
    objective->models = models;
    objective->threads = shape->threads;
    objective->lambdas = numbers;
    objective->loss = numbers + models;
    objective->objective = numbers + 2 * models;
    objective->accuracy = numbers + 3 * models;
    objective->gradient_norm = numbers + 4 * models;
    objective->db = numbers + 5 * models;
    objective->heldout_loss = numbers + 6 * models;
    objective->heldout_accuracy = numbers + 7 * models;
    objective->dW = numbers + 8 * models;
    for (size_t j = 0; j < models; j++)
        objective->lambdas[j] = lambdas[j];
    create_workspaces(objective, shape);
    return objective;
}

void objective_free(struct objective *objective)
{
    if (objective == NULL)
        return;
    pass_free(objective->full);
    pass_free(objective->batch);
    pass_free(objective->heldout);
    sgd_free(objective->sgd);
    local_sgd_free(objective->local);
    reduced_free(objective->reduced);
    hogwild_free(objective->hogwild);
    hessian_free(objective->hessian);
    units_clear(&objective->units);
    memory_free(objective->lambdas); /* the whole block of numbers */
    memory_free(objective);
}

double objective_bytes(const struct objective_shape *shape)
{
    struct dataset views[2];
    view_data(shape, views);
    const struct pass_shape full = pass_shape(shape, &views[VIEW_FULL]), batch = batch_shape(shape);
    const struct sgd_shape sgd = sgd_shape(shape);
    const struct local_sgd_shape local = local_shape(shape);
    double bytes = sizeof(double) * (8.0 + (double)shape->data->features) * (double)shape->models;
    bytes += pass_bytes(&full);
    if (shape->data->heldout != NULL) {
        const struct pass_shape heldout = pass_shape(shape, &views[VIEW_HELDOUT]);
        bytes += pass_bytes(&heldout);
    }
    bytes += shape->batch > 0 ? pass_bytes(&batch) : 0.0;
    if (shape->workers > 0)
        bytes += local_sgd_bytes(&local);
    else
        bytes += shape->sgd != NULL ? sgd_bytes(&sgd) : 0.0;
    if (shape->reduces_variance)
        bytes += reduced_bytes(shape->data, shape->models, shape->threads);
    bytes += shape->racy ? hogwild_bytes(shape->data, shape->threads) : 0.0;
    if (shape->second_order) /* units need more to be chosen than to be kept */
        bytes += hessian_bytes(shape->data) + ranges_bytes(shape->data, shape->threads);
    bytes += shape->whole_hessian ? hessian_matrix_bytes(shape->data, shape->threads) : 0.0;
    return bytes;
}

size_t objective_samples(const struct objective *objective)
{
    return dataset_samples(objective->data);
}

static struct evaluation results(const struct objective *objective)
{
    return (struct evaluation){
        .loss = objective->loss,
        .objective = objective->objective,
        .accuracy = objective->accuracy,
        .gradient_norm = objective->gradient_norm,
        .dW = objective->dW,
        .db = objective->db,
    };
}

/* dw = X' (p - y) / count + lambda w,  db = sum(p - y) / count */
static void finish_gradient(struct objective *objective, const struct models *models,
                            const struct pass_sums *sums, double count)
{
    size_t k = models->count;
    for (size_t f = 0; f < models->features; f++)
        for (size_t j = 0; j < k; j++)
            objective->dW[f * k + j] =
                sums->G[f * k + j] / count + objective->lambdas[j] * models->W[f * k + j];
    for (size_t j = 0; j < k; j++)
        objective->db[j] = sums->gb[j] / count;
}

static void compute(struct objective *objective, const struct models *models)
{
    size_t rows = dataset_samples(objective->data), d = models->features, k = models->count;
    struct pass_sums sums = pass_run(objective->full, NULL, 0, objective->data->rows, models);
    finish_gradient(objective, models, &sums, (double)rows);
    for (size_t j = 0; j < k; j++) {
        double penalty = norm_penalty(models->W + j, d, k, objective->lambdas[j]);
        objective->loss[j] = sums.loss[j] / (double)rows;
        objective->objective[j] = objective->loss[j] + penalty;
        objective->accuracy[j] = sums.correct[j] / (double)rows;
        objective->gradient_norm[j] = norm_with(objective->dW + j, d, k, objective->db[j]);
    }
}

struct evaluation objective_evaluate(struct objective *objective, const struct models *models)
{
    if (!objective->fresh) {
        compute(objective, models);
        objective->evaluated = true;
    }
    objective->fresh = true;
    return results(objective);
}

struct evaluation objective_at(struct objective *objective, const struct models *models)
{
    compute(objective, models);
    objective->fresh = true;
    objective->evaluated = false;
    return results(objective);
}

struct evaluation objective_gradient(struct objective *objective, const struct models *models)
{
    if (!objective->fresh)
        compute(objective, models);
    else if (objective->evaluated)
        objective->took = true;
    objective->fresh = false;
    return results(objective);
}

struct heldout objective_heldout(struct objective *objective, const struct models *models)
{
    const struct dataset *data = objective->data->heldout;
    size_t k = models->count;
    double rows = data != NULL ? (double)dataset_samples(data) : NAN;
    struct pass_sums sums = {0};
    if (data != NULL)
        sums = pass_run(objective->heldout, NULL, 0, data->rows, models);
    for (size_t j = 0; j < k; j++) {
        objective->heldout_loss[j] = data != NULL ? sums.loss[j] / rows : NAN;
        objective->heldout_accuracy[j] = data != NULL ? sums.correct[j] / rows : NAN;
    }
    return (struct heldout){objective->heldout_loss, objective->heldout_accuracy};
}

void objective_moved(struct objective *objective)
{
    objective->fresh = false;
}

struct evaluation objective_batch_gradient(struct objective *objective, const struct models *models,
                                           const uint32_t *order, size_t begin, size_t count)
{
    objective->fresh = false;
    struct pass_sums sums = pass_run(objective->batch, order, begin, begin + count, models);
    finish_gradient(objective, models, &sums, (double)count);
    return (struct evaluation){.dW = objective->dW, .db = objective->db};
}

void objective_sgd(struct objective *objective, struct models *models, const uint32_t *order,
                   size_t begin, size_t count, const double *rates, enum activation activation)
{
    struct dataset samples = dataset_slice(objective->data, order == NULL ? begin : 0, count);
    objective->fresh = false;
    const struct sgd_epoch epoch = {
        .data = &samples,
        .order = order == NULL ? NULL : order + begin,
        .rates = rates,
        .lambdas = objective->lambdas,
        .activation = activation,
    };
    sgd_run(objective->sgd, &epoch, models);
}

void objective_local_sgd(struct objective *objective, struct models *models, const uint32_t *order,
                         const double *rates, size_t every)
{
    objective->fresh = false;
    const struct sgd_epoch epoch = {
        .data = objective->data,
        .order = order,
        .rates = rates,
        .lambdas = objective->lambdas,
        .activation = ACTIVATION_SIGMOID,
    };
    local_sgd_run(objective->local, &epoch, every, models);
}

struct reduced_table objective_table(const struct objective *objective, double *state)
{
    size_t k = objective->models;
    struct reduced_table table = {.residuals = state};
    table.A = table.residuals + objective->data->rows * k;
    table.a = table.A + objective->data->features * k;
    return table;
}

/* The mean gradient is that of the objective without lambda w. */
void objective_table_fill(struct objective *objective, const struct models *models,
                          const struct reduced_table *table)
{
    size_t d = models->features, k = models->count;
    struct evaluation at = objective_gradient(objective, models);
    for (size_t f = 0; f < d; f++)
        for (size_t j = 0; j < k; j++)
            table->A[f * k + j] = at.dW[f * k + j] - objective->lambdas[j] * models->W[f * k + j];
    for (size_t j = 0; j < k; j++)
        table->a[j] = at.db[j];
    reduced_fill(objective->data, models, table->residuals, objective->threads);
}

void objective_reduced_epoch(struct objective *objective, struct models *models,
                             const uint32_t *order, const double *rates,
                             const struct reduced_table *table, bool update)
{
    objective->fresh = false;
    const struct reduced_epoch epoch = {
        .order = order,
        .rates = rates,
        .lambdas = objective->lambdas,
        .table = *table,
        .update = update,
    };
    reduced_run(objective->reduced, &epoch, models);
}

void objective_hogwild_epoch(struct objective *objective, struct models *models,
                             const uint32_t *order, double rate)
{
    objective->fresh = false;
    hogwild_run(objective->hogwild, models, order, rate, objective->lambdas[0]);
}

void objective_hessian_at(struct objective *objective, const struct models *models)
{
    hessian_set(objective->hessian, models);
}

void objective_hessian_multiply(struct objective *objective, const double *v, double *out)
{
    hessian_multiply(objective->hessian, v, out);
    for (size_t f = 0; f < objective->data->features; f++)
        out[f] += objective->lambdas[0] * v[f];
}

const struct units *objective_units(const struct objective *objective)
{
    return &objective->units;
}

void objective_hessian_matrix(struct objective *objective, double *H)
{
    units_matrix(&objective->units, objective->hessian, H);
}

void objective_hessian_diagonal(struct objective *objective, double *out)
{
    units_diagonal(&objective->units, objective->hessian, out);
}

bool objective_took_evaluation(struct objective *objective)
{
    bool took = objective->took;
    objective->took = false;
    return took;
}

/* The results at hand are laid out for the models that were; they are computed anew when asked. */
void objective_keep(struct objective *objective, const size_t *kept, size_t count)
{
    objective->fresh = false;
    objective->models = count;
    for (size_t j = 0; j < count; j++)
        objective->lambdas[j] = objective->lambdas[kept[j]];
}
