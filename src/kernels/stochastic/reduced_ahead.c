/* SPDX-License-Identifier: MIT
 *
 * A ring of blocks, which are made in order and used in order.
 *
 * Memory order: a block is made by the thread that has set `making`, which also guards `last`. So
 * that what it wrote is there for the thread that uses the block, and for the maker of the next
 * one, `made` and `making` are released and acquired; and so is `used`, so that a block is written
 * again only when its reader has left it. What makers write and what the user writes lie on lines
 * of their own.
 *
 * To wait is to spin, for a block is made in a microsecond or two; but a thread that waits for
 * longer, because the system has stopped the other, gives its processor away.
 */
#include "kernels/stochastic/reduced_ahead.h"

#include "base/memory.h"
#include "kernels/phases/phase_slot.h"
#include "kernels/vector.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum {
    AHEAD_BLOCKS = 8,
    AHEAD_SAMPLES = 64,   /* of a block, at most... */
    AHEAD_ENTRIES = 4096, /* ...and no more of them than may have so many entries */
    STARTS_AHEAD = 32,    /* samples between asking for the place of a row and for the row, ... */
    ROWS_AHEAD = 16,      /* ...and between this and using it */
    SPINS = 2000,         /* before a processor is given away: some 30 microseconds */
};

struct lookahead {
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t made;
    atomic_flag making;
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t used;
    _Alignas(MEMORY_ALIGNMENT) const struct dataset *data;
    const uint32_t *order;
    uint32_t *last;     /* (d) the number, from 1, of the last sample that had the feature; or 0 */
    size_t samples;     /* of a block */
    size_t round, end;  /* blocks: of a round, of all */
    size_t ring, taken; /* blocks that there is room for; that the user has been given */
    struct ahead_block blocks[AHEAD_BLOCKS];
};

/* --- What it takes ------------------------------------------------------------------------- */

static size_t longest_row(const struct dataset *data)
{
    size_t longest = 1;
    for (size_t i = 0; i < data->rows; i++) {
        const size_t count = data->ends[i] - data->starts[i];
        longest = count > longest ? count : longest;
    }
    return longest;
}

static size_t samples_of(size_t longest)
{
    const size_t most = AHEAD_ENTRIES / longest;
    return most == 0 ? 1 : most < AHEAD_SAMPLES ? most : AHEAD_SAMPLES;
}

static size_t ring_of(bool helped)
{
    return helped ? AHEAD_BLOCKS : 1;
}

/* Doubles of a block: its samples, entries, and values. */
static size_t block_length(size_t samples, size_t longest, bool ones)
{
    _Static_assert(sizeof(struct ahead_entry) == sizeof(double), "entries lie among doubles");
    _Static_assert(sizeof(struct ahead_sample) % sizeof(double) == 0, "and so do samples");
    return memory_apart(samples * sizeof(struct ahead_sample) / sizeof(double)) +
           (ones ? 1 : 2) * memory_apart(samples * longest);
}

double ahead_bytes(const struct dataset *data, bool ones, bool helped)
{
    const size_t longest = longest_row(data);
    return (double)sizeof(struct lookahead) + (double)data->features * sizeof(uint32_t) +
           (double)ring_of(helped) * (double)block_length(samples_of(longest), longest, ones) *
               sizeof(double);
}

static struct ahead_block block_at(double *numbers, size_t samples, size_t longest, bool ones)
{
    struct ahead_block block = {.samples = (struct ahead_sample *)(void *)numbers};
    numbers += memory_apart(samples * sizeof(struct ahead_sample) / sizeof(double));
    block.entries = (struct ahead_entry *)(void *)numbers;
    numbers += memory_apart(samples * longest);
    block.values = ones ? NULL : numbers;
    return block;
}

struct lookahead *ahead_create(const struct dataset *data, bool ones, bool helped)
{
    const size_t longest = longest_row(data), samples = samples_of(longest);
    const size_t length = block_length(samples, longest, ones);
    struct lookahead *ahead = memory_allocate(1, sizeof *ahead);
    ahead->data = data;
    ahead->samples = samples;
    ahead->round = (data->rows + samples - 1) / samples;
    ahead->ring = ring_of(helped);
    ahead->last = memory_allocate_untouched(data->features, sizeof *ahead->last);
    double *numbers = memory_allocate_untouched(ahead->ring * length, sizeof *numbers);
    for (size_t i = 0; i < ahead->ring; i++)
        ahead->blocks[i] = block_at(numbers + i * length, samples, longest, ones);
    return ahead;
}

void ahead_free(struct lookahead *ahead)
{
    if (ahead == NULL)
        return;
    memory_free(ahead->blocks[0].samples); /* and all that follows */
    memory_free(ahead->last);
    memory_free(ahead);
}

void ahead_begin(struct lookahead *ahead, const uint32_t *order, size_t rounds)
{
    ahead->order = order;
    ahead->end = ahead->round * rounds;
    ahead->taken = 0;
    atomic_store_explicit(&ahead->made, 0, memory_order_relaxed);
    atomic_store_explicit(&ahead->used, 0, memory_order_relaxed);
    atomic_flag_clear_explicit(&ahead->making, memory_order_relaxed);
}

/* --- Making a block ------------------------------------------------------------------------ */

