/* SPDX-License-Identifier: MIT
 *
 * Eight bytes of text at a time, in one register: most fields of a table are no longer, and a loop
 * over their bytes costs more than what is done with them, for the processor cannot foresee where
 * it ends. The first byte of the text is the lowest of the word, whatever the machine.
 *
 * A mask has the highest bit of each byte that was looked for; the lowest of those is exact (what
 * is above it may be a carry of its making), so that only word_first() asks.
 *
 * Digits: subtracting '0' leaves 0..9, and adding 0x76 to those leaves the highest bit clear. Eight
 * of them become a number by three multiplications, each of which makes pairs of neighbours into
 * one: 10 a + b, 100 ab + cd, 10000 abcd + efgh.
 */
#ifndef DESCENT_DATA_FORMATS_WORD_H
#define DESCENT_DATA_FORMATS_WORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { WORD_BYTES = sizeof(uint64_t) };

#define WORD_ONES UINT64_C(0x0101010101010101)
#define WORD_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t word_load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Its first `count` bytes, at most 8, and zeros. */
static inline uint64_t word_head(uint64_t word, size_t count)
{
    return count < WORD_BYTES ? word & ((UINT64_C(1) << 8 * count) - 1) : word;
}

/* The bytes that are `byte`. */
static inline uint64_t word_mask(uint64_t word, char byte)
{
    uint64_t difference = word ^ (WORD_ONES * (unsigned char)byte);
    return (difference - WORD_ONES) & ~difference & WORD_HIGHS;
}

/* The first byte of a mask, from 0; 8: it has none. */
static inline size_t word_first(uint64_t mask)
{
    return mask != 0 ? (size_t)__builtin_ctzll(mask) / 8 : WORD_BYTES;
}

/* How many digits a word begins with. */
static inline size_t word_digits(uint64_t word)
{
    uint64_t digits = word - WORD_ONES * '0'; /* a borrow comes only from a byte that is no digit */
    return word_first(((digits + WORD_ONES * (0x7f - 9)) | digits) & WORD_HIGHS);
}

/* The number that its first `count` bytes, 1 to 8 digits, are. */
static inline uint64_t word_number(uint64_t word, size_t count)
{
    uint64_t digits = (word - WORD_ONES * '0') << 8 * (WORD_BYTES - count); /* zeros before them */
    digits = (digits * (10 * 0x100 + 1) >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits * (100 * 0x10000 + 1) >> 16) & UINT64_C(0x0000ffff0000ffff);
    return digits * (UINT64_C(10000) * 0x100000000 + 1) >> 32;
}

#endif
