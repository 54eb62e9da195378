/* SPDX-License-Identifier: MIT
 *
 * The numbers that tables are full of: up to seven digits, and after a point up to seven more.
 * Where the text goes on behind them they are read as two words (word.h), in about as many steps as
 * they have digits, and without a loop. Digits and powers of ten are exact as doubles, so that
 * nothing is rounded but by one division: the same bits as of number_parse(), which reads all
 * others.
 */
#ifndef DESCENT_DATA_FORMATS_NUMBER_WORDS_H
#define DESCENT_DATA_FORMATS_NUMBER_WORDS_H

#include "data/formats/number_parse.h"
#include "data/formats/word.h"

/* 10^0 to 10^22, all of which are doubles. */
extern const double number_powers[];

/* A sign, and two words that overlap at the point. */
enum { NUMBER_WORDS_BYTES = 1 + 2 * WORD_BYTES };

/* Reads such a number. Returns where it ends; NULL: it is another, or none. NUMBER_WORDS_BYTES of
 * the text must be readable. */
static inline const char *number_words_read(const char *text, double *value)
{
    const char *p = text + (*text == '-');
    uint64_t whole = word_load(p);
    size_t digits = word_digits(whole);
    if (digits == 0 || digits == WORD_BYTES)
        return NULL;
    double real = (double)(int64_t)word_number(whole, digits);
    p += digits;
    if (*p == '.') {
        uint64_t fraction = word_load(++p);
        size_t more = word_digits(fraction);
        if (more == 0 || more == WORD_BYTES)
            return NULL;
        double power = number_powers[more];
        real = (real * power + (double)(int64_t)word_number(fraction, more)) / power;
        p += more;
    }
    *value = *text == '-' ? -real : real;
    return *p != 'e' && *p != 'E' ? p : NULL;
}

/* Any number of a text of which all before `end` may be read, and one byte before it, or that at
 * `end`, cannot belong to the number; see number_parse(). */
static inline const char *number_parse_before(const char *text, const char *end, double *value)
{
    const char *after = end - text >= NUMBER_WORDS_BYTES ? number_words_read(text, value) : NULL;
    return after != NULL ? after : number_parse(text, value);
}

#endif
