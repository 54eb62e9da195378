/* SPDX-License-Identifier: MIT
 *
 * One event a line: complete events ("ph": "X") with begin and duration in microseconds, and
 * metadata ("M") that name the rows.
 */
#include "measure/statistics/timeline.h"

#include "base/json_text.h"
#include "base/memory.h"
#include "kernels/phases.h"

#include <math.h>

static void write_event(json_t *event, const char *separator, FILE *out)
{
    if (event == NULL)
        memory_exhausted(1, sizeof(json_t));
    fputs(separator, out);
    json_text_write(event, JSON_COMPACT, out);
    json_decref(event);
}

static double begin_of(int threads)
{
    double begin = INFINITY;
    for (int t = 0; t < threads; t++) {
        size_t count;
        const struct phase_event *events = phases_events(t, &count);
        for (size_t i = 0; i < count; i++)
            begin = fmin(begin, events[i].begin);
    }
    return begin;
}

static size_t write_thread(int thread, double begin, FILE *out)
{
    size_t count;
    char name[32];
    const struct phase_event *events = phases_events(thread, &count);
    snprintf(name, sizeof name, "thread %d", thread);
    write_event(json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", "thread_name", "pid",
                          1, "tid", thread, "args", "name", name),
                ",\n", out);
    for (size_t i = 0; i < count; i++)
        write_event(json_pack("{s:s, s:s, s:s, s:i, s:i, s:f, s:f}", "ph", "X", "name",
                              phases[events[i].phase].name, "cat",
                              events[i].block ? "block" : "phase", "pid", 1, "tid", thread, "ts",
                              1e6 * (events[i].begin - begin), "dur",
                              1e6 * (events[i].end - events[i].begin)),
                    ",\n", out);
    return count;
}

size_t timeline_write(const char *title, int threads, FILE *out)
{
    size_t count = 0;
    double begin = begin_of(threads);
    fputs("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n", out);
    write_event(json_pack("{s:s, s:s, s:i, s:{s:s}}", "ph", "M", "name", "process_name", "pid", 1,
                          "args", "name", title),
                "", out);
    for (int t = 0; t < threads; t++)
        count += write_thread(t, begin, out);
    fputs("\n]}\n", out);
    return count;
}
