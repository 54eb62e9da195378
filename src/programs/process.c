/* SPDX-License-Identifier: MIT
 *
 * Starting a program, what it says, and its end. What it is asked is in process_exchange.c.
 *
 * A new process has the processors of the thread that starts it, and ours may be bound to one: a
 * library counts processors when it is loaded, so that this thread is let go for the moment of the
 * start.
 */
#include "programs/process_internal.h"

#include "base/memory.h"
#include "base/parallel/processors.h"
#include "base/system/child.h"
#include "base/system/clock.h"
#include "measure/machine/binding.h"
#include "programs/process_spawn.h"
#include "programs/process_threads.h"
#include "programs/process_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS_AT_ONCE = 16 };

/* --- Starting ------------------------------------------------------------------------------ */

/* The three pipes: [0] is the end that is read. */
struct pipes {
    int input[2], output[2], words[2];
};

void process_close(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_pipes(struct pipes *pipes)
{
    for (int end = 0; end < 2; end++) {
        process_close(&pipes->input[end]);
        process_close(&pipes->output[end]);
        process_close(&pipes->words[end]);
    }
}

static bool open_pipes(struct pipes *pipes)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}};
    if (pipe2(pipes->input, O_CLOEXEC) == 0 && pipe2(pipes->output, O_CLOEXEC) == 0 &&
        pipe2(pipes->words, O_CLOEXEC) == 0)
        return true;
    const int fault = errno;
    close_pipes(pipes);
    errno = fault;
    return false;
}

/* "NAME=VALUE", or "NAME", which takes it away. */
static bool is_set_by(const char *ours, const char *const *others)
{
    const size_t name = strcspn(ours, "=");
    for (size_t i = 0; others[i] != NULL; i++)
        if (strncmp(ours, others[i], name) == 0 && strchr("=", others[i][name]) != NULL)
            return true;
    return false;
}

/* Ours, but for what the command sets; NULL-ended, the texts not copied. */
static char **environment_of(const struct process_command *command)
{
    size_t ours = 0, others = 0, count = 0;
    while (environ[ours] != NULL)
        ours++;
    while (command->environment != NULL && command->environment[others] != NULL)
        others++;
    char **all = memory_allocate(ours + others + 1, sizeof *all);
    for (size_t i = 0; i < ours; i++)
        if (others == 0 || !is_set_by(environ[i], command->environment))
            all[count++] = environ[i];
    for (size_t i = 0; i < others; i++)
        if (strchr(command->environment[i], '=') != NULL)
            memcpy(&all[count++], &command->environment[i], sizeof *all);
    return all;
}

/* 0 or an error number. */
static int spawn(const struct process_command *command, const struct process_ends *ends, pid_t *id)
{
    char **environment = environment_of(command);
    const struct process_spawn spawn = {
        .arguments = command->arguments,
        .environment = environment,
        .folder = command->folder,
        .input = ends->input,
        .output = ends->output,
        .words = ends->words,
    };
    const int fault = process_spawn(&spawn, id);
    memory_free(environment);
    return fault;
}

/* Wherever this process may run, not only this thread, or as the command says. */
static void find_granted(const struct process_command *command, cpu_set_t *granted)
{
    if (command->processors != NULL)
        *granted = *command->processors;
    else
        binding_grant(INT_MAX, granted);
}

int process_launch(const struct process_command *command, const struct process_ends *ends,
                   pid_t *id)
{
    cpu_set_t own, granted;
    processors_read(&own);
    find_granted(command, &granted);
    processors_keep(&granted);
    const int fault = spawn(command, ends, id);
    processors_keep(&own);
    return fault;
}

/* It is guarded from its first moment, or does not stay. */
static int spawn_guarded(const struct process_command *command, const struct pipes *pipes,
                         pid_t *id, struct process_guard *guard)
{
    const struct process_ends ends = {pipes->input[0], pipes->output[1], pipes->words[1]};
    int fault = process_launch(command, &ends, id);
    if (fault != 0)
        return fault;
    fault = process_guard_begin(*id, guard);
    if (fault == 0)
        return 0;
    kill(-*id, SIGKILL);
    while (waitpid(*id, NULL, 0) < 0 && errno == EINTR)
        ;
    return fault;
}

struct process *process_start(const struct process_command *command, struct error *error)
{
    struct pipes pipes;
    struct process_guard guard;
    pid_t id = 0;
    int fault = open_pipes(&pipes) ? spawn_guarded(command, &pipes, &id, &guard) : errno;
    if (fault != 0) {
        close_pipes(&pipes);
        error_usage(error,
                    "'%s' cannot be started: %s; give a program that is in PATH, or its path",
                    command->arguments[0], strerror(fault));
        return NULL;
    }
    struct process *process = memory_allocate(1, sizeof *process);
    *process = (struct process){.command = command,
                                .id = id,
                                .input = pipes.input[1],
                                .output = pipes.output[0],
                                .words = pipes.words[0],

                                .guard = guard,
                                .watch = process_watch_create(id)};
    find_granted(command, &process->granted);
    pipes.input[1] = pipes.output[0] = pipes.words[0] = -1;
    close_pipes(&pipes);
    const int ends[] = {process->input, process->output, process->words};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    return process;
}

/* --- What it says -------------------------------------------------------------------------- */

