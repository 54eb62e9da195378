/* SPDX-License-Identifier: MIT
 *
 * Samples are sorted by threads, and those of each number are one row.
 */
#include "measure/statistics/speedup_counts.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool check_samples(const struct speedup_sample *samples, size_t count, struct error *error)
{
    if (count == 0)
        return error_usage(error, "scaling needs times, and there are none");
    for (size_t i = 0; i < count; i++) {
        if (samples[i].threads == 0)
            return error_usage(error, "sample %zu of %zu has 0 threads; at least 1 is needed",
                               i + 1, count);
        if (!(samples[i].seconds > 0.0) || isinf(samples[i].seconds))
            return error_usage(error,
                               "sample %zu of %zu, on %zu threads, took %g s; scaling needs times "
                               "that are positive and finite",
                               i + 1, count, samples[i].threads, samples[i].seconds);
    }
    return true;
}

static int by_threads(const void *a, const void *b)
{
    const struct speedup_sample *left = a, *right = b;
    return (left->threads > right->threads) - (left->threads < right->threads);
}

/* The row of the samples from `first` on that have its threads. */
static struct speedup_count count_from(const struct speedup_sample *sorted, size_t first,
                                       size_t count)
{
    struct speedup_count row = {.threads = sorted[first].threads};
    double *seconds = memory_allocate_untouched(count - first, sizeof *seconds);
    for (size_t i = first; i < count && sorted[i].threads == row.threads; i++)
        seconds[row.samples++] = sorted[i].seconds;
    row.seconds = median(seconds, row.samples);
    memory_free(seconds);
    return row;
}

static bool gather(const struct speedup_sample *samples, size_t count,
                   struct speedup_counts *counts, struct error *error)
{
    *counts = (struct speedup_counts){0};
    if (!check_samples(samples, count, error))
        return false;
    struct speedup_sample *sorted = memory_allocate_untouched(count, sizeof *sorted);
    memcpy(sorted, samples, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_threads);
    size_t capacity = 0;
    for (size_t first = 0; first < count;) {
        counts->rows =
            memory_grow(counts->rows, &capacity, counts->count + 1, sizeof *counts->rows);
        counts->rows[counts->count] = count_from(sorted, first, count);
        first += counts->rows[counts->count++].samples;
    }
    memory_free(sorted);
    counts->base = counts->rows[0].threads;
    return true;
}

typedef double serial_fraction(double speedup, double p);

static double karp_flatt(double speedup, double p)
{
    return (1.0 / speedup - 1.0 / p) / (1.0 - 1.0 / p);
}

static double gustafson(double speedup, double p)
{
    return (p - speedup) / (p - 1.0);
}

/* Rows of samples of the same work, or of work that grows with the threads. */
static bool count_up(const struct speedup_sample *samples, size_t count, bool grows,
                     serial_fraction *serial, struct speedup_counts *counts, struct error *error)
{
    if (!gather(samples, count, counts, error))
        return false;
    double base = (double)counts->base;
    for (size_t i = 0; i < counts->count; i++) {
        struct speedup_count *row = &counts->rows[i];
        double p = (double)row->threads, work = grows ? p / base : 1.0;
        row->speedup = work * counts->rows[0].seconds / row->seconds;
        row->efficiency = row->speedup * base / p;
        row->serial = counts->base == 1 && row->threads > 1 ? serial(row->speedup, p) : NAN;
    }
    return true;
}

bool speedup_counts_strong(const struct speedup_sample *samples, size_t count,
                           struct speedup_counts *counts, struct error *error)
{
    return count_up(samples, count, false, karp_flatt, counts, error);
}

bool speedup_counts_weak(const struct speedup_sample *samples, size_t count,
                         struct speedup_counts *counts, struct error *error)
{
    return count_up(samples, count, true, gustafson, counts, error);
}

void speedup_counts_free(struct speedup_counts *counts)
{
    memory_free(counts->rows);
    *counts = (struct speedup_counts){0};
}

char *speedup_counts_definition(const struct speedup_counts *counts, char *text, size_t size)
{
    if (counts->base == 1)
        snprintf(text, size, "speed-up is t(1) / t(p)");
    else
        snprintf(text, size,
                 "speed-up is t(%zu) / t(p), relative to %zu threads, the fewest that were timed; "
                 "a serial fraction needs a time on 1 thread",
                 counts->base, counts->base);
    return text;
}
