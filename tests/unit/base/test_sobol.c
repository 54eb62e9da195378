/* SPDX-License-Identifier: MIT
 *
 * Sobol's sequence: the published points, the evenness that it promises, and that scrambling keeps
 * it.
 */
#include "base/sobol.h"
#include "testing.h"

#include <stdbool.h>

/* scipy.stats.qmc.Sobol(32, scramble=False, bits=32), SciPy 1.10: the first points in four
 * dimensions, and two later ones, times 2^32, in 32. */
enum { PUBLISHED = 32 };

static void published_points(void **state)
{
    (void)state;
    static const double first[8][4] = {
        {0, 0, 0, 0},
        {0.5, 0.5, 0.5, 0.5},
        {0.75, 0.25, 0.25, 0.25},
        {0.25, 0.75, 0.75, 0.75},
        {0.375, 0.375, 0.625, 0.875},
        {0.875, 0.875, 0.125, 0.375},
        {0.625, 0.125, 0.875, 0.625},
        {0.125, 0.625, 0.375, 0.125},
    };
    static const uint32_t at_1000[PUBLISHED] = {
        0x38400000, 0x18c00000, 0x84c00000, 0xad400000, 0x47c00000, 0xe8400000, 0x0bc00000,
        0xe6400000, 0x80400000, 0x11c00000, 0x15c00000, 0x41400000, 0x29400000, 0x62400000,
        0x24c00000, 0x5ec00000, 0xb8400000, 0x58400000, 0xfdc00000, 0xb9c00000, 0x85c00000,
        0x8cc00000, 0xf3400000, 0x8a400000, 0x95400000, 0xe8400000, 0x0a400000, 0xfac00000,
        0x0f400000, 0x57400000, 0x25c00000, 0x25400000};
    static const uint32_t at_123456[PUBLISHED] = {
        0x06c88000, 0x2ec88000, 0x4ea88000, 0x73478000, 0x2b4f8000, 0x34088000, 0xb7408000,
        0x76cc8000, 0xb4da8000, 0x3fc28000, 0x7fc58000, 0xc7fb8000, 0x8d4e8000, 0x47cb8000,
        0xc36a8000, 0xa94f8000, 0x92418000, 0x5f248000, 0xe1cb8000, 0x283b8000, 0x1e3b8000,
        0x9a598000, 0x776a8000, 0x7f388000, 0xbec08000, 0x86428000, 0xdca28000, 0x72e38000,
        0xbbc18000, 0x53438000, 0xaca08000, 0x13618000};
    for (uint32_t i = 0; i < 8; i++)
        for (size_t d = 0; d < 4; d++)
            assert_true((double)sobol_point(d, i) == first[i][d] * 0x1p32);
    for (size_t d = 0; d < PUBLISHED; d++) {
        assert_int_equal(sobol_point(d, 1000), at_1000[d]);
        assert_int_equal(sobol_point(d, 123456), at_123456[d]);
    }
}

/* Of 2^m points, each of 2^a intervals of one dimension by 2^(m-a) of the other has one. */
enum { M = 8, POINTS = 1 << M };
static void check_cells(const uint32_t *x, const uint32_t *y, unsigned a)
{
    bool seen[POINTS] = {false};
    for (size_t i = 0; i < POINTS; i++) {
        uint32_t cell = a > 0 ? x[i] >> (32 - a) << (M - a) : 0;
        cell |= a < M ? y[i] >> (32 - (M - a)) : 0;
        assert_false(seen[cell]);
        seen[cell] = true;
    }
}

/* From any multiple of 2^m on, whatever the seed. */
static void every_interval_has_a_point(void **state)
{
    (void)state;
    for (uint32_t begin = 0; begin < 4 * POINTS; begin += POINTS)
        for (uint64_t seed = 0; seed < 3; seed++)
            for (size_t d = 0; d < SOBOL_DIMENSIONS; d++) {
                uint32_t plain[POINTS], scrambled[POINTS];
                for (uint32_t i = 0; i < POINTS; i++) {
                    plain[i] = sobol_point(d, begin + i);
                    scrambled[i] = sobol_scrambled(seed, d, begin + i);
                }
                check_cells(plain, plain, M);
                check_cells(scrambled, scrambled, M);
            }
}

static void two_dimensions_are_a_net(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        uint32_t x[POINTS], y[POINTS];
        for (uint32_t i = 0; i < POINTS; i++) {
            x[i] = sobol_scrambled(seed, 0, 3 * POINTS + i);
            y[i] = sobol_scrambled(seed, 1, 3 * POINTS + i);
        }
        for (unsigned a = 0; a <= M; a++)
            check_cells(x, y, a);
    }
}

/* Over seeds a point is uniform, bit by bit: of 4096 fair coins 2048 are expected, standard
 * deviation 32; and two dimensions have coins of their own. */
static void seeds_spread_a_point(void **state)
{
    (void)state;
    enum { SEEDS = 4096 };
    size_t ones[32] = {0}, alike[32] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint32_t one = sobol_scrambled(seed, 4, 77);
        uint32_t same =
            ~(one ^ sobol_point(4, 77) ^ sobol_scrambled(seed, 5, 77) ^ sobol_point(5, 77));
        for (unsigned b = 0; b < 32; b++) {
            ones[b] += one >> b & 1;
            alike[b] += same >> b & 1;
        }
    }
    for (unsigned b = 0; b < 32; b++) {
        assert_between(ones[b], 1888, 2208);
        assert_between(alike[b], 1888, 2208);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_points),
        cmocka_unit_test(every_interval_has_a_point),
        cmocka_unit_test(two_dimensions_are_a_net),
        cmocka_unit_test(seeds_spread_a_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
