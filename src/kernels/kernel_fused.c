/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of one model from one reading of X.
 *
 * Two calls of dgemv read X twice. Here a few rows are finished before others are touched: first
 * their sums z = x.w + b, then the residuals r = sigmoid(z) - y, then their share of the gradient,
 * g += x r, for which the rows are still in the nearest cache. So X comes from memory once, and the
 * limit is the time to read it.
 *
 * To come near it, memory must never rest. The residuals of a group of rows wait for its sums, so
 * the two sweeps are interleaved: the sums of one group and the gradient of the group before it are
 * taken in one loop, which at every step asks for what will be needed soon (fused_step.h).
 *
 * How many rows a step has, how far ahead it asks, and how large a group is: what is best differs
 * from processor to processor, and is measured (variants.h). Bits do not depend on it. The first
 * group of a chunk has the same rows in every variant, and they are summed one by one; the others
 * are summed in steps, but for the last few that are not four.
 *
 * Several models are taken in pairs, which share what is loaded of X; each is added up as if it
 * were alone, so that its bits are the same. For five and more, `batched` is the kernel.
 */
#include "kernels/fused_step.h"
#include "kernels/kernel.h"
#include "kernels/phases/phase_slot.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    GROUP_BYTES = 8192, /* of X: two groups lie in the nearest cache, with w and g */
    GROUP_ROWS = 128,   /* at most, and a multiple of POINT_ROWS */
    TOGETHER = 4,       /* rows of a step, where there are several models */
};

/* One way of doing the pass. */
struct fused_way {
    struct entry entry;
    struct step_shape shape; /* of one model */
    size_t ahead;            /* doubles between asking for a line and using it, at least */
    size_t group;            /* bytes of a group of rows, but for the first */
};

/* The ways that there are: rows abreast, or 1 where rows are read in turn; whether eight numbers
 * are a whole vector or two halves; which lines are asked for, and how many doubles ahead; KiB of a
 * group. The first is what is taken where nothing was measured.
 *
 * On a Zen 3 the lines that come next win where rows are short (100 features: 1.4 times the
 * first), each row's own where they are long (784), and no asking where rows are read in turn. */
#define WHOLE(X)                                                                                   \
    X(4, whole, l1, 256, 8)                                                                        \
    X(4, whole, none, 0, 8)                                                                        \
    X(4, whole, l1, 512, 8)                                                                        \
    X(4, whole, l1, 1024, 8)                                                                       \
    X(4, whole, l2, 1024, 8)                                                                       \
    X(4, whole, l2, 2048, 8)                                                                       \
    X(4, whole, once, 1024, 8)                                                                     \
    X(4, whole, l1, 1024, 16)                                                                      \
    X(4, whole, l2, 2048, 32)                                                                      \
    X(4, whole, next1, 512, 8)                                                                     \
    X(4, whole, next1, 1024, 16)                                                                   \
    X(4, whole, next1, 2048, 8)                                                                    \
    X(4, whole, next1, 2048, 32)                                                                   \
    X(4, whole, next2, 2048, 16)                                                                   \
    X(4, whole, next2, 4096, 32)                                                                   \
    X(1, whole, none, 0, 8)                                                                        \
    X(1, whole, none, 0, 16)                                                                       \
    X(1, whole, l2, 1024, 8)                                                                       \
    X(1, whole, l2, 4096, 16)                                                                      \
    X(2, whole, l1, 512, 8)                                                                        \
    X(2, whole, l1, 1024, 16)                                                                      \
    X(2, whole, l2, 1024, 16)                                                                      \
    X(2, whole, next2, 2048, 16)                                                                   \
    X(8, whole, l1, 512, 8)                                                                        \
    X(8, whole, l1, 1024, 16)                                                                      \
    X(8, whole, l1, 2048, 32)                                                                      \
    X(8, whole, l2, 512, 8)                                                                        \
    X(8, whole, l2, 1024, 8)                                                                       \
    X(8, whole, l2, 2048, 32)                                                                      \
    X(8, whole, next1, 1024, 16)
#define HALVED(X)                                                                                  \
    X(4, half, none, 0, 8)                                                                         \
    X(4, half, l1, 1024, 8)                                                                        \
    X(4, half, l2, 1024, 16)                                                                       \
    X(2, half, l2, 1024, 16)                                                                       \
    X(8, half, l2, 512, 32)                                                                        \
    X(8, half, l2, 2048, 32)

