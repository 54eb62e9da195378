/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of one model from one reading of rows that are stored in fewer bits.
 *
 * As in kernel_fused.c the sums of a group of rows and the gradient of the group before it are
 * taken in one loop, four rows at a time, so that X comes from memory once. It is the same limit,
 * the time to read X, with fewer bytes; so products are floats, of which a vector holds twice as
 * many, and narrow.h says how far that is from exact. Units of columns are multiplied into the
 * weights before a pass, and into the gradient after it:
 *
 *     z = q (s w) + b        G = s (q' r)        x = s q
 *
 * The gradient is added up in floats over NARROW_SUMS rows at most, then in doubles. What is not
 * finite in floats is taken again, in doubles: a sum of a row, or the gradient of the rows since
 * the floats were last empty, whose residuals are kept for that.
 *
 * Several models are taken one after the other.
 */
#include "kernels/kernel.h"
#include "kernels/narrow/narrow.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"

#include <assert.h>

enum {
    GROUP_BYTES = 8192, /* of X: two groups lie in the nearest cache, with w and g */
    TOGETHER = 4,       /* rows in one step */
    LINE = 64,          /* bytes of a line */
};

/* One way of doing the pass: which lines are asked for, those ahead of each row of a step or those
 * that come next in memory, and how far ahead at least. As in kernel_fused.c, none changes a bit.
 */
struct narrow_way {
    struct entry entry;
    bool next;
    size_t ahead; /* bytes */
};

#define WAY(name_, text_, next_, ahead_)                                                           \
    &(const struct narrow_way){.entry = {name_, text_}, .next = (next_), .ahead = (ahead_)*1024}   \
         .entry
static const struct entry *const ways[] = {
    WAY("row-4k", "asks for lines of each row, 4 KiB ahead", false, 4),
    WAY("next-4k", "asks for the lines that come next, 4 KiB ahead", true, 4),
    WAY("next-16k", "asks for the lines that come next, 16 KiB ahead", true, 16),
};
#undef WAY
static const struct table narrow_ways = TABLE("variant of fused-narrow", ways);

/* Where a pass is at. */
struct fusion {
    const struct narrow_way *way;
    const struct dataset *data;
    size_t features, stride;  /* d, and bytes from one row to the next */
    const char *x, *before;   /* this group of rows and the one before */
    size_t rows_before;       /* 0: there is none */
    size_t row;               /* of the data: the first of this group */
    const double *w;          /* (d) */
    double b;                 /* bias */
    float *w_floats;          /* (d, padded) s w */
    float *g_floats;          /* (d, padded) of the rows since `since` */
    double *g;                /* (d) in units of the columns */
    double *z;                /* (NARROW_SUMS) of this group: sums, then residuals */
    float *r;                 /* (NARROW_SUMS) residuals of the group before */
    double *kept;             /* (NARROW_SUMS) residuals of the rows in g_floats */
    size_t since, kept_count; /* the first of them, and how many there are */
    double *wide;             /* (d) a row in doubles */
    struct points points;
};

/* --- Sums and gradient --------------------------------------------------------------------- */

/* What is asked for with the vector f of row p of a step. Vectors shorter than a line ask for it
 * once. */
INLINED void ask(enum storage storage, bool next, const char *ahead, size_t stride, size_t f,
                 size_t p, size_t rows)
{
    const size_t width = narrow_width(storage), bytes = FLOATS * width;
    if (next) {
        if (p * bytes % LINE == 0 && (rows * bytes % LINE == 0 || rows * f * width % LINE == 0))
            __builtin_prefetch(ahead + rows * f * width + p * bytes);
    } else if (bytes % LINE == 0 || f * width % LINE == 0) {
        __builtin_prefetch(ahead + p * stride + f * width);
    }
}

/* For `rows` rows, a constant where this is inlined: z = q w, and g += before' r. */
INLINED void take_step(enum storage storage, bool next, const struct fusion *fusion, size_t i,
                       size_t rows)
{
    const size_t width = narrow_width(storage), d = fusion->features, stride = width * d;
    const size_t least = TOGETHER * stride, wanted = fusion->way->ahead;
    const char *x = fusion->x + i * stride, *before = fusion->before + i * stride;
    const char *const ahead = x + (least > wanted ? least : wanted);
    floats r[TOGETHER];
    quad z = {0};
    UNROLLED_LOOP
    for (size_t p = 0; p < rows; p++)
        r[p] = floats_of(fusion->r[i + p]);
    for (size_t f = 0; f < d;) {
        const size_t end = d - f > NARROW_SUMS * FLOATS ? f + NARROW_SUMS * FLOATS : d;
        floats part[TOGETHER] = {0};
        for (; f < end; f += FLOATS) {
            const floats w = *floats_at(fusion->w_floats + f);
            floats g = *floats_at(fusion->g_floats + f);
            UNROLLED_LOOP
            for (size_t p = 0; p < rows; p++) {
                ask(storage, next, ahead, stride, f, p, rows);
                part[p] = floats_multiply_add(narrow_load(storage, x + p * stride, f), w, part[p]);
                g = floats_multiply_add(narrow_load(storage, before + p * stride, f), r[p], g);
            }
            *floats_at(fusion->g_floats + f) = g;
        }
        quad_add_floats(&z, part);
    }
    UNROLLED_LOOP
    for (size_t p = 0; p < rows; p++)
        fusion->z[i + p] = z[p];
}

/* z = q w of one row */
INLINED void take_sum(enum storage storage, const struct fusion *fusion, size_t i)
{
    const char *x = fusion->x + i * fusion->stride;
    quad z = {0};
    for (size_t f = 0, d = fusion->features; f < d;) {
        const size_t end = d - f > NARROW_SUMS * FLOATS ? f + NARROW_SUMS * FLOATS : d;
        floats part[TOGETHER] = {0};
        for (; f < end; f += FLOATS)
            part[0] = floats_multiply_add(narrow_load(storage, x, f),
                                          *floats_at(fusion->w_floats + f), part[0]);
        quad_add_floats(&z, part);
    }
    fusion->z[i] = z[0];
}

/* g += before' r of one row */
INLINED void take_gradient(enum storage storage, const struct fusion *fusion, size_t i)
{
    const char *before = fusion->before + i * fusion->stride;
    const floats r = floats_of(fusion->r[i]);
    for (size_t f = 0; f < fusion->features; f += FLOATS) {
        floats *g = floats_at(fusion->g_floats + f);
        *g = floats_multiply_add(narrow_load(storage, before, f), r, *g);
    }
}

/* --- Between floats and doubles ------------------------------------------------------------ */

/* The gradient of the rows since the floats were empty, again in doubles. */
static void gradient_again(const struct fusion *fusion)
{
    for (size_t f = 0; f < fusion->features; f++)
        fusion->wide[f] = 0.0;
    double *sum = fusion->wide + fusion->features;
    for (size_t i = 0; i < fusion->kept_count; i++) {
        stored_row(fusion->data, fusion->since + i, sum);
        for (size_t f = 0; f < fusion->features; f++)
            fusion->wide[f] = multiply_add(sum[f], fusion->kept[i], fusion->wide[f]);
    }
    const double *units = fusion->data->stored.units;
    for (size_t f = 0; f < fusion->features; f++)
        fusion->g[f] += fusion->wide[f] / (units != NULL ? units[f] : 1.0);
}

/* Empties the floats of the gradient into its doubles. */
static void flush(struct fusion *fusion)
{
    const size_t d = fusion->features;
    float *g = fusion->g_floats, nothing = 0.0F; /* or NaN */
#pragma omp simd reduction(+ : nothing)
    for (size_t f = 0; f < d; f++)
        nothing += g[f] * 0.0F;
    if (__builtin_expect(nothing == 0.0F, 1))
        for (size_t f = 0; f < d; f++)
            fusion->g[f] += (double)g[f];
    else
        gradient_again(fusion);
    memset(g, 0, round_up_to_floats(d) * sizeof *g);
    fusion->since += fusion->kept_count;
    fusion->kept_count = 0;
}

/* A sum that is not finite in floats, again in doubles. */
static void sums_again(const struct fusion *fusion, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        if (isfinite(fusion->z[i]))
            continue;
        stored_row(fusion->data, fusion->row + i, fusion->wide);
        fusion->z[i] = vector_dot(fusion->wide, fusion->w, fusion->features);
    }
}

