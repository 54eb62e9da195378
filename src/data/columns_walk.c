/* SPDX-License-Identifier: MIT
 *
 * A thread takes as many columns as a line of the cache has, and all their pieces. Pieces of
 * singles are made doubles.
 */
#include "data/columns_walk.h"

enum { PIECE_ROWS = 256, COLUMNS_TOGETHER = 8 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Rows [i, i + count) of column j; in `room` (PIECE_ROWS), where they are no doubles. */
static struct column_piece piece_at(const struct dataset *data, size_t j, size_t i, size_t count,
                                    double *room)
{
    const size_t d = data->features;
    if (data->singles == NULL)
        return (struct column_piece){j, data->X + i * d + j, count, d};
    for (size_t r = 0; r < count; r++)
        room[r] = (double)data->singles[(i + r) * d + j];
    return (struct column_piece){j, room, count, 1};
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
                double room[PIECE_ROWS];
                look(context, piece_at(data, j, i, least(n - i, PIECE_ROWS), room));
            }
}