static size_t row_of(const struct lookahead *ahead, size_t i)
{
    return ahead->order != NULL ? ahead->order[i] : i;
}

/* Asks for what will be read soon. Rows as they lie the hardware foresees. (Inlined, or gcc 12
 * takes a function that only asks for one that does nothing.) */
INLINED void ask(const struct lookahead *ahead, size_t i)
{
    enum { LINE = 64 };
    const struct dataset *data = ahead->data;
    if (ahead->order == NULL || i + STARTS_AHEAD >= data->rows)
        return;
    __builtin_prefetch(&data->starts[ahead->order[i + STARTS_AHEAD]]);
    const size_t row = ahead->order[i + ROWS_AHEAD], start = data->starts[row];
    const char *columns = (const char *)(data->columns + start);
    __builtin_prefetch(columns);
    __builtin_prefetch(columns + LINE);
    __builtin_prefetch(&data->y[row]);
    if (ahead->blocks[0].values == NULL)
        return;
    const char *values = (const char *)(data->values + start);
    __builtin_prefetch(values);
    __builtin_prefetch(values + LINE);
}

/* The entries of the i-th sample of an epoch; returns how many. */
static size_t lay_out(const struct lookahead *ahead, size_t i, size_t row,
                      struct ahead_entry *restrict entries, double *restrict values)
{
    const struct dataset *data = ahead->data;
    const size_t start = data->starts[row], count = data->ends[row] - start;
    const uint32_t *restrict columns = data->columns + start;
    uint32_t *restrict last = ahead->last;
    for (size_t t = 0; t < count; t++) {
        const uint32_t feature = columns[t];
        entries[t] = (struct ahead_entry){feature, (uint32_t)i - last[feature]};
        last[feature] = (uint32_t)i + 1;
    }
    if (values != NULL)
        memcpy(values, data->values + start, count * sizeof *values);
    return count;
}

static void make(struct lookahead *ahead, size_t number)
{
    const struct dataset *data = ahead->data;
    const double signs[2] = {-1.0, 1.0}; /* which class it is, a processor cannot foresee */
    const double weights[2] = {data->class_weights[0], -data->class_weights[1]};
    struct ahead_block *block = &ahead->blocks[number % ahead->ring];
    const size_t begin = number % ahead->round * ahead->samples, left = data->rows - begin;
    struct ahead_entry *entries = block->entries;
    double *values = block->values;
    block->count = left < ahead->samples ? left : ahead->samples;
    if (begin == 0)
        memset(ahead->last, 0, data->features * sizeof *ahead->last);
    for (size_t s = 0; s < block->count; s++) {
        const size_t i = begin + s, row = row_of(ahead, i), label = data->y[row] > 0.5;
        ask(ahead, i);
        const size_t count = lay_out(ahead, i, row, entries, values);
        block->samples[s] =
            (struct ahead_sample){(uint32_t)row, (uint32_t)count, signs[label], weights[label]};
        entries += count;
        values = values != NULL ? values + count : NULL;
    }
}

/* --- By whom ------------------------------------------------------------------------------- */

static size_t made(const struct lookahead *ahead)
{
    return atomic_load_explicit(&ahead->made, memory_order_acquire);
}

/* Is there a block to make, and a place for it? The first of a round waits until the user asks for
 * it, who still looks at `last` until then. */
static bool is_wanted(const struct lookahead *ahead)
{
    const size_t number = made(ahead);
    const size_t used = atomic_load_explicit(&ahead->used, memory_order_acquire);
    const size_t room = number % ahead->round == 0 ? 1 : ahead->ring;
    return number < ahead->end && number < used + room;
}

/* Makes the next block, unless it is not wanted, or another thread makes it. */
static bool try_to_make(struct lookahead *ahead)
{
    if (!is_wanted(ahead) ||
        atomic_flag_test_and_set_explicit(&ahead->making, memory_order_acquire))
        return false;
    const bool wanted = is_wanted(ahead); /* still */
    if (wanted) {
        const size_t number = made(ahead);
        make(ahead, number);
        atomic_store_explicit(&ahead->made, number + 1, memory_order_release);
    }
    atomic_flag_clear_explicit(&ahead->making, memory_order_release);
    return wanted;
}

/* One turn of a loop that waits. */
static void wait_a_little(size_t *turns)
{
    if (++*turns % SPINS == 0)
        sched_yield();
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

const struct ahead_block *ahead_next(struct lookahead *ahead)
{
    const size_t number = ahead->taken++;
    atomic_store_explicit(&ahead->used, number, memory_order_release);
    if (made(ahead) == number && !try_to_make(ahead)) {
        phase_lap(PHASE_SAMPLES);
        for (size_t turns = 0; made(ahead) == number && !try_to_make(ahead);)
            wait_a_little(&turns);
        phase_lap(PHASE_WAIT);
    }
    return &ahead->blocks[number % ahead->ring];
}

const uint32_t *ahead_last(const struct lookahead *ahead)
{
    return ahead->last;
}

void ahead_help(struct lookahead *ahead)
{
    while (made(ahead) < ahead->end) {
        if (try_to_make(ahead))
            continue;
        phase_lap(PHASE_SAMPLES);
        size_t turns = 0;
        do
            wait_a_little(&turns);
        while (made(ahead) < ahead->end && !is_wanted(ahead));
        phase_lap(PHASE_WAIT);
    }
}
