/* SPDX-License-Identifier: MIT
 *
 * From sums over rows to means, regularisation and norms.
 */
#include "solvers/objective.h"

#include "base/memory.h"
#include "data/chunks.h"
#include "kernels/pass.h"
#include "kernels/stochastic/reduced_epoch.h"
#include "solvers/norm.h"

#include <math.h>

enum { ROWS = 7 }; /* of numbers of each model, beside dW */

struct objective {
    const struct kernel_problem *problem;
    struct dataset heldout_rows;           /* as they are cut into blocks, and... */
    struct kernel_problem heldout_problem; /* ...what evaluates them */
    const double *lambdas;                 /* (k) */
    struct pass *full;                     /* passes over all rows */
    struct pass *batch;                    /* passes over mini-batches, or NULL */
    struct pass *heldout;                  /* passes over the rows held out, or NULL */
    bool fresh;     /* the results below belong to where the models are now... */
    bool evaluated; /* ...and were computed for the trace, not by a step */
    bool took;
    double *residuals; /* (rows) of one model, or NULL: not asked for */
    bool keeps;        /* passes write them */
    double *loss, *objective, *accuracy, *gradient_norm, *db; /* (k) each */
    double *heldout_loss, *heldout_accuracy;                  /* (k) each */
    double *dW;                                               /* (d, k) */
    const struct fold_masks *masks; /* rows that models leave out, or NULL: none does */
    struct models mapped; /* the models as they are for the rows as they lie; W NULL: as they are */
};

/* The rows held out are cut into as many blocks as those trained on, though they are fewer: ranks
 * have the same bits as one process where they share the blocks evenly. */
static struct dataset heldout_rows(const struct dataset *data)
{
    struct dataset rows = *data->heldout;
    rows.blocks = chunk_blocks(data);
    return rows;
}

static struct kernel_problem heldout_problem(const struct kernel_problem *problem,
                                             const struct dataset *rows)
{
    struct kernel_problem heldout = *problem;
    heldout.data = rows;
    heldout.residuals = false;
    if (dataset_is_stored(problem->data)) /* and those held out are as they were given */
        heldout.pass = problem->given;
    return heldout;
}

struct objective *objective_create(const struct kernel_problem *problem, size_t batch,
                                   const double *lambdas)
{
    const size_t k = problem->models;
    struct objective *objective = memory_allocate(1, sizeof *objective);
    double *numbers = memory_allocate((ROWS + problem->data->features) * k, sizeof *numbers);
    objective->problem = problem;
    objective->lambdas = lambdas;
    objective->loss = numbers;
    objective->objective = numbers + k;
    objective->accuracy = numbers + 2 * k;
    objective->gradient_norm = numbers + 3 * k;
    objective->db = numbers + 4 * k;
    objective->heldout_loss = numbers + 5 * k;
    objective->heldout_accuracy = numbers + 6 * k;
    objective->dW = numbers + ROWS * k;
    objective->full = pass_create(problem, problem->data->rows, false);
    if (problem->residuals) {
        const size_t rows = problem->data->rows;
        objective->residuals = memory_allocate_untouched(rows, sizeof *objective->residuals);
        objective->keeps = pass_keep_residuals(objective->full, objective->residuals);
    }
    if (batch > 0)
        objective->batch = pass_create(problem, batch, true);
    if (problem->data->heldout == NULL)
        return objective;
    objective->heldout_rows = heldout_rows(problem->data);
    objective->heldout_problem = heldout_problem(problem, &objective->heldout_rows);
    objective->heldout =
        pass_create(&objective->heldout_problem, objective->heldout_rows.rows, false);
    return objective;
}

void objective_free(struct objective *objective)
{
    if (objective == NULL)
        return;
    pass_free(objective->full);
    pass_free(objective->batch);
    pass_free(objective->heldout);
    models_clear(&objective->mapped);
    memory_free(objective->residuals);
    memory_free(objective->loss); /* the whole block of numbers */
    memory_free(objective);
}

double objective_bytes(const struct kernel_problem *problem, size_t batch)
{
    const struct dataset *data = problem->data;
    double bytes =
        sizeof(double) * ((double)ROWS + (double)data->features) * (double)problem->models;
    bytes += pass_bytes(problem, data->rows, false);
    bytes += problem->residuals ? sizeof(double) * (double)data->rows : 0.0;
    bytes += batch > 0 ? pass_bytes(problem, batch, true) : 0.0;
    if (data->heldout == NULL)
        return bytes;
    const struct dataset rows = heldout_rows(data);
    const struct kernel_problem heldout = heldout_problem(problem, &rows);
    return bytes + pass_bytes(&heldout, rows.rows, false);
}

