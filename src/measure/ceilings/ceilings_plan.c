/* SPDX-License-Identifier: MIT
 *
 * Which working sets are read: each twice as large as the one before, from 16 KiB a thread, which
 * fits every first cache, to well beyond the last one. What is four times as large as all caches of
 * the last level that the team has does come from memory, whichever lines these choose to keep. A
 * gibibyte is enough time to spend, and a quarter of the memory that is left enough to take.
 */
#include "measure/ceilings/ceilings.h"

#include "base/text.h"
#include "measure/ceilings/gemm.h"

#include <assert.h>

static const double beyond_caches = 4.0, memory_share = 0.25, bytes_most = 1073741824.0;

/* Threads of the team below one cache: they take one processing unit of every core first
 * (binding.h), and leave no room between them. */
static int threads_below(const struct topology *topology, const struct cache_level *cache,
                         int threads)
{
    int units = cache->shared_by;
    if (threads <= topology->cores && topology->units_per_core > 1)
        units /= topology->units_per_core;
    units = units < 1 ? 1 : units;
    return threads < units ? threads : units;
}

/* The first level that holds the shares of all threads that share such a cache, and has room for
 * what else a program keeps there; 0: none does. */
static int level_of(const struct topology *topology, int threads, double share)
{
    for (int i = 0; i < topology->cache_count; i++) {
        const struct cache_level *cache = &topology->caches[i];
        if (share * threads_below(topology, cache, threads) < (double)cache->bytes)
            return cache->level;
    }
    return 0;
}

/* Bytes of the caches of the last level that the team has; 0: unknown. */
static double last_caches(const struct topology *topology, int threads)
{
    if (topology->cache_count == 0)
        return 0.0;
    const struct cache_level *last = &topology->caches[topology->cache_count - 1];
    int below = threads_below(topology, last, threads), used = (threads + below - 1) / below;
    return (double)last->bytes * (used < last->count ? used : last->count);
}

/* The bound of all working sets in bytes, and its name. */
static double bound_of(const struct topology *topology, int threads, double available,
                       const char **name)
{
    double bound = bytes_most, caches = beyond_caches * last_caches(topology, threads);
    *name = "1 GiB";
    if (caches > 0.0 && caches < bound) {
        bound = caches;
        *name = "4 times the last caches";
    }
    if (memory_share * available < bound) {
        bound = memory_share * available;
        *name = "a quarter of the memory available";
    }
    return bound;
}

static bool memory_is_short(int threads, double needed, double available, struct error *error)
{
    char needed_text[TEXT_NUMBER], available_text[TEXT_NUMBER];
    return error_failed(error,
                        "measuring the ceilings of this machine with %d thread%s needs %s of "
                        "memory, but %s are available; use fewer threads, or free memory",
                        threads, threads == 1 ? "" : "s", text_from_bytes(needed_text, needed),
                        text_from_bytes(available_text, available));
}

bool ceilings_plan(int threads, const struct topology *topology, double available_bytes,
                   struct ceilings *ceilings, struct error *error)
{
    assert(threads > 0);
    *ceilings = (struct ceilings){.threads = threads, .gemm_size = GEMM_SIZE};
    double least = (double)CEILING_LEAST_SHARE * threads;
    double others = gemm_bytes(threads, ceilings->gemm_size), left = available_bytes - others;
    if (least > memory_share * left)
        return memory_is_short(threads, others + least / memory_share, available_bytes, error);
    double bound = bound_of(topology, threads, left, &ceilings->bounded_by);
    double share = CEILING_LEAST_SHARE;
    for (size_t i = 0; i < CEILING_READS && (i == 0 || share * threads <= bound); i++) {
        ceilings->reads[ceilings->read_count++] = (struct read_ceiling){
            .bytes = share * threads,
            .cache_level = level_of(topology, threads, share),
        };
        share *= 2.0;
    }
    return true;
}
