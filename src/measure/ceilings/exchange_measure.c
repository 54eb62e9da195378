/* SPDX-License-Identifier: MIT
 *
 * Sums over ranks, timed. A sample is several sums one after the other, because a rank may have its
 * sums before the others have theirs: then it waits for them in the next one. Rank 0 has the clock,
 * and tells the others how many sums there are to be.
 *
 * What is added up are zeros: they stay zeros, however often they are added.
 */
#include "base/memory.h"
#include "base/system/clock.h"
#include "measure/ceilings/exchange.h"
#include "measure/statistics/statistics.h"

#include <math.h>

enum {
    SIZES = 11,        /* of messages: 8 bytes, times 4 each, to 8 MiB */
    SIZE_GROWTH = 4,   /* ... */
    SIZES_LEAST = 2,   /* that a model needs, however long they take */
    SAMPLES_LEAST = 3, /* of each size */
    SAMPLES_MOST = 101,
    SUMS_LEAST = 2, /* of a sample */
    SUMS_MOST = 64,
};

/* A sample should last so long at least, beside which the barrier before it and a reading of the
 * clock are nothing. */
static const double sample_seconds = 2e-4;

typedef void sum_function(const struct ranks *ranks, double *numbers, size_t count);

/* Sums of one size. */
struct exchange_probe {
    const struct ranks *ranks;
    double *numbers; /* (count) */
    size_t count;
    int sums;                                     /* of a sample */
    double ours[SAMPLES_MOST], any[SAMPLES_MOST]; /* seconds of a sum */
    size_t taken;
};

static double time_sums(const struct exchange_probe *probe, sum_function *sum, int sums)
{
    ranks_barrier(probe->ranks);
    double begin = clock_seconds();
    for (int i = 0; i < sums; i++)
        sum(probe->ranks, probe->numbers, probe->count);
    return (clock_seconds() - begin) / sums;
}

/* What rank 0 says. */
static int agreed(const struct ranks *ranks, int number)
{
    ranks_broadcast(ranks, 0, &number, sizeof number);
    return number;
}

/* Takes samples until rank 0's clock is past `end`. */
static void take_samples(struct exchange_probe *probe, double end)
{
    time_sums(probe, ranks_allreduce, 1); /* buffers grow, and connections are made */
    time_sums(probe, ranks_allreduce_mpi, 1);
    double once = time_sums(probe, ranks_allreduce, 1);
    double sums = fmin(fmax(ceil(sample_seconds / once), SUMS_LEAST), SUMS_MOST);
    probe->sums = agreed(probe->ranks, (int)sums);
    bool more = true;
    for (probe->taken = 0; more; probe->taken++) {
        probe->ours[probe->taken] = time_sums(probe, ranks_allreduce, probe->sums);
        probe->any[probe->taken] = time_sums(probe, ranks_allreduce_mpi, probe->sums);
        size_t next = probe->taken + 1;
        more = next < SAMPLES_LEAST || (next < SAMPLES_MOST && clock_seconds() < end);
        more = agreed(probe->ranks, more) != 0;
    }
}

void exchange_measure(const struct ranks *ranks, double limit_seconds,
                      struct exchange_sample **samples, size_t *count)
{
    *samples = NULL;
    *count = 0;
    if (ranks_count(ranks) == 1)
        return;
    double begin = clock_seconds(), end = begin + limit_seconds;
    size_t size = 1, largest = 1;
    for (int i = 1; i < SIZES; i++)
        largest *= SIZE_GROWTH;
    struct exchange_probe *probe = memory_allocate(1, sizeof *probe);
    struct exchange_sample *taken = memory_allocate(SIZES, sizeof *taken);
    probe->ranks = ranks;
    probe->numbers = memory_allocate(largest, sizeof(double));
    for (int i = 0; i < SIZES; i++, size *= SIZE_GROWTH) {
        double now = clock_seconds();
        if (agreed(ranks, i >= SIZES_LEAST && now >= end))
            break;
        probe->count = size;
        take_samples(probe, now + (end - now) / (SIZES - i));
        taken[(*count)++] = (struct exchange_sample){
            .ranks = ranks_count(ranks),
            .per_host = ranks_per_host(ranks),
            .bytes = (double)(size * sizeof(double)),
            .seconds = median(probe->ours, probe->taken),
            .any_seconds = median(probe->any, probe->taken),
        };
    }
    memory_free(probe->numbers);
    memory_free(probe);
    if (ranks_index(ranks) == 0) {
        *samples = taken;
        return;
    }
    memory_free(taken);
    *count = 0;
}
