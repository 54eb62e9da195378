/* SPDX-License-Identifier: MIT
 *
 * One loop over poll() does all that a question needs: it writes what is left of the question,
 * reads what comes, and passes on what is said. The pipes never block, so no order in which a
 * program reads and writes can hold up both sides.
 *
 * The answer's clock starts when the last bytes of the question are given to the pipe, and stops
 * when its first byte is there. It is read before they are given: after, the program may be done
 * already.
 *
 * A line that comes before the question is no answer to it, and of two lines neither is. The second
 * may come a little later than the first: so a program that has answered is given the time to wait
 * for its next question, is looked at once more, and is then stopped until that question.
 */
#include "programs/process_internal.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "programs/process_threads.h"
#include "programs/process_watch.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 50, SETTLE_LOOKS = 40 };

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
        /* It reads no more: what it has to say comes still, or its end. */
        process_close(&process->input);
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
    end_with(exchange, process->length > process->taken ? PROCESS_MORE : PROCESS_ANSWERED);
}

static void receive_some(struct exchange *exchange)
{
    struct process *process = exchange->process;
    const double now = clock_seconds();
    process->text =
        memory_grow(process->text, &process->capacity, process->length + PROCESS_BLOCK, 1);
    char *to = process->text + process->length;
    const ssize_t count = read(process->output, to, PROCESS_BLOCK);
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
        process_hear(process);
    if (ready > 0 && ends[2].revents != 0)
        send_some(exchange);
    if (ready > 0 && ends[0].revents != 0)
        receive_some(exchange);
    if (!exchange->over && interruption_stop != 0)
        end_with(exchange, PROCESS_INTERRUPTED);
    if (!exchange->over && !(left_of(exchange) > 0.0))
        end_with(exchange, PROCESS_LATE);
}

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

/* --- Between two questions ------------------------------------------------------------------ */

/* Does its first thread run? "12 (name) R ..."; the name may hold anything. */
static bool is_running(const struct process *process)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process->id);
    const char *name_end = process_file_read(path, text, sizeof text) ? strrchr(text, ')') : NULL;
    return name_end != NULL && strncmp(name_end, ") R", 3) == 0;
}

/* Until it waits for the next question, or for a few milliseconds: what it still writes belongs to
 * this one. */
static void settle(struct exchange *exchange)
{
    struct process *process = exchange->process;
    char more;
    for (int look = 0; look < SETTLE_LOOKS && is_running(process); look++)
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
    if (read(process->output, &more, 1) == 1)
        end_with(exchange, PROCESS_MORE);
}

static void converse(struct exchange *exchange)
{
    const struct quiet quiet = begin_quiet();
    exchange->began = clock_seconds();
    receive_some(exchange); /* what is there already is no answer */
    while (!exchange->over)
        take_turn(exchange);
    end_quiet(&quiet);
}

struct process_answer process_ask(struct process *process, const char *question,
                                  struct process_limits limits, struct process_use *use)
{
    char *line = line_of(question);
    struct exchange exchange = {
        .process = process, .question = line, .left = strlen(line), .limits = limits};
    forget_answer(process);
    if (use != NULL) {
        threads_release(); /* ours would spin beside it */
        process_watch_begin(process->watch);
    }
    process_resume(process); /* after the look, which takes a processor that it would wait for */
    converse(&exchange);
    if (use != NULL)
        process_watch_answered(process->watch);
    if (exchange.answer.outcome == PROCESS_ANSWERED)
        settle(&exchange);
    process_hear(process);
    process_pause(process);
    if (use != NULL)
        *use = process_watch_end(process->watch, exchange.answer.outcome == PROCESS_ANSWERED);
    memory_free(line);
    return exchange.answer;
}

void process_say(struct process *process, const char *text)
{
    char *line = line_of(text);
    const struct quiet quiet = begin_quiet();
    process_resume(process);
    if (process->input >= 0 && write(process->input, line, strlen(line)) < 0)
        process_close(&process->input);
    end_quiet(&quiet);
    memory_free(line);
}
