/* SPDX-License-Identifier: MIT
 *
 * Linux keeps a clock of processor time for each thread, which pthread_getcpuclockid() tells for
 * threads that were made by this program; those of a library are known by their number in
 * /proc/self/task alone, from which the clock is made as that function makes it: the number's
 * complement, above three bits that say "of one thread" (4) and "time on a processor" (2).
 *
 * Some libraries start threads for a call and end them with it (BLIS with pthreads): what the
 * process has used beyond its living threads is theirs. How many they were is told by their time
 * over the caller's.
 */
#include "measure/blas/thread_use.h"

#include "base/system/clock.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double quiet_most = 0.5;
/* What the caller does between two clocks, and a share that no thread of a call stays below. */
static const double ended_least = 5e-6, ended_share = 0.1;

/* Seconds on a processor; 0 where the thread has just ended. */
static double seconds_on(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0)
        return 0.0;
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double processor_seconds(pid_t thread)
{
    return seconds_on((clockid_t)(~(unsigned)thread << 3 | 6U));
}

/* The clocks of this thread and of the process are read one after the other: nobody else runs. */
static void read_times(struct thread_times *times)
{
    DIR *folder = opendir("/proc/self/task");
    times->count = 0;
    times->caller = seconds_on(CLOCK_THREAD_CPUTIME_ID);
    times->process = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
    if (folder == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.' || times->count == THREADS_WATCHED)
            continue;
        const pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        times->threads[times->count] = thread;
        times->seconds[times->count++] = processor_seconds(thread);
    }
    closedir(folder);
}

/* What a thread had before; 0: it is new. */
static double seconds_before(const struct thread_times *times, pid_t thread)
{
    for (size_t i = 0; i < times->count; i++)
        if (times->threads[i] == thread)
            return times->seconds[i];
    return 0.0;
}

/* Threads other than `self` that have had time since; *all: theirs, in seconds. */
static int count_used(const struct thread_times *before, const struct thread_times *after,
                      pid_t self, double *all)
{
    int used = 0;
    *all = 0.0;
    for (size_t i = 0; i < after->count; i++) {
        const double gone = after->seconds[i] - seconds_before(before, after->threads[i]);
        if (after->threads[i] == self || !(gone > 0.0))
            continue;
        used++;
        *all += gone;
    }
    return used;
}

/* The pause is longer than the time that a thread needs to go to sleep. */
bool threads_quiet(void)
{
    static _Thread_local struct thread_times times[2];
    const struct timespec pause = {0, 500000};
    const double end = clock_seconds() + quiet_most;
    double all;
    read_times(&times[0]);
    for (int turn = 1; times[1 - turn % 2].count > 1; turn++) {
        nanosleep(&pause, NULL);
        read_times(&times[turn % 2]);
        if (count_used(&times[1 - turn % 2], &times[turn % 2], gettid(), &all) == 0)
            return true;
        if (clock_seconds() > end)
            return false;
    }
    return true;
}

void thread_use_begin(struct thread_use *use)
{
    use->quiet = threads_quiet();
    read_times(&use->before);
    use->began = clock_seconds();
}

void thread_use_end(struct thread_use *use)
{
    static _Thread_local struct thread_times after;
    double others;
    use->seconds = clock_seconds() - use->began;
    read_times(&after);
    use->threads = 1 + count_used(&use->before, &after, gettid(), &others);
    use->running = (int)after.count;
    const double caller = after.caller - use->before.caller;
    const double all = after.process - use->before.process, ended = all - caller - others;
    if (ended > ended_least && ended > ended_share * caller)
        use->threads += (int)fmax(1.0, round(ended / caller));
    use->processors = all / use->seconds;
}
