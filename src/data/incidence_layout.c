/* SPDX-License-Identifier: MIT
 *
 * Every block is counted, and then filled by counting: no comparison but of features by their rows.
 */
#include "data/incidence_layout.h"

#include "base/memory.h"
#include "data/chunks.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_A_FEATURE = 8 }; /* in a block, on average, at least: for fewer, runs cost more */

/* --- Which sets have one ------------------------------------------------------------------- */

/* Blocks that a chunk of so many rows is cut into. */
static size_t blocks_of(size_t rows)
{
    return (rows + INCIDENCE_ROWS - 1) / INCIDENCE_ROWS;
}

static size_t count_blocks(const struct dataset *data)
{
    const struct chunking cut = chunking_of(data, data->rows);
    size_t count = 0;
    for (size_t chunk = 0; chunk < cut.count; chunk++)
        count += blocks_of(chunking_begin(&cut, chunk + 1) - chunking_begin(&cut, chunk));
    return count;
}

static bool is_dense_enough(const struct dataset *data)
{
    const double runs = (double)count_blocks(data) * (double)data->features;
    return data->features > 0 && data->features <= INCIDENCE_FEATURES &&
           (double)dataset_entries(data) >= (double)ROWS_A_FEATURE * runs;
}

static bool has_ones_alone(const struct dataset *data, int threads)
{
    const size_t entries = dataset_entries(data);
    const double *values = data->values;
    int others = 0;
#pragma omp parallel for num_threads(threads) reduction(| : others)
    for (size_t t = 0; t < entries; t++)
        others |= values[t] != 1.0;
    return others == 0;
}

/* Two places of an entry, one of a row, and the runs: a feature has one in each block, and rows
 * have fewer. */
static double bytes_of(const struct dataset *data)
{
    const double blocks = (double)count_blocks(data), place = sizeof(uint16_t);
    const double runs = 2.0 * (double)(data->features + 1) * sizeof(struct incidence_run);
    return place * (2.0 * (double)dataset_entries(data) + (double)data->rows) +
           blocks * (runs + sizeof(struct incidence_block));
}

double incidence_bytes(const struct dataset *data)
{
    return data->incidence != NULL ? bytes_of(data) : 0.0;
}

/* --- A block ------------------------------------------------------------------------------- */

/* What a thread counts with. */
struct block_counts {
    uint32_t *lengths;  /* (d + 1) rows of each length, and then where they begin */
    uint32_t *features; /* (d) rows of each feature, and then where they begin */
};

static size_t length_of(const struct dataset *data, size_t row)
{
    return data->ends[row] - data->starts[row];
}

static void count_rows(const struct dataset *data, const struct incidence_block *block,
                       const struct block_counts *counts)
{
    memset(counts->lengths, 0, (data->features + 1) * sizeof *counts->lengths);
    memset(counts->features, 0, data->features * sizeof *counts->features);
    for (size_t i = block->begin; i < block->end; i++) {
        counts->lengths[length_of(data, i)]++;
        for (size_t t = data->starts[i]; t < data->ends[i]; t++)
            counts->features[data->columns[t]]++;
    }
}

static size_t count_used(const uint32_t *counts, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++)
        used += counts[i] > 0;
    return used;
}

static void list_runs(const uint32_t *counts, size_t length, struct incidence_run *runs)
{
    for (size_t i = 0; i < length; i++)
        if (counts[i] > 0)
            *runs++ = (struct incidence_run){(uint32_t)i, counts[i]};
}

/* One piece of memory, which begins with by_length. */
static void block_allocate(struct incidence_block *block, size_t entries)
{
    const size_t rows = block->end - block->begin, runs = block->lengths + block->features;
    const size_t places = rows + 2 * entries;
    char *memory = memory_allocate_untouched(
        runs * sizeof *block->by_length + places * sizeof *block->places, 1);
    block->by_length = (struct incidence_run *)(void *)memory;
    block->by_feature = block->by_length + block->lengths;
    block->places = (uint16_t *)(void *)(block->by_feature + block->features);
    block->columns = block->places + rows;
    block->rows = block->columns + entries;
}

