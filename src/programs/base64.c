/* SPDX-License-Identifier: MIT
 *
 * Three bytes are four digits of six bits, the first of them the highest; a last group of one or
 * two bytes is filled up with zeros, and the digits that are all filling are "=". What is decoded
 * has to be what encoding gives, or it is refused: other texts of the same bytes would hide a cut.
 */
#include "programs/base64.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { BYTES = 3, DIGITS = 4, BITS = 6 };

char *base64_encode(const void *bytes, size_t size)
{
    const unsigned char *from = bytes;
    char *text = memory_allocate((size + BYTES - 1) / BYTES * DIGITS + 1, 1), *to = text;
    for (size_t i = 0; i < size; i += BYTES) {
        uint32_t group = 0;
        for (size_t j = 0; j < BYTES; j++)
            group = group << 8 | (i + j < size ? from[i + j] : 0U);
        for (size_t j = 0; j < DIGITS; j++)
            *to++ = i + j <= size ? digits[group >> BITS * (DIGITS - 1 - j) & 63U] : '=';
    }
    return text;
}

/* Returns 64 for what is no digit. */
static uint32_t value_of(char digit)
{
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
    return at != NULL ? (uint32_t)(at - digits) : 64;
}

/* The group at `text`, of which `count` bytes count: digits, then fillings. */
static bool decode_group(const char *text, size_t count, uint32_t *group)
{
    *group = 0;
    for (size_t j = 0; j < DIGITS; j++) {
        const uint32_t value = j <= count ? value_of(text[j]) : 0;
        if (value == 64 || (j > count && text[j] != '='))
            return false;
        *group = *group << BITS | value;
    }
    return count == BYTES || (*group & ((1U << 8 * (BYTES - count)) - 1)) == 0;
}

bool base64_decode(const char *text, void *bytes, size_t size)
{
    unsigned char *to = bytes;
    if (strlen(text) != (size + BYTES - 1) / BYTES * DIGITS)
        return false;
    for (size_t i = 0; i < size; i += BYTES, text += DIGITS) {
        const size_t count = size - i < BYTES ? size - i : BYTES;
        uint32_t group;
        if (!decode_group(text, count, &group))
            return false;
        for (size_t j = 0; j < count; j++)
            to[i + j] = (unsigned char)(group >> 8 * (BYTES - 1 - j));
    }
    return true;
}
