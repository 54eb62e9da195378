/* SPDX-License-Identifier: MIT
 *
 * Single-byte text is Windows-1252, as browsers take it (WHATWG Encoding Standard, section 9): what
 * is called Latin-1 mostly is that, and where it is not, the two agree.
 */
#include "base/utf8.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { HIGH_FIRST = 0x80, HIGH_COUNT = 32, BYTES_MOST = 3 };

/* What the bytes from 0x80 to 0x9f are in Windows-1252; five of them are nothing, and stay. */
static const uint16_t high[HIGH_COUNT] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

uint32_t utf8_decode(const char *at, size_t *length)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    const unsigned char *byte = (const unsigned char *)at;
    *length = 0;
    for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
        if ((byte[0] & forms[form].mask) != forms[form].lead)
            continue;
        uint32_t point = byte[0] & (unsigned char)~forms[form].mask;
        for (size_t i = 1; i <= form; i++) {
            if ((byte[i] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (byte[i] & 0x3f);
        }
        bool allowed =
            point >= forms[form].least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
        *length = allowed ? form + 1 : 0;
        return point;
    }
    return 0;
}

static bool is_utf8(const char *text)
{
    size_t length;
    for (; *text != '\0'; text += length) {
        utf8_decode(text, &length);
        if (length == 0)
            return false;
    }
    return true;
}

/* Writes a character of at most 16 bits; returns where it ends. */
static char *character_write(uint16_t point, char *end)
{
    if (point < 0x80) {
        *end++ = (char)point;
    } else if (point < 0x800) {
        *end++ = (char)(0xc0 | point >> 6);
        *end++ = (char)(0x80 | (point & 0x3f));
    } else {
        *end++ = (char)(0xe0 | point >> 12);
        *end++ = (char)(0x80 | (point >> 6 & 0x3f));
        *end++ = (char)(0x80 | (point & 0x3f));
    }
    return end;
}

char *utf8_copy(const char *text)
{
    if (is_utf8(text))
        return memory_copy_text(text);
    char *copy = memory_allocate(BYTES_MOST * strlen(text) + 1, 1), *end = copy;
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++) {
        unsigned place = *byte - HIGH_FIRST;
        bool is_high = *byte >= HIGH_FIRST && place < HIGH_COUNT;
        end = character_write(is_high ? high[place] : *byte, end);
    }
    *end = '\0';
    return copy;
}
