/* SPDX-License-Identifier: MIT
 *
 * A decimal number is m * 10^e with an integer m. Up to 19 digits fit into 64 bits, and then:
 *
 *   1. m <= 2^53 and |e| <= 22: m and 10^|e| are doubles, and one multiplication or division of
 *      exact operands is rounded correctly (Clinger, "How to read floating point numbers
 *      accurately", PLDI 1990). This is every number that people type.
 *   2. |e| <= 27, on machines whose long double has 64 bits of mantissa: m and 10^|e| = 5^|e| 2^|e|
 *      are exact there (5^27 < 2^64), so one operation has an error of at most half a unit of the
 *      64th bit. Rounding that to 53 bits is right unless the 11 bits dropped are 10000000000: only
 *      then may the true value lie on either side of the tie. The result is between 1e-27 and
 *      2e46, so it is never subnormal. This is the 17 digits that programs write.
 *   3. Otherwise, once in two thousand numbers of 17 digits, strtod().
 *
 * Where more of the text may be read than the number, its digits are taken eight at a time
 * (word.h). The program never calls setlocale(), so strtod() expects a point.
 */
#include "data/formats/number_parse.h"

#include "base/memory.h"

#include <float.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    DIGITS_EXACT = 19,    /* decimal digits that always fit into 64 bits */
    EXPONENT_DOUBLE = 22, /* 10^22 is a double, 10^23 is not */
    EXPONENT_LONG = 27,   /* 10^27 = 5^27 2^27, and 5^27 < 2^64 */
};

/* No text has so many digits that they could make up for an exponent beyond this. */
static const int64_t exponent_clamp = INT64_C(10000000000000000);

const double number_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

#if LDBL_MANT_DIG == 64
static const long double powers_long[EXPONENT_LONG + 1] = {
    1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
    1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
    1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};

static bool convert_long(uint64_t mantissa, int64_t exponent, double *value)
{
    if (exponent < -EXPONENT_LONG || exponent > EXPONENT_LONG)
        return false;
    long double wide = (long double)mantissa;
    wide = exponent < 0 ? wide / powers_long[-exponent] : wide * powers_long[exponent];
    uint64_t bits;
    memcpy(&bits, &wide, sizeof bits);
    *value = (double)wide;
    return (bits & 0x7ff) != 0x400;
}
#else
static bool convert_long(uint64_t mantissa, int64_t exponent, double *value)
{
    (void)mantissa, (void)exponent, (void)value;
    return false;
}
#endif

/* m * 10^e by the fast ways; false when neither is sure to be right. */
static inline bool convert(uint64_t mantissa, int64_t exponent, double *value)
{
    if (mantissa <= (UINT64_C(1) << DBL_MANT_DIG) && exponent >= -EXPONENT_DOUBLE &&
        exponent <= EXPONENT_DOUBLE) {
        double real = (double)mantissa;
        *value = exponent < 0 ? real / number_powers[-exponent] : real * number_powers[exponent];
        return true;
    }
    if (mantissa == 0) {
        *value = 0.0;
        return true;
    }
    return convert_long(mantissa, exponent, value);
}

static inline const char *digits_parse(const char *p, uint64_t *mantissa)
{
    uint64_t m = *mantissa;
    for (unsigned digit; (digit = (unsigned)(unsigned char)*p - '0') <= 9; p++)
        m = 10 * m + digit; /* wraps after 19 digits; the caller counts them */
    *mantissa = m;
    return p;
}

/* Reads what follows 'e' into `exponent`; NULL when that is not an integer. */
static const char *exponent_parse(const char *p, int64_t *exponent)
{
    bool negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *first = p;
    int64_t shift = 0;
    for (unsigned digit; (digit = (unsigned)(unsigned char)*p - '0') <= 9; p++)
        shift = shift < exponent_clamp ? 10 * shift + digit : shift;
    *exponent += negative ? -shift : shift;
    return p > first ? p : NULL;
}

/* Do the digits up to `end`, without leading zeros, fit into 64 bits? */
static bool digits_fit(const char *p, const char *end, char point)
{
    while (p < end && (*p == '0' || *p == point))
        p++;
    size_t count = 0;
    for (; p < end; p++)
        count += *p != point;
    return count <= DIGITS_EXACT;
}

