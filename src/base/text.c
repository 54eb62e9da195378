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

bool text_to_real(const char *text, double *value)
{
    if (*text == '\0' || isspace((unsigned char)*text))
        return false;
    char *end;
    *value = strtod(text, &end);
    return *end == '\0';
}

bool text_to_integer(const char *text, int64_t *value)
{
    if (*text == '\0' || isspace((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (*end == '\0')
        return errno == 0;
    double real;
    const double exact = 9007199254740992.0; /* 2^53: integers up to here are doubles */
    if (!text_to_real(text, &real) || !(fabs(real) <= exact) || real != floor(real))
        return false;
    *value = (int64_t)real;
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
    size_t least = strlen(word) / 3 + 2; /* one slip in a short name, more in a long one */
    for (size_t i = 0; i < count; i++) {
        size_t distance = text_distance(word, names[i]);
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}
