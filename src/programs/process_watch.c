/* SPDX-License-Identifier: MIT
 *
 * Sources, all of Linux, and what is kept of each:
 *
 *     process clock       clock_getcpuclockid(): its threads, also those that have ended
 *     /proc/PID/stat      cutime, cstime: of the processes that it has waited for, in ticks
 *     /proc/PID/task/TID/schedstat    "run wait slices", in nanoseconds
 *     /proc/PID/task/TID/status       VmHWM in kB; voluntary and nonvoluntary_ctxt_switches
 *     /proc/PID/clear_refs            5 sets VmHWM back to what is resident
 *
 * The time of a process and of those that it has waited for, summed over all that live, is lost by
 * none that ends in between: it moves to the one that waits for it.
 *
 * References: proc(5), clock_getcpuclockid(3).
 */
#include "programs/process_watch.h"

#include "base/memory.h"
#include "programs/process_threads.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATH = 64, STATUS = 1 << 14 };

/* A thread counts as used from this share of the busiest one's time on. */
static const double used_share = 0.01;

const struct process_use process_use_unknown = {NAN, false, NAN, NAN, NAN, NAN, -1};

struct thread_look {
    pid_t id;
    double ran, waited; /* seconds */
    double voluntary, involuntary;
};

/* What all that live have used up to now. */
struct process_look {
    double processor_seconds, peak_bytes;
    size_t count, capacity;
    struct thread_look *threads; /* (count) */
};

struct process_watch {
    pid_t id;
    struct process_threads found;
    struct process_look before, answered, after;
    double peak_bytes; /* the largest yet */
    bool was_reset;    /* the peak, at the beginning */
};

struct process_watch *process_watch_create(pid_t id)
{
    struct process_watch *watch = memory_allocate(1, sizeof *watch);
    watch->id = id;
    return watch;
}

void process_watch_free(struct process_watch *watch)
{
    if (watch == NULL)
        return;
    process_threads_clear(&watch->found);
    memory_free(watch->before.threads);
    memory_free(watch->answered.threads);
    memory_free(watch->after.threads);
    memory_free(watch);
}

/* Of a process that has ended since it was found. */
static double or_nothing(double value)
{
    return isnan(value) ? 0.0 : value;
}

/* --- Processes ----------------------------------------------------------------------------- */

static double clock_of(pid_t process)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return NAN;
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Fields 16 and 17; the second is a name in brackets, which may hold anything. */
static double waited_for(pid_t process)
{
    char path[PATH], text[1024];
    double user, system;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    const char *rest = process_file_read(path, text, sizeof text) ? strrchr(text, ')') : NULL;
    if (rest == NULL ||
        sscanf(rest + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lf %lf", &user,
               &system) != 2)
        return NAN;
    return (user + system) / (double)sysconf(_SC_CLK_TCK);
}

static bool reset_peak(pid_t process)
{
    char path[PATH];
    snprintf(path, sizeof path, "/proc/%d/clear_refs", (int)process);
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool done = write(file, "5", 1) == 1;
    close(file);
    return done;
}

/* --- Threads ------------------------------------------------------------------------------- */

/* The number behind "NAME:" at the beginning of a line; NaN: there is none. */
static double number_of(const char *status, const char *name)
{
    const size_t length = strlen(name);
    for (const char *line = status; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            return strtod(line + length + 1, NULL);
    }
    return NAN;
}

static bool read_of(const struct process_thread *thread, const char *name, char text[static STATUS])
{
    char path[PATH];
    snprintf(path, sizeof path, "/proc/%d/task/%d/%s", (int)thread->process, (int)thread->id, name);
    return process_file_read(path, text, STATUS);
}

