/* SPDX-License-Identifier: MIT
 *
 * Round r of a block is its permutation, rotated by r.
 */
#include "sweep/workload/rounds.h"
#include "sweep/file/sweep_file.h"

#include "base/memory.h"
#include "base/random.h"

#include <string.h>

void round_turns(const struct entry *order, uint64_t seed, int64_t round, size_t count,
                 uint32_t *turns)
{
    for (size_t i = 0; i < count; i++)
        turns[i] = (uint32_t)i;
    if (order == &order_listed || count == 0)
        return;
    uint64_t block = (uint64_t)(round - 1) / count, turn = (uint64_t)(round - 1) % count;
    struct random_stream stream = random_open(seed, RANDOM_ROUNDS, block);
    uint32_t *permutation = memory_allocate(count, sizeof *permutation);
    random_permutation(&stream, permutation, count);
    memcpy(turns, permutation + turn, (count - turn) * sizeof *turns);
    memcpy(turns + (count - turn), permutation, turn * sizeof *turns);
    memory_free(permutation);
}
