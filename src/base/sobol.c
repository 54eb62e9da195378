/* SPDX-License-Identifier: MIT
 *
 * Coordinate i of a dimension is the exclusive or of its direction numbers V_j over the bits j of
 * i's Gray code. The V_j follow from a primitive polynomial of degree s with inner coefficients a
 * and the first s odd numbers m_j, V_j = m_j 2^(32 - j):
 *
 *     V_j = V_(j-s) ^ (V_(j-s) >> s) ^ a_1 V_(j-1) ^ ... ^ a_(s-1) V_(j-s+1)
 *
 * The numbers are those of Joe and Kuo ("Constructing Sobol sequences with better two-dimensional
 * projections", SIAM J. Sci. Comput. 30, 2008; their table new-joe-kuo-6.21201), as in SciPy.
 *
 * Owen's scrambling turns bits over: whether bit k is, is a fair coin of its own for each value of
 * the bits above it. The coins are the nodes of a binary tree, and there are 2^32 of them; here
 * each is a bit of a counter-based stream that is named by its place, seven levels (127 nodes) a
 * stream, so that none is ever kept. Burley ("Practical hash-based Owen scrambling", JCGT 9, 2020)
 * has a hash in place of the coins, after Laine and Karras, which is quicker where billions of
 * points are wanted; a sweep wants thousands, and coins are what Owen's theorems are about.
 *
 * The GNU Scientific Library has the sequence, but from older numbers and without scrambling: a
 * library more to depend on, and most of this file still to be written.
 */
#include "base/sobol.h"

#include "base/random.h"

#include <assert.h>

enum { BITS = 32, DEGREE_MAX = 7, LEVELS = 7 };

/* Of dimensions 1, 2, ...: degree, inner coefficients, and m_1 ... m_degree. In dimension 0 every m
 * is 1. */
static const struct direction {
    unsigned degree, inner;
    uint32_t first[DEGREE_MAX];
} directions[SOBOL_DIMENSIONS - 1] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
    {7, 50, {1, 3, 1, 3, 5, 53, 69}},
    {7, 55, {1, 1, 5, 5, 23, 33, 13}},
    {7, 56, {1, 1, 7, 7, 1, 61, 123}},
    {7, 59, {1, 1, 7, 9, 13, 61, 49}},
    {7, 62, {1, 3, 3, 5, 3, 55, 33}},
};

/* V_1 ... V_count of a dimension, at V[0] ... */
static void find_directions(size_t dimension, unsigned count, uint32_t V[static BITS])
{
    if (dimension == 0) {
        for (unsigned j = 0; j < count; j++)
            V[j] = UINT32_C(1) << (BITS - 1 - j);
        return;
    }
    const struct direction *row = &directions[dimension - 1];
    const unsigned s = row->degree;
    for (unsigned j = 0; j < count; j++) {
        if (j < s) {
            V[j] = row->first[j] << (BITS - 1 - j);
            continue;
        }
        V[j] = V[j - s] ^ (V[j - s] >> s);
        for (unsigned k = 1; k < s; k++)
            V[j] ^= (row->inner >> (s - 1 - k) & 1) * V[j - k];
    }
}

uint32_t sobol_point(size_t dimension, uint32_t index)
{
    assert(dimension < SOBOL_DIMENSIONS);
    uint32_t V[BITS] = {0}, gray = index ^ (index >> 1), point = 0;
    unsigned count = 0;
    while (count < BITS && gray >> count != 0)
        count++;
    find_directions(dimension, count, V);
    for (unsigned j = 0; j < count; j++)
        point ^= (gray >> j & 1) * V[j];
    return point;
}

/* The coins for the bits from `level` on, of numbers that begin like `point`, in their places. */
static uint32_t flips_from(uint64_t seed, size_t dimension, unsigned level, uint32_t point)
{
    uint64_t above = level > 0 ? point >> (BITS - level) : 0;
    uint64_t place = (uint64_t)dimension << 40 | (uint64_t)level << 32 | above;
    struct random_stream stream = random_open(seed, RANDOM_SCRAMBLE, place);
    uint64_t low = random_bits(&stream), high = random_bits(&stream);
    uint32_t flips = 0, node = 1; /* whose children are 2 node and 2 node + 1 */
    for (unsigned bit = level; bit < level + LEVELS && bit < BITS; bit++) {
        uint64_t coin = (node < 64 ? low >> node : high >> (node - 64)) & 1;
        flips |= (uint32_t)coin << (BITS - 1 - bit);
        node = 2 * node + (point >> (BITS - 1 - bit) & 1);
    }
    return flips;
}

uint32_t sobol_scrambled(uint64_t seed, size_t dimension, uint32_t index)
{
    uint32_t point = sobol_point(dimension, index), flips = 0;
    for (unsigned level = 0; level < BITS; level += LEVELS)
        flips |= flips_from(seed, dimension, level, point);
    return point ^ flips;
}
