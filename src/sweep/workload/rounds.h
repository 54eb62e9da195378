/* SPDX-License-Identifier: MIT
 *
 * Rounds: the order in which the configurations on a data set take their turns. Each is trained
 * once a round, so that what changes from round to round (the machine warms up, a neighbour wakes)
 * meets all of them; and within a round the order changes, so that none is always the one after
 * some other. A cyclic Latin square does both: in a block of k rounds of k configurations each
 * stands at every position once. Each block begins from a permutation of its own; with two sides
 * that is AB BA, or BA AB.
 *
 * The order depends on the seed, the number of configurations and the round alone, so that an
 * interrupted sweep goes on in it. Method: nanobench, compare(); Latin squares: Fisher, "The design
 * of experiments", 1935.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_ROUNDS_H
#define DESCENT_SWEEP_WORKLOAD_ROUNDS_H

#include "base/table.h"

#include <stddef.h>
#include <stdint.h>

/* Fills turns[count] with 0 .. count - 1 in the order of round `round` (from 1). */
void round_turns(const struct entry *order, uint64_t seed, int64_t round, size_t count,
                 uint32_t *turns);

#endif
