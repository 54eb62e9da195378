/* SPDX-License-Identifier: MIT
 *
 * Nothing but additions.
 */
#include "kernels/phases/phase_tally.h"

#include "base/memory.h"

struct phase_tally phase_tally_create(int threads)
{
    return (struct phase_tally){
        .threads = threads,
        .thread = memory_allocate((size_t)threads, sizeof(struct phase_thread)),
    };
}

void phase_tally_clear(struct phase_tally *tally)
{
    struct phase_thread *thread = tally->thread;
    for (int t = 0; t < tally->threads; t++)
        thread[t] = (struct phase_thread){0.0, 0.0};
    *tally = (struct phase_tally){.threads = tally->threads, .thread = thread};
}

void phase_cost_add(struct phase_cost *sum, struct phase_cost cost)
{
    sum->flops += cost.flops;
    sum->bytes += cost.bytes;
}

void phase_tally_add(struct phase_tally *sum, const struct phase_tally *tally)
{
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        sum->seconds[phase] += tally->seconds[phase];
        phase_cost_add(&sum->cost[phase], tally->cost[phase]);
    }
    sum->regions += tally->regions;
    for (int t = 0; t < sum->threads; t++) {
        sum->thread[t].work += tally->thread[t].work;
        sum->thread[t].wait += tally->thread[t].wait;
    }
}

double phase_tally_seconds(const struct phase_tally *tally)
{
    double sum = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        sum += tally->seconds[phase];
    return sum;
}
