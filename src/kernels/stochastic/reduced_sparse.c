/* SPDX-License-Identifier: MIT
 *
 * The sparse epoch with reduced variance. A step moves every weight, by A and by lambda; but a
 * weight whose feature is missing in m samples has been waiting with A_f unchanged, and then m
 * steps are
 *
 *     w_f <- s^m w_f - rate A_f (1 + s + ... + s^(m-1)),    s = 1 - rate lambda
 *
 * (just-in-time updates: Schmidt, Le Roux and Bach, "Minimizing finite sums with the stochastic
 * average gradient", 2017, section 4.1). They are made up for when the feature comes up, and at the
 * end of the epoch. So a step costs what its sample stores.
 *
 * Powers P(m) = s^m and sums Q(m) are in two tables, for m below SHORT and for its multiples:
 *
 *     P(h SHORT + l) = P(l) P(h SHORT),    Q(h SHORT + l) = Q(l) + P(l) Q(h SHORT)
 *
 * made by P(m + 1) = s P(m) and Q(m + 1) = s Q(m) + 1, which is exact for s = 1, where Q(m) = m.
 */
#include "kernels/stochastic/reduced_group.h"

#include <string.h>

enum { SHORT = 256 };

/* P and Q side by side: each row is P (width), then Q (width). */
struct powers {
    double *low;  /* (SHORT + 1, 2, width) of 0, 1, ..., SHORT */
    double *high; /* (n / SHORT + 1, 2, width) of 0, SHORT, 2 SHORT, ... */
};

struct waiting {
    struct powers powers;
    uint32_t *done; /* (d) steps that the weights of a feature have seen */
};

static size_t high_rows(const struct dataset *data)
{
    return data->rows / SHORT + 1;
}

size_t reduced_sparse_scratch(const struct dataset *data, size_t width)
{
    return (SHORT + 1 + high_rows(data)) * 2 * width + data->features;
}

/* Row m + 1 of a table from row m: P = factor P, Q = factor Q + sum; factor, sum (width). */
static void fill_powers(double *table, size_t rows, size_t width, const double *factor,
                        const double *sum)
{
    for (size_t j = 0; j < width; j++) {
        table[j] = 1.0;
        table[width + j] = 0.0;
    }
    for (size_t m = 1; m < rows; m++) {
        const double *before = table + (m - 1) * 2 * width;
        double *row = table + m * 2 * width;
        for (size_t j = 0; j < width; j++) {
            row[j] = factor[j] * before[j];
            row[width + j] = multiply_add(factor[j], before[width + j], sum[j]);
        }
    }
}

static struct waiting waiting_open(const struct reduced_group *group)
{
    const struct dataset *data = group->epoch.data;
    size_t width = group->models.width;
    struct waiting waiting = {.powers.low = group->scratch};
    waiting.powers.high = waiting.powers.low + (SHORT + 1) * 2 * width;
    waiting.done = (uint32_t *)(void *)(waiting.powers.high + high_rows(data) * 2 * width);
    double ones[ROW_WIDEST];
    for (size_t j = 0; j < width; j++)
        ones[j] = 1.0;
    fill_powers(waiting.powers.low, SHORT + 1, width, group->models.shrink, ones);
    const double *last = waiting.powers.low + SHORT * 2 * width;
    fill_powers(waiting.powers.high, high_rows(data), width, last, last + width);
    memset(waiting.done, 0, data->features * sizeof *waiting.done);
    return waiting;
}

/* `steps` steps without the feature f. */
INLINED void make_up(const struct reduced_group *group, const struct powers *powers, size_t f,
                     size_t steps, size_t width)
{
    double *restrict w = group->models.W + f * width;
    const double *restrict A = group->mean.W + f * width;
    const double *restrict rates = group->models.rates;
    const double *restrict low = powers->low + steps % SHORT * 2 * width;
    const double *restrict high = powers->high + steps / SHORT * 2 * width;
#pragma omp simd
    for (size_t j = 0; j < width; j++) {
        double power = low[j] * high[j];
        double sum = multiply_add(low[j], high[width + j], low[width + j]);
        w[j] = multiply_add(-rates[j] * A[j], sum, power * w[j]);
    }
}

/* Brings the features of a sample up to date; then they have seen its own step, too. */
INLINED void make_up_sample(const struct reduced_group *group, const struct waiting *waiting,
                            const struct sample *x, size_t i, size_t width)
{
    for (size_t t = 0; t < x->count; t++) {
        size_t f = x->columns[t], steps = i - waiting->done[f];
        if (steps > 0)
            make_up(group, &waiting->powers, f, steps, width);
        waiting->done[f] = (uint32_t)i + 1;
    }
}

INLINED void run(const struct reduced_group *group, size_t width, size_t models)
{
    const struct dataset *data = group->epoch.data;
    const struct waiting waiting = waiting_open(group);
    double z[ROW_WIDEST];
    struct reduced_change change;
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(&group->epoch, i);
        const struct sample x = sparse_sample(data, row);
        make_up_sample(group, &waiting, &x, i, width);
        sparse_sum(&x, group->models.W, width, width, z);
        reduced_take(group, row, width, models, z, &change);
        for (size_t t = 0; t < x.count; t++) {
            size_t at = x.columns[t] * width;
            reduced_step(group, x.values[t], group->models.W + at, group->mean.W + at, width,
                         &change);
        }
    }
    for (size_t f = 0; f < data->features; f++)
        make_up(group, &waiting.powers, f, data->rows - waiting.done[f], width);
}

static void run_one(const struct reduced_group *group)
{
    run(group, 1, 1);
}

static void run_many(const struct reduced_group *group)
{
    run(group, group->models.width, group->models.models);
}

void reduced_sparse(const struct reduced_group *group)
{
    (group->models.width == 1 ? run_one : run_many)(group);
}
