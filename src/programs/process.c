/* SPDX-License-Identifier: MIT
 *
 * One loop over poll() does all that a question needs: it writes what is left of the question,
 * reads what comes, and passes on what is said. The pipes never block, so no order in which a
 * program reads and writes can hold up both sides.
 *
 * The answer's clock starts when the last bytes of the question are given to the pipe, and stops
 * when its first byte is there. It is read before they are given: after, the program may be done
 * already.
 */
#include "programs/process.h"

#include "base/memory.h"
#include "base/system/child.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, WORDS = 256, LOOK_MILLISECONDS = 50 };

struct process {
    const struct process_command *command;
    pid_t id;
    int input, output, words; /* our ends; -1: closed */
    char *text;               /* (length) of what has come */
    size_t length, capacity;
    size_t taken;     /* of it, by the last answer */
    char last[WORDS]; /* whole line of its standard error, ... */
    char next[WORDS]; /* ...and the one that is not whole yet */
    size_t next_length;
};

/* --- Starting ------------------------------------------------------------------------------ */

/* The three pipes: [0] is the end that is read. */
struct pipes {
    int input[2], output[2], words[2];
};

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static void close_pipes(struct pipes *pipes)
{
    for (int end = 0; end < 2; end++) {
        close_end(&pipes->input[end]);
        close_end(&pipes->output[end]);
        close_end(&pipes->words[end]);
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

static bool is_set_by(const char *ours, const char *const *others)
{
    const size_t name = strcspn(ours, "=") + 1;
    for (size_t i = 0; others[i] != NULL; i++)
        if (strncmp(ours, others[i], name) == 0)
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
        memcpy(&all[count++], &command->environment[i], sizeof *all);
    return all;
}

/* Signals are as they are for a program that a shell starts, whatever we do with ours. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int fault = posix_spawnattr_setsigmask(attributes, &none);
    if (fault == 0)
        fault = posix_spawnattr_setsigdefault(attributes, &all);
    if (fault == 0)
        fault = posix_spawnattr_setpgroup(attributes, 0);
    if (fault == 0)
        fault = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return fault;
}

/* 0 or an error number. */
static int spawn(const struct process_command *command, const struct pipes *pipes, pid_t *id)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char **environment = environment_of(command);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, pipes->input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->words[1], STDERR_FILENO);
    int fault = set_attributes(&attributes);
    if (fault == 0 && command->folder != NULL && command->folder[0] != '\0')
        fault = posix_spawn_file_actions_addchdir_np(&actions, command->folder);
    if (fault == 0)
        fault = posix_spawnp(id, command->arguments[0], &actions, &attributes,
                             (char *const *)(const void *)command->arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    memory_free(environment);
    return fault;
}

struct process *process_start(const struct process_command *command, struct error *error)
{
    struct pipes pipes;
    pid_t id = 0;
    int fault = open_pipes(&pipes) ? spawn(command, &pipes, &id) : errno;
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
                                .words = pipes.words[0]};
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

/* Passes on what is there. The pipe is closed when its writers have closed theirs. */
static void hear_words(struct process *process)
{
    char block[BLOCK];
    const ssize_t count = read(process->words, block, sizeof block);
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
        close_end(&process->words);
    for (ssize_t i = 0; i < count; i++) {
        if (block[i] != '\n')
            process->next[process->next_length++] = block[i];
        if (block[i] == '\n' || process->next_length == sizeof process->next - 1)
            end_words(process);
    }
    if (process->words < 0 && process->next_length > 0)
        end_words(process);
}

const char *process_last_words(const struct process *process)
{
    return process->last;
}

/* --- Questions ----------------------------------------------------------------------------- */

struct exchange {
    struct process *process;
    const char *question; /* what is left to send, with the line's end */
    size_t left;
    struct process_limits limits;
    double began, sent;
    struct process_answer answer;
    bool over;
};

static void end_with(struct exchange *exchange, enum process_outcome outcome)
{
    exchange->answer.outcome = outcome;
    exchange->over = true;
}

static void send_some(struct exchange *exchange)
{
    struct process *process = exchange->process;
    exchange->sent = clock_seconds();
    const ssize_t count = write(process->input, exchange->question, exchange->left);
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
        close_end(
            &process->input); /* it reads no more: what it has to say comes still, or its end */
        exchange->left = 0;
    } else if (count > 0) {
        exchange->question += count;
        exchange->left -= (size_t)count;
    }
}

/* The first byte was there at `now`: of the answer, or of something that nothing has asked for. */
static void begin_answer(struct exchange *exchange, double now)
{
    if (exchange->left > 0)
        end_with(exchange, PROCESS_UNASKED);
    exchange->answer.seconds = now - exchange->sent;
}

static void finish_answer(struct exchange *exchange, const char *end)
{
    struct process *process = exchange->process;
    exchange->answer.line = process->text;
    exchange->answer.length = (size_t)(end - process->text);
    process->taken = exchange->answer.length + 1;
    process->text[exchange->answer.length] = '\0';
    end_with(exchange, PROCESS_ANSWERED);
}

