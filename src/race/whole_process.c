/* SPDX-License-Identifier: MIT
 *
 * The end of a process is waited for by a descriptor of it, which knows a limit of time and lets
 * signals through.
 */
#include "race/whole_process.h"

#include "base/system/child.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 100, WORDS = 256 };

static void close_ends(const struct process_ends *ends)
{
    const int all[] = {ends->input, ends->output, ends->words};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i] >= 0)
            close(all[i]);
}

static bool open_ends(struct process_ends *ends)
{
    *ends = (struct process_ends){
        .input = open("/dev/null", O_RDONLY | O_CLOEXEC),
        .output = memfd_create("descent-race-output", MFD_CLOEXEC),
        .words = memfd_create("descent-race-words", MFD_CLOEXEC),
    };
    if (ends->input >= 0 && ends->output >= 0 && ends->words >= 0)
        return true;
    const int fault = errno;
    close_ends(ends);
    errno = fault;
    return false;
}

/* --- Its end ------------------------------------------------------------------------------- */

/* Where the system has no such descriptors there is no limit of time. */
static bool wait_without_limit(pid_t id)
{
    siginfo_t ended;
    while (waitid(P_PID, (id_t)id, &ended, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        if (interruption_stop != INTERRUPTION_NONE)
            return false;
    return true;
}

/* It is not reaped yet: until then, its number is not another's. False: the limit has passed, or we
 * are to stop. */
static bool wait_for(pid_t id, double limit)
{
    const double end = clock_seconds() + limit;
    struct pollfd watched = {.fd = (int)syscall(SYS_pidfd_open, id, 0), .events = POLLIN};
    bool ended = false;
    if (watched.fd < 0)
        return wait_without_limit(id);
    while (!ended && interruption_stop == INTERRUPTION_NONE && clock_seconds() < end)
        ended = poll(&watched, 1, LOOK_MILLISECONDS) > 0;
    close(watched.fd);
    return ended;
}

static int reap(pid_t id, struct rusage *used)
{
    int status = 0;
    while (wait4(id, &status, 0, used) < 0 && errno == EINTR)
        ;
    return status;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static double own_peak(void)
{
    struct rusage used = {0};
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss;
}

static void take_usage(const struct rusage *used, struct race_sample *sample)
{
    const double peak = (double)used->ru_maxrss;
    sample->peak_bytes = peak > own_peak() ? 1024.0 * peak : (double)NAN;
    sample->processors =
        (seconds_of(used->ru_utime) + seconds_of(used->ru_stime)) / sample->seconds;
}

/* --- What it wrote ------------------------------------------------------------------------- */

static void take_output(int file, struct race_output *output)
{
    struct digest *digest = digest_create();
    char block[1 << 16];
    off_t at = 0;
    for (ssize_t count; (count = pread(file, block, sizeof block, at)) > 0; at += count)
        digest_add(digest, block, (size_t)count);
    digest_finish(digest, output->digest);
}

/* The last line that is not empty. */
static void read_last_words(int file, char words[static WORDS])
{
    char text[4096];
    const off_t size = lseek(file, 0, SEEK_END);
    const off_t first = size > (off_t)sizeof text - 1 ? size - (off_t)sizeof text + 1 : 0;
    ssize_t length = pread(file, text, sizeof text - 1, first);
    while (length > 0 && strchr(" \n", text[length - 1]) != NULL)
        length--;
    text[length > 0 ? length : 0] = '\0';
    const char *line = strrchr(text, '\n');
    snprintf(words, WORDS, "%.*s", WORDS - 1, line != NULL ? line + 1 : text);
}

static bool fail(int words_file, const char *what, char reason[static RACE_REASON])
{
    char words[WORDS];
    read_last_words(words_file, words);
    snprintf(reason, RACE_REASON, "it %s%s%s", what, words[0] != '\0' ? "; its last words: " : "",
             text_shown(words));
    return false;
}

/* --- The run ------------------------------------------------------------------------------- */

static bool conclude(pid_t id, double start, double limit, const struct process_ends *ends,
                     struct race_sample *sample, char reason[static RACE_REASON])
{
    struct rusage used = {0};
    char end[64];
    const bool ended = wait_for(id, limit);
    sample->seconds = clock_seconds() - start;
    kill(-id, SIGKILL); /* what it has left behind, too */
    const int status = reap(id, &used);
    if (!ended) {
        snprintf(end, sizeof end, "did not end within %g s", limit);
        return fail(ends->words, end, reason);
    }
    take_usage(&used, sample);
    child_describe_end(status, end, sizeof end);
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || fail(ends->words, end, reason);
}

bool whole_process_run(const struct process_command *command, double limit,
                       struct race_sample *sample, struct race_output *output,
                       char reason[static RACE_REASON])
{
    struct process_ends ends;
    pid_t id;
    if (!open_ends(&ends)) {
        snprintf(reason, RACE_REASON, "no files for what it writes: %s", strerror(errno));
        return false;
    }
    const double start = clock_seconds();
    const int fault = process_launch(command, &ends, &id);
    bool done = fault == 0;
    if (done)
        done = conclude(id, start, limit, &ends, sample, reason);
    else
        snprintf(reason, RACE_REASON, "'%s' cannot be started: %s", command->arguments[0],
                 strerror(fault));
    if (done)
        take_output(ends.output, output);
    close_ends(&ends);
    return done;
}
