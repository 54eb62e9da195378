/* SPDX-License-Identifier: MIT
 *
 * The sum of a row has four chains, as in row_sums.h. The sum of a feature is one chain, in which
 * each addition waits for the last; so four features, whose numbers of rows are next to each other
 * in size, are summed side by side as long as they all have rows.
 */
#include "kernels/pass_incidence.h"

#include "kernels/phases/phase_slot.h"
#include "kernels/vector.h"

enum { ABREAST = 4 };

/* --- z = X w + b --------------------------------------------------------------------------- */

INLINED double row_sum(const uint16_t *restrict columns, size_t length, const double *restrict w)
{
    double chains[ABREAST] = {0.0};
    size_t t = 0;
    for (; t + ABREAST <= length; t += ABREAST) {
        UNROLLED_LOOP
        for (size_t p = 0; p < ABREAST; p++)
            chains[p] += w[columns[t + p]];
    }
    for (; t < length; t++)
        chains[0] += w[columns[t]];
    return (chains[0] + chains[1]) + (chains[2] + chains[3]);
}

void incidence_sums(const struct incidence_block *block, const double *restrict w, double b,
                    double *restrict z)
{
    const uint16_t *columns = block->columns, *place = block->places;
    for (size_t l = 0; l < block->lengths; l++) {
        const size_t length = block->by_length[l].key, count = block->by_length[l].count;
        for (size_t i = 0; i < count; i++) {
            z[*place++] = row_sum(columns, length, w) + b;
            columns += length;
        }
    }
}

/* --- g = g + X' r -------------------------------------------------------------------------- */

/* Features side by side, and how far they have been summed. */
struct abreast {
    const uint16_t *rows[ABREAST];
    double sums[ABREAST];
};

/* The rows [begin, end) of the first `count` features, which is a constant where this is inlined.
 */
INLINED void sum_abreast(struct abreast *abreast, size_t count, size_t begin, size_t end,
                         const double *restrict r)
{
    const uint16_t *rows[ABREAST];
    double sums[ABREAST];
    UNROLLED_LOOP
    for (size_t a = 0; a < count; a++) {
        rows[a] = abreast->rows[a];
        sums[a] = abreast->sums[a];
    }
    for (size_t t = begin; t < end; t++) {
        UNROLLED_LOOP
        for (size_t a = 0; a < count; a++)
            sums[a] += r[rows[a][t]];
    }
    UNROLLED_LOOP
    for (size_t a = 0; a < count; a++)
        abreast->sums[a] = sums[a];
}

/* Four features; they have fewer and fewer rows. */
static void sum_four(const struct incidence_run *runs, const uint16_t *rows,
                     const double *restrict r, double *restrict G)
{
    struct abreast abreast;
    for (size_t a = 0; a < ABREAST; a++) {
        abreast.rows[a] = rows;
        abreast.sums[a] = G[runs[a].key];
        rows += runs[a].count;
    }
    sum_abreast(&abreast, 4, 0, runs[3].count, r);
    sum_abreast(&abreast, 3, runs[3].count, runs[2].count, r);
    sum_abreast(&abreast, 2, runs[2].count, runs[1].count, r);
    sum_abreast(&abreast, 1, runs[1].count, runs[0].count, r);
    for (size_t a = 0; a < ABREAST; a++)
        G[runs[a].key] = abreast.sums[a];
}

static void sum_features(const struct incidence_block *block, const double *restrict r,
                         double *restrict G)
{
    const struct incidence_run *runs = block->by_feature;
    const uint16_t *rows = block->rows;
    size_t f = 0;
    for (; f + ABREAST <= block->features; f += ABREAST) {
        sum_four(runs + f, rows, r, G);
        rows += runs[f].count + runs[f + 1].count + runs[f + 2].count + runs[f + 3].count;
    }
    for (; f < block->features; f++) {
        double sum = G[runs[f].key];
        for (size_t t = 0; t < runs[f].count; t++)
            sum += r[*rows++];
        G[runs[f].key] = sum;
    }
}

void pass_incidence(const struct dataset *data, const struct incidence_block *block, size_t row_end,
                    const struct models *models, const struct pass_sums *sums,
                    struct points *points, double *z)
{
    for (; block->begin < row_end; block++) {
        if (sums->residuals != NULL)
            z = sums->residuals + block->begin;
        phase_block();
        incidence_sums(block, models->W, models->b[0], z);
        phase_done(PHASE_FORWARD);
        points_add_rows(points, block->end - block->begin, data->y + block->begin, z);
        phase_done(PHASE_LOSS);
        sum_features(block, z, sums->G);
        phase_done(PHASE_GRADIENT);
        if (block->end == row_end)
            return;
    }
}
