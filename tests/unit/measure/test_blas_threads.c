/* SPDX-License-Identifier: MIT
 *
 * What BLAS does with threads: children that say nothing, or too little, or never end; the probe
 * where it comes too late; and what it found, looked for again by calls that are written out here.
 *
 * The order of tests matters: this process must stay without threads until the probe was made.
 * ThreadSanitizer starts threads of its own, and there the answer is "unknown".
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/kernel.h"
#include "measure/machine/blas_threads.h"
#include "measure/machine/machine_record.h"
#include "testing.h"

#include <cblas.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 60, IMPATIENCE = 1 };

/* --- Children ------------------------------------------------------------------------------- */

static const struct blas_threads made_up = {.elements = 1234, .threads = 5};

static void answer(int out)
{
    if (write(out, &made_up, sizeof made_up) != sizeof made_up)
        _exit(1);
}

static void answer_late(int out)
{
    for (int i = 0; i < 20; i++) {
        kill(getppid(), SIGUSR1);
        usleep(500);
    }
    answer(out);
}

static void answer_in_pieces(int out)
{
    for (size_t i = 0; i < sizeof made_up; i++)
        if (write(out, (const char *)&made_up + i, 1) != 1)
            _exit(1);
}

static void answer_half(int out)
{
    if (write(out, &made_up, sizeof made_up / 2) != sizeof made_up / 2)
        _exit(1);
}

static void say_nothing(int out)
{
    (void)out;
}

static void die(int out)
{
    (void)out;
    raise(SIGKILL);
}

/* As libgomp does where it gets no threads. */
static void give_up(int out)
{
    (void)out;
    fprintf(stderr, "this must not be seen\n");
    exit(1);
}

static void never_end(int out)
{
    (void)out;
    for (;;)
        pause();
}

static void count_signal(int number)
{
    (void)number;
}

static void assert_made_up(struct blas_threads found)
{
    assert_int_equal(found.elements, made_up.elements);
    assert_int_equal(found.threads, made_up.threads);
    assert_null(found.reason);
}

static void an_answer_arrives_however_it_comes(void **state)
{
    (void)state;
    assert_made_up(blas_threads_ask(answer, PATIENCE));
    assert_made_up(blas_threads_ask(answer_in_pieces, PATIENCE));
    struct sigaction interrupting = {.sa_handler = count_signal}, before; /* without SA_RESTART */
    sigaction(SIGUSR1, &interrupting, &before);
    assert_made_up(blas_threads_ask(answer_late, PATIENCE));
    sigaction(SIGUSR1, &before, NULL);
}

static void no_answer_is_unknown(void **state)
{
    (void)state;
    static void (*const silent[])(int) = {say_nothing, answer_half, die, give_up};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        struct blas_threads found = blas_threads_ask(silent[i], PATIENCE);
        assert_int_equal(found.elements, -1);
        assert_non_null(found.reason);
    }
}

/* The alarm rings even where the parent ignores and blocks it. */
static void a_child_that_never_ends_is_ended(void **state)
{
    (void)state;
    sigset_t alarms, before;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    signal(SIGALRM, SIG_IGN);
    sigprocmask(SIG_BLOCK, &alarms, &before);
    assert_int_equal(blas_threads_ask(never_end, IMPATIENCE).elements, -1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    signal(SIGALRM, SIG_DFL);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left behind */
}

/* --- The probe ------------------------------------------------------------------------------ */

static void *wait_for_ever(void *argument)
{
    for (;;)
        pause();
    return argument;
}

/* In a process of its own: here it would be too late for the tests after this one. */
static void too_late_is_unknown(void **state)
{
    (void)state;
    assert_null(blas_threads_found());
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
            _exit(2);
        const struct blas_threads *found = blas_threads_probe();
        _exit(found->elements == -1 && strstr(found->reason, "threads") != NULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void it_is_found_once(void **state)
{
    (void)state;
    char *facts = machine_json();
    assert_non_null(strstr(facts, "\"blas_gemv\":null"));
    memory_free(facts);
    const struct blas_threads *found = blas_threads_probe();
    assert_ptr_equal(found, blas_threads_probe());
    assert_ptr_equal(found, blas_threads_found());
    print_message("%d threads from %d elements on; %s\n", found->threads, (int)found->elements,
                  found->reason != NULL ? found->reason : "known");
    char expected[128] = "\"blas_gemv\":null";
    if (found->elements > 0)
        snprintf(expected, sizeof expected,
                 "\"blas_gemv\":{\"forks_from_elements\":%d,\"threads\":%d}", (int)found->elements,
                 found->threads);
    else if (found->elements == 0)
        strcpy(expected, "\"blas_gemv\":{\"forks_from_elements\":null,\"threads\":1}");
    facts = machine_json();
    assert_non_null(strstr(facts, expected));
    memory_free(facts);
}

static int count_threads(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/task");
    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count - 2; /* . and .. */
}

/* Threads of a process that has called BLAS with so many rows of 100; 0: it broke. */
static int threads_after(int rows)
{
    pid_t child = fork();
    if (child == 0) {
        double *X = calloc((size_t)rows * 100, sizeof *X), *z = calloc((size_t)rows, sizeof *z);
        const double w[100] = {1.0};
        threads_lend(threads_processors());
        openblas_set_num_threads(threads_processors()); /* since 0.3.34 it no longer asks OpenMP */
        cblas_dgemv(CblasRowMajor, CblasNoTrans, rows, 100, 1.0, X, 100, w, 1, 0.0, z, 1);
        _exit(count_threads());
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static void it_is_so(void **state)
{
    (void)state;
    const struct blas_threads *found = blas_threads_probe();
    if (found->elements < 0)
        skip(); /* known to be so under ThreadSanitizer alone */
    assert_between(found->threads, 1, threads_processors());
    assert_int_equal(threads_after(10000), found->threads);
    if (found->elements == 0)
        return;
    int rows = (int)(found->elements / 100);
    assert_int_equal(found->elements, 100 * rows);
    assert_true(threads_after(rows) > 1);
    assert_int_equal(threads_after(rows - rows / 20 - 1), 1);
}

/* Nothing of it is left in this process: BLAS has one thread, as before. */
static void the_process_is_as_before(void **state)
{
    (void)state;
    int before = count_threads();
    static double X[400 * 100], z[400];
    const double w[100] = {1.0};
    cblas_dgemv(CblasRowMajor, CblasNoTrans, 400, 100, 1.0, X, 100, w, 1, 0.0, z, 1);
    assert_int_equal(count_threads(), before);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_arrives_however_it_comes),
        cmocka_unit_test(no_answer_is_unknown),
        cmocka_unit_test(a_child_that_never_ends_is_ended),
        cmocka_unit_test(too_late_is_unknown),
        cmocka_unit_test(it_is_found_once),
        cmocka_unit_test(it_is_so),
        cmocka_unit_test(the_process_is_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
