/* SPDX-License-Identifier: MIT
 *
 * Height h of a value v: floor(8 (log v - log least) / (log largest - log least)), at most 7. A
 * curve without range is drawn at the bottom.
 */
#include "base/sparkline.h"

#include <math.h>
#include <string.h>

enum { HEIGHTS = 8 };

static const char *const blocks[HEIGHTS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const letters[HEIGHTS] = {"_", ".", "-", "~", "=", "+", "*", "#"};

static bool has_logarithm(double value)
{
    return isfinite(value) && value > 0.0;
}

static size_t height(double value, double least, double largest)
{
    if (!isfinite(value))
        return HEIGHTS - 1;
    if (value <= 0.0 || !(largest > least))
        return 0;
    double share = log(value / least) / log(largest / least);
    size_t level = (size_t)(share * (double)HEIGHTS);
    return level < HEIGHTS ? level : HEIGHTS - 1;
}

char *sparkline(const double *values, size_t count, bool utf8, char text[static SPARKLINE_TEXT])
{
    double least = INFINITY, largest = 0.0;
    size_t first = count > SPARKLINE_MOST ? count - SPARKLINE_MOST : 0;
    for (size_t i = first; i < count; i++) {
        if (!has_logarithm(values[i]))
            continue;
        least = fmin(least, values[i]);
        largest = fmax(largest, values[i]);
    }
    char *end = text;
    *end = '\0';
    for (size_t i = first; i < count; i++)
        end = stpcpy(end, (utf8 ? blocks : letters)[height(values[i], least, largest)]);
    return text;
}
