/* SPDX-License-Identifier: MIT
 *
 * A date that does not exist, such as 30 February, is one that reads back otherwise.
 */
#include "history/moment.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static char *write_moment(time_t seconds, char text[static MOMENT_TEXT])
{
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(text, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

char *moment_now(char text[static MOMENT_TEXT])
{
    return write_moment(time(NULL), text);
}

/* The offset behind the time, minutes: "Z", "+01:00", "-05:30". */
static bool read_offset(const char *text, int *minutes)
{
    int hour, minute, end = 0;
    *minutes = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (sscanf(text, "%*1[+-]%2d:%2d%n", &hour, &minute, &end) != 2 || text[end] != '\0' ||
        hour < 0 || minute < 0 || minute > 59)
        return false;
    *minutes = (*text == '-' ? -1 : 1) * (60 * hour + minute);
    return true;
}

static bool read_moment(const char *given, time_t *seconds)
{
    struct tm parts = {0};
    char back[MOMENT_TEXT];
    int end = 0, offset = 0;
    if (sscanf(given, "%4d-%2d-%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday, &end) != 3)
        return false;
    if (given[end] != '\0') {
        const char *rest = given + end;
        if (sscanf(rest, "T%2d:%2d:%2d%n", &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &end) !=
                3 ||
            !read_offset(rest + end, &offset))
            return false;
    }
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    *seconds = timegm(&parts);
    write_moment(*seconds, back);
    if (strncmp(back, given, MOMENT_DAY) != 0 ||
        (given[MOMENT_DAY] == 'T' && strncmp(back, given, strlen(back) - 1) != 0))
        return false;
    *seconds -= 60 * (time_t)offset;
    return true;
}

bool moment_read(const char *given, char text[static MOMENT_TEXT], struct error *error)
{
    time_t seconds;
    if (!read_moment(given, &seconds))
        return error_usage(
            error,
            "--date: '%s' is no date; give 2026-12-01, 2026-12-01T00:02:07Z, or what "
            "`git show -s --format=%%cI` says",
            text_shown(given));
    write_moment(seconds, text);
    return true;
}

int64_t moment_seconds(const char *text)
{
    time_t seconds;
    return read_moment(text, &seconds) ? (int64_t)seconds : 0;
}
