/* SPDX-License-Identifier: MIT
 *
 * Folds without copies: all models of a pass read the same rows, and each leaves out those of its
 * own fold (kernels/models.h), of which loss and accuracy come free with the pass.
 *
 * A scale that is fitted to the rows which a fold leaves is kept exact, to rounding, because a
 * scaled feature is an affine map of the feature as it is: with x' = (x - m) / s,
 *
 *     x' . w' + b' = x . w + b   for   w = w' / s,  b = b' - m . w
 *     dF/dw' = (dF/dw - m dF/db) / s
 *
 * so that the map is applied around the pass to weights and gradients, of d numbers each, and never
 * to the rows.
 */
#ifndef DESCENT_DATA_PREPARATION_FOLD_MASKS_H
#define DESCENT_DATA_PREPARATION_FOLD_MASKS_H

#include "data/dataset.h"
#include "data/preparation/folds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fold_masks {
    size_t folds, features;
    uint16_t *row_parts; /* (n) the part of each row, from 1 */
    size_t *rows;        /* (folds + 1) of each part; of part 0, none */
    bool *zeros;         /* (folds, d) features that are 0 in all rows but those of the part */
    double *offset;      /* (folds, d) m of the rows without that part; NULL: they are not scaled */
    double *factor;      /* (folds, d) s likewise */
};

/* The deal of one repeat of folds of a whole set; features are not looked at yet. */
struct fold_masks *fold_masks_create(const struct dataset *data, const struct fold *fold);
void fold_masks_free(struct fold_masks *masks); /* NULL is allowed */

/* Finds the features that are 0 without each part, of a set that is not scaled. */
void fold_masks_find_zeros(struct fold_masks *masks, const struct dataset *data);

/* Of one that is: notes of a part what is known of its `copy`, the rows that it leaves
 * (preparation_fold()); `data` is the whole set, perhaps scaled by all rows. */
void fold_masks_note(struct fold_masks *masks, size_t part, const struct dataset *data,
                     const struct dataset *copy);

/* The map of one model, from a part's features to those of the set; in may be out. `step`: from one
 * weight to the next. */
void fold_masks_map(const struct fold_masks *masks, size_t part, const double *w, double b,
                    size_t step, double *w_out, double *b_out);

/* The map of a gradient, back, in place. */
void fold_masks_map_gradient(const struct fold_masks *masks, size_t part, double db, size_t step,
                             double *dw);

/* The rows of a part, which its models leave out: their sums z (rows of the part) and labels y, of
 * a model of the part's features. Returns how many. */
size_t fold_masks_margins(const struct fold_masks *masks, size_t part, const struct dataset *data,
                          const double *w, double b, double *z, double *y);

/* Bytes that masks of such a set take. */
double fold_masks_bytes(const struct dataset *data, size_t folds);

#endif