/* Most rows first, then the order of features. */
static int compare_features(const void *a, const void *b)
{
    const struct incidence_run *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return left->key < right->key ? -1 : left->key > right->key;
}

/* Where the places of each key begin, when those of the runs follow one another. */
static void begin_runs(const struct incidence_run *runs, size_t count, uint32_t *begins)
{
    uint32_t at = 0;
    for (size_t i = 0; i < count; i++) {
        begins[runs[i].key] = at;
        at += runs[i].count;
    }
}

static void fill_columns(const struct dataset *data, struct incidence_block *block)
{
    uint16_t *at = block->columns;
    for (size_t p = 0; p < block->end - block->begin; p++) {
        const size_t row = block->begin + block->places[p];
        for (size_t t = data->starts[row]; t < data->ends[row]; t++)
            *at++ = (uint16_t)data->columns[t];
    }
}

static void fill_block(const struct dataset *data, struct incidence_block *block,
                       const struct block_counts *counts)
{
    count_rows(data, block, counts);
    block->lengths = count_used(counts->lengths, data->features + 1);
    block->features = count_used(counts->features, data->features);
    block_allocate(block, data->starts[block->end] - data->starts[block->begin]);
    list_runs(counts->lengths, data->features + 1, block->by_length);
    list_runs(counts->features, data->features, block->by_feature);
    qsort(block->by_feature, block->features, sizeof *block->by_feature, compare_features);
    begin_runs(block->by_length, block->lengths, counts->lengths);
    begin_runs(block->by_feature, block->features, counts->features);
    for (size_t i = block->begin; i < block->end; i++) {
        const uint16_t place = (uint16_t)(i - block->begin);
        block->places[counts->lengths[length_of(data, i)]++] = place;
        for (size_t t = data->starts[i]; t < data->ends[i]; t++)
            block->rows[counts->features[data->columns[t]]++] = place;
    }
    fill_columns(data, block);
}

/* --- All of them --------------------------------------------------------------------------- */

/* Blocks of a chunk begin at multiples of INCIDENCE_ROWS from its begin. */
static void cut_blocks(const struct dataset *data, struct incidence *incidence)
{
    const struct chunking cut = chunking_of(data, data->rows);
    struct incidence_block *block = incidence->blocks;
    for (size_t chunk = 0; chunk < cut.count; chunk++) {
        const size_t end = chunking_begin(&cut, chunk + 1);
        for (size_t i = chunking_begin(&cut, chunk); i < end; i = block++->end) {
            block->begin = i;
            block->end = end - i < INCIDENCE_ROWS ? end : i + INCIDENCE_ROWS;
        }
    }
}

static void fill_all(const struct dataset *data, struct incidence *incidence, int threads)
{
#pragma omp parallel num_threads(threads)
    {
        uint32_t *numbers = memory_allocate_untouched(2 * data->features + 1, sizeof *numbers);
        const struct block_counts own = {numbers, numbers + data->features + 1};
#pragma omp for schedule(static)
        for (size_t i = 0; i < incidence->count; i++)
            fill_block(data, &incidence->blocks[i], &own);
        memory_free(numbers);
    }
}

void incidence_add(struct dataset *data, int threads)
{
    struct error no_room;
    if (data->y == NULL || !dataset_is_sparse(data) || !is_dense_enough(data) ||
        !has_ones_alone(data, threads) ||
        !memory_check(bytes_of(data) * ranks_per_host(data->ranks), "a second layout", &no_room))
        return;
    struct incidence *incidence = memory_allocate(1, sizeof *incidence);
    incidence->count = count_blocks(data);
    incidence->blocks = memory_allocate(incidence->count, sizeof *incidence->blocks);
    cut_blocks(data, incidence);
    fill_all(data, incidence, threads);
    data->incidence = incidence;
}
