/* SPDX-License-Identifier: MIT
 *
 * Sparse data: what is not stored costs nothing.
 *
 * A pass takes rows in blocks. First the sums z = x.w + b over the entries of each row, then the
 * residuals of the block, then g += x r, for which the entries are still in the nearest cache.
 * One model over values that are all 1 has a pass of its own (pass_incidence.h), of the same bits.
 *
 * A step of SGD must not touch all d weights, but lambda shrinks all of them. So the weights are
 * kept as a number times a vector (Bottou, "Stochastic gradient descent tricks", 2012),
 *
 *     w = s v:    s <- (1 - rate lambda) s,   v <- v + (step / s) x
 *
 * and s is multiplied into v when it leaves the range in which that is only a matter of rounding:
 * with rate lambda >= 1 it may be zero or negative at once.
 *
 * Values that are stored as float32 are made doubles as they come: products and sums are those of
 * the doubles that they are, and an entry takes 8 bytes in place of 12.
 *
 * Models lie side by side, and an entry is taken for all of them (row_sums.h). One model is the
 * same loop with a constant in the place of their number; every operation is the same, so the bits
 * of a model do not depend on its company.
 */
#include "kernels/lanes.h"
#include "kernels/pass_incidence.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"
#include "kernels/row_sums.h"

#include <string.h>

enum {
    BLOCK_ROWS = 64,  /* a multiple of POINT_ROWS */
    PASS_WIDEST = 32, /* models at once in a pass: sums of a block stay in the nearest cache */
    SGD_WIDEST = ROW_WIDEST,
    SAMPLES_AHEAD = 8, /* between asking for a row and using it */
    LINES_AHEAD = 4,   /* of its values and of its columns */
};

#define SMALLEST_SCALE 0x1p-256
#define LARGEST_SCALE 0x1p256

/* A row as training reads it; `single`, a constant where this is inlined: of float32. */
INLINED struct sample row_of(const struct dataset *data, size_t i, bool single)
{
    if (!single)
        return sparse_sample(data, i);
    const size_t start = data->starts[i];
    return (struct sample){.count = data->ends[i] - start,
                           .singles = (const float *)data->stored.values + start,
                           .columns = data->columns + start};
}

/* --- A pass -------------------------------------------------------------------------------- */

/* The models [first, first + count) of a pass. */
struct panel {
    const struct models *models;
    const struct pass_sums *sums;
    size_t first, count;
    double *z; /* (count, BLOCK_ROWS) */
    struct points points[PASS_WIDEST];
};

INLINED void take_rows(struct panel *panel, const struct dataset *data, size_t begin, size_t rows,
                       size_t models, bool single)
{
    const size_t stride = panel->models->count;
    double row[PASS_WIDEST];
    const double *W = panel->models->W + panel->first, *b = panel->models->b + panel->first;
    double *G = panel->sums->G + panel->first;
    phase_block();
    for (size_t i = 0; i < rows; i++) {
        const struct sample x = row_of(data, begin + i, single);
        sparse_sum_of(&x, single, W, stride, models, row);
        for (size_t j = 0; j < models; j++)
            panel->z[j * BLOCK_ROWS + i] = row[j] + b[j];
    }
    phase_done(PHASE_FORWARD);
    if (panel->models->row_parts == NULL)
        for (size_t j = 0; j < models; j++) /* r = c (p - y) */
            points_add_rows(&panel->points[j], rows, data->y + begin, panel->z + j * BLOCK_ROWS);
    else
        for (size_t j = 0; j < models; j++)
            points_add_rows_parts(&panel->points[j], rows, data->y + begin,
                                  panel->models->row_parts + begin, panel->z + j * BLOCK_ROWS);
    phase_done(PHASE_LOSS);
    if (panel->sums->residuals != NULL)
        memcpy(panel->sums->residuals + begin, panel->z, rows * sizeof *panel->z);
    for (size_t i = 0; i < rows; i++) {
        const struct sample x = row_of(data, begin + i, single);
        for (size_t j = 0; j < models; j++)
            row[j] = panel->z[j * BLOCK_ROWS + i];
        sparse_add_of(&x, single, G, stride, models, row); /* G = G + x' r */
    }
    phase_done(PHASE_GRADIENT);
}

static void take_rows_of_one(struct panel *panel, const struct dataset *data, size_t begin,
                             size_t rows)
{
    if (dataset_is_stored(data))
        take_rows(panel, data, begin, rows, 1, true);
    else
        take_rows(panel, data, begin, rows, 1, false);
}

static void take_rows_of_many(struct panel *panel, const struct dataset *data, size_t begin,
                              size_t rows)
{
    if (dataset_is_stored(data))
        take_rows(panel, data, begin, rows, panel->count, true);
    else
        take_rows(panel, data, begin, rows, panel->count, false);
}

