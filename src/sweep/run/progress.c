/* SPDX-License-Identifier: MIT
 *
 * A class without a trial so far is taken to be as fast as the mean of all. The best objective
 * starts again with every data set. How wide a terminal is is asked anew for each line, so that its
 * window may change its size.
 */
#include "sweep/run/progress.h"

#include "base/memory.h"
#include "base/system/clock.h"

#include <math.h>

#define REDRAW_SECONDS 0.1  /* on a terminal */
#define REPORT_SECONDS 10.0 /* elsewhere */

void progress_open(struct progress *progress, FILE *out, size_t total, size_t class_count)
{
    *progress = (struct progress){.out = out, .total = total, .class_count = class_count};
    progress->classes = memory_allocate(class_count, sizeof *progress->classes);
    progress->redraw = terminal_of(out).redraw;
    progress->best = INFINITY;
    progress->start = progress->shown = clock_seconds();
}

void progress_clear(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", progress->out);
    progress->drawn = false;
}

void progress_close(struct progress *progress)
{
    progress_clear(progress);
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

void progress_count_cut(struct progress *progress, size_t class)
{
    progress->done++;
    progress->classes[class].remaining--;
}

void progress_count_again(struct progress *progress, size_t class)
{
    progress->done--;
    progress->classes[class].remaining++;
}

void progress_begin_finals(struct progress *progress, size_t planned)
{
    progress_clear(progress);
    progress->finals = true;
    progress->total += planned;
}

void progress_best_reset(struct progress *progress)
{
    progress->best = INFINITY;
    progress->curve_count = 0;
}

static void show(struct progress *progress)
{
    char text[PROGRESS_LINE];
    if (progress->out == NULL)
        return;
    double now = clock_seconds();
    if (now - progress->shown < (progress->redraw ? REDRAW_SECONDS : REPORT_SECONDS))
        return;
    struct terminal terminal = {0};
    if (progress->redraw)
        terminal = terminal_of(progress->out);
    progress_line(progress, now, &terminal, text);
    fprintf(progress->out, progress->redraw ? "\r%s\033[K" : "%s\n", text);
    fflush(progress->out);
    progress->drawn = progress->redraw;
    progress->shown = now;
}

static void keep_curve(struct progress *progress, const struct trace *trace)
{
    size_t count = trace->count < SPARKLINE_MOST ? trace->count : SPARKLINE_MOST;
    for (size_t i = 0; i < count; i++)
        progress->curve[i] = trace->points[trace->count - count + i].objective;
    progress->curve_count = count;
}

void progress_add(struct progress *progress, size_t class, double seconds,
                  const struct trial *trial)
{
    const bool seen = trial->trace.count > 0; /* not of a program that failed */
    const double objective = seen ? trial_last(trial)->objective : (double)NAN;
    progress->done++;
    progress->run++;
    progress->classes[class].remaining--;
    progress->classes[class].run++;
    progress->classes[class].seconds += seconds;
    if (objective < progress->best) {
        progress->best = objective;
        keep_curve(progress, &trial->trace);
    }
    show(progress);
}

void progress_repeat(struct progress *progress)
{
    progress->repeated++;
    show(progress);
}
