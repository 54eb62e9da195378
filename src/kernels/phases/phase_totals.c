/* SPDX-License-Identifier: MIT
 *
 * The names of phases, and what belongs to a run's totals.
 */
#include "kernels/phases/phase_totals.h"

#include "base/memory.h"

#include <string.h>

const struct entry phases[PHASE_COUNT] = {
#define ROW(id_, name_, summary_) {name_, summary_},
    PHASES(ROW)
#undef ROW
};

enum phase phase_find(const char *name)
{
    enum phase phase = 0;
    while (phase < PHASE_COUNT && strcmp(phases[phase].name, name) != 0)
        phase++;
    return phase;
}

static void add_traffic(struct ranks_traffic *sum, const struct ranks_traffic *before)
{
    sum->sums += before->sums;
    sum->sum_bytes += before->sum_bytes;
    sum->messages += before->messages;
    sum->bytes += before->bytes;
}

void phase_totals_add(struct phase_totals *sum, const struct phase_totals *before)
{
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        sum->seconds[phase] += before->seconds[phase];
        sum->cost[phase].flops += before->cost[phase].flops;
        sum->cost[phase].bytes += before->cost[phase].bytes;
    }
    sum->wall += before->wall;
    sum->regions += before->regions;
    add_traffic(&sum->traffic, &before->traffic);
    for (int t = 0; t < sum->threads && t < before->threads; t++) {
        sum->thread[t].work += before->thread[t].work;
        sum->thread[t].wait += before->thread[t].wait;
    }
}

struct phase_totals *phase_totals_copy(const struct phase_totals *totals)
{
    if (totals == NULL)
        return NULL;
    const size_t threads = (size_t)totals->threads;
    struct phase_totals *copy = memory_allocate(1, sizeof *copy);
    *copy = *totals;
    copy->thread = memory_allocate(threads, sizeof *copy->thread);
    memcpy(copy->thread, totals->thread, threads * sizeof *copy->thread);
    return copy;
}

void phase_totals_free(struct phase_totals *totals)
{
    if (totals == NULL)
        return;
    memory_free(totals->thread);
    memory_free(totals);
}
