/* SPDX-License-Identifier: MIT
 *
 * What a process is seen to use while it answers. The process is this program once more, which does
 * what it is asked for: it takes memory, has threads run for so much of their own time, or has
 * another process do so. What it has used is therefore known, whatever the machine does beside.
 */
#include "programs/process.h"
#include "testing.h"

#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- The process that is watched ------------------------------------------------------------ */

static const double run_seconds = 0.04;
static sem_t has_run;

static void run_on(clockid_t clock)
{
    struct timespec time;
    do
        clock_gettime(clock, &time);
    while ((double)time.tv_sec + 1e-9 * (double)time.tv_nsec < run_seconds);
}

/* It lives on, as threads of a team do. */
static void *run_thread(void *nothing)
{
    run_on(CLOCK_THREAD_CPUTIME_ID);
    sem_post(&has_run);
    pause();
    return nothing;
}

static void have_threads_run(long count)
{
    pthread_t thread;
    for (long i = 0; i < count; i++)
        pthread_create(&thread, NULL, run_thread, NULL);
    for (long i = 0; i < count; i++)
        sem_wait(&has_run);
}

static void have_child_run(void)
{
    const pid_t child = fork();
    if (child == 0) {
        run_on(CLOCK_PROCESS_CPUTIME_ID);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void take_memory(long megabytes)
{
    const size_t size = (size_t)megabytes << 20;
    volatile char *memory = malloc(size);
    for (size_t i = 0; i < size; i += 1024)
        memory[i] = 1;
    free((void *)memory);
}

static int be_watched(void)
{
    char line[64];
    sem_init(&has_run, 0, 0);
    while (fgets(line, sizeof line, stdin) != NULL) {
        const long count = strtol(line + 1, NULL, 10);
        if (line[0] == 'm')
            take_memory(count);
        else if (line[0] == 't')
            have_threads_run(count);
        else if (line[0] == 'c')
            have_child_run();
        puts("done");
        fflush(stdout);
    }
    return 0;
}

/* --- Tests ---------------------------------------------------------------------------------- */

static struct process *start(void)
{
    static const char *const arguments[] = {"/proc/self/exe", "watched", NULL};
    static const struct process_command command = {.name = "peer", .arguments = arguments};
    struct error error = {0};
    struct process *process = process_start(&command, &error);
    if (process == NULL)
        fail_msg("%s", error.message);
    return process;
}

static struct process_use use_of(struct process *process, const char *question)
{
    struct process_use use;
    const struct process_limits limits = {60.0, 100};
    const struct process_answer answer = process_ask(process, question, limits, &use);
    assert_int_equal(answer.outcome, PROCESS_ANSWERED);
    return use;
}

static void memory_is_that_of_the_question(void **state)
{
    (void)state;
    enum { MEGABYTE = 1 << 20 };
    struct process *process = start();
    const struct process_use before = use_of(process, "m1"), large = use_of(process, "m64");
    assert_true(large.peak_bytes >= 64.0 * MEGABYTE);
    assert_true(large.peak_bytes - before.peak_bytes >= 62.0 * MEGABYTE);
#if !defined(SANITIZED) /* it keeps what is freed */
    const struct process_use after = use_of(process, "m1");
    if (after.peak_of_trial)
        assert_true(after.peak_bytes < large.peak_bytes - 32.0 * MEGABYTE);
#endif
    struct process_usage usage;
    process_stop(process, 20.0, &usage);
    assert_true(usage.peak_bytes >= 64.0 * MEGABYTE);
}

/* The threads run, the first one only waits for them; and they do nothing for the next question. */
static void threads_are_those_that_run(void **state)
{
    (void)state;
    struct process *process = start();
    struct process_use use = use_of(process, "t3");
    if (isnan(use.waiting_seconds))
        skip(); /* this system has no schedstat */
    assert_between(use.threads, 3, 4);
    assert_true(use.processor_seconds >= 3 * run_seconds && use.waiting_seconds >= 0.0);
    assert_true(use.voluntary_switches >= 1.0 && use.involuntary_switches >= 0.0);
    use = use_of(process, "t1");
    assert_between(use.threads, 1, 2);
    assert_true(use.processor_seconds >= run_seconds && use.processor_seconds < 3 * run_seconds);
    process_stop(process, 0.0, NULL);
}

/* Its time comes in ticks of a hundredth of a second. */
static void what_it_waited_for_counts(void **state)
{
    (void)state;
    struct process *process = start();
    use_of(process, "m1");
    assert_true(use_of(process, "c").processor_seconds >= run_seconds - 0.02);
    process_stop(process, 20.0, NULL);
}

static void of_one_that_has_gone_nothing_is_known(void **state)
{
    (void)state;
    static const char *const arguments[] = {"false", NULL};
    static const struct process_command command = {.name = "peer", .arguments = arguments};
    struct error error = {0};
    struct process_use use;
    struct process *process = process_start(&command, &error);
    assert_int_equal(
        process_ask(process, "question", (struct process_limits){20.0, 100}, &use).outcome,
        PROCESS_ENDED);
    assert_int_equal(use.threads, -1);
    process_stop(process, 20.0, NULL);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_that_of_the_question),
        cmocka_unit_test(threads_are_those_that_run),
        cmocka_unit_test(what_it_waited_for_counts),
        cmocka_unit_test(of_one_that_has_gone_nothing_is_known),
    };
    if (count > 1 && strcmp(arguments[1], "watched") == 0)
        return be_watched();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