/* The layout for one model, where the rows have it; or NULL. */
static const struct incidence_block *incidence_of(const struct dataset *data, size_t row_begin,
                                                  size_t row_end, const struct models *models)
{
    if (data->incidence == NULL || models->count > 1 || models->row_parts != NULL)
        return NULL;
    return incidence_find(data->incidence, row_begin, row_end);
}

/* The sums of model `j` of the pass, of which this is the `place`-th. */
static struct points open_points(const struct dataset *data, const struct models *models, size_t j,
                                 size_t place, double *scratch)
{
    double *numbers = scratch + place * POINT_SUMS_PARTS * POINT_ROWS;
    return models->row_parts == NULL
               ? points_open(data, POINT_ROWS, numbers)
               : points_open_parts(data, POINT_ROWS, models->parts + j, 1, numbers);
}

static void pass_sparse(const struct dataset *data, size_t row_begin, size_t row_end,
                        const struct models *models, const struct pass_sums *sums, double *scratch)
{
    const struct incidence_block *block = incidence_of(data, row_begin, row_end, models);
    if (block != NULL) {
        struct points points = points_open(data, POINT_ROWS, scratch);
        pass_incidence(data, block, row_end, models, sums, &points,
                       scratch + POINT_SUMS * POINT_ROWS);
        points_close_rows(&points, 0, sums);
        return;
    }
    for (size_t first = 0; first < models->count; first += PASS_WIDEST) {
        size_t left = models->count - first, count = left < PASS_WIDEST ? left : PASS_WIDEST;
        struct panel panel = {.models = models, .sums = sums, .first = first, .count = count};
        panel.z = scratch + count * POINT_SUMS_PARTS * POINT_ROWS;
        for (size_t j = 0; j < count; j++)
            panel.points[j] = open_points(data, models, first + j, j, scratch);
        for (size_t i = row_begin; i < row_end; i += BLOCK_ROWS) {
            size_t rows = row_end - i < BLOCK_ROWS ? row_end - i : BLOCK_ROWS;
            (count == 1 ? take_rows_of_one : take_rows_of_many)(&panel, data, i, rows);
        }
        for (size_t j = 0; j < count; j++)
            points_close_rows(&panel.points[j], first + j, sums);
    }
}

static size_t scratch_sparse(size_t rows, size_t features, size_t models)
{
    (void)features;
    size_t most = models < PASS_WIDEST ? models : PASS_WIDEST;
    size_t several = most * (POINT_SUMS_PARTS * POINT_ROWS + BLOCK_ROWS);
    size_t one = POINT_SUMS * POINT_ROWS + (rows < INCIDENCE_ROWS ? rows : INCIDENCE_ROWS);
    return several > one ? several : one;
}

/* What a pass reads, by entries and beside them: of the second layout a column and a row for each
 * entry, and of each row its place and its label. */
static struct phase_cost cost_of_phase(enum phase phase, struct problem_size problem)
{
    const double place = sizeof(uint16_t);
    struct phase_cost cost = phase_cost_one_reading(phase, problem);
    if (!problem.ones)
        return cost;
    if (phase == PHASE_FORWARD)
        cost.bytes = place * (problem.entries + problem.rows);
    if (phase == PHASE_LOSS)
        cost.bytes = sizeof(double) * problem.rows;
    if (phase == PHASE_GRADIENT)
        cost.bytes = place * problem.entries;
    return cost;
}

static double bytes_of_pass(struct problem_size problem)
{
    double bytes = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        bytes += cost_of_phase(phase, problem).bytes;
    return bytes;
}

/* --- SGD ----------------------------------------------------------------------------------- */

/* s of every lane, and 1 / s. Where no lane shrinks both stay 1. */
struct scales {
    bool shrink;
    double s[SGD_WIDEST], inverse[SGD_WIDEST];
};

/* v <- s v, s <- 1 for one lane */
static void fold(const struct lanes *lanes, struct scales *scales, size_t lane, size_t d)
{
    for (size_t f = 0; f < d; f++)
        lanes->W[f * lanes->width + lane] *= scales->s[lane];
    scales->s[lane] = scales->inverse[lane] = 1.0;
}

INLINED bool is_outside(double s)
{
    double size = fabs(s);
    return !(size >= SMALLEST_SCALE) | !(size <= LARGEST_SCALE);
}

static void fold_outside(const struct lanes *lanes, struct scales *scales, size_t d)
{
    for (size_t j = 0; j < lanes->width; j++)
        if (is_outside(scales->s[j]))
            fold(lanes, scales, j, d);
}