/* By strtod(), which knows no other sign than a point. */
static double convert_slowly(const char *text, const char *end, char point)
{
    if (point == '.')
        return strtod(text, NULL);
    size_t length = (size_t)(end - text);
    char *copy = memory_allocate(length + 1, 1);
    memcpy(copy, text, length);
    char *sign = memchr(copy, point, length);
    if (sign != NULL)
        *sign = '.';
    double value = strtod(copy, NULL);
    memory_free(copy);
    return value;
}

/* Compiled once for each sign that decimals are written with. */
static inline __attribute__((always_inline)) const char *parse(const char *text, char point,
                                                               double *value)
{
    const char *p = text;
    double sign = *p == '-' ? -1.0 : 1.0;
    p += *p == '-' || *p == '+';

    const char *first = p;
    uint64_t mantissa = 0;
    p = digits_parse(p, &mantissa);
    ptrdiff_t digits = p - first;
    int64_t exponent = 0;
    if (*p == point) {
        const char *fraction = p + 1;
        p = digits_parse(fraction, &mantissa);
        digits += p - fraction;
        exponent = fraction - p;
    }
    if (digits == 0)
        return NULL;
    const char *last = p;
    if ((*p == 'e' || *p == 'E') && (p = exponent_parse(p + 1, &exponent)) == NULL)
        return NULL;

    if ((digits <= DIGITS_EXACT || digits_fit(first, last, point)) &&
        convert(mantissa, exponent, value))
        *value *= sign;
    else
        *value = convert_slowly(text, p, point);
    return p;
}

const char *number_parse(const char *text, double *value)
{
    return parse(text, '.', value);
}

const char *number_parse_comma(const char *text, double *value)
{
    return parse(text, ',', value);
}

bool number_parse_whole(const char *text, size_t length, double *value)
{
    return number_parse(text, value) == text + length;
}

/* --- Comparing ----------------------------------------------------------------------------- */

/* A number as 0.d1 d2 d3 ... * 10^exponent, with d1 not 0. */
struct decimal {
    int sign;          /* 0: it is 0 */
    const char *digit; /* d1, and what follows it to `end`: digits, and perhaps a point */
    const char *end;
    int64_t exponent;
};

static struct decimal decimal_read(const char *p, size_t length)
{
    const char *end = p + length, *point = NULL, *first = NULL;
    struct decimal number = {.sign = *p == '-' ? -1 : 1};
    p += *p == '-' || *p == '+';
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        point = *p == '.' ? p : point;
        first = first == NULL && *p >= '1' && *p <= '9' ? p : first;
    }
    number.digit = first;
    number.end = p;
    if (first == NULL)
        return (struct decimal){.sign = 0};
    if (p < end)
        exponent_parse(p + 1, &number.exponent);
    const char *whole = point != NULL ? point : number.end; /* where the whole part ends */
    number.exponent += whole > first ? whole - first : whole + 1 - first;
    return number;
}

/* The next digit: 0 behind the last. */
static int digit_next(struct decimal *number)
{
    if (number->digit < number->end && *number->digit == '.')
        number->digit++;
    return number->digit < number->end ? *number->digit++ - '0' : 0;
}

int number_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct decimal x = decimal_read(a, a_length), y = decimal_read(b, b_length);
    if (x.sign != y.sign || x.sign == 0)
        return x.sign - y.sign;
    if (x.exponent != y.exponent)
        return x.exponent < y.exponent ? -x.sign : x.sign;
    while (x.digit < x.end || y.digit < y.end) {
        int difference = digit_next(&x) - digit_next(&y);
        if (difference != 0)
            return difference * x.sign;
    }
    return 0;
}

bool number_not_finite(const char *text, size_t length)
{
    static const char *const words[] = {"nan", "inf", "infinity"};
    if (length > 0 && (*text == '-' || *text == '+')) {
        text++;
        length--;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (length == strlen(words[i]) && strncasecmp(text, words[i], length) == 0)
            return true;
    return false;
}
