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
 * For one model the first table goes on up to NEAR by these formulas, so that hardly ever a feature
 * has missed more: which one has, a processor cannot foresee.
 *
 * How many steps a feature has missed depends on the order of samples alone, and is counted ahead
 * (reduced_ahead.h). What is left here is a chain from sample to sample, through the bias and the
 * weights that two of them share: a sum, an exponential, a division and the update, some 120 cycles
 * for a dozen entries, in whose shadow all else is done. Where all values are 1 and there is one
 * model, nothing is multiplied by them.
 */
#include "kernels/stochastic/reduced_group.h"

enum {
    SHORT = 256,
    NEAR = 4096,
    BYTES_AHEAD = 512, /* of entries, between asking for them and using them */
    SAMPLES_AHEAD = 4, /* likewise, of residuals */
};

/* P and Q side by side: each row is P (width), then Q (width). */
struct powers {
    size_t rows;  /* near_rows() */
    double *low;  /* (rows, 2, width) of 0, 1, ... */
    double *high; /* (n / SHORT + 1, 2, width) of 0, SHORT, 2 SHORT, ... */
};

static size_t near_rows(const struct dataset *data, size_t width)
{
    if (width > 1 || data->rows < SHORT)
        return SHORT + 1;
    return (data->rows < NEAR ? data->rows : NEAR) + 1;
}

static size_t high_rows(const struct dataset *data)
{
    return data->rows / SHORT + 1;
}

