/* SPDX-License-Identifier: MIT
 *
 * Counters are read before and after, and subtracted. Sources, all of Linux:
 *
 *     waiting    /proc/thread-self/schedstat: "run wait slices", nanoseconds, of each thread
 *     switches   getrusage(): involuntary context switches of the process
 *     steal      /proc/stat, in ticks of a hundredth of a second: coarse for short trials
 *     pressure   /proc/pressure/cpu, total of "some"
 *     speed      a chain of dependent multiplications, whose cycles do not depend on anything else
 *     slew       CLOCK_MONOTONIC against CLOCK_MONOTONIC_RAW, which is never corrected
 *
 * References: proc(5), getrusage(2), clock_gettime(2);
 * https://docs.kernel.org/scheduler/sched-stats.html, https://docs.kernel.org/accounting/psi.html
 */
#include "measure/machine/evidence.h"

#include "base/parallel/threads.h"
#include "measure/machine/binding.h"

#include <assert.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define NAME(name_) #name_,
const char *const evidence_value_names[EVIDENCE_VALUE_COUNT] = {EVIDENCE_VALUES(NAME)};
#undef NAME

#define OFFSET(name_) offsetof(struct evidence, name_),
static const size_t offsets[EVIDENCE_VALUE_COUNT] = {EVIDENCE_VALUES(OFFSET)};
#undef OFFSET

double *evidence_value(struct evidence *evidence, size_t i)
{
    return (double *)(void *)((char *)evidence + offsets[i]);
}

double evidence_value_of(const struct evidence *evidence, size_t i)
{
    return *(const double *)(const void *)((const char *)evidence + offsets[i]);
}

struct evidence evidence_unknown(void)
{
    struct evidence evidence = {.processors = ""};
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++)
        *evidence_value(&evidence, i) = NAN;
    return evidence;
}

/* The processors of a run of threads: "8" or, where they are neighbours, "0-3". */
static size_t write_run(char *text, size_t size, const int *processors, int count)
{
    if (count == 1)
        return (size_t)snprintf(text, size, "%d", processors[0]);
    return (size_t)snprintf(text, size, "%d-%d", processors[0], processors[count - 1]);
}

void evidence_set_processors(struct evidence *evidence, const int *processors, int count)
{
    char *text = evidence->processors;
    size_t used = 0;
    int begin = 0, end;
    text[0] = '\0';
    for (int i = 0; i < count; i++)
        if (processors[i] < 0)
            return;
    for (; begin < count && used < EVIDENCE_TEXT - 1; begin = end) {
        for (end = begin + 1; end < count && processors[end] == processors[end - 1] + 1;)
            end++;
        if (begin > 0)
            text[used++] = ',';
        used += write_run(text + used, EVIDENCE_TEXT - used, processors + begin, end - begin);
    }
    if (begin < count || used >= EVIDENCE_TEXT)
        memcpy(text + EVIDENCE_TEXT - sizeof "...", "...", sizeof "...");
}

/* --- Limits -------------------------------------------------------------------------------- */

static double steal_of(const struct evidence *evidence, int threads)
{
    (void)threads;
    return evidence->steal_per_cent;
}

static double waiting_of(const struct evidence *evidence, int threads)
{
    return 100.0 * evidence->waiting_seconds / (evidence->wall_seconds * threads);
}

/* Only what is bound must not move. */
static double migrations_of(const struct evidence *evidence, int threads)
{
    (void)threads;
    return evidence->processors[0] != '\0' ? evidence->migrations : NAN;
}

static double drift_of(const struct evidence *evidence, int threads)
{
    (void)threads;
    return fabs(evidence->clock_drift_per_cent);
}

static const struct evidence_limit steal = {
    {"steal", "per cent of the processors' time that the host gave to other guests"},
    1.0,
    steal_of};
static const struct evidence_limit waiting = {
    {"waiting", "per cent of its time that a thread was ready and did not run"}, 1.0, waiting_of};
static const struct evidence_limit moved = {
    {"migrations", "moves of bound threads to other processors"}, 0.0, migrations_of};
static const struct evidence_limit drift = {
    {"clock-drift", "per cent that the processor's speed changed by"}, 5.0, drift_of};

static const struct entry *const rows[] = {&steal.entry, &waiting.entry, &moved.entry,
                                           &drift.entry};
const struct table evidence_limit_table = TABLE("limit", rows);

void evidence_judge(struct evidence *evidence, int threads)
{
    size_t used = 0;
    evidence->disturbed[0] = '\0';
    for (size_t i = 0; i < evidence_limit_table.count && used < EVIDENCE_TEXT; i++) {
        const struct evidence_limit *limit =
            (const struct evidence_limit *)(const void *)evidence_limit_table.entries[i];
        if (limit->value(evidence, threads) > limit->most)
            used += (size_t)snprintf(evidence->disturbed + used, EVIDENCE_TEXT - used, "%s%s",
                                     used > 0 ? ", " : "", limit->entry.name);
    }
}

/* --- Counters ------------------------------------------------------------------------------ */

