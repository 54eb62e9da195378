/* SPDX-License-Identifier: MIT
 *
 * Two units are shown, the larger one as large as fits.
 */
#include "sweep/duration.h"

#include <stdio.h>

#define LONGEST 1e12 /* seconds: what is longer is no estimate */

char *duration_text(double seconds, char text[static DURATION_TEXT])
{
    static const struct {
        double below; /* seconds */
        double large, small;
        const char *format;
    } forms[] = {
        {3600.0, 60.0, 1.0, "%.0f min %.0f s"},
        {86400.0, 3600.0, 60.0, "%.0f h %.0f min"},
        {LONGEST, 86400.0, 3600.0, "%.0f d %.0f h"},
    };
    snprintf(text, DURATION_TEXT, seconds == 0.0 ? "0 s" : "?");
    if (!(seconds > 0.0 && seconds < LONGEST))
        return text;
    if (seconds < 0.9995) {
        snprintf(text, DURATION_TEXT, "%.3g ms", 1e3 * seconds);
        return text;
    }
    if (seconds < 59.95) {
        snprintf(text, DURATION_TEXT, "%.3g s", seconds);
        return text;
    }
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