size_t reduced_sparse_scratch(const struct dataset *data, size_t width)
{
    return (near_rows(data, width) + high_rows(data)) * 2 * width;
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

/* P and Q of `missed` steps by both tables. */
INLINED void combine(const struct powers *powers, size_t missed, size_t width,
                     double *restrict power, double *restrict sum)
{
    const double *low = powers->low + missed % SHORT * 2 * width;
    const double *high = powers->high + missed / SHORT * 2 * width;
#pragma omp simd
    for (size_t j = 0; j < width; j++) {
        power[j] = low[j] * high[j];
        sum[j] = multiply_add(low[j], high[width + j], low[width + j]);
    }
}

static struct powers powers_open(const struct reduced_group *group)
{
    const struct dataset *data = group->epoch.data;
    const size_t width = group->models.width;
    struct powers powers = {.rows = near_rows(data, width), .low = group->scratch};
    powers.high = powers.low + powers.rows * 2 * width;
    double ones[ROW_WIDEST];
    for (size_t j = 0; j < width; j++)
        ones[j] = 1.0;
    fill_powers(powers.low, SHORT + 1, width, group->models.shrink, ones);
    const double *last = powers.low + SHORT * 2 * width;
    fill_powers(powers.high, high_rows(data), width, last, last + width);
    for (size_t m = SHORT + 1; m < powers.rows; m++)
        combine(&powers, m, width, powers.low + m * 2 * width, powers.low + m * 2 * width + width);
    return powers;
}

/* w = P w - rate A Q */
INLINED void decay(const struct reduced_group *group, size_t f, size_t width,
                   const double *restrict power, const double *restrict sum)
{
    double *restrict w = group->models.W + f * width;
    const double *restrict A = group->mean.W + f * width, *restrict rates = group->models.rates;
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        w[j] = multiply_add(-rates[j] * A[j], sum[j], power[j] * w[j]);
}

/* `missed` steps without the feature f. */
INLINED void make_up(const struct reduced_group *group, const struct powers *powers, size_t f,
                     size_t missed, size_t width)
{
    if (__builtin_expect(missed < powers->rows, 1)) {
        const double *low = powers->low + missed * 2 * width;
        decay(group, f, width, low, low + width);
        return;
    }
    double power[ROW_WIDEST], sum[ROW_WIDEST];
    combine(powers, missed, width, power, sum);
    decay(group, f, width, power, sum);
}

/* One sample at hand: `count` entries, and their values or NULL. */
struct entries {
    size_t count;
    const struct ahead_entry *of;
    const double *values;
};

/* chain = chain + x w for one entry, whose weights are brought up to date. */
INLINED void add_entry(const struct reduced_group *group, const struct powers *powers,
                       const struct entries *entries, size_t t, size_t width, bool ones,
                       double *restrict chain)
{
    const size_t f = entries->of[t].feature;
    const double *w = group->models.W + f * width;
    const double x = ones ? 1.0 : entries->values[t];
    make_up(group, powers, f, entries->of[t].missed, width);
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        chain[j] = reduced_add(ones, w[j], x, chain[j]);
}

/* z = x.w, in the order of sparse_sum(). */
INLINED void sum_entries(const struct reduced_group *group, const struct powers *powers,
                         const struct entries *entries, size_t width, bool ones, double *restrict z)
{
    double chains[SPARSE_CHAINS][ROW_WIDEST];
    for (size_t p = 0; p < SPARSE_CHAINS; p++)
        for (size_t j = 0; j < width; j++)
            chains[p][j] = 0.0;
    size_t t = 0;
    for (; t + SPARSE_CHAINS <= entries->count; t += SPARSE_CHAINS) {
        UNROLLED_LOOP
        for (size_t p = 0; p < SPARSE_CHAINS; p++)
            add_entry(group, powers, entries, t + p, width, ones, chains[p]);
    }
    for (; t < entries->count; t++)
        add_entry(group, powers, entries, t, width, ones, chains[0]);
#pragma omp simd
    for (size_t j = 0; j < width; j++)
        z[j] = (chains[0][j] + chains[1][j]) + (chains[2][j] + chains[3][j]);
}

/* What comes soon: blocks may come from the cache of another processor, and t from anywhere. */
INLINED void ask(const struct reduced_group *group, const struct ahead_block *block, size_t s,
                 const struct ahead_entry *entries)
{
    enum { LINE = 64 };
    const struct ahead_sample *samples = &block->samples[s];
    const char *ahead = (const char *)entries + BYTES_AHEAD;
    __builtin_prefetch(ahead);
    __builtin_prefetch(ahead + LINE);
    if (s + SAMPLES_AHEAD < block->count)
        __builtin_prefetch(group->residuals + samples[SAMPLES_AHEAD].row * group->stride, 1);
}

INLINED void run_samples(const struct reduced_group *group, const struct powers *powers,
                         const struct ahead_block *block, size_t width, size_t models, bool ones)
{
    struct entries entries = {.of = block->entries, .values = block->values};
    double z[ROW_WIDEST];
    struct reduced_change change;
    for (size_t s = 0; s < block->count; s++) {
        const struct ahead_sample *of = &block->samples[s];
        const struct reduced_sample sample = {of->row, of->sign, of->weight};
        entries.count = of->count;
        ask(group, block, s, entries.of);
        sum_entries(group, powers, &entries, width, ones, z);
        reduced_take(group, &sample, width, models, z, &change);
        for (size_t t = 0; t < entries.count; t++) {
            const size_t at = entries.of[t].feature * width;
            reduced_step(group, ones, ones ? 1.0 : entries.values[t], group->models.W + at,
                         group->mean.W + at, width, &change);
        }
        entries.of += entries.count;
        if (!ones) /* of which there are no values */
            entries.values += entries.count;
    }
}

/* With copies of what is the same for all features, which for one model stay in registers: the
 * compiler sees that no weight lies there. */
INLINED void run_block(const struct reduced_group *group, const struct powers *powers,
                       const struct ahead_block *block, size_t width, size_t models, bool ones)
{
    double rates[ROW_WIDEST], shrink[ROW_WIDEST], b[ROW_WIDEST], a[ROW_WIDEST];
    const struct powers own_powers = *powers;
    struct reduced_group own = *group;
    for (size_t j = 0; j < width; j++) {
        rates[j] = group->models.rates[j];
        shrink[j] = group->models.shrink[j];
        b[j] = group->models.b[j];
        a[j] = group->mean.b[j];
    }
    own.models.rates = rates;
    own.models.shrink = shrink;
    own.models.b = b;
    own.mean.b = a;
    run_samples(&own, &own_powers, block, width, models, ones);
    for (size_t j = 0; j < width; j++) {
        group->models.b[j] = b[j];
        group->mean.b[j] = a[j];
    }
}

static void run_ones(const struct reduced_group *group, const struct powers *powers,
                     const struct ahead_block *block)
{
    run_block(group, powers, block, 1, 1, true);
}

static void run_one(const struct reduced_group *group, const struct powers *powers,
                    const struct ahead_block *block)
{
    run_block(group, powers, block, 1, 1, false);
}

static void run_many(const struct reduced_group *group, const struct powers *powers,
                     const struct ahead_block *block)
{
    run_block(group, powers, block, group->models.width, group->models.models, false);
}

void reduced_sparse(const struct reduced_group *group)
{
    const struct dataset *data = group->epoch.data;
    const struct powers powers = powers_open(group);
    for (size_t i = 0; i < data->rows;) {
        const struct ahead_block *block = ahead_next(group->ahead);
        if (group->models.width > 1)
            run_many(group, &powers, block);
        else
            (block->values == NULL ? run_ones : run_one)(group, &powers, block);
        i += block->count;
    }
    const uint32_t *last = ahead_last(group->ahead);
    for (size_t f = 0; f < data->features; f++)
        make_up(group, &powers, f, data->rows - last[f], group->models.width);
}
