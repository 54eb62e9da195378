/* SPDX-License-Identifier: MIT
 *
 * Decimal numbers from text: the same bits as strtod() in the C locale, several times faster, and
 * in any locale.
 */
#ifndef DESCENT_DATA_FORMATS_NUMBER_PARSE_H
#define DESCENT_DATA_FORMATS_NUMBER_PARSE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a number, "[+-]digits[.digits][e[+-]digits]" with at least one digit before the exponent,
 * and returns where it ends, or NULL when there is none. The text must be followed by a byte that
 * cannot belong to a number; a line break or NUL will do. A number too large for a double becomes
 * infinite. Hexadecimal, infinite and NaN texts are not numbers here. */
const char *number_parse(const char *text, double *value);

/* The same where a comma stands in place of the point. */
const char *number_parse_comma(const char *text, double *value);

/* Is the whole slice a number? The byte after it must be readable. */
bool number_parse_whole(const char *text, size_t length, double *value);

/* < 0, 0 or > 0, as the first of two slices that are numbers is smaller, equal or larger: exactly,
 * also where both are rounded to the same double. */
int number_compare(const char *a, size_t a_length, const char *b, size_t b_length);

/* Is the slice a text for what is not finite: "nan", "-inf", "Infinity", in any case? */
bool number_not_finite(const char *text, size_t length);

#endif