/* From the sums of a group to its residuals, which are kept until the floats are emptied. */
static void take_points(struct fusion *fusion, size_t rows, const double *y)
{
    if (__builtin_expect(!narrow_finite(fusion->z, rows), 0))
        sums_again(fusion, rows);
    for (size_t i = 0; i < rows; i++)
        fusion->z[i] += fusion->b;
    points_add_rows(&fusion->points, rows, y, fusion->z);
    if (fusion->kept_count + rows > NARROW_SUMS)
        flush(fusion);
    for (size_t i = 0; i < rows; i++) {
        fusion->r[i] = (float)fusion->z[i];
        fusion->kept[fusion->kept_count + i] = fusion->z[i];
    }
    fusion->kept_count += rows;
}

/* --- A pass -------------------------------------------------------------------------------- */

/* The sums of a group of `rows` and the gradient of the one before it. */
INLINED void sweep(enum storage storage, const struct fusion *fusion, size_t rows)
{
    size_t both = rows < fusion->rows_before ? rows : fusion->rows_before, i = 0;
    if (fusion->way->next)
        for (; i + TOGETHER <= both; i += TOGETHER)
            take_step(storage, true, fusion, i, TOGETHER);
    else
        for (; i + TOGETHER <= both; i += TOGETHER)
            take_step(storage, false, fusion, i, TOGETHER);
    for (size_t j = i; j < rows; j++)
        take_sum(storage, fusion, j);
    for (size_t j = i; j < fusion->rows_before; j++)
        take_gradient(storage, fusion, j);
}

