/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of many models from one reading of rows that are stored in fewer bits, at the
 * speed of a product of matrices of floats, which is twice that of doubles.
 *
 * As in kernel_batched.c rows are taken in blocks and models in panels. With a block Q of what is
 * stored, made floats where it is not, and the units s of columns,
 *
 *     Z = Q (s W) + 1 b'         in floats over NARROW_SUMS features, then in doubles
 *     R = sigmoid(Z) - y 1'      in doubles
 *     G = G + s (Q' R)           in floats over NARROW_SUMS rows, then in doubles
 *
 * within the bounds of narrow.h. What is not finite in floats
 * is taken again in doubles: a sum, or the share of the block in the gradient of a model, which
 * then has a place of its own until it is known to be finite. Mostly the largest number that is
 * stored, with the largest weight and residual, tells that all are, and nobody looks.
 *
 * Every sum runs over features, or rows, in ascending order: the bits of a model are the same in
 * any company, also alone.
 */
#include "kernels/kernel.h"
#include "kernels/narrow/tile_narrow.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"

#include <assert.h>

enum {
    BLOCK_BYTES = 262144, /* of floats: what most second-level caches hold beside the panels */
    BLOCK_ROWS = 256,     /* at most: Z and R of a panel then lie in that cache too */
    PANELS_MOST = 8,      /* that share a reading of X */
};

/* Models [first, first + models) of the pass. */
struct panel {
    size_t first, models, lanes;
    bool overflows; /* may its sums? */
    double *b;      /* (lanes) */
    double *G;      /* (d, lanes) in units of the columns */
    double *share;  /* (d, lanes) of this block in it */
    float *W;       /* (d, lanes) s W */
    struct points points;
};

/* What all panels work with. */
struct batch {
    const struct dataset *data;
    const struct models *models;
    size_t features, row, rows; /* d; the rows of this block */
    const float *Q;             /* (rows, d) */
    float *block;               /* (BLOCK_ROWS, d) Q, where it is not stored as floats */
    double *Z;                  /* (BLOCK_ROWS, NARROW_PANEL) */
    float *R;                   /* (BLOCK_ROWS, NARROW_PANEL) */
    double *wide;               /* (d) a row in doubles */
    bool overflows;             /* may the gradient? */
    struct ahead ahead;         /* the block that follows, asked for while this one is worked on */
    size_t count;               /* panels */
    struct panel panels[PANELS_MOST];
};

static size_t block_rows(size_t features)
{
    return rows_of_block(BLOCK_BYTES / sizeof(float), features, TILE_ROWS, BLOCK_ROWS);
}

/* --- Once in doubles ----------------------------------------------------------------------- */

/* The sums that are not finite, again. */
static void sums_again(const struct batch *batch, const struct panel *panel)
{
    const size_t d = batch->features, k = batch->models->count, lanes = panel->lanes;
    for (size_t i = 0; i < batch->rows; i++) {
        double *z = batch->Z + i * lanes;
        if (narrow_finite(z, panel->models))
            continue;
        stored_row(batch->data, batch->row + i, batch->wide);
        for (size_t j = 0; j < panel->models; j++) {
            if (isfinite(z[j]))
                continue;
            z[j] = panel->b[j];
            for (size_t f = 0; f < d; f++)
                z[j] =
                    multiply_add(batch->wide[f], batch->models->W[f * k + panel->first + j], z[j]);
        }
    }
}

/* The share of model j in the gradient, again. R is still in Z, in doubles. */
static void share_again(const struct batch *batch, const struct panel *panel, size_t j)
{
    const size_t d = batch->features, lanes = panel->lanes;
    const double *units = batch->data->stored.units;
    for (size_t f = 0; f < d; f++)
        panel->share[f * lanes + j] = 0.0;
    for (size_t i = 0; i < batch->rows; i++) {
        stored_row(batch->data, batch->row + i, batch->wide);
        for (size_t f = 0; f < d; f++) {
            const double q = units != NULL ? batch->wide[f] / units[f] : batch->wide[f];
            panel->share[f * lanes + j] =
                multiply_add(q, batch->Z[i * lanes + j], panel->share[f * lanes + j]);
        }
    }
}

static bool share_is_finite(const struct panel *panel, size_t d, size_t j)
{
    bool finite = true;
    for (size_t f = 0; f < d; f++)
        finite = finite && isfinite(panel->share[f * panel->lanes + j]);
    return finite;
}

static void shares_again(const struct batch *batch, const struct panel *panel)
{
    for (size_t j = 0; j < panel->models; j++)
        if (!share_is_finite(panel, batch->features, j))
            share_again(batch, panel, j);
}

/* --- A block for a panel ------------------------------------------------------------------- */

static void take_sums(struct batch *batch, const struct panel *panel)
{
    const struct product_narrow forward = {.rows = batch->rows,
                                           .depth = batch->features,
                                           .lanes = panel->lanes,
                                           .A = batch->Q,
                                           .row_stride = batch->features,
                                           .depth_stride = 1,
                                           .B = panel->W,
                                           .C = batch->Z,
                                           .ahead = &batch->ahead};
    for (size_t i = 0; i < batch->rows; i++)
        memcpy(batch->Z + i * panel->lanes, panel->b, panel->lanes * sizeof *batch->Z);
    tile_multiply_narrow(&forward);
    if (panel->overflows && !narrow_finite(batch->Z, batch->rows * panel->lanes))
        sums_again(batch, panel);
}

static void take_gradient(struct batch *batch, const struct panel *panel)
{
    const size_t lanes = panel->lanes, d = batch->features;
    const struct product_narrow backward = {.rows = d,
                                            .depth = batch->rows,
                                            .lanes = lanes,
                                            .A = batch->Q,
                                            .row_stride = 1,
                                            .depth_stride = d,
                                            .B = batch->R,
                                            .C = batch->overflows ? panel->share : panel->G,
                                            .ahead = &batch->ahead};
    for (size_t i = 0; i < batch->rows * lanes; i++)
        batch->R[i] = (float)batch->Z[i];
    if (batch->overflows)
        memset(panel->share, 0, d * lanes * sizeof *panel->share);
    tile_multiply_narrow(&backward);
    if (!batch->overflows)
        return;
    if (!narrow_finite(panel->share, d * lanes))
        shares_again(batch, panel);
#pragma omp simd
    for (size_t i = 0; i < d * lanes; i++)
        panel->G[i] += panel->share[i];
}

static void take_panel(struct batch *batch, struct panel *panel)
{
    phase_block();
    take_sums(batch, panel);
    phase_done(PHASE_FORWARD);
    points_add_models(&panel->points, batch->rows, batch->data->y + batch->row, batch->Z);
    phase_done(PHASE_LOSS);
    take_gradient(batch, panel);
    phase_done(PHASE_GRADIENT);
}

/* --- A pass -------------------------------------------------------------------------------- */

INLINED void widen(enum storage storage, const struct batch *batch)
{
    const size_t count = batch->rows * batch->features;
    const char *from =
        (const char *)batch->data->stored.values + batch->row * stored_stride(batch->data);
    for (size_t i = 0; i < count; i += FLOATS)
        *floats_at(batch->block + i) = narrow_load(storage, from, i);
}

/* The `next` rows behind those of this block: a share with every step of a tile. */
static struct ahead block_ahead(const struct batch *batch, size_t next)
{
    const size_t d = batch->features, rows = batch->rows, stride = stored_stride(batch->data);
    const size_t forward = (rows + TILE_ROWS - 1) / TILE_ROWS * d;
    const size_t backward = (d + TILE_ROWS - 1) / TILE_ROWS * rows;
    return (struct ahead){(const char *)batch->data->stored.values + (batch->row + rows) * stride,
                          next * stride / (batch->count * (forward + backward)) + 1};
}

/* Where the block's rows lie as floats. */
static const float *block_floats(const struct batch *batch)
{
    switch (precision_of(batch->data->stored.precision)->storage) {
    case STORAGE_FLOAT32:
        return (const float *)batch->data->stored.values + batch->row * batch->features;
    case STORAGE_BFLOAT16:
        widen(STORAGE_BFLOAT16, batch);
        return batch->block;
    default:
        widen(STORAGE_INT8, batch);
        return batch->block;
    }
}

/* Doubles of a panel, and of what all of them share. */
static size_t panel_doubles(size_t features, size_t lanes)
{
    return (2 * features + 1 + POINT_SUMS) * lanes + doubles_of_floats(features * lanes);
}

static size_t common_doubles(size_t features)
{
    return BLOCK_ROWS * NARROW_PANEL + features + doubles_of_floats(BLOCK_ROWS * NARROW_PANEL) +
           doubles_of_floats(block_rows(features) * features + FLOATS);
}

static struct panel panel_open(const struct dataset *data, const struct models *models,
                               size_t first, double *numbers)
{
    const size_t d = models->features, k = models->count;
    const double *units = data->stored.units;
    struct panel panel = {.first = first,
                          .models = models_of_panel(k - first, FLOATS, TILE_VECTORS)};
    panel.lanes = round_up_to_floats(panel.models);
    panel.b = numbers + POINT_SUMS * panel.lanes;
    panel.G = panel.b + panel.lanes;
    panel.share = panel.G + d * panel.lanes;
    panel.W = (float *)(void *)(panel.share + d * panel.lanes);
    memset(numbers, 0, panel_doubles(d, panel.lanes) * sizeof *numbers);
    double largest = 0.0;
    for (size_t f = 0; f < d; f++)
        for (size_t j = 0; j < panel.models; j++) {
            const double w = models->W[f * k + first + j];
            const double weight = units != NULL ? units[f] * w : w;
            panel.W[f * panel.lanes + j] = (float)weight;
            largest = isnan(weight) ? INFINITY : fmax(largest, fabs(weight));
        }
    panel.overflows = narrow_overflows(data, largest);
    memcpy(panel.b, models->b + first, panel.models * sizeof(double));
    panel.points = points_open(data, panel.lanes, numbers);
    return panel;
}

static void panel_close(struct panel *panel, const struct batch *batch,
                        const struct pass_sums *sums)
{
    const double *units = batch->data->stored.units;
    const size_t k = batch->models->count, models = panel->models;
    for (size_t f = 0; f < batch->features; f++) {
        const double unit = units != NULL ? units[f] : 1.0;
        const double *restrict own = panel->G + f * panel->lanes;
        double *restrict G = sums->G + f * k + panel->first;
#pragma omp simd
        for (size_t j = 0; j < models; j++)
            G[j] = multiply_add(unit, own[j], G[j]);
    }
    points_close_models(&panel->points, panel->first, panel->models, sums);
}

/* At most PANELS_MOST panels, from the model `first` on; returns where they end. */
static size_t pass_panels(struct batch *batch, size_t row_begin, size_t row_end, size_t first,
                          const struct pass_sums *sums, double *numbers)
{
    const size_t d = batch->features, most = block_rows(d);
    for (batch->count = 0; batch->count < PANELS_MOST && first < batch->models->count;) {
        struct panel *panel = &batch->panels[batch->count++];
        *panel = panel_open(batch->data, batch->models, first, numbers);
        numbers += panel_doubles(d, panel->lanes);
        first += panel->models;
    }
    for (batch->row = row_begin; batch->row < row_end; batch->row += batch->rows) {
        batch->rows = row_end - batch->row < most ? row_end - batch->row : most;
        const size_t left = row_end - batch->row - batch->rows;
        batch->Q = block_floats(batch);
        batch->ahead = block_ahead(batch, left < most ? left : most);
        for (size_t p = 0; p < batch->count; p++)
            take_panel(batch, &batch->panels[p]);
    }
    for (size_t p = 0; p < batch->count; p++)
        panel_close(&batch->panels[p], batch, sums);
    return first;
}

static void pass_batched_narrow(const struct dataset *data, size_t row_begin, size_t row_end,
                                const struct models *models, const struct pass_sums *sums,
                                double *scratch)
{
    const size_t d = data->features;
    struct batch batch = {.data = data, .models = models, .features = d, .Z = scratch};
    batch.overflows = narrow_overflows(data, fmax(data->class_weights[0], data->class_weights[1]));
    batch.wide = batch.Z + BLOCK_ROWS * NARROW_PANEL;
    batch.R = (float *)(void *)(batch.wide + d);
    batch.block = batch.R + BLOCK_ROWS * NARROW_PANEL;
    for (size_t first = 0; first < models->count;)
        first = pass_panels(&batch, row_begin, row_end, first, sums, scratch + common_doubles(d));
}

static size_t scratch_batched_narrow(size_t rows, size_t features, size_t models)
{
    (void)rows;
    size_t most = models < PANELS_MOST * NARROW_PANEL ? models : PANELS_MOST * NARROW_PANEL;
    return common_doubles(features) + panel_doubles(features, round_up_to_floats(most)) +
           PANELS_MOST;
}

const struct kernel kernel_batched_narrow = {
    .entry = {"batched-narrow", "gradient descent of many models at once on features in fewer "
                                "bits: X is read once for all"},
    .takes = TAKES_NARROW,
    .pass = pass_batched_narrow,
    .scratch = scratch_batched_narrow,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
    .phase_cost = phase_cost_one_reading,
};
