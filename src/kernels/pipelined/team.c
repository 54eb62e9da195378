/* SPDX-License-Identifier: MIT
 *
 * Memory order: the number of a round is stored after its sums (release), and loaded before they
 * are read (acquire). A box is written again RING rounds later, by a thread that has read the box
 * of the others TEAM_LEAD rounds before this one; they put it when they had read what is another
 * TEAM_LEAD rounds older. So no box changes while it is read, and RING is twice the lead or more.
 *
 * A box is one cache line, so that a message is one line on its way from core to core: about a
 * tenth of a microsecond, and not before the reader asks for it. A thread that waits gives its
 * processor away before long, because the one that it waits for may have none.
 */
#include "kernels/pipelined/team.h"

#include "base/memory.h"

#include <assert.h>
#include <sched.h>
#include <stdatomic.h>

enum {
    RING = 8,
    LOOKS = 2000, /* at a box before the processor is given away: some tens of microseconds */
};

static_assert(RING >= 2 * TEAM_LEAD, "a box may be read while it is written again");

struct box {
    _Alignas(MEMORY_ALIGNMENT) atomic_size_t round; /* whose sums are in it; 0: none */
    struct sample_sums sums;
};

struct team {
    _Alignas(MEMORY_ALIGNMENT) size_t slices;
    struct box boxes[][RING];
};

size_t team_length(size_t slices)
{
    return (sizeof(struct team) + slices * RING * sizeof(struct box)) / sizeof(double);
}

struct team *team_at(double *shared)
{
    return (struct team *)(void *)shared;
}

void team_open(double *shared, size_t slices)
{
    struct team *team = team_at(shared);
    team->slices = slices;
    for (size_t p = 0; p < slices; p++)
        for (size_t i = 0; i < RING; i++)
            atomic_init(&team->boxes[p][i].round, 0);
}

void team_put(struct team *team, size_t slice, size_t round, const struct sample_sums *sums)
{
    struct box *box = &team->boxes[slice][round % RING];
    box->sums = *sums;
    atomic_store_explicit(&box->round, round, memory_order_release);
}

void team_ask(const struct team *team, size_t round)
{
    for (size_t p = 0; p < team->slices; p++)
        __builtin_prefetch(&team->boxes[p][round % RING]);
}

/* Between two looks at a box: a pause, and in the end the processor. */
static void look_away(size_t looks)
{
    if (looks >= LOOKS)
        sched_yield();
#if defined(__x86_64__)
    else
        __builtin_ia32_pause();
#endif
}

static const struct sample_sums *wait_for(const struct box *box, size_t round)
{
    for (size_t looks = 0; atomic_load_explicit(&box->round, memory_order_acquire) != round;
         looks++)
        look_away(looks);
    return &box->sums;
}

struct sample_sums team_total(const struct team *team, size_t round)
{
    struct sample_sums total = *wait_for(&team->boxes[0][round % RING], round);
    for (size_t p = 1; p < team->slices; p++)
        sample_sums_add(&total, wait_for(&team->boxes[p][round % RING], round));
    return total;
}
