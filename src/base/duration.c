/* SPDX-License-Identifier: MIT
 *
 * Below a minute three digits and a unit, above it two units, the larger one as large as fits.
 * Rounding comes first and the unit after it, so that 999.9 us is 1.00 ms and not 1000 us.
 */
#include "base/duration.h"

#include <stdio.h>

#define LONGEST 1e12 /* seconds: what is longer is no estimate */

static char *short_text(double seconds, char text[static DURATION_TEXT])
{
    static const struct {
        const char *name;
        double scale;
    } units[] = {{"ns", 1e9}, {"µs", 1e6}, {"ms", 1e3}, {"s", 1.0}};
    size_t unit = 0;
    while (unit + 1 < sizeof units / sizeof *units && seconds * units[unit].scale >= 999.5)
        unit++;
    double value = seconds * units[unit].scale;
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(text, DURATION_TEXT, "%.*f %s", decimals, value, units[unit].name);
    return text;
}

static char *long_text(double seconds, char text[static DURATION_TEXT])
{
    static const struct {
        double below; /* seconds */
        double large, small;
        const char *format;
    } forms[] = {
        {3600.0, 60.0, 1.0, "%.0f min %.0f s"},
        {86400.0, 3600.0, 60.0, "%.0f h %.0f min"},
        {2.0 * LONGEST, 86400.0, 3600.0, "%.0f d %.0f h"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        double rest = (double)(long long)(seconds / forms[i].small + 0.5) * forms[i].small;
        double large = (double)(long long)(rest / forms[i].large);
        if (rest >= forms[i].below)
            continue;
        snprintf(text, DURATION_TEXT, forms[i].format, large,
                 (rest - large * forms[i].large) / forms[i].small);
        break;
    }
    return text;
}

char *duration_text(double seconds, char text[static DURATION_TEXT])
{
    if (seconds > 0.0 && seconds < LONGEST)
        return seconds < 59.95 ? short_text(seconds, text) : long_text(seconds, text);
    snprintf(text, DURATION_TEXT, seconds == 0.0 ? "0 s" : "?");
    return text;
}
