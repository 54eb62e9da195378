/* SPDX-License-Identifier: MIT
 *
 * Threads that enter regions: each is told its place once, and moves are counted. How many there
 * are by default, whatever OMP_NUM_THREADS says.
 */
#include "base/parallel/threads.h"
#include "processors.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3 };

static atomic_int calls[THREADS];

static void count_call(int thread)
{
    atomic_fetch_add(&calls[thread], 1);
}

static void enter_together(int threads)
{
#pragma omp parallel num_threads(threads)
    threads_enter();
}

static int forget_calls(void **state)
{
    (void)state;
    threads_place_with(NULL);
    for (int i = 0; i < THREADS; i++)
        atomic_store(&calls[i], 0);
    return 0;
}

static void check_calls(int first, int second, int third)
{
    assert_int_equal(atomic_load(&calls[0]), first);
    assert_int_equal(atomic_load(&calls[1]), second);
    assert_int_equal(atomic_load(&calls[2]), third);
}

static void each_thread_is_placed_once(void **state)
{
    (void)state;
    threads_place_with(count_call);
    enter_together(2);
    enter_together(2);
    check_calls(1, 1, 0);
    enter_together(3);
    check_calls(1, 1, 1);
    enter_together(1);
    check_calls(1, 1, 1);
    threads_place_with(count_call); /* said anew, it is obeyed anew */
    enter_together(2);
    check_calls(2, 2, 1);
}

static void without_a_place_nothing_is_done(void **state)
{
    (void)state;
    const cpu_set_t before = processors_allowed();
    enter_together(THREADS);
    check_calls(0, 0, 0);
    const cpu_set_t after = processors_allowed();
    assert_true(CPU_EQUAL(&before, &after));
}

/* A thread that is moved is counted when it enters next; one that stays is not. */
static void moves_are_counted(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    const int from = processors_nth(&allowed, 0), to = processors_nth(&allowed, 1);
    if (to < 0) {
        print_message("skipped: there is one processor, and nowhere to move to\n");
        skip();
    }
    processors_move_to(from);
    threads_enter();
    int64_t before = threads_migrations();
    threads_enter();
    assert_int_equal(threads_migrations(), before);
    processors_move_to(to);
    threads_enter();
    assert_int_equal(threads_migrations(), before + 1);
    threads_enter();
    assert_int_equal(threads_migrations(), before + 1);
    processors_restore(&allowed);
}

static int destination;

static void move_there(int thread)
{
    (void)thread;
    processors_move_to(destination);
}

static void being_placed_is_no_move(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    processors_move_to(processors_nth(&allowed, 0));
    threads_enter();
    int64_t before = threads_migrations();
    destination = processors_nth(&allowed, CPU_COUNT(&allowed) - 1);
    threads_place_with(move_there);
    threads_enter();
    assert_int_equal(threads_migrations(), before);
    processors_restore(&allowed);
}

static void a_list_of_threads_has_a_first_number(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int threads;
    } cases[] = {
        {"4", 4},   {"4,2", 4}, {" 4 , 2,1 ", 4}, {"007", 7},  {"99999999999999999999", 1048576},
        {"", 0},    {" ", 0},   {"0", 0},         {"-1", 0},   {"+4", 0},
        {"4,", 0},  {",4", 0},  {"4,0", 0},       {"4,x", 0},  {"4 2", 0},
        {"1e1", 0}, {"0x4", 0}, {"4.0", 0},       {"four", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int threads = threads_of_list(cases[i].list);
        bool many = cases[i].threads > 1000 && threads > 1000;
        if (threads != cases[i].threads && !many)
            fail_msg("'%s': %d", cases[i].list, threads);
    }
}

/* 0: as many as there are. The default is asked for once in a process, so it is asked in a child.
 * The runtime of OpenMP reads the variable when it starts, and libomp again after a fork: to set it
 * later is to show it to this program only, for libomp does not survive all that is no number. */
static int default_under(const char *list)
{
    int all = threads_available(), status = 0;
    pid_t child = fork();
    if (child == 0) {
        setenv("OMP_NUM_THREADS", list, 1);
        _exit(threads_default() == all ? 0 : threads_default());
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        fail_msg("the child");
    return WEXITSTATUS(status);
}

/* NULL: nothing. */
static const char *words_under(const char *list)
{
    setenv("OMP_NUM_THREADS", list, 1);
    const char *words = threads_default_words();
    unsetenv("OMP_NUM_THREADS");
    return words;
}

static void nonsense_leaves_the_default_and_is_told_in_one_line(void **state)
{
    (void)state;
    static const char *const nonsense[] = {
        "0", "-1", "x", "2x", "2,x", ",2", "1.5", " ", "x\ndescent: y", "\t\r\n", "2\033[31m",
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        assert_int_equal(default_under(nonsense[i]), 0);
        const char *words = words_under(nonsense[i]);
        assert_non_null(words);
        assert_non_null(strstr(words, "is not a number of threads, and is ignored"));
        for (const char *c = words; *c != '\0'; c++)
            assert_false(iscntrl((unsigned char)*c));
    }
    assert_int_equal(default_under(""), 0);
    assert_null(words_under(""));
    if (threads_available() > 1)
        assert_int_equal(default_under(" 1 , 7 "), 1);
    assert_int_equal(default_under("99999"), 0);
    assert_non_null(strstr(words_under("99999"), "more than this process may use"));
    assert_null(threads_default_words());
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, forget_calls, forget_calls)

int main(void)
{
    unsetenv("OMP_NUM_THREADS");
    threads_initialise();
    const struct CMUnitTest tests[] = {
        TEST(each_thread_is_placed_once),
        TEST(without_a_place_nothing_is_done),
        TEST(moves_are_counted),
        TEST(being_placed_is_no_move),
        TEST(a_list_of_threads_has_a_first_number),
        TEST(nonsense_leaves_the_default_and_is_told_in_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