static double seconds_on(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double involuntary_switches(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_nivcsw : NAN;
}

/* Seconds that this thread has waited for a processor since it was started. */
static double waiting_seconds(void)
{
    char text[128];
    int file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NAN;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    double run, wait;
    text[length > 0 ? length : 0] = '\0';
    return sscanf(text, "%lf %lf", &run, &wait) == 2 ? 1e-9 * wait : NAN;
}

/* Steps a second of a chain in which each needs the one before: the best of three runs, because an
 * interruption can only make it slower. */
static double processor_speed(void)
{
    enum { RUNS = 3, STEPS = 2000 };
    double best = 0.0;
    volatile uint64_t result = 1;
    for (int run = 0; run < RUNS; run++) {
        uint64_t x = result;
        double start = seconds_on(CLOCK_MONOTONIC_RAW);
        for (int i = 0; i < STEPS; i++)
            x = x * 6364136223846793005u + 1442695040888963407u;
        best = fmax(best, (double)STEPS / (seconds_on(CLOCK_MONOTONIC_RAW) - start));
        result = x;
    }
    return best;
}

static void (*replacement)(struct evidence *evidence);

void watch_replace(void (*source)(struct evidence *evidence))
{
    replacement = source;
}

static struct watch_look look_at_machine(void)
{
    struct watch_look look = {.wall = seconds_on(CLOCK_MONOTONIC)};
    processor_ticks_read("", &look.ticks);
    system_load_read("", &look.load);
    look.speed = processor_speed();
    return look;
}

/* The look after the last trial. Within less than a tick of the system's counters it is as good as
 * another, which would take as long as a small trial. */
static struct watch_look latest = {.wall = -INFINITY};
static const double fresh_seconds = 0.001;

static struct watch_look look_before(void)
{
    double age = seconds_on(CLOCK_MONOTONIC) - latest.wall;
    return age < fresh_seconds ? latest : look_at_machine();
}

void watch_begin(struct watch *watch, int threads)
{
    if (replacement != NULL)
        return;
    watch->threads = threads < EVIDENCE_THREADS ? threads : EVIDENCE_THREADS;
    watch->look = look_before();
    for (int i = 0; i < EVIDENCE_THREADS; i++)
        watch->waiting[i] = 0.0; /* of a thread that does not exist yet */
#pragma omp parallel num_threads(watch->threads)
    {
        threads_enter();
        watch->waiting[threads_current()] = waiting_seconds();
    }
    watch->switches = involuntary_switches();
    watch->migrations = threads_migrations();
    watch->cpu = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
    watch->raw = seconds_on(CLOCK_MONOTONIC_RAW);
    watch->wall = seconds_on(CLOCK_MONOTONIC);
}

/* --- At the end ---------------------------------------------------------------------------- */

/* Waiting of a thread that OpenMP has ended and replaced meanwhile is lost. Fewer threads come than
 * were asked for where OMP_THREAD_LIMIT is lower. */
static void add_waiting(const struct watch *watch, struct evidence *evidence)
{
    int processors[EVIDENCE_THREADS], came = 0;
    double waited[EVIDENCE_THREADS];
#pragma omp parallel num_threads(watch->threads) reduction(+ : came)
    {
        int thread = threads_current();
        threads_enter();
        waited[thread] = waiting_seconds();
        processors[thread] = binding_processor();
        came++;
    }
    evidence->waiting_seconds = 0.0;
    for (int i = 0; i < came; i++) {
        double wait = waited[i] - watch->waiting[i];
        evidence->waiting_seconds += wait < 0.0 ? 0.0 : wait;
    }
    evidence_set_processors(evidence, processors, came);
}

/* Clocks read one after the other differ by some 30 ns; over less than this, that is all there is
 * to see. */
static const double slew_from_seconds = 0.01;

void watch_end(const struct watch *watch, struct evidence *evidence)
{
    *evidence = evidence_unknown();
    if (replacement != NULL) {
        replacement(evidence);
        return;
    }
    double wall = seconds_on(CLOCK_MONOTONIC) - watch->wall;
    double raw = seconds_on(CLOCK_MONOTONIC_RAW) - watch->raw;
    const struct watch_look *before = &watch->look, *after = &latest;
    evidence->wall_seconds = wall;
    evidence->cpu_seconds = seconds_on(CLOCK_PROCESS_CPUTIME_ID) - watch->cpu;
    evidence->switches = involuntary_switches() - watch->switches;
    add_waiting(watch, evidence);
    evidence->migrations = (double)(threads_migrations() - watch->migrations);
    latest = look_at_machine();
    evidence->clock_drift_per_cent = 100.0 * (after->speed / before->speed - 1.0);
    if (wall > slew_from_seconds)
        evidence->clock_slew_ppm = 1e6 * (wall - raw) / raw;
    evidence->load = after->load.average;
    evidence->pressure_per_cent = 100.0 *
                                  (after->load.pressure_seconds - before->load.pressure_seconds) /
                                  (after->wall - before->wall);
    evidence->steal_per_cent = steal_per_cent(&before->ticks, &after->ticks);
    evidence_judge(evidence, watch->threads);
}
