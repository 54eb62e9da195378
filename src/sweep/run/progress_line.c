/* SPDX-License-Identifier: MIT
 *
 * The line of progress is made of parts:
 *
 *     [######....] 57/156 trials  3.2/s  12 s left  best 0.1234 ▆▅▃▂▁▁  2 repeated
 *
 * In a narrow terminal parts drop out by their importance, and the bar takes what is left, of six
 * to thirty columns. A line that reached the last column would wrap in some terminals.
 */
#include "sweep/run/progress.h"

#include "base/duration.h"

#include <math.h>
#include <string.h>

enum { BAR_MAX = 30, BAR_MIN = 6, BAR_FRAME = 2 };

/* In the order of the line. */
enum part_name { BAR, COUNT, RATE, LEFT, BEST, CURVE, REPEATED, PARTS };

/* Columns before each part: one after the bar, and before the curve of the best. */
static const int gaps[PARTS] = {0, 1, 2, 2, 2, 1, 2};

/* Who goes first when there is no room. */
static const enum part_name least_important_first[] = {RATE, CURVE, BAR,  REPEATED,
                                                       BEST, LEFT,  COUNT};

struct part {
    char text[96];
    size_t columns; /* 0: it is left out */
};

/* Seconds until the end, or NaN before the first trial has ended. */
static double seconds_left(const struct progress *progress)
{
    double all = 0.0, left = 0.0;
    if (progress->run == 0)
        return NAN;
    for (size_t i = 0; i < progress->class_count; i++)
        all += progress->classes[i].seconds;
    for (size_t i = 0; i < progress->class_count; i++) {
        const struct progress_class *class = &progress->classes[i];
        double mean =
            class->run > 0 ? class->seconds / (double)class->run : all / (double)progress->run;
        left += mean * (double)class->remaining;
    }
    return left;
}

static void describe(const struct progress *progress, double now, const struct terminal *terminal,
                     struct part parts[static PARTS])
{
    char left[DURATION_TEXT];
    double rate = (double)progress->run / fmax(now - progress->start, 1e-9);
    const size_t size = sizeof parts->text;
    snprintf(parts[COUNT].text, size, "%zu/%zu %s", progress->done, progress->total,
             !progress->finals     ? "trials"
             : terminal->width > 0 ? "in finals"
                                   : "trials (finals)");
    snprintf(parts[RATE].text, size, "%.*f/s", rate < 10.0 ? 2 : 0, rate);
    snprintf(parts[LEFT].text, size, "%s left", duration_text(seconds_left(progress), left));
    if (isfinite(progress->best)) {
        snprintf(parts[BEST].text, size, "best %s%.4g", terminal->width > 0 ? "" : "objective ",
                 progress->best);
        if (terminal->width > 0)
            sparkline(progress->curve, progress->curve_count, terminal->utf8, parts[CURVE].text);
    }
    if (progress->repeated > 0)
        snprintf(parts[REPEATED].text, size, "%zu repeated", progress->repeated);
    for (size_t i = COUNT; i < PARTS; i++)
        parts[i].columns = terminal_columns(parts[i].text);
}

/* Columns that the parts take with the gaps between them. */
static size_t columns_of(const struct part parts[static PARTS])
{
    size_t sum = 0;
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i].columns > 0)
            sum += parts[i].columns + (sum > 0 ? (size_t)gaps[i] : 0);
    return sum;
}

/* Drops what does not fit, but for the last. */
static void fit(struct part parts[static PARTS], size_t room)
{
    for (size_t i = 0; i + 1 < PARTS && columns_of(parts) > room; i++)
        parts[least_important_first[i]].columns = 0;
}

static char *put_bar(char *end, const struct progress *progress, size_t columns,
                     const struct terminal *terminal)
{
    size_t length = columns - BAR_FRAME;
    size_t full = progress->total > 0 ? length * progress->done / progress->total : 0;
    full = full < length ? full : length;
    end = stpcpy(stpcpy(end, "["), terminal_style(terminal, STYLE_ACCENT));
    for (size_t i = 0; i < length; i++) {
        if (i == full)
            end = stpcpy(end, terminal_style(terminal, STYLE_PLAIN));
        end = stpcpy(end, i < full ? "#" : ".");
    }
    if (full == length)
        end = stpcpy(end, terminal_style(terminal, STYLE_PLAIN));
    return stpcpy(end, "]");
}

char *progress_line(const struct progress *progress, double now, const struct terminal *terminal,
                    char text[static PROGRESS_LINE])
{
    struct part parts[PARTS] = {{"", 0}};
    const size_t width = terminal->width < TERMINAL_WIDTH ? terminal->width : TERMINAL_WIDTH;
    const size_t room = width - 1; /* without a terminal, all there is */
    char *end = text;
    describe(progress, now, terminal, parts);
    if (width > 0) {
        parts[BAR].columns = BAR_MIN + BAR_FRAME;
        fit(parts, room);
    }
    if (parts[BAR].columns > 0) {
        size_t spare = room - columns_of(parts);
        parts[BAR].columns += spare < BAR_MAX - BAR_MIN ? spare : BAR_MAX - BAR_MIN;
        end = put_bar(end, progress, parts[BAR].columns, terminal);
    }
    for (size_t i = COUNT; i < PARTS; i++) {
        if (parts[i].columns == 0)
            continue;
        if (end > text)
            end = stpcpy(end, gaps[i] == 1 ? " " : "  ");
        end = stpcpy(end, parts[i].text);
    }
    *end = '\0';
    if (width > 0 && parts[COUNT].columns > room)
        text[room] = '\0'; /* it is the only part, and ASCII */
    return text;
}
