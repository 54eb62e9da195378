/* SPDX-License-Identifier: MIT
 *
 * AUC alone, for models that are measured by the thousand: whole numbers that are in the order of
 * margins are sorted, of either class by itself, digit by digit (radix sort, of bytes, the lowest
 * first), and then walked through together. Twice the number of pairs in the right order is a whole
 * number, so that nothing is rounded before the division.
 */
#include "measure/statistics/classification.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { DIGITS = 8, VALUES = 256 };

/* Negative numbers have their bits turned round; -0 is 0. */
static uint64_t key_of(double z)
{
    const double number = z + 0.0;
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 != 0 ? ~bits : bits | UINT64_C(1) << 63;
}

static size_t digit_of(uint64_t key, int digit)
{
    return key >> (8 * digit) & (VALUES - 1);
}

/* Puts `from` (count) into `to` by one of the digits, `starts` of which is where each value begins.
 */
static void deal(const uint64_t *restrict from, size_t count, int digit, size_t *restrict starts,
                 uint64_t *restrict to)
{
    for (size_t i = 0; i < count; i++)
        to[starts[digit_of(from[i], digit)]++] = from[i];
}

/* Sorts keys (count) with room for as many in `spare`; returns which of the two has them. */
static const uint64_t *sorted(uint64_t *keys, uint64_t *spare, size_t count)
{
    size_t counts[DIGITS][VALUES] = {{0}};
    for (size_t i = 0; i < count; i++)
        for (int digit = 0; digit < DIGITS; digit++)
            counts[digit][digit_of(keys[i], digit)]++;
    for (int digit = 0; digit < DIGITS && count > 0; digit++) {
        size_t *starts = counts[digit], begin = 0;
        if (starts[digit_of(keys[0], digit)] == count)
            continue; /* the same in all */
        for (size_t value = 0; value < VALUES; value++) {
            const size_t many = starts[value];
            starts[value] = begin;
            begin += many;
        }
        deal(keys, count, digit, starts, spare);
        uint64_t *other = keys;
        keys = spare;
        spare = other;
    }
    return keys;
}

/* Twice the pairs of which the one has the larger key, and once those of equal keys. */
static long double pairs_in_order(const uint64_t *ones, size_t one_count, const uint64_t *zeros,
                                  size_t zero_count)
{
    long double pairs = 0.0L;
    for (size_t i = 0, below = 0, upto = 0; i < one_count; i++) {
        while (below < zero_count && zeros[below] < ones[i])
            below++;
        while (upto < zero_count && zeros[upto] <= ones[i])
            upto++;
        pairs += (long double)(below + upto);
    }
    return pairs;
}

double classification_auc(const double *z, const double *y, size_t rows)
{
    uint64_t *keys = memory_allocate_untouched(2 * rows + 1, sizeof *keys), *spare = keys + rows;
    size_t ones = 0, zeros = 0; /* from the front, and from the end */
    for (size_t i = 0; i < rows; i++)
        keys[y[i] > 0.5 ? ones++ : rows - ++zeros] = key_of(z[i]);
    const uint64_t *first = sorted(keys, spare, ones),
                   *last = sorted(keys + ones, spare + ones, zeros);
    const long double pairs = pairs_in_order(first, ones, last, zeros);
    memory_free(keys);
    return ones > 0 && zeros > 0 ? (double)(pairs / 2.0L / ((long double)ones * (long double)zeros))
                                 : (double)NAN;
}
