/* SPDX-License-Identifier: MIT
 *
 * How a kernel cuts its work: rows into blocks that stay in a cache, models into panels that stay
 * in registers.
 */
#ifndef DESCENT_KERNELS_CUTTING_H
#define DESCENT_KERNELS_CUTTING_H

#include <stddef.h>

/* As many rows as a block of so many numbers has, in steps of `step` rows: one step at least, and
 * `most` rows, a multiple of steps, at most. */
static inline size_t rows_of_block(size_t numbers, size_t features, size_t step, size_t most)
{
    size_t rows = numbers / features / step * step;
    if (rows < step)
        return step;
    return rows < most ? rows : most;
}

/* How many of `models` go into the next panel of at most `widest` vectors of `lanes` models: panels
 * are as few as they can be, and then as equal, because one that is a single vector wide has too
 * few sums to keep the multipliers busy. */
static inline size_t models_of_panel(size_t models, size_t lanes, size_t widest)
{
    size_t vectors = (models + lanes - 1) / lanes;
    size_t panels = (vectors + widest - 1) / widest;
    size_t most = (vectors + panels - 1) / panels * lanes;
    return models < most ? models : most;
}

#endif