/* One that has ended since it was found is passed over. */
static void look_at_thread(const struct process_thread *thread, struct process_look *look)
{
    char text[STATUS];
    struct thread_look at = {thread->id, NAN, NAN, NAN, NAN};
    if (read_of(thread, "schedstat", text) && sscanf(text, "%lf %lf", &at.ran, &at.waited) == 2) {
        at.ran *= 1e-9;
        at.waited *= 1e-9;
    }
    if (!read_of(thread, "status", text))
        return;
    at.voluntary = number_of(text, "voluntary_ctxt_switches");
    at.involuntary = number_of(text, "nonvoluntary_ctxt_switches");
    if (thread->id == thread->process)
        look->peak_bytes += or_nothing(1024.0 * number_of(text, "VmHWM"));
    look->threads =
        memory_grow(look->threads, &look->capacity, look->count + 1, sizeof *look->threads);
    look->threads[look->count++] = at;
}

static void look_at_all(struct process_watch *watch, struct process_look *look)
{
    const struct process_threads *found = &watch->found;
    process_threads_find(&watch->found, watch->id);
    look->count = 0;
    look->processor_seconds = look->peak_bytes = 0.0;
    for (size_t i = 0; i < found->process_count; i++)
        look->processor_seconds +=
            or_nothing(clock_of(found->processes[i])) + or_nothing(waited_for(found->processes[i]));
    for (size_t i = 0; i < found->count; i++)
        look_at_thread(&found->threads[i], look);
    watch->peak_bytes = fmax(watch->peak_bytes, look->peak_bytes);
}

/* --- Both looks ---------------------------------------------------------------------------- */

void process_watch_begin(struct process_watch *watch)
{
    look_at_all(watch, &watch->before);
    watch->answered.count = 0;
    watch->was_reset = watch->before.count > 0;
    for (size_t i = 0; i < watch->found.process_count; i++)
        watch->was_reset = reset_peak(watch->found.processes[i]) && watch->was_reset;
}

/* What it was before; one that is new had used nothing. */
static struct thread_look before_of(const struct process_watch *watch, pid_t id)
{
    const struct process_look *before = &watch->before;
    for (size_t i = 0; i < before->count; i++)
        if (before->threads[i].id == id)
            return before->threads[i];
    return (struct thread_look){id, 0.0, 0.0, 0.0, 0.0};
}

/* How many ran, by what each and the busiest ran. */
static int count_used(const struct process_watch *watch)
{
    const struct process_look *after = &watch->after;
    double busiest = 0.0;
    int used = 0;
    for (size_t i = 0; i < after->count; i++)
        busiest = fmax(busiest, after->threads[i].ran - before_of(watch, after->threads[i].id).ran);
    for (size_t i = 0; i < after->count; i++)
        used += after->threads[i].ran - before_of(watch, after->threads[i].id).ran >=
                used_share * busiest;
    return busiest > 0.0 ? used : -1; /* there is no schedstat */
}

void process_watch_answered(struct process_watch *watch)
{
    look_at_all(watch, &watch->answered);
}

static void add_waiting(const struct process_watch *watch, struct process_use *use)
{
    const struct process_look *end = watch->answered.count > 0 ? &watch->answered : &watch->after;
    for (size_t i = 0; i < end->count; i++) {
        const struct thread_look *now = &end->threads[i], then = before_of(watch, now->id);
        use->waiting_seconds += now->waited - then.waited;
        use->voluntary_switches += now->voluntary - then.voluntary;
        use->involuntary_switches += now->involuntary - then.involuntary;
    }
}

struct process_use process_watch_end(struct process_watch *watch, bool finished)
{
    const struct process_look *after = &watch->after;
    look_at_all(watch, &watch->after);
    if (after->count == 0 || watch->before.count == 0)
        return process_use_unknown;
    struct process_use use = {
        .peak_bytes = after->peak_bytes > 0.0 ? after->peak_bytes : NAN,
        .peak_of_trial = watch->was_reset,
        .processor_seconds = after->processor_seconds - watch->before.processor_seconds,
    };
    add_waiting(watch, &use);
    use.threads = finished ? count_used(watch) : -1;
    return use;
}

double process_watch_peak(const struct process_watch *watch)
{
    return watch->peak_bytes;
}
