/* SPDX-License-Identifier: MIT
 *
 * Sobol's sequence: points of the unit cube that fill it more evenly than independent ones. Of
 * every 2^m points from a multiple of 2^m on, each of the 2^m equal intervals of each dimension has
 * exactly one; and of the first two dimensions together, so has each of the rectangles of 2^-a by
 * 2^-(m - a).
 *
 * Scrambled (Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995), all of that still
 * holds, every point is uniform on the cube, and another seed makes another sequence. Point i
 * depends on i, the dimension and the seed alone: more points leave the earlier ones as they were.
 */
#ifndef DESCENT_BASE_SOBOL_H
#define DESCENT_BASE_SOBOL_H

#include <stddef.h>
#include <stdint.h>

enum { SOBOL_DIMENSIONS = 37 };

/* Of point `index`, from 0, the coordinate in `dimension`, from 0, as a multiple of 2^-32. */
uint32_t sobol_point(size_t dimension, uint32_t index);

/* The same, scrambled. */
uint32_t sobol_scrambled(uint64_t seed, size_t dimension, uint32_t index);

#endif
