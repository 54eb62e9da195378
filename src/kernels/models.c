/* SPDX-License-Identifier: MIT
 *
 * Storage of models, the step along a gradient, and packing when some of them leave.
 */
#include "kernels/models.h"

#include "base/memory.h"

struct models models_create(size_t features, size_t count)
{
    return (struct models){
        .features = features,
        .count = count,
        .W = memory_allocate(features * count, sizeof(double)),
        .b = memory_allocate(count, sizeof(double)),
    };
}

void models_clear(struct models *models)
{
    memory_free(models->W);
    memory_free(models->b);
    *models = (struct models){0};
}

void models_descend(struct models *models, const double *rates, const double *dW, const double *db)
{
    size_t count = models->count;
    for (size_t f = 0; f < models->features; f++)
        for (size_t j = 0; j < count; j++)
            models->W[f * count + j] -= rates[j] * dW[f * count + j];
    for (size_t j = 0; j < count; j++)
        models->b[j] -= rates[j] * db[j];
}

void models_copy_weights(const struct models *models, size_t model, double *w)
{
    for (size_t f = 0; f < models->features; f++)
        w[f] = models->W[f * models->count + model];
}

/* In place: the target of every copy lies before its source, because kept is ascending. */
void columns_keep(double *matrix, size_t rows, size_t columns, const size_t *kept, size_t count)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < count; j++)
            matrix[i * count + j] = matrix[i * columns + kept[j]];
}

void models_keep(struct models *models, const size_t *kept, size_t count)
{
    columns_keep(models->W, models->features, models->count, kept, count);
    columns_keep(models->b, 1, models->count, kept, count);
    models->count = count;
}
