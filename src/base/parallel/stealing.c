/* SPDX-License-Identifier: MIT
 *
 * A counter for each share, on a cache line of its own: the next item, which may be beyond the end.
 *
 * Memory order: a counter hands out each number once, and carries nothing else, so that relaxed
 * additions are enough. What was written before the region is seen by all its threads because it
 * begins, and what an item has written is seen by others after the barrier that ends the loop; the
 * counters are set between regions. Neither needs an order of its own here.
 *
 * A share is looked at before it is added to: one that is known to be empty costs a reading of a
 * line that does not change any more, and not the line itself.
 */
#include "base/parallel/stealing.h"

#include "base/memory.h"

#include <assert.h>
#include <stdatomic.h>

struct stealing_share {
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t next;
    size_t end;
};

struct stealing {
    int most, threads; /* shares: at most, and of this region */
    struct stealing_share *shares;
};

struct stealing *stealing_create(int threads)
{
    struct stealing *stealing = memory_allocate(1, sizeof *stealing);
    stealing->most = threads;
    stealing->shares = memory_allocate((size_t)threads, sizeof *stealing->shares);
    return stealing;
}

void stealing_free(struct stealing *stealing)
{
    if (stealing == NULL)
        return;
    memory_free(stealing->shares);
    memory_free(stealing);
}

double stealing_bytes(int threads)
{
    return (double)sizeof(struct stealing) +
           (double)threads * (double)sizeof(struct stealing_share);
}

void stealing_begin(struct stealing *stealing, size_t items, int threads)
{
    assert(threads > 0 && threads <= stealing->most);
    const size_t count = (size_t)threads;
    stealing->threads = threads;
    for (size_t t = 0; t < count; t++) {
        struct stealing_share *share = &stealing->shares[t];
        atomic_store_explicit(&share->next, items * t / count, memory_order_relaxed);
        share->end = items * (t + 1) / count;
    }
}

struct stealing_turn stealing_enter(const struct stealing *stealing, int thread)
{
    return (struct stealing_turn){.share = thread % stealing->threads, .seen = 0};
}

static bool take_from(struct stealing_share *share, size_t *item)
{
    if (atomic_load_explicit(&share->next, memory_order_relaxed) >= share->end)
        return false;
    *item = atomic_fetch_add_explicit(&share->next, 1, memory_order_relaxed);
    return *item < share->end;
}

bool stealing_take(struct stealing *stealing, struct stealing_turn *turn, size_t *item)
{
    for (; turn->seen < stealing->threads; turn->seen++) {
        if (take_from(&stealing->shares[turn->share], item))
            return true;
        turn->share = (turn->share + 1) % stealing->threads;
    }
    return false;
}