const struct entry *objective_variant(const struct objective *objective)
{
    return pass_variant(objective->full);
}

size_t objective_samples(const struct objective *objective)
{
    return dataset_samples(objective->problem->data);
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

void objective_leave(struct objective *objective, const struct fold_masks *masks)
{
    const struct kernel_problem *problem = objective->problem;
    objective->masks = masks;
    if (masks->factor != NULL)
        objective->mapped = models_create(problem->data->features, problem->models);
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

/* --- Models that leave rows out ----------------------------------------------------------------
 */

static size_t part_of(const struct objective *objective, size_t j)
{
    return (size_t)objective->problem->left->parts[j];
}

/* The models for the rows as they lie. */
static const struct models *mapped(struct objective *objective, const struct models *models)
{
    struct models *to = &objective->mapped;
    const size_t k = models->count;
    if (to->W == NULL)
        return models;
    to->count = k;
    for (size_t j = 0; j < k; j++)
        fold_masks_map(objective->masks, part_of(objective, j), models->W + j, models->b[j], k,
                       to->W + j, to->b + j);
    return to;
}

/* Means over the rows that count for a model, and over those that do not. */
static void finish_model(struct objective *objective, const struct pass_sums *sums, size_t j,
                         size_t k)
{
    const struct fold_masks *masks = objective->masks;
    const size_t part = part_of(objective, j), d = masks->features;
    const double left = part > 0 ? (double)masks->rows[part] : (double)NAN;
    const double count = (double)objective_samples(objective) - (part > 0 ? left : 0.0);
    for (size_t f = 0; f < d; f++)
        objective->dW[f * k + j] = sums->G[f * k + j] / count;
    objective->db[j] = sums->gb[j] / count;
    fold_masks_map_gradient(masks, part, objective->db[j], k, objective->dW + j);
    objective->loss[j] = sums->loss[j] / count;
    objective->accuracy[j] = sums->correct[j] / count;
    objective->heldout_loss[j] = sums->heldout_loss[j] / left;
    objective->heldout_accuracy[j] = sums->heldout_correct[j] / left;
}

static void compute_parts(struct objective *objective, const struct models *models)
{
    const size_t d = models->features, k = models->count;
    const struct pass_sums sums = pass_run(objective->full, NULL, 0, objective->problem->data->rows,
                                           mapped(objective, models));
    for (size_t j = 0; j < k; j++) {
        const double lambda = objective->lambdas[j];
        finish_model(objective, &sums, j, k);
        for (size_t f = 0; f < d; f++)
            objective->dW[f * k + j] += lambda * models->W[f * k + j];
        objective->objective[j] = objective->loss[j] + norm_penalty(models->W + j, d, k, lambda);
        objective->gradient_norm[j] = norm_with(objective->dW + j, d, k, objective->db[j]);
    }
}

/* --- At a point --------------------------------------------------------------------------------
 */

static void compute(struct objective *objective, const struct models *models)
{
    if (objective->masks != NULL) {
        compute_parts(objective, models);
        return;
    }
    size_t rows = objective_samples(objective), d = models->features, k = models->count;
    struct pass_sums sums =
        pass_run(objective->full, NULL, 0, objective->problem->data->rows, models);
    finish_gradient(objective, models, &sums, (double)rows);
    for (size_t j = 0; j < k; j++) {
        double penalty = norm_penalty(models->W + j, d, k, objective->lambdas[j]);
        objective->loss[j] = sums.loss[j] / (double)rows;
        objective->objective[j] = objective->loss[j] + penalty;
        objective->accuracy[j] = sums.correct[j] / (double)rows;
        objective->gradient_norm[j] = norm_with(objective->dW + j, d, k, objective->db[j]);
    }
}

const double *objective_residuals(struct objective *objective, const struct models *models)
{
    const struct kernel_problem *problem = objective->problem;
    if (!objective->keeps)
        reduced_fill(problem->data, models, objective->residuals, problem->threads);
    return objective->residuals;
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
    const struct dataset *data = objective->problem->data->heldout;
    size_t k = models->count;
    if (objective->masks != NULL) {
        objective_evaluate(objective, models); /* came with the last pass, which was here */
        return (struct heldout){objective->heldout_loss, objective->heldout_accuracy};
    }
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

bool objective_took_evaluation(struct objective *objective)
{
    bool took = objective->took;
    objective->took = false;
    return took;
}
