/* SPDX-License-Identifier: MIT
 *
 * What does not depend on MPI: launchers, the model of a sum, what is the largest of some numbers,
 * and errors that all ranks share.
 */
#include "base/parallel/ranks.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>

/* Open MPI; MPICH and its kin; PMIx and srun, which tell the number of processes elsewhere. */
static const struct {
    const char *count, *index;
} launchers[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
    {"PMI_SIZE", "PMI_RANK"},
    {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},
};

/* The number in a variable of the environment; -1 where there is none. */
static int64_t number_of(const char *name)
{
    const char *text = getenv(name);
    int64_t number;
    return text != NULL && text_to_integer(text, &number) ? number : -1;
}

/* The row of the launcher that started this, or -1. */
static int launcher(void)
{
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
        if (number_of(launchers[i].count) > 0 && number_of(launchers[i].index) >= 0)
            return (int)i;
    return -1;
}

int ranks_launched(void)
{
    int row = launcher();
    return row >= 0 ? (int)number_of(launchers[row].count) : 1;
}

int ranks_launched_as(void)
{
    int row = launcher();
    return row >= 0 ? (int)number_of(launchers[row].index) : 0;
}

static int of_rows = 1;

void ranks_distribute_rows(const struct ranks *world)
{
    of_rows = ranks_count(world);
}

int ranks_of_rows(void)
{
    return of_rows;
}

enum ranks_way ranks_allreduce_way(int ranks, double count)
{
    bool power_of_two = (ranks & (ranks - 1)) == 0;
    if (!power_of_two)
        return RANKS_CLIMB;
    return ranks >= 4 && count >= (double)RANKS_MANY ? RANKS_HALVE : RANKS_DOUBLE;
}

static int levels(int count)
{
    int level = 0;
    while (1 << level < count)
        level++;
    return level;
}

/* Doubling: every rank sends all in every step. Halving: one half, a quarter, ..., and the same
 * again. Climbing: each but the root sends once up, and gets once what is sent down. */
struct ranks_cost ranks_allreduce_cost(int ranks, double count)
{
    const double bytes = 8.0 * count, level = levels(ranks), P = ranks;
    struct ranks_cost cost = {.steps = 2.0 * level};
    switch (ranks_allreduce_way(ranks, count)) {
    case RANKS_CLIMB:
        cost.messages = 2.0 * (P - 1.0) / P;
        cost.bytes = cost.messages * bytes;
        cost.step_bytes = cost.steps * bytes;
        break;
    case RANKS_DOUBLE:
        cost.messages = cost.steps = level;
        cost.bytes = cost.step_bytes = level * bytes;
        break;
    case RANKS_HALVE:
        cost.messages = cost.steps;
        cost.bytes = cost.step_bytes = 2.0 * (1.0 - 1.0 / P) * bytes;
        break;
    }
    return cost;
}

/* Every rank looks at all numbers in the same order. MPI_MAX is no help: of numbers with NaN among
 * them its result is not defined, and ranks have been seen to get different ones. */
double ranks_allreduce_max(const struct ranks *ranks, double number)
{
    int count = ranks_count(ranks);
    if (count == 1)
        return number;
    double *all = memory_allocate((size_t)count, sizeof *all);
    ranks_allgather(ranks, &number, sizeof number, all);
    number = all[0];
    for (int rank = 1; rank < count && !isnan(number); rank++)
        if (!(all[rank] <= number)) /* it is larger, or NaN */
            number = all[rank];
    memory_free(all);
    return number;
}

double ranks_allreduce_min(const struct ranks *ranks, double number)
{
    return -ranks_allreduce_max(ranks, -number);
}

size_t ranks_total(const struct ranks *ranks, size_t mine, size_t *before)
{
    size_t *all = memory_allocate((size_t)ranks_count(ranks), sizeof *all), total = 0;
    ranks_allgather(ranks, &mine, sizeof mine, all);
    for (int rank = 0; rank < ranks_count(ranks); rank++) {
        if (rank == ranks_index(ranks))
            *before = total;
        total += all[rank];
    }
    memory_free(all);
    return total;
}

static bool settled;

bool ranks_have_settled(void)
{
    return settled;
}

bool ranks_settle(const struct ranks *ranks, struct error *error)
{
    int count = ranks_count(ranks), first = 0;
    settled = error->kind != ERROR_NONE;
    if (count == 1)
        return !settled;
    enum error_kind *kinds = memory_allocate((size_t)count, sizeof *kinds);
    ranks_allgather(ranks, &error->kind, sizeof error->kind, kinds);
    while (first < count && kinds[first] == ERROR_NONE)
        first++;
    memory_free(kinds);
    settled = first < count;
    if (!settled)
        return true;
    ranks_broadcast(ranks, first, error, sizeof *error);
    return false;
}
