/* SPDX-License-Identifier: MIT
 *
 * A thread takes as many columns as a line of the cache has, and all their pieces.
 */
#include "data/columns_walk.h"

enum { PIECE_ROWS = 256, COLUMNS_TOGETHER = 8 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void columns_walk(const struct dataset *data, int threads,
                  void (*look)(void *context, struct column_piece piece), void *context)
{
    size_t n = data->rows, d = data->features, together = COLUMNS_TOGETHER;
    while (together > 1 && d < together * (size_t)threads)
        together /= 2;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t first = 0; first < d; first += together)
        for (size_t i = 0; i < n; i += PIECE_ROWS)
            for (size_t j = first; j < least(first + together, d); j++) {
                struct column_piece piece = {j, data->X + i * d + j, least(n - i, PIECE_ROWS), d};
                look(context, piece);
            }
}