/* A line is whole, or as long as is kept of one. */
static void end_words(struct process *process)
{
    process->next[process->next_length] = '\0';
    if (process->command->out != NULL)
        fprintf(process->command->out, "%s: %s\n", process->command->name, process->next);
    if (process->next_length > 0)
        memcpy(process->last, process->next, process->next_length + 1);
    process->next_length = 0;
}

/* The pipe is closed when its writers have closed theirs. False: nothing was there. */
static bool hear_some(struct process *process)
{
    char block[PROCESS_BLOCK];
    const ssize_t count = process->words >= 0 ? read(process->words, block, sizeof block) : -1;
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
        process_close(&process->words);
    for (ssize_t i = 0; i < count; i++) {
        if (block[i] != '\n')
            process->next[process->next_length++] = block[i];
        if (block[i] == '\n' || process->next_length == sizeof process->next - 1)
            end_words(process);
    }
    if (process->words < 0 && process->next_length > 0)
        end_words(process);
    return count > 0;
}

/* One that writes without end is not heard to its end. */
void process_hear(struct process *process)
{
    for (int blocks = 0; blocks < BLOCKS_AT_ONCE && hear_some(process); blocks++)
        ;
}

const char *process_last_words(const struct process *process)
{
    return process->last;
}

/* --- Its threads --------------------------------------------------------------------------- */

void process_grant(struct process *process, int threads)
{
    cpu_set_t granted, is;
    struct process_threads found = {0};
    binding_grant(threads, &granted);
    if (process->command->processors != NULL)
        return;
    if (CPU_EQUAL(&granted, &process->granted) || CPU_COUNT(&granted) == 0)
        return;
    process_threads_find(&found, process->id);
    for (size_t i = 0; i < found.count; i++)
        if (sched_getaffinity(found.threads[i].id, sizeof is, &is) == 0 &&
            CPU_EQUAL(&is, &process->granted))
            sched_setaffinity(found.threads[i].id, sizeof granted, &granted);
    process_threads_clear(&found);
    process->granted = granted;
}

/* Or ended. */
static bool has_stopped(const struct process *process)
{
    siginfo_t stopped = {.si_pid = 0};
    waitid(P_PID, (id_t)process->id, &stopped, WSTOPPED | WEXITED | WNOHANG | WNOWAIT);
    return stopped.si_pid != 0;
}

/* To stop takes a processor, which may be the one that we are on: until it was given that it would
 * wait, and so long would the next training be told to have waited. */
void process_pause(struct process *process)
{
    enum { LOOKS = 100 };
    process->paused = true;
    kill(-process->id, SIGSTOP);
    for (int look = 0; look < LOOKS && !has_stopped(process); look++)
        nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
}

void process_resume(struct process *process)
{
    if (process->paused)
        kill(-process->id, SIGCONT);
    process->paused = false;
}

/* --- Its end ------------------------------------------------------------------------------- */

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* It is not waited for yet: until then, nobody else can have its number. */
static bool has_ended(const struct process *process)
{
    siginfo_t ended = {.si_pid = 0};
    waitid(P_PID, (id_t)process->id, &ended, WEXITED | WNOHANG | WNOWAIT);
    return ended.si_pid != 0;
}

static int reap(const struct process *process, struct rusage *used)
{
    int status = 0;
    while (wait4(process->id, &status, 0, used) < 0 && errno == EINTR)
        ;
    return status;
}

/* What it still says is passed on, and what it still writes is not looked at. */
static void drain(struct process *process, double milliseconds)
{
    struct pollfd ends[] = {{.fd = process->words, .events = POLLIN},
                            {.fd = process->output, .events = POLLIN}};
    char block[PROCESS_BLOCK];
    if (poll(ends, 2, (int)milliseconds) <= 0)
        return;
    if (ends[0].revents != 0)
        process_hear(process);
    if (ends[1].revents != 0 && read(process->output, block, sizeof block) == 0)
        process_close(&process->output);
}

static void wait_for_end(struct process *process, double patience)
{
    static const double step = 5.0;
    const double end = clock_seconds() + patience;
    while (!has_ended(process) && clock_seconds() < end) {
        drain(process, step);
        if (process->words < 0 && process->output < 0) /* nothing is left that poll() waits for */
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

static void describe_usage(const struct rusage *used, int status, struct process_usage *usage)
{
    *usage = (struct process_usage){
        .user_seconds = seconds_of(used->ru_utime),
        .system_seconds = seconds_of(used->ru_stime),
        .peak_bytes = 1024.0 * (double)used->ru_maxrss,
        .voluntary_switches = (double)used->ru_nvcsw,
        .involuntary_switches = (double)used->ru_nivcsw,
    };
    child_describe_end(status, usage->end, sizeof usage->end);
}

void process_stop(struct process *process, double patience, struct process_usage *usage)
{
    struct rusage used = {0};
    process_resume(process);
    process_close(&process->input);
    wait_for_end(process, patience);
    kill(-process->id, SIGKILL);
    process_guard_end(&process->guard);
    const int status = reap(process, &used);
    process_hear(process);
    process_close(&process->words);
    if (usage != NULL) {
        describe_usage(&used, status, usage);
        usage->peak_bytes = fmax(usage->peak_bytes, process_watch_peak(process->watch));
    }
    process_close(&process->output);
    process_watch_free(process->watch);
    memory_free(process->text);
    memory_free(process);
}
