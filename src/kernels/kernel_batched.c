/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of many models from one reading of X, at the speed of a product of matrices.
 *
 * Rows are taken in blocks that stay in the second-level cache, models in panels that fill the
 * registers of a tile (tile.h). For a block, one panel after the other:
 *
 *     Z = X_B W + 1 b'           (rows, lanes)
 *     R = sigmoid(Z) - y 1'
 *     G = G + X_B' R             (d, lanes)
 *
 * so that X comes from memory once for all models. While a block is worked on, the next one is
 * asked for. Weights and gradients are copied into panels, and back, once for a chunk of rows;
 * lanes beyond the last model are zero and are dropped.
 *
 * Every sum runs over features, or rows, in ascending order: the bits of a model are the same in
 * any company, also alone, and in every variant: the shape of tiles and blocks is measured
 * (variants.h).
 */
#include "kernels/kernel.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/points.h"
#include "kernels/tile.h"

#include <string.h>

enum { BLOCK_ROWS = 128 }; /* at most, of any way */

/* One way of doing the pass. */
struct batched_way {
    struct entry entry;
    struct tile_shape tile;
    size_t block; /* bytes of X: half of the second-level cache, or of the smallest that there is */
    size_t rows;  /* of a block, at most: Z of a panel then lies in the nearest cache */
};

/* The ways that there are: the tile; KiB of a block, and its rows at most; rows of B at a time. The
 * first is what is taken where nothing was measured. */
#define WAYS(X)                                                                                    \
    X(even, 128, 128, 64)                                                                          \
    X(even, 128, 128, 128)                                                                         \
    X(even, 256, 128, 128)                                                                         \
    X(even, 256, 96, 128)                                                                          \
    X(even, 256, 64, 256)                                                                          \
    X(even, 512, 96, 64)                                                                           \
    X(wide, 128, 96, 128)                                                                          \
    X(wide, 256, 64, 256)                                                                          \
    X(wide, 256, 128, 128)                                                                         \
    X(wide, 256, 128, 256)                                                                         \
    X(wide, 512, 96, 256)                                                                          \
    X(wide, 1024, 96, 256)                                                                         \
    X(tall, 128, 64, 128)                                                                          \
    X(tall, 256, 64, 128)                                                                          \
    X(tall, 256, 96, 64)                                                                           \
    X(tall, 1024, 64, 256)

