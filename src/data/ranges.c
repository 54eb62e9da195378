/* SPDX-License-Identifier: MIT
 *
 * Every thread looks at a share of the rows and has ranges of its own, which are joined. Zeros that
 * sparse rows leave out are seen by counting the values that they do not.
 */
#include "data/ranges.h"

#include "base/memory.h"
#include "base/parallel/threads.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* What one thread, or one rank, has seen: two ranges and a count of values for each feature. */
struct seen {
    double least, most, values;
};

static void see(struct seen *seen, double value)
{
    seen->least = value < seen->least ? value : seen->least;
    seen->most = value > seen->most ? value : seen->most;
    seen->values += 1.0;
}

static void join(struct seen *seen, const struct seen *others, size_t count)
{
    for (size_t j = 0; j < count; j++) {
        seen[j].least = fmin(seen[j].least, others[j].least);
        seen[j].most = fmax(seen[j].most, others[j].most);
        seen[j].values += others[j].values;
    }
}

/* seen (2, d), of the rows [begin, end) */
static void see_rows(const struct dataset *data, const unsigned char *active, size_t begin,
                     size_t end, struct seen *seen, double *rows)
{
    for (size_t i = begin; i < end; i++) {
        if (active != NULL && active[i] == 0)
            continue;
        const struct sample x = dataset_sample(data, i);
        const size_t class = data->y[i] > 0.5;
        struct seen *own = seen + class * data->features;
        for (size_t t = 0; t < x.count; t++)
            see(&own[sample_column(&x, t)], sample_value(&x, t));
        rows[class] += 1.0;
    }
}

/* As many as are worth their sums. */
static int useful_threads(const struct dataset *data, int threads)
{
    double most = (double)dataset_entries(data) / (2.0 * (double)data->features + 1e4);
    return most < (double)threads ? (int)most + 1 : threads;
}

static struct seen *see_all(const struct dataset *data, const unsigned char *active, int threads,
                            double rows[2])
{
    const size_t count = 2 * data->features;
    threads = useful_threads(data, threads);
    struct seen *seen = memory_allocate((size_t)threads * count, sizeof *seen);
    double *counts = memory_allocate((size_t)threads * 2, sizeof *counts);
    for (size_t j = 0; j < (size_t)threads * count; j++)
        seen[j] = (struct seen){INFINITY, -INFINITY, 0.0};
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int share = 0; share < threads; share++) {
        size_t begin = data->rows * (size_t)share / (size_t)threads;
        size_t end = data->rows * ((size_t)share + 1) / (size_t)threads;
        threads_enter();
        see_rows(data, active, begin, end, seen + (size_t)share * count, counts + 2 * share);
    }
    for (int share = 0; share < threads; share++) {
        if (share > 0)
            join(seen, seen + (size_t)share * count, count);
        rows[0] += counts[2 * share];
        rows[1] += counts[2 * share + 1];
    }
    memory_free(counts);
    return seen;
}

/* Counts are whole numbers: exact in any order. */
static void join_ranks(const struct ranks *ranks, struct seen *seen, size_t count, double rows[2])
{
    if (ranks == NULL)
        return;
    const size_t many = (size_t)ranks_count(ranks);
    struct seen *all = memory_allocate(many * count, sizeof *all);
    ranks_allgather(ranks, seen, count * sizeof *seen, all);
    memcpy(seen, all, count * sizeof *seen);
    for (size_t rank = 1; rank < many; rank++)
        join(seen, all + rank * count, count);
    memory_free(all);
    ranks_allreduce(ranks, rows, 2);
}

struct ranges ranges_find(const struct dataset *data, const unsigned char *active, int threads)
{
    const size_t d = data->features;
    struct ranges ranges = {.features = d};
    struct seen *seen = see_all(data, active, threads, ranges.rows);
    join_ranks(data->ranks, seen, 2 * d, ranges.rows);
    ranges.of[0] = memory_allocate(2 * d, sizeof *ranges.of[0]);
    ranges.of[1] = ranges.of[0] + d;
    ranges.whole = memory_allocate(d, sizeof *ranges.whole);
    memset(ranges.whole, 1, d);
    for (size_t class = 0; class < 2; class ++)
        for (size_t j = 0; j < d; j++) {
            struct seen *one = &seen[class * d + j];
            if (one->values < ranges.rows[class]) {
                see(one, 0.0);
                ranges.whole[j] = 0;
            }
            ranges.of[class][j] = (struct range){one->least, one->most};
        }
    memory_free(seen);
    return ranges;
}

double ranges_bytes(const struct dataset *data, int threads)
{
    double sides = 2.0 * (double)data->features;
    double shares = (double)useful_threads(data, threads);
    double gathered = data->ranks != NULL ? (double)ranks_count(data->ranks) : 0.0;
    return sides * ((shares + gathered) * sizeof(struct seen) + sizeof(struct range)) +
           (double)data->features;
}

void ranges_clear(struct ranges *ranges)
{
    memory_free(ranges->of[0]);
    memory_free(ranges->whole);
    *ranges = (struct ranges){0};
}

struct range ranges_of_both(const struct ranges *ranges, size_t feature)
{
    const struct range *a = &ranges->of[0][feature], *b = &ranges->of[1][feature];
    return (struct range){fmin(a->least, b->least), fmax(a->most, b->most)};
}

double range_unit(double size)
{
    int exponent;
    if (!(size > 0.0) || !isfinite(size))
        return 1.0;
    frexp(size, &exponent);
    exponent = exponent > 1021 ? 1021 : exponent < -1021 ? -1021 : exponent;
    return ldexp(1.0, -exponent);
}
