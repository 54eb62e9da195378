/* SPDX-License-Identifier: MIT
 *
 * Texts are read with a position in hand; what is left over makes them wrong.
 */
#include "sweep/slurm/job_request.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>

#define NUMBER_MOST 100000000 /* of any unit: large enough, and nothing overflows */
#define MINUTES_MOST 100000000.0
#define NOTICE_MOST 65535 /* seconds: Slurm's, for --signal */
#define NOTICE_START 60.0

static bool take_number(const char **text, int64_t *value)
{
    *value = 0;
    if (!isdigit((unsigned char)**text))
        return false;
    for (; isdigit((unsigned char)**text); (*text)++) {
        *value = *value * 10 + (**text - '0');
        if (*value > NUMBER_MOST)
            return false;
    }
    return true;
}

static bool take(const char **text, char expected)
{
    if (**text != expected)
        return false;
    (*text)++;
    return true;
}

/* Up to three numbers with colons between; how many there were, or 0. */
static int take_parts(const char **text, int64_t parts[static 3])
{
    int count = 0;
    do {
        if (!take_number(text, &parts[count++]))
            return 0;
    } while (count < 3 && take(text, ':'));
    return **text == '\0' ? count : 0;
}

static bool take_seconds(const char *text, int64_t *seconds)
{
    int64_t parts[3], days;
    const char *rest = text;
    if (take_number(&rest, &days) && take(&rest, '-')) {
        int count = take_parts(&rest, parts);
        for (int i = count; i < 3; i++)
            parts[i] = 0;
        *seconds = ((days * 24 + parts[0]) * 60 + parts[1]) * 60 + parts[2];
        return count > 0;
    }
    int count = take_parts(&text, parts);
    if (count == 3)
        *seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    else
        *seconds = parts[0] * 60 + (count == 2 ? parts[1] : 0);
    return count > 0;
}

bool job_minutes_parse(const char *text, int64_t *minutes)
{
    int64_t seconds;
    if (!take_seconds(text, &seconds))
        return false;
    *minutes = (seconds + 59) / 60;
    return *minutes > 0;
}

bool job_mebibytes_parse(const char *text, int64_t *mebibytes)
{
    static const struct {
        char letter;
        double mebibytes;
    } units[] = {{'K', 1.0 / 1024.0}, {'M', 1.0}, {'G', 1024.0}, {'T', 1048576.0}};
    double unit = 1.0;
    int64_t number;
    if (!take_number(&text, &number))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (toupper((unsigned char)*text) == units[i].letter) {
            unit = units[i].mebibytes;
            text++;
            break;
        }
    *mebibytes = (int64_t)ceil((double)number * unit);
    return *text == '\0';
}

int64_t job_minutes(double seconds)
{
    double minutes = ceil((JOB_TIME_FACTOR * seconds + JOB_TIME_START) / 60.0);
    return minutes <= MINUTES_MOST ? (int64_t)minutes : 0;
}

int64_t job_mebibytes(double bytes)
{
    return (int64_t)ceil((JOB_MEMORY_FACTOR * bytes + JOB_MEMORY_START) / 1048576.0);
}

int64_t job_notice(double longest, int64_t minutes)
{
    double notice = ceil(JOB_TIME_FACTOR * longest + NOTICE_START);
    return (int64_t)fmin(fmin(notice, (double)minutes * 30.0), NOTICE_MOST);
}
