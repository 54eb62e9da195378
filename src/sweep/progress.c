/* SPDX-License-Identifier: MIT
 *
 * A class without a trial so far is taken to be as fast as the mean of all. The best objective
 * starts again with every data set.
 */
#include "sweep/progress.h"

#include "base/clock.h"
#include "base/duration.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_SECONDS 0.1  /* on a terminal */
#define REPORT_SECONDS 10.0 /* elsewhere */

enum { WIDEST = 80, BAR_MAX = 30, BAR_MIN = 10 };

static size_t terminal_width(FILE *out)
{
    struct winsize size;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDEST;
    return size.ws_col < WIDEST ? size.ws_col : WIDEST;
}

void progress_open(struct progress *progress, FILE *out, size_t total, size_t class_count)
{
    *progress = (struct progress){.out = out, .total = total, .class_count = class_count};
    progress->terminal = out != NULL && isatty(fileno(out));
    progress->width = progress->terminal ? terminal_width(out) : 0;
    progress->classes = memory_allocate(class_count, sizeof *progress->classes);
    progress->best = INFINITY;
    progress->start = progress->shown = clock_seconds();
}

void progress_close(struct progress *progress)
{
    if (progress->terminal && progress->run > 0)
        fputs("\r\033[K", progress->out);
    memory_free(progress->classes);
    progress->classes = NULL;
}

void progress_count_done(struct progress *progress)
{
    progress->done++;
}

void progress_count_remaining(struct progress *progress, size_t class)
{
    progress->classes[class].remaining++;
}

void progress_best_reset(struct progress *progress)
{
    progress->best = INFINITY;
}

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

/* What both kinds of lines say: "57/156 trials  3.2/s  12 s left  best objective 0.1234". */
static void describe(const struct progress *progress, double now, char *text, size_t size)
{
    char left[DURATION_TEXT];
    double rate = (double)progress->run / fmax(now - progress->start, 1e-9);
    int used =
        snprintf(text, size, "%zu/%zu trials  %.*f/s  %s left", progress->done, progress->total,
                 rate < 10.0 ? 2 : 0, rate, duration_text(seconds_left(progress), left));
    if (isfinite(progress->best))
        snprintf(text + used, size - (size_t)used, "  best objective %.4g", progress->best);
}

static void draw_bar(const struct progress *progress, size_t used)
{
    size_t room = progress->width > used + 4 ? progress->width - used - 4 : 0;
    if (room < BAR_MIN)
        return;
    size_t length = room < BAR_MAX ? room : BAR_MAX;
    size_t full = length * progress->done / progress->total;
    fputc('[', progress->out);
    for (size_t i = 0; i < length; i++)
        fputc(i < full ? '#' : '.', progress->out);
    fputs("] ", progress->out);
}

static void show(struct progress *progress, double now)
{
    char text[160];
    describe(progress, now, text, sizeof text);
    if (progress->terminal) {
        size_t used = strlen(text);
        fputc('\r', progress->out);
        draw_bar(progress, used);
        size_t shown = used < progress->width ? used : progress->width - 1;
        fprintf(progress->out, "%.*s\033[K", (int)shown, text);
    } else {
        fprintf(progress->out, "%s\n", text);
    }
    fflush(progress->out);
    progress->shown = now;
}

void progress_add(struct progress *progress, size_t class, double seconds, double objective)
{
    progress->done++;
    progress->run++;
    progress->classes[class].remaining--;
    progress->classes[class].run++;
    progress->classes[class].seconds += seconds;
    if (objective < progress->best)
        progress->best = objective;
    if (progress->out == NULL)
        return;
    double now = clock_seconds();
    if (now - progress->shown >= (progress->terminal ? REDRAW_SECONDS : REPORT_SECONDS))
        show(progress, now);
}