#define TILE_even TILE_ROWS, TILE_VECTORS
#define TILE_wide WIDE_ROWS, WIDEST_VECTORS
#define TILE_tall TALL_ROWS, TALL_VECTORS
#define WAY(tile_, block_, rows_, depth_)                                                          \
    &(const struct batched_way){.entry = {#tile_ "-" #block_ "k-" #rows_ "-" #depth_,              \
                                          "tiles: " #tile_ ", blocks of " #block_                  \
                                          " KiB and " #rows_ " rows at most, " #depth_ " deep"},   \
                                .tile = {TILE_##tile_, (depth_)},                                  \
                                .block = (block_)*1024,                                            \
                                .rows = (rows_)}                                                   \
         .entry,
static const struct entry *const ways[] = {WAYS(WAY)};
#undef WAY
static const struct table batched_ways = TABLE("variant of batched", ways);

/* Models [first, first + models) of the pass. */
struct panel {
    size_t first, models, lanes;
    double *W;                 /* (d, lanes) */
    double *b;                 /* (lanes) */
    double *G;                 /* (d, lanes) */
    const uint16_t *row_parts; /* (n), where rows are left out (models.h), or NULL */
    struct points points;
};

/* As many rows as fill tiles. */
static size_t block_rows(const struct batched_way *way, size_t features)
{
    const size_t tile = way->tile.rows, most = way->rows / tile * tile;
    return rows_of_block(way->block / sizeof(double), features, tile, most);
}

/* Doubles of a block of rows of float32, which is that of the first way in all of them. */
static size_t block_numbers(size_t features)
{
    return block_rows((const struct batched_way *)(const void *)ways[0], features) * features;
}

/* Doubles of a panel of `lanes`; `sums`: of points. */
static size_t panel_numbers(size_t features, size_t lanes, size_t sums)
{
    return (2 * features + 1 + sums) * lanes;
}

static size_t point_sums(const struct models *models)
{
    return models->row_parts != NULL ? POINT_SUMS_PARTS : POINT_SUMS;
}

static struct panel panel_open(const struct dataset *data, const struct models *models,
                               size_t first, size_t vectors, double *numbers)
{
    size_t d = models->features, k = models->count;
    size_t count = models_of_panel(k - first, LANES, vectors);
    struct panel panel = {.first = first, .models = count, .lanes = round_up_to_lanes(count)};
    panel.W = numbers;
    panel.G = panel.W + d * panel.lanes;
    panel.b = panel.G + d * panel.lanes;
    memset(numbers, 0, panel_numbers(d, panel.lanes, point_sums(models)) * sizeof *numbers);
    for (size_t f = 0; f < d; f++)
        memcpy(panel.W + f * panel.lanes, models->W + f * k + first, count * sizeof(double));
    memcpy(panel.b, models->b + first, count * sizeof(double));
    panel.row_parts = models->row_parts;
    panel.points = panel.row_parts == NULL
                       ? points_open(data, panel.lanes, panel.b + panel.lanes)
                       : points_open_parts(data, panel.lanes, models->parts + first, count,
                                           panel.b + panel.lanes);
    return panel;
}

static void panel_close(struct panel *panel, const struct models *models,
                        const struct pass_sums *sums)
{
    for (size_t f = 0; f < models->features; f++)
        for (size_t j = 0; j < panel->models; j++)
            sums->G[f * models->count + panel->first + j] += panel->G[f * panel->lanes + j];
    points_close_models(&panel->points, panel->first, panel->models, sums);
}

/* A block X (rows, d) of data, which begins at row `begin`, for one panel. Z (rows, lanes) is
 * workspace. */
static void panel_add(struct panel *panel, const struct tile_shape *tile,
                      const struct dataset *data, size_t begin, const double *X, size_t rows,
                      double *Z, struct ahead *ahead)
{
    const size_t d = data->features;
    const double *y = data->y + begin;
    const size_t lanes = panel->lanes;
    const struct product forward = {.rows = rows,
                                    .depth = d,
                                    .lanes = lanes,
                                    .A = X,
                                    .row_stride = d,
                                    .depth_stride = 1,
                                    .B = panel->W,
                                    .C = Z,
                                    .ahead = ahead,
                                    .shape = tile};
    const struct product backward = {.rows = d,
                                     .depth = rows,
                                     .lanes = lanes,
                                     .A = X,
                                     .row_stride = 1,
                                     .depth_stride = d,
                                     .B = Z,
                                     .C = panel->G,
                                     .ahead = ahead,
                                     .shape = tile};
    phase_block();
    for (size_t i = 0; i < rows; i++)
        memcpy(Z + i * lanes, panel->b, lanes * sizeof *Z);
    tile_multiply(&forward);
    phase_done(PHASE_FORWARD);
    if (panel->row_parts == NULL)
        points_add_models(&panel->points, rows, y, Z);
    else
        points_add_models_parts(&panel->points, rows, y, panel->row_parts + begin, Z);
    phase_done(PHASE_LOSS);
    tile_multiply(&backward);
    phase_done(PHASE_GRADIENT);
}

/* The block that follows X (rows, d), `next` rows of it, asked for while panels work on X: a share
 * with every row of B that their tiles take. */
static struct ahead block_ahead(size_t tile, const double *X, size_t rows, size_t d, size_t next,
                                size_t panels)
{
    size_t forward = (rows + tile - 1) / tile * d;
    size_t backward = (d + tile - 1) / tile * rows;
    size_t steps = panels * (forward + backward);
    return (struct ahead){(const char *)(X + rows * d), next * d * sizeof *X / steps + 1};
}

/* Where a block lies as doubles: those of float32 are made in `block`. */
static const double *block_at(const struct dataset *data, size_t i, size_t rows, double *block)
{
    if (data->singles == NULL)
        return data->X + i * data->features;
    dataset_rows(data, i, rows, block);
    return block;
}

/* At most PANELS panels, from the model `first` on; returns where they end. */
static size_t pass_panels(const struct batched_way *way, const struct dataset *data,
                          size_t row_begin, size_t row_end, const struct models *models,
                          size_t first, const struct pass_sums *sums, double *scratch)
{
    size_t d = data->features, most = block_rows(way, d), count = 0;
    double *Z = scratch, *block = Z + BLOCK_ROWS * WIDEST_PANEL,
           *numbers = block + block_numbers(d);
    struct panel panels[PANELS];
    for (; count < PANELS && first < models->count; first += panels[count++].models) {
        panels[count] = panel_open(data, models, first, way->tile.vectors, numbers);
        numbers += panel_numbers(d, panels[count].lanes, point_sums(models));
    }
    for (size_t i = row_begin; i < row_end; i += most) {
        size_t rows = row_end - i < most ? row_end - i : most;
        size_t next = row_end - i - rows < most ? row_end - i - rows : most;
        const double *X = block_at(data, i, rows, block);
        struct ahead ahead = block_ahead(way->tile.rows, X, rows, d, next, count);
        for (size_t p = 0; p < count; p++)
            panel_add(&panels[p], &way->tile, data, i, X, rows, Z, &ahead);
    }
    for (size_t p = 0; p < count; p++)
        panel_close(&panels[p], models, sums);
    return first;
}

static void pass_way(const struct entry *way, const struct dataset *data, size_t row_begin,
                     size_t row_end, const struct models *models, const struct pass_sums *sums,
                     double *scratch)
{
    const void *taken = data->singles != NULL ? ways[0] : way;
    for (size_t first = 0; first < models->count;)
        first = pass_panels(taken, data, row_begin, row_end, models, first, sums, scratch);
}

static void pass_batched(const struct dataset *data, size_t row_begin, size_t row_end,
                         const struct models *models, const struct pass_sums *sums, double *scratch)
{
    pass_way(ways[0], data, row_begin, row_end, models, sums, scratch);
}

/* Panels that share a reading have as many models as the widest of all ways. */
static size_t scratch_batched(size_t rows, size_t features, size_t models)
{
    (void)rows;
    size_t most = models < PANELS * WIDEST_PANEL ? models : PANELS * WIDEST_PANEL;
    return BLOCK_ROWS * WIDEST_PANEL + block_numbers(features) +
           panel_numbers(features, round_up_to_lanes(most), POINT_SUMS_PARTS);
}

const struct kernel kernel_batched = {
    .entry = {"batched", "gradient descent of many models at once: X is read once for all"},
    .takes = TAKES_DENSE | TAKES_SINGLES,
    .pass = pass_batched,
    .variants = &batched_ways,
    .pass_by = pass_way,
    .scratch = scratch_batched,
    .leaves_parts = true,
    .flops = pass_flops,
    .bytes = bytes_one_reading,
    .phase_cost = phase_cost_one_reading,
};