/* One group more; with no rows only the gradient of the last one. */
INLINED void advance(enum storage storage, struct fusion *fusion, size_t rows, const double *y)
{
    phase_block();
    sweep(storage, fusion, rows);
    phase_done(PHASE_PRODUCTS);
    take_points(fusion, rows, y);
    phase_done(PHASE_LOSS);
    fusion->before = fusion->x;
    fusion->rows_before = rows;
    fusion->x += rows * fusion->stride;
    fusion->row += rows;
}

static size_t group_rows(const struct fusion *fusion)
{
    assert(fusion->stride > 0);
    size_t rows = GROUP_BYTES / fusion->stride / POINT_ROWS * POINT_ROWS;
    if (rows < POINT_ROWS)
        return POINT_ROWS;
    return rows < NARROW_SUMS ? rows : NARROW_SUMS;
}

INLINED void take_rows(enum storage storage, struct fusion *fusion, size_t row_end)
{
    const size_t most = group_rows(fusion);
    const double *y = fusion->data->y;
    for (size_t i = fusion->row; i < row_end; i += most)
        advance(storage, fusion, row_end - i < most ? row_end - i : most, y + i);
    advance(storage, fusion, 0, NULL);
    flush(fusion);
}

static void take_float32(struct fusion *fusion, size_t row_end)
{
    take_rows(STORAGE_FLOAT32, fusion, row_end);
}

static void take_bfloat16(struct fusion *fusion, size_t row_end)
{
    take_rows(STORAGE_BFLOAT16, fusion, row_end);
}

static void take_int8(struct fusion *fusion, size_t row_end)
{
    take_rows(STORAGE_INT8, fusion, row_end);
}

/* Doubles of a pass: points, z and what is kept of residuals, w and g, two rows; and floats. */
static size_t scratch_fused_narrow(size_t rows, size_t features, size_t models)
{
    (void)rows, (void)models;
    return POINT_SUMS * POINT_ROWS + 2 * NARROW_SUMS + 4 * features +
           doubles_of_floats(NARROW_SUMS + 2 * round_up_to_floats(features)) +
           LINE / sizeof(double);
}