static void receive_some(struct exchange *exchange)
{
    struct process *process = exchange->process;
    const double now = clock_seconds();
    process->text = memory_grow(process->text, &process->capacity, process->length + BLOCK, 1);
    char *to = process->text + process->length;
    const ssize_t count = read(process->output, to, BLOCK);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (count <= 0) {
        end_with(exchange, PROCESS_ENDED);
        return;
    }
    if (process->length == 0)
        begin_answer(exchange, now);
    process->length += (size_t)count;
    const char *end = memchr(to, '\n', (size_t)count);
    const size_t length = end != NULL ? (size_t)(end - process->text) : process->length;
    if (exchange->over)
        return;
    if (length > exchange->limits.bytes)
        end_with(exchange, PROCESS_LONG);
    else if (end != NULL)
        finish_answer(exchange, end);
}

static double left_of(const struct exchange *exchange)
{
    return exchange->began + exchange->limits.seconds - clock_seconds();
}

/* Waits until something can be done, at most until the limit, and looks up now and then. */
static void take_turn(struct exchange *exchange)
{
    struct process *process = exchange->process;
    const double milliseconds = ceil(fmin(left_of(exchange) * 1e3, LOOK_MILLISECONDS));
    struct pollfd ends[] = {
        {.fd = process->output, .events = POLLIN},
        {.fd = process->words, .events = POLLIN},
        {.fd = exchange->left > 0 ? process->input : -1, .events = POLLOUT},
    };
    const int ready = poll(ends, sizeof ends / sizeof *ends, (int)fmax(milliseconds, 0.0));
    if (ready > 0 && ends[1].revents != 0)
        hear_words(process);
    if (ready > 0 && ends[2].revents != 0)
        send_some(exchange);
    if (ready > 0 && ends[0].revents != 0)
        receive_some(exchange);
    if (!exchange->over && interruption_stop != 0)
        end_with(exchange, PROCESS_INTERRUPTED);
    if (!exchange->over && !(left_of(exchange) > 0.0))
        end_with(exchange, PROCESS_LATE);
}

/* What is behind the last answer was not asked for. */
static void forget_answer(struct process *process)
{
    process->length -= process->taken;
    process->taken = 0;
}

/* A write to a program that has gone is an error of the write, and no signal. */
struct quiet {
    sigset_t before;
    bool was_pending;
};

static struct quiet begin_quiet(void)
{
    struct quiet quiet;
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    quiet.was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &quiet.before);
    return quiet;
}

static void end_quiet(const struct quiet *quiet)
{
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    if (!quiet->was_pending && sigismember(&pending, SIGPIPE) == 1)
        sigtimedwait(&pipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

static char *line_of(const char *text)
{
    const size_t length = strlen(text);
    char *line = memory_allocate(length + 2, 1);
    memcpy(line, text, length + 1);
    line[length] = '\n';
    return line;
}

struct process_answer process_ask(struct process *process, const char *question,
                                  struct process_limits limits)
{
    char *line = line_of(question);
    struct exchange exchange = {.process = process,
                                .question = line,
                                .left = strlen(line),
                                .limits = limits,
                                .began = clock_seconds()};
    forget_answer(process);
    if (process->length > 0)
        end_with(&exchange, PROCESS_UNASKED);
    const struct quiet quiet = begin_quiet();
    while (!exchange.over)
        take_turn(&exchange);
    end_quiet(&quiet);
    memory_free(line);
    return exchange.answer;
}

void process_say(struct process *process, const char *text)
{
    char *line = line_of(text);
    const struct quiet quiet = begin_quiet();
    if (process->input >= 0 && write(process->input, line, strlen(line)) < 0)
        close_end(&process->input);
    end_quiet(&quiet);
    memory_free(line);
}

/* --- Its end ------------------------------------------------------------------------------- */

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* Has it ended? Then it is not waited for again. */
static bool reap(const struct process *process, int options, int *status, struct rusage *used)
{
    pid_t ended;
    do
        ended = wait4(process->id, status, options, used);
    while (ended < 0 && errno == EINTR);
    return ended != 0;
}

/* What it still says is passed on, and what it still writes is not looked at. */
static void drain(struct process *process, double milliseconds)
{
    struct pollfd ends[] = {{.fd = process->words, .events = POLLIN},
                            {.fd = process->output, .events = POLLIN}};
    char block[BLOCK];
    if (poll(ends, 2, (int)milliseconds) <= 0)
        return;
    if (ends[0].revents != 0)
        hear_words(process);
    if (ends[1].revents != 0 && read(process->output, block, sizeof block) == 0)
        close_end(&process->output);
}

void process_stop(struct process *process, double patience, struct process_usage *usage)
{
    static const double step = 5.0;
    struct rusage used = {0};
    int status = 0;
    close_end(&process->input);
    const double end = clock_seconds() + patience;
    bool ended = reap(process, WNOHANG, &status, &used);
    while (!ended && clock_seconds() < end) {
        drain(process, step);
        if (process->words < 0 && process->output < 0) /* nothing is left that poll() waits for */
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        ended = reap(process, WNOHANG, &status, &used);
    }
    kill(-process->id, SIGKILL);
    if (!ended)
        reap(process, 0, &status, &used);
    while (process->words >= 0 &&
           poll(&(struct pollfd){.fd = process->words, .events = POLLIN}, 1, 0) > 0)
        hear_words(process);
    if (usage != NULL) {
        *usage = (struct process_usage){seconds_of(used.ru_utime), seconds_of(used.ru_stime),
                                        1024.0 * (double)used.ru_maxrss, ""};
        child_describe_end(status, usage->end, sizeof usage->end);
    }
    close_end(&process->output);
    close_end(&process->words);
    memory_free(process->text);
    memory_free(process);
}
