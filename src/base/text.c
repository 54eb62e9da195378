/* SPDX-License-Identifier: MIT
 *
 * The distance between two names is Damerau's restricted edit distance, by dynamic programming over
 * three rows: d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + (a_i != b_j)), and
 * d[i-2][j-2] + 1 where two neighbours are swapped. Names are short, so rows have a fixed size.
 */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 63 };

/* strtod() says so where it had to give up the number: 0 or infinity is not what was written. */
static bool is_lost(double value)
{
    return errno == ERANGE && (value == 0.0 || isinf(value));
}

bool text_to_real(const char *text, double *value)
{
    if (*text == '\0' || isspace((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    return *end == '\0' && !is_lost(*value);
}

const char *text_real_fault(const char *text)
{
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !is_lost(value))
        return "";
    return value == 0.0 ? " (below 4.9e-324, the smallest double above 0)"
                        : " (beyond 1.8e308, the largest double)";
}

/* The parts of "12.5e3", of which digits are "125" where the point is passed over. */
struct decimal {
    const char *digits, *end; /* as they are written, with the point */
    int64_t power;            /* of ten, of the first digit */
};

/* The exponent that follows an 'e', as far as it matters; false: it is none. */
static bool read_exponent(const char *text, int64_t *exponent)
{
    const int64_t enough = INT64_C(1) << 40; /* no text has so many digits */
    int64_t number = 0;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    if (!isdigit((unsigned char)*text))
        return false;
    for (; isdigit((unsigned char)*text); text++)
        number = number < enough ? 10 * number + (*text - '0') : number;
    *exponent = negative ? -number : number;
    return *text == '\0';
}

static bool read_decimal(const char *text, struct decimal *decimal)
{
    size_t whole = strspn(text, "0123456789");
    const char *end = text + whole;
    size_t fraction = *end == '.' ? strspn(end + 1, "0123456789") : 0;
    int64_t exponent = 0;
    end += *end == '.' ? 1 + fraction : 0;
    if (whole + fraction == 0)
        return false;
    if (*end != '\0' && ((*end != 'e' && *end != 'E') || !read_exponent(end + 1, &exponent)))
        return false;
    *decimal = (struct decimal){text, end, exponent + (int64_t)whole - 1};
    return true;
}

/* 10 value + digit; false: it does not fit. */
static bool push_digit(int64_t *value, int digit)
{
    if (*value > (INT64_MAX - digit) / 10)
        return false;
    *value = 10 * *value + digit;
    return true;
}

/* Digit by digit, never through a double: 9007199254740993 and 0.99999999999999999999 are what they
 * are written as. */
static bool decimal_to_integer(const char *text, int64_t *value)
{
    struct decimal decimal;
    *value = 0;
    if (!read_decimal(text, &decimal))
        return false;
    int64_t power = decimal.power;
    for (const char *p = decimal.digits; p < decimal.end; p++) {
        if (*p == '.')
            continue;
        bool fits = power >= 0 ? push_digit(value, *p - '0') : *p == '0';
        if (!fits)
            return false;
        power--;
    }
    for (; power >= 0 && *value != 0; power--)
        if (!push_digit(value, 0))
            return false;
    return true;
}

static bool hexadecimal_to_integer(const char *digits, int64_t *value)
{
    char *end;
    errno = 0;
    *value = strtoll(digits, &end, 16);
    return isxdigit((unsigned char)*digits) && *end == '\0' && errno == 0;
}

bool text_to_integer(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if (!(hexadecimal ? hexadecimal_to_integer(text + 2, value) : decimal_to_integer(text, value)))
        return false;
    *value = negative ? -*value : *value;
    return true;
}

char *text_from_real(char text[static TEXT_NUMBER], double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, TEXT_NUMBER, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}

char *text_from_bytes(char text[static TEXT_NUMBER], double bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    const size_t last = sizeof units / sizeof *units - 1;
    size_t unit = 0;
    for (; bytes >= 999.5 && unit < last; unit++) /* three digits; what rounds to four goes on */
        bytes /= 1024.0;
    snprintf(text, TEXT_NUMBER, "%.3g %s", bytes, units[unit]);
    return text;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t text_distance(const char *a, const char *b)
{
    size_t rows = strnlen(a, NAME_MAX_LENGTH), columns = strnlen(b, NAME_MAX_LENGTH);
    size_t d[3][NAME_MAX_LENGTH + 1]; /* rows i-2, i-1 and i, in turn */
    for (size_t j = 0; j <= columns; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t *now = d[i % 3], *last = d[(i + 2) % 3], *before = d[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smallest(now[j], before[j - 2] + 1, now[j]);
        }
    }
    return d[rows % 3][columns];
}

const char *text_nearest(const char *word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t length = strlen(word);
    size_t least = length / 3 + 2; /* one slip in a short name, more in a long one */
    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(word, names[i]);
        bool alike = distance < length || distance < strlen(names[i]); /* unlike "2" and "1" */
        if (alike && distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