static void fold_all(const struct lanes *lanes, struct scales *scales, size_t d)
{
    for (size_t j = 0; j < lanes->width; j++)
        if (scales->s[j] != 1.0)
            fold(lanes, scales, j, d);
}

/* s <- shrink s; true when one of them has to be folded. */
INLINED bool shrink_scales(struct scales *scales, const double *restrict shrink, size_t width)
{
    int outside = 0;
#pragma omp simd reduction(| : outside)
    for (size_t j = 0; j < width; j++) {
        double s = shrink[j] * scales->s[j];
        scales->s[j] = s;
        scales->inverse[j] = 1.0 / s;
        outside |= is_outside(s);
    }
    return outside != 0;
}

INLINED void prefetch_row(const struct sgd_epoch *epoch, size_t i)
{
    enum { LINE = 64 };
    if (epoch->order == NULL || i >= epoch->data->rows)
        return;
    size_t start = epoch->data->starts[epoch->order[i]];
    const char *values = dataset_is_stored(epoch->data)
                             ? (const char *)((const float *)epoch->data->stored.values + start)
                             : (const char *)(epoch->data->values + start);
    const char *columns = (const char *)(epoch->data->columns + start);
    for (size_t line = 0; line < LINES_AHEAD; line++) {
        __builtin_prefetch(values + line * LINE);
        __builtin_prefetch(columns + line * LINE);
    }
}

/* `width` is a constant where this is inlined for one model. */
INLINED void run(const struct sgd_epoch *epoch, const struct lanes *of, size_t width, bool single)
{
    const struct dataset *data = epoch->data;
    struct lanes lanes = *of;
    lanes.width = width;
    struct scales scales = {.shrink = false};
    double z[SGD_WIDEST], steps[SGD_WIDEST];
    for (size_t j = 0; j < width; j++) {
        scales.s[j] = scales.inverse[j] = 1.0;
        scales.shrink |= lanes.shrink[j] != 1.0;
    }
    for (size_t i = 0; i < data->rows; i++) {
        size_t row = sgd_epoch_row(epoch, i);
        const struct sample x = row_of(data, row, single);
        prefetch_row(epoch, i + SAMPLES_AHEAD);
        sparse_sum_of(&x, single, lanes.W, width, width, z);
        for (size_t j = 0; j < width; j++)
            z[j] *= scales.s[j];
        lanes_steps(&lanes, data, data->y[row], epoch->activation, z, steps);
        if (scales.shrink && shrink_scales(&scales, lanes.shrink, width))
            fold_outside(&lanes, &scales, data->features);
        for (size_t j = 0; j < width; j++) {
            lanes.b[j] += steps[j];
            steps[j] *= scales.inverse[j];
        }
        sparse_add_of(&x, single, lanes.W, width, width, steps); /* v = v + (step / s) x */
    }
    fold_all(&lanes, &scales, data->features);
}

static void run_one(const struct sgd_epoch *epoch, const struct lanes *lanes)
{
    if (dataset_is_stored(epoch->data))
        run(epoch, lanes, 1, true);
    else
        run(epoch, lanes, 1, false);
}

static void run_many(const struct sgd_epoch *epoch, const struct lanes *lanes)
{
    if (dataset_is_stored(epoch->data))
        run(epoch, lanes, lanes->width, true);
    else
        run(epoch, lanes, lanes->width, false);
}

static size_t lanes_for(size_t models)
{
    return models == 1 ? 1 : round_up_to_lanes(models);
}

static void sgd_epoch_sparse(const struct sgd_epoch *epoch, const struct models *models,
                             size_t first, size_t count, double *scratch)
{
    for (size_t j = 0; j < count; j += SGD_WIDEST) {
        size_t most = count - j < SGD_WIDEST ? count - j : SGD_WIDEST;
        struct lanes lanes = lanes_open(epoch, models, first + j, most, lanes_for(most), scratch);
        (most == 1 ? run_one : run_many)(epoch, &lanes);
        lanes_close(&lanes, models);
    }
}

static size_t sgd_scratch_sparse(size_t features, size_t models)
{
    return lanes_numbers(features, lanes_for(models < SGD_WIDEST ? models : SGD_WIDEST));
}

const struct kernel kernel_sparse = {
    .entry = {"sparse", "sparse data: passes and SGD of any number of models, by stored entries"},
    .takes = TAKES_SPARSE | TAKES_SPARSE_NARROW,
    .pass = pass_sparse,
    .scratch = scratch_sparse,
    .keeps_residuals = true,
    .leaves_parts = true,
    .sgd_epoch = sgd_epoch_sparse,
    .sgd_scratch = sgd_scratch_sparse,
    .flops = pass_flops,
    .bytes = bytes_of_pass,
    .phase_cost = cost_of_phase,
};
