/* SPDX-License-Identifier: MIT
 *
 * The whole set may be scaled already, x -> (x - M) / S: then the map that is left to a part is
 * ((m - M) / S, s / S).
 */
#include "data/preparation/fold_masks.h"

#include "base/memory.h"
#include "data/margins.h"

struct fold_masks *fold_masks_create(const struct dataset *data, const struct fold *fold)
{
    struct fold_masks *masks = memory_allocate(1, sizeof *masks);
    *masks = (struct fold_masks){
        .folds = fold->folds,
        .features = data->features,
        .row_parts = fold_deal(data, fold),
        .rows = memory_allocate(fold->folds + 1, sizeof *masks->rows),
        .zeros = memory_allocate(fold->folds * data->features, sizeof *masks->zeros),
    };
    for (size_t i = 0; i < data->rows; i++)
        masks->rows[masks->row_parts[i]]++;
    return masks;
}

void fold_masks_free(struct fold_masks *masks)
{
    if (masks == NULL)
        return;
    memory_free(masks->row_parts);
    memory_free(masks->rows);
    memory_free(masks->zeros);
    memory_free(masks->offset);
    memory_free(masks->factor);
    memory_free(masks);
}

void fold_masks_find_zeros(struct fold_masks *masks, const struct dataset *data)
{
    const size_t d = masks->features;
    bool *stored = memory_allocate(masks->folds * d, sizeof *stored); /* not 0 in some row of it */
    size_t *parts = memory_allocate(d, sizeof *parts);                /* that it is not 0 in */
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        bool *of = stored + (size_t)(masks->row_parts[i] - 1) * d;
        for (size_t t = 0; t < x.count; t++)
            of[sample_column(&x, t)] |= sample_value(&x, t) != 0.0;
    }
    for (size_t at = 0; at < masks->folds * d; at++)
        parts[at % d] += stored[at];
    for (size_t at = 0; at < masks->folds * d; at++)
        masks->zeros[at] = parts[at % d] == (size_t)stored[at];
    memory_free(parts);
    memory_free(stored);
}

static double offset_of(const struct scaling *scaling, size_t j)
{
    return scaling != NULL && scaling->offset != NULL ? scaling->offset[j] : 0.0;
}

static double factor_of(const struct scaling *scaling, size_t j)
{
    return scaling != NULL && scaling->factor != NULL ? scaling->factor[j] : 1.0;
}

static void note_scale(struct fold_masks *masks, size_t part, const struct scaling *whole,
                       const struct scaling *own)
{
    const size_t d = masks->features, length = masks->folds * d;
    if (masks->factor == NULL) {
        masks->offset = memory_allocate_untouched(length, sizeof *masks->offset);
        masks->factor = memory_allocate_untouched(length, sizeof *masks->factor);
    }
    double *offset = masks->offset + (part - 1) * d, *factor = masks->factor + (part - 1) * d;
    for (size_t j = 0; j < d; j++) {
        offset[j] = (offset_of(own, j) - offset_of(whole, j)) / factor_of(whole, j);
        factor[j] = factor_of(own, j) / factor_of(whole, j);
    }
}

void fold_masks_note(struct fold_masks *masks, size_t part, const struct dataset *data,
                     const struct dataset *copy)
{
    bool *zeros = masks->zeros + (part - 1) * masks->features;
    for (size_t j = 0; j < masks->features; j++)
        zeros[j] = copy->zeros != NULL && copy->zeros[j];
    if (copy->scaling != NULL && (copy->scaling->offset != NULL || copy->scaling->factor != NULL))
        note_scale(masks, part, data->scaling, copy->scaling);
}

void fold_masks_map(const struct fold_masks *masks, size_t part, const double *w, double b,
                    size_t step, double *w_out, double *b_out)
{
    const size_t d = masks->features;
    const bool scaled = part > 0 && masks->factor != NULL;
    for (size_t j = 0; j < d; j++) {
        const size_t at = (part - 1) * d + j;
        double mapped = scaled ? w[j * step] / masks->factor[at] : w[j * step];
        b -= scaled ? masks->offset[at] * mapped : 0.0;
        w_out[j * step] = mapped;
    }
    *b_out = b;
}

void fold_masks_map_gradient(const struct fold_masks *masks, size_t part, double db, size_t step,
                             double *dw)
{
    const size_t d = masks->features;
    for (size_t j = 0; part > 0 && masks->factor != NULL && j < d; j++) {
        const size_t at = (part - 1) * d + j;
        dw[j * step] = (dw[j * step] - masks->offset[at] * db) / masks->factor[at];
    }
}

size_t fold_masks_margins(const struct fold_masks *masks, size_t part, const struct dataset *data,
                          const double *w, double b, double *z, double *y)
{
    double *mapped = memory_allocate_untouched(masks->features, sizeof *mapped);
    size_t count = 0;
    fold_masks_map(masks, part, w, b, 1, mapped, &b);
    for (size_t i = 0; i < data->rows; i++) {
        if (masks->row_parts[i] != part)
            continue;
        const struct sample x = dataset_sample(data, i);
        z[count] = sample_margin(&x, mapped, b);
        y[count++] = data->y[i];
    }
    memory_free(mapped);
    return count;
}

double fold_masks_bytes(const struct dataset *data, size_t folds)
{
    double each = (double)folds * (double)data->features;
    return sizeof(uint16_t) * (double)data->rows + each * (sizeof(bool) + 2.0 * sizeof(double));
}