/* The next line: a vector that lies on two of them is two loads. */
static float *at_line(double *x)
{
    const uintptr_t behind = (uintptr_t)x % LINE;
    return (float *)(void *)((char *)x + (behind > 0 ? LINE - behind : 0));
}

static struct fusion fusion_open(const struct entry *way, const struct dataset *data,
                                 const struct models *models, size_t j, size_t row_begin,
                                 double *numbers)
{
    const size_t d = data->features, padded = round_up_to_floats(d);
    const double *units = data->stored.units;
    double *z = numbers + POINT_SUMS * POINT_ROWS, *w = z + 2 * NARROW_SUMS;
    float *singles = at_line(w + 4 * d);
    memset(w, 0, 4 * d * sizeof *w);
    memset(singles, 0, (NARROW_SUMS + 2 * padded) * sizeof *singles);
    models_copy_weights(models, j, w);
    for (size_t f = 0; f < d; f++)
        singles[NARROW_SUMS + f] = (float)(units != NULL ? units[f] * w[f] : w[f]);
    return (struct fusion){
        .way = (const struct narrow_way *)(const void *)way,
        .data = data,
        .features = d,
        .stride = stored_stride(data),
        .x = (const char *)data->stored.values + row_begin * stored_stride(data),
        .row = row_begin,
        .since = row_begin,
        .w = w,
        .b = models->b[j],
        .w_floats = singles + NARROW_SUMS,
        .g_floats = singles + NARROW_SUMS + padded,
        .g = w + d,
        .z = z,
        .r = singles,
        .kept = z + NARROW_SUMS,
        .wide = w + 2 * d,
        .points = points_open(data, POINT_ROWS, numbers),
    };
}

static void fusion_close(struct fusion *fusion, size_t j, size_t k, const struct pass_sums *sums)
{
    const double *units = fusion->data->stored.units;
    for (size_t f = 0; f < fusion->features; f++)
        sums->G[f * k + j] += units != NULL ? units[f] * fusion->g[f] : fusion->g[f];
    points_close_rows(&fusion->points, j, sums);
}

static void pass_way(const struct entry *way, const struct dataset *data, size_t row_begin,
                     size_t row_end, const struct models *models, const struct pass_sums *sums,
                     double *scratch)
{
    for (size_t j = 0; j < models->count; j++) {
        struct fusion fusion = fusion_open(way, data, models, j, row_begin, scratch);
        switch (precision_of(data->stored.precision)->storage) {
        case STORAGE_FLOAT32:
            take_float32(&fusion, row_end);
            break;
        case STORAGE_BFLOAT16:
            take_bfloat16(&fusion, row_end);
            break;
        default:
            take_int8(&fusion, row_end);
        }
        fusion_close(&fusion, j, models->count, sums);
    }
}

static void pass_fused_narrow(const struct dataset *data, size_t row_begin, size_t row_end,
                              const struct models *models, const struct pass_sums *sums,
                              double *scratch)
{
    pass_way(ways[0], data, row_begin, row_end, models, sums, scratch);
}

static struct phase_cost phase_cost_fused_narrow(enum phase phase, struct problem_size problem)
{
    if (phase == PHASE_PRODUCTS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   problem.models * bytes_entries(problem)};
    if (phase == PHASE_LOSS)
        return (struct phase_cost){pass_phase_flops(phase, problem),
                                   problem.models * bytes_rows(problem)};
    return (struct phase_cost){0};
}

const struct kernel kernel_fused_narrow = {
    .entry = {"fused-narrow", "gradient descent of one model on features in fewer bits: X is read "
                              "once, at the speed of memory"},
    .takes = TAKES_NARROW,
    .pass = pass_fused_narrow,
    .variants = &narrow_ways,
    .pass_by = pass_way,
    .scratch = scratch_fused_narrow,
    .flops = pass_flops,
    .bytes = bytes_one_reading_a_model,
    .phase_cost = phase_cost_fused_narrow,
};