#define WAY(rows_, width_, ask_, ahead_, group_)                                                   \
    &(const struct fused_way){                                                                     \
        .entry = {#rows_ "-" #width_ "-" #ask_ "-" #ahead_ "-" #group_ "k",                        \
                  #rows_ " rows a step, vectors: " #width_ ", asks for lines: " #ask_ ", " #ahead_ \
                         " doubles ahead, groups of " #group_ " KiB"},                             \
        .shape = {.rows = (rows_), .models = 1, .halves = WIDTH_##width_, .ask = ASK_##ask_},      \
        .ahead = (ahead_),                                                                         \
        .group = (group_)*1024}                                                                    \
         .entry,
static const struct entry *const ways[] = {WHOLE(WAY)
#if defined(__AVX512F__)
                                               HALVED(WAY)
#endif
};
#undef WAY
static const struct table fused_ways = TABLE("variant of fused", ways);

/* Where a pass is at. */
struct fusion {
    const struct fused_way *way;
    size_t features;
    const double *x, *before; /* (rows, d) this group and the one before */
    size_t rows_before;       /* 0: there is none */
    size_t models;
    struct one one[ABREAST];
    double *nowhere; /* (d) */
    double *room[2]; /* (group, d) each: rows of float32 as doubles */
};

/* The rows [i, rows) of both groups, as far as they fill steps; returns how far. `shape` is a
 * constant where this is inlined. */
INLINED size_t take_steps(const struct fusion *fusion, size_t i, size_t rows,
                          struct step_shape shape)
{
    size_t d = fusion->features, least = shape.in_turn ? 0 : shape.rows * d;
    size_t ahead = least > fusion->way->ahead ? least : fusion->way->ahead;
    for (; i + shape.rows <= rows; i += shape.rows) {
        const struct fused_step step = {
            .x = fusion->x + i * d,
            .before = fusion->before + i * d,
            .row = i,
            .ahead = ahead,
            .one = fusion->one,
        };
        take_step(&step, d, shape);
    }
    return i;
}

/* `shape` but for what is asked for, which is the way's. */
INLINED size_t take_asking(const struct fusion *fusion, size_t rows, struct step_shape shape)
{
    switch (fusion->way->shape.ask) {
    case ASK_none:
        shape.ask = ASK_none;
        return take_steps(fusion, 0, rows, shape);
    case ASK_l2:
        shape.ask = ASK_l2;
        return take_steps(fusion, 0, rows, shape);
    case ASK_once:
        shape.ask = ASK_once;
        return take_steps(fusion, 0, rows, shape);
    case ASK_next1:
        shape.ask = ASK_next1;
        return take_steps(fusion, 0, rows, shape);
    case ASK_next2:
        shape.ask = ASK_next2;
        return take_steps(fusion, 0, rows, shape);
    default:
        shape.ask = ASK_l1;
        return take_steps(fusion, 0, rows, shape);
    }
}

/* Not inlined: beside these the other steps would be laid out worse. */
static __attribute__((noinline)) size_t take_in_turn(const struct fusion *fusion, size_t rows)
{
    return take_asking(fusion, rows, (struct step_shape){TURNS, 1, .in_turn = true});
}

INLINED size_t take_together(const struct fusion *fusion, size_t rows, bool halves)
{
    switch (fusion->way->shape.rows) {
    case 1:
        return take_in_turn(fusion, rows);
    case 2:
        return take_asking(fusion, rows, (struct step_shape){2, 1, .halves = halves});
    case 8:
        return take_asking(fusion, rows, (struct step_shape){8, 1, .halves = halves});
    default:
        return take_asking(fusion, rows, (struct step_shape){4, 1, .halves = halves});
    }
}

/* Rows that do not fill a step are four: which rows are taken in steps does not depend on the way.
 */
static size_t take_one(const struct fusion *fusion, size_t rows)
{
    const bool halves = LANES == 8 && fusion->way->shape.halves;
    size_t i = halves ? take_together(fusion, rows, true) : take_together(fusion, rows, false);
    return take_steps(fusion, i, rows, (struct step_shape){TOGETHER, 1, .ask = ASK_l1});
}

/* Steps of several models abreast, which ask as the way does: each row its own lines, or those that
 * come next. */
INLINED void take_models(const struct fusion *fusion, size_t rows, size_t models)
{
    if (ask_is_next(fusion->way->shape.ask))
        take_steps(fusion, 0, rows, (struct step_shape){TOGETHER, models, .ask = ASK_next1});
    else
        take_steps(fusion, 0, rows, (struct step_shape){TOGETHER, models, .ask = ASK_l1});
}

/* The first rows of both groups, of which there are `rows`, a multiple of TOGETHER. */
static void take_all(const struct fusion *fusion, size_t rows)
{
    switch (fusion->models) {
    case 1:
        take_one(fusion, rows);
        break;
    case 2:
        take_models(fusion, rows, 2);
        break;
    default:
        take_models(fusion, rows, ABREAST);
    }
}

/* z = x.w of one row */
static double row_sum(const struct one *one, const double *x, size_t d)
{
    return vector_dot(x, one->w, d);
}

/* g += x r of one row */
static void row_gradient(const struct one *one, const double *x, size_t d, double r)
{
#pragma omp simd
    for (size_t f = 0; f < d; f++)
        one->g[f] = multiply_add(x[f], r, one->g[f]);
}

/* The sums of rows [i, rows) that have no rows before them: in the same steps, whose gradient goes
 * where it is not looked for. */
static void take_sums(const struct fusion *fusion, size_t i, size_t rows)
{
    struct fusion apart = *fusion;
    apart.before = fusion->x;
    for (size_t m = 0; m < fusion->models; m++)
        apart.one[m].g = fusion->nowhere;
    for (size_t m = 0; m < fusion->models; m++) {
        apart.one[0] = apart.one[m];
        take_steps(&apart, i, rows, (struct step_shape){TOGETHER, 1, .ask = ASK_l1});
    }
}

/* The sums of a group of `rows` and the gradient of the one before it. The rows of the first group
 * and the last few are summed one by one; only they. */
static void sweep(const struct fusion *fusion, size_t rows)
{
    size_t d = fusion->features, before = fusion->rows_before;
    size_t fours = before > 0 ? rows / TOGETHER * TOGETHER : 0, both = fours;
    if (before < both)
        both = before;
    take_all(fusion, both);
    if (both < fours)
        take_sums(fusion, both, fours);
    for (const struct one *one = fusion->one; one < fusion->one + fusion->models; one++) {
        for (size_t j = fours; j < rows; j++)
            one->z[j] = row_sum(one, fusion->x + j * d, d);
        for (size_t j = both; j < before; j++)
            row_gradient(one, fusion->before + j * d, d, one->r[j]);
    }
}

static size_t group_rows(size_t features, size_t bytes)
{
    assert(features > 0);
    size_t rows = bytes / sizeof(double) / features / POINT_ROWS * POINT_ROWS;
    if (rows < POINT_ROWS)
        return POINT_ROWS;
    return rows < GROUP_ROWS ? rows : GROUP_ROWS;
}

/* From the sums of a group to its residuals. */
static void take_points(struct one *one, size_t rows, const double *y)
{
    for (size_t i = 0; i < rows; i++)
        one->z[i] += one->b;
    points_add_rows(&one->points, rows, y, one->z);
    double *residuals = one->z;
    one->z = one->r;
    one->r = residuals;
}

/* One group more; with no rows only the gradient of the last one. */
static void advance(struct fusion *fusion, size_t rows, const double *y)
{
    phase_block();
    sweep(fusion, rows);
    phase_done(PHASE_PRODUCTS);
    for (size_t m = 0; m < fusion->models; m++)
        take_points(&fusion->one[m], rows, y);
    phase_done(PHASE_LOSS);
    fusion->before = fusion->x;
    fusion->rows_before = rows;
}

/* Where a group lies as doubles. Those of float32 are made here, in the place of the group before
 * the last, for the nearest cache. */
static const double *group_at(struct fusion *fusion, const struct dataset *data, size_t i,
                              size_t rows)
{
    if (data->singles == NULL)
        return data->X + i * fusion->features;
    double *room = fusion->room[0];
    fusion->room[0] = fusion->room[1];
    fusion->room[1] = room;
    dataset_rows(data, i, rows, room);
    return room;
}

static void take_rows(const struct dataset *data, size_t row_begin, size_t row_end,
                      struct fusion *fusion)
{
    size_t most = group_rows(fusion->features, GROUP_BYTES);
    for (size_t i = row_begin; i < row_end; i += fusion->rows_before) {
        const size_t rows = row_end - i < most ? row_end - i : most;
        fusion->x = group_at(fusion, data, i, rows);
        advance(fusion, rows, data->y + i);
        if (data->singles == NULL) /* which have room for the first */
            most = group_rows(fusion->features, fusion->way->group);
    }
    advance(fusion, 0, NULL);
}

/* Doubles of one model. */
static size_t one_numbers(size_t features)
{
    return POINT_SUMS * POINT_ROWS + 2 * GROUP_ROWS + 2 * features;
}

static struct one open_one(const struct dataset *data, const struct models *models, size_t j,
                           double *numbers)
{
    size_t d = models->features;
    double *z = numbers + POINT_SUMS * POINT_ROWS, *w = z + 2 * GROUP_ROWS;
    models_copy_weights(models, j, w);
    memset(w + d, 0, d * sizeof *w);
    return (struct one){.w = w,
                        .b = models->b[j],
                        .g = w + d,
                        .z = z,
                        .r = z + GROUP_ROWS,
                        .points = points_open(data, POINT_ROWS, numbers)};
}

static void close_one(struct one *one, size_t j, size_t d, size_t k, const struct pass_sums *sums)
{
    for (size_t f = 0; f < d; f++)
        sums->G[f * k + j] += one->g[f];
    points_close_rows(&one->points, j, sums);
}

static void pass_way(const struct entry *way, const struct dataset *data, size_t row_begin,
                     size_t row_end, const struct models *models, const struct pass_sums *sums,
                     double *scratch)
{
    size_t d = data->features, k = models->count;
    for (size_t j = 0; j < k; j += ABREAST) {
        struct fusion fusion = {.way = (const struct fused_way *)(const void *)way,
                                .features = d,
                                .models = k - j < ABREAST ? k - j : ABREAST};
        for (size_t m = 0; m < fusion.models; m++)
            fusion.one[m] = open_one(data, models, j + m, scratch + m * one_numbers(d));
        fusion.nowhere = scratch + fusion.models * one_numbers(d);
        fusion.room[0] = fusion.nowhere + d;
        fusion.room[1] = fusion.room[0] + group_rows(d, GROUP_BYTES) * d;
        take_rows(data, row_begin, row_end, &fusion);
        for (size_t m = 0; m < fusion.models; m++)
            close_one(&fusion.one[m], j + m, d, k, sums);
    }
}

static void pass_fused(const struct dataset *data, size_t row_begin, size_t row_end,
                       const struct models *models, const struct pass_sums *sums, double *scratch)
{
    pass_way(fused_ways.entries[0], data, row_begin, row_end, models, sums, scratch);
}

static size_t scratch_fused(size_t rows, size_t features, size_t models)
{
    (void)rows;
    return (models < ABREAST ? models : ABREAST) * one_numbers(features) + features +
           2 * group_rows(features, GROUP_BYTES) * features;
}

/* X and y, once for the models that are taken abreast. */
static double bytes_fused(struct problem_size problem)
{
    return ceil(problem.models / (double)ABREAST) * bytes_one_reading(problem);
}

static struct phase_cost phase_cost_fused(enum phase phase, struct problem_size problem)
{
    const double readings = ceil(problem.models / (double)ABREAST);
    if (phase == PHASE_PRODUCTS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   readings * bytes_entries(problem)};
    if (phase == PHASE_LOSS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   readings * bytes_rows(problem)};
    return (struct phase_cost){0};
}

const struct kernel kernel_fused = {
    .entry = {"fused", "gradient descent of a few models: X is read once, at the speed of memory"},
    .takes = TAKES_DENSE | TAKES_SINGLES,
    .pass = pass_fused,
    .variants = &fused_ways,
    .pass_by = pass_way,
    .scratch = scratch_fused,
    .flops = pass_flops,
    .bytes = bytes_fused,
    .phase_cost = phase_cost_fused,
};
