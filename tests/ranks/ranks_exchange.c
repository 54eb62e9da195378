/* SPDX-License-Identifier: MIT
 *
 * Started by mpirun from ranks_exchange.bats: that sums over the ranks of a job have the bits of
 * the fixed tree, that what they send is what the model says, and what a measurement of them gives.
 * Ends with 1, and says why, where one of it is not so.
 *
 *     mpirun -np 8 ranks_exchange
 */
#include "base/memory.h"
#include "base/random.h"
#include "measure/ceilings/exchange.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The numbers (count) that a rank brings: of many sizes, so that the order of additions shows. */
static void bring(int rank, size_t count, double *numbers)
{
    struct random_stream stream = random_open(44, RANDOM_START, (uint64_t)rank);
    for (size_t i = 0; i < count; i++)
        numbers[i] = random_normal(&stream) * exp(5.0 * random_normal(&stream));
}

/* The tree as it is drawn: 0+1, 2+3, ..., then 0+2, ...; all (ranks, count) -> all[0]. */
static void add_up(double *all, int ranks, size_t count)
{
    for (int step = 1; step < ranks; step *= 2)
        for (int left = 0; left + step < ranks; left += 2 * step)
            for (size_t i = 0; i < count; i++)
                all[(size_t)left * count + i] += all[(size_t)(left + step) * count + i];
}

static bool has_bits_of_the_tree(const struct ranks *ranks, size_t count)
{
    int P = ranks_count(ranks);
    double *all = memory_allocate((size_t)P * count, sizeof *all);
    double *sums = memory_allocate(count, sizeof *sums);
    for (int rank = 0; rank < P; rank++)
        bring(rank, count, all + (size_t)rank * count);
    add_up(all, P, count);
    bring(ranks_index(ranks), count, sums);
    ranks_allreduce(ranks, sums, count);
    bool same = memcmp(all, sums, count * sizeof *sums) == 0;
    memory_free(all);
    memory_free(sums);
    return same;
}

/* `sums` sums of `count` numbers: messages are counted by each, and their mean is the model's. */
static bool sends_what_the_model_says(const struct ranks *ranks, int sums, size_t count)
{
    int P = ranks_count(ranks);
    double *numbers = memory_allocate(count, sizeof *numbers);
    struct ranks_traffic before = ranks_traffic(ranks);
    for (int i = 0; i < sums; i++)
        ranks_allreduce(ranks, numbers, count);
    struct ranks_traffic after = ranks_traffic(ranks);
    double sent[2] = {after.messages - before.messages, after.bytes - before.bytes};
    const struct ranks_cost cost = ranks_allreduce_cost(P, (double)count);
    const double summed = P > 1 ? sums : 0;
    bool right = after.sums - before.sums == summed &&
                 after.sum_bytes - before.sum_bytes == 8.0 * (double)count * summed;
    ranks_allreduce_mpi(ranks, sent, 2); /* small integers: exact in any order */
    right = right && fabs(sent[0] / P - summed * cost.messages) < 1e-9;
    right = right && fabs(sent[1] / P - summed * cost.bytes) < 1e-6;
    memory_free(numbers);
    return right;
}

/* For hardly any time: then only the sizes that a model needs are there. */
static bool measures(const struct ranks *ranks)
{
    struct exchange_sample *samples;
    struct exchange_model model;
    size_t count;
    exchange_measure(ranks, 1e-9, &samples, &count);
    bool right = count == (ranks_index(ranks) == 0 && ranks_count(ranks) > 1 ? 2 : 0);
    for (size_t i = 0; i < count; i++)
        right = right && samples[i].ranks == ranks_count(ranks) &&
                samples[i].per_host == ranks_per_host(ranks) &&
                samples[i].bytes == (i == 0 ? 8.0 : 32.0) && samples[i].seconds > 0.0 &&
                samples[i].any_seconds > 0.0;
    exchange_fit(samples, count, &model);
    right = right && model.fitted == (count > 0);
    memory_free(samples);
    return right;
}

/* The largest and the smallest of numbers, on every rank; one NaN makes both NaN, whoever has it.
 */
static bool orders(const struct ranks *ranks)
{
    int P = ranks_count(ranks), own = ranks_index(ranks);
    double largest = ranks_allreduce_max(ranks, own % 3);
    double smallest = ranks_allreduce_min(ranks, own == P - 1 ? (double)-INFINITY : own);
    bool right = largest == (double)(P < 3 ? P - 1 : 2) && smallest == (double)-INFINITY;
    for (int lost = 0; lost < P; lost++) {
        double number = own == lost ? NAN : (double)own;
        right = isnan(ranks_allreduce_max(ranks, number)) && right; /* all ranks call it */
        right = isnan(ranks_allreduce_min(ranks, number)) && right;
    }
    return right;
}

/* What one of the ranks finds wrong is wrong. */
static bool tell(const struct ranks *ranks, const char *what, bool right)
{
    right = ranks_allreduce_min(ranks, right) > 0.0;
    if (ranks_index(ranks) == 0)
        printf("%d ranks: %s: %s\n", ranks_count(ranks), what, right ? "yes" : "no");
    return right;
}

int main(void)
{
    struct error error = {.kind = ERROR_NONE};
    struct ranks *world = ranks_open(&error);
    if (world == NULL) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    static const int numbers[] = {1, 2, 3, 4, 5, 8};
    bool right = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct ranks *ranks = ranks_first(world, numbers[i]);
        if (ranks == NULL)
            continue;
        bool bits = has_bits_of_the_tree(ranks, 1) && has_bits_of_the_tree(ranks, 1001) &&
                    has_bits_of_the_tree(ranks, RANKS_MANY) && has_bits_of_the_tree(ranks, 5003);
        bool sent =
            sends_what_the_model_says(ranks, 3, 10) && sends_what_the_model_says(ranks, 2, 5003);
        right = tell(ranks, "sums have the bits of the tree", bits) && right;
        right = tell(ranks, "as much is sent as the model says", sent) && right;
        right = tell(ranks, "the largest is one, on all ranks", orders(ranks)) && right;
        right = tell(ranks, "sums are measured", measures(ranks)) && right;
        ranks_free(ranks);
    }
    ranks_close(world);
    return right ? 0 : 1;
}
