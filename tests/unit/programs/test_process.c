/* SPDX-License-Identifier: MIT
 *
 * Programs that answer, and programs that do anything else: none of them makes the caller wait,
 * read more or fail. What they use is seen, where they may run is said, and between two questions
 * they stand still.
 */
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "measure/machine/binding.h"
#include "programs/process.h"
#include "testing.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct process_limits patient = {20.0, 1000}, impatient = {0.05, 1000};

/* A program of the shell; what it says is read from *words afterwards, where it is given. */
static struct process *start(const char *script, FILE *out)
{
    static const char *arguments[] = {"sh", "-c", NULL, NULL};
    static const char *const environment[] = {"DESCENT_COLOUR=blue", "DESCENT_TUNING", NULL};
    static struct process_command command;
    struct error error = {0};
    arguments[2] = script;
    command = (struct process_command){
        .name = "peer", .arguments = arguments, .environment = environment, .out = out};
    struct process *process = process_start(&command, &error);
    if (process == NULL)
        fail_msg("%s", error.message);
    return process;
}

static void assert_answer(struct process *process, const char *question, const char *expected)
{
    const struct process_answer answer = process_ask(process, question, patient, NULL);
    assert_int_equal(answer.outcome, PROCESS_ANSWERED);
    assert_string_equal(answer.line, expected);
    assert_int_equal(answer.length, strlen(expected));
    assert_true(answer.seconds >= 0.0 && answer.seconds < patient.seconds);
}

static void questions_are_answered_until_it_is_stopped(void **state)
{
    (void)state;
    struct process_usage usage;
    struct process *process = start(
        "while read line; do echo \"$DESCENT_COLOUR$DESCENT_TUNING $line\"; done; exit 3", NULL);
    assert_answer(process, "one", "blue one");
    assert_answer(process, "two", "blue two");
    process_stop(process, 20.0, &usage);
    assert_string_equal(usage.end, "ended with exit code 3");
    assert_true(usage.peak_bytes > 1e5 && usage.user_seconds >= 0.0);
}

/* Longer than a pipe is, on both ways. */
static void long_lines_go_both_ways(void **state)
{
    (void)state;
    enum { LONG = 200000 };
    static char question[LONG + 1];
    memset(question, 'x', LONG);
    struct process *process = start("while read -r line; do echo \"$line\"; done", NULL);
    for (int time = 0; time < 2; time++) {
        const struct process_answer answer =
            process_ask(process, question, (struct process_limits){20.0, LONG}, NULL);
        assert_int_equal(answer.outcome, PROCESS_ANSWERED);
        assert_int_equal(answer.length, LONG);
        assert_memory_equal(answer.line, question, LONG);
    }
    const struct process_answer answer =
        process_ask(process, question, (struct process_limits){20.0, LONG - 1}, NULL);
    assert_int_equal(answer.outcome, PROCESS_LONG);
    process_stop(process, 0.0, NULL);
}

static const struct {
    const char *script;
    enum process_outcome outcome;
} faults[] = {
    {"exit 1", PROCESS_ENDED},
    {"read line", PROCESS_ENDED},
    {"read line; printf half", PROCESS_ENDED},
    {"read line; kill -SEGV $$", PROCESS_ENDED},
    {"exec yes ''", PROCESS_MORE},
    {"read line; printf 'one\\ntwo\\n'; read line", PROCESS_MORE},
    {"read line; echo one; echo two; read line", PROCESS_MORE},
    {"read line; exec yes | tr -d '\\n'", PROCESS_LONG},
    {"exec <&- >&-; sleep 60", PROCESS_ENDED},
};

/* What writes at once may be asked before or after. */
static void faults_are_outcomes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct process *process = start(faults[i].script, NULL);
        const struct process_answer answer = process_ask(process, "question", patient, NULL);
        const bool is_early =
            faults[i].outcome == PROCESS_MORE && answer.outcome == PROCESS_UNASKED;
        if (answer.outcome != faults[i].outcome && !is_early)
            fail_msg("%s: outcome %d", faults[i].script, (int)answer.outcome);
        process_stop(process, 0.0, NULL);
    }
}

static void one_that_does_not_answer_is_late(void **state)
{
    (void)state;
    struct process *process = start("exec sleep 60", NULL);
    assert_int_equal(process_ask(process, "question", impatient, NULL).outcome, PROCESS_LATE);
    struct process_usage usage;
    process_stop(process, 0.0, &usage);
    assert_string_equal(usage.end, "was killed by signal 9 (Killed)");
}

/* The child that it has started, and that ignores what can be ignored, is gone with it. */
static void its_whole_group_ends_with_it(void **state)
{
    (void)state;
    struct process *process = start(
        "sh -c \"trap '' TERM HUP INT; while :; do sleep 1; done\" & read line; echo $!; wait",
        NULL);
    const struct process_answer answer = process_ask(process, "who", patient, NULL);
    assert_int_equal(answer.outcome, PROCESS_ANSWERED);
    const pid_t grandchild = (pid_t)strtol(answer.line, NULL, 10);
    assert_int_equal(kill(grandchild, 0), 0);
    process_stop(process, 0.0, NULL);
    for (int looks = 0; kill(grandchild, 0) == 0 && looks < 20000; looks++)
        usleep(1000); /* until whoever inherits it has seen its end */
    assert_int_equal(kill(grandchild, 0), -1);
}

static void what_it_says_is_passed_on_with_its_name(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct process *process =
        start("echo begins >&2; read line; echo yes; printf 'no\\nlast words' >&2", out);
    assert_answer(process, "question", "yes");
    process_stop(process, 20.0, NULL);
    fclose(out);
    assert_string_equal(text, "peer: begins\npeer: no\npeer: last words\n");
    free(text);
    process = start("echo first >&2; echo why >&2; exit 1", NULL);
    assert_int_equal(process_ask(process, "question", patient, NULL).outcome, PROCESS_ENDED);
    process_stop(process, 20.0, NULL);
}

static char state_of(long id)
{
    char path[64], text[1024] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", id);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return '-';
    const char *name_end = fgets(text, sizeof text, file) != NULL ? strrchr(text, ')') : NULL;
    fclose(file);
    return name_end != NULL ? name_end[2] : '-';
}

/* Also one whose threads would spin. */
static void between_two_questions_it_stands_still(void **state)
{
    (void)state;
    struct process *process =
        start("while :; do :; done & spinner=$!; while read line; do echo $spinner; done", NULL);
    for (int question = 0; question < 3; question++) {
        const struct process_answer answer = process_ask(process, "who", patient, NULL);
        assert_int_equal(answer.outcome, PROCESS_ANSWERED);
        const long spinner = strtol(answer.line, NULL, 10);
        for (int looks = 0; state_of(spinner) != 'T' && looks < 20000; looks++)
            usleep(1000);
        assert_int_equal(state_of(spinner), 'T');
    }
    struct process_usage usage;
    process_stop(process, 20.0, &usage);
    assert_string_equal(usage.end, "ended with exit code 0");
}

/* The processors that a program sees, as the system lists them: "0-3". */
static void assert_allowed(struct process *process, const char *expected)
{
    const struct process_answer answer = process_ask(process, "where", patient, NULL);
    assert_int_equal(answer.outcome, PROCESS_ANSWERED);
    assert_string_equal(answer.line, expected);
}

static const char where[] =
    "while read line; do sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status; done";

static void it_runs_where_our_threads_would(void **state)
{
    (void)state;
    char all[1024], first[32];
    struct process *process = start(where, NULL);
    snprintf(all, sizeof all, "%s", process_ask(process, "where", patient, NULL).line);
    process_stop(process, 20.0, NULL);
    if (!binding_begin())
        skip();
    threads_enter();
    snprintf(first, sizeof first, "%d", binding_processor());
    process = start(where, NULL);
    assert_int_equal(binding_processor(), (int)strtol(first, NULL, 10));
    assert_allowed(process, all);
    process_grant(process, 1);
    assert_allowed(process, first);
    process_grant(process, INT_MAX);
    assert_allowed(process, all);
    binding_end();
    process_stop(process, 20.0, NULL);
}

/* As one does that is told so by OMP_PROC_BIND; here from outside. */
static void a_thread_that_is_bound_stays_there(void **state)
{
    (void)state;
    cpu_set_t own;
    struct process *process = start("while read line; do echo $$; done", NULL);
    const pid_t id = (pid_t)strtol(process_ask(process, "who", patient, NULL).line, NULL, 10);
    sched_getaffinity(id, sizeof own, &own);
    int processor = CPU_SETSIZE - 1;
    while (!CPU_ISSET((size_t)processor, &own))
        processor--;
    CPU_ZERO(&own);
    CPU_SET((size_t)processor, &own);
    assert_int_equal(sched_setaffinity(id, sizeof own, &own), 0);
    if (!binding_begin())
        skip();
    process_grant(process, 1);
    binding_end();
    cpu_set_t is;
    sched_getaffinity(id, sizeof is, &is);
    assert_true(CPU_EQUAL(&is, &own));
    process_stop(process, 20.0, NULL);
}

static void it_has_no_file_of_ours(void **state)
{
    (void)state;
    enum { OURS = 30 };
    assert_int_equal(dup2(STDERR_FILENO, OURS), OURS); /* it is not closed on exec() */
    struct process *process = start("read line; [ -e /proc/$$/fd/30 ]; echo $?", NULL);
    assert_answer(process, "what", "1");
    process_stop(process, 20.0, NULL);
    close(OURS);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    const char *const arguments[] = {"descent-no-such-program", NULL};
    const struct process_command command = {.name = "peer", .arguments = arguments};
    struct error error = {0};
    assert_null(process_start(&command, &error));
    assert_string_equal(error.message,
                        "'descent-no-such-program' cannot be started: No such file or "
                        "directory; give a program that is in PATH, or its path");
}

static void descent_may_be_asked_to_stop(void **state)
{
    (void)state;
    struct interruption before;
    interruption_install(&before);
    interruption_raise(INTERRUPTION_STOP);
    struct process *process = start("exec sleep 60", NULL);
    assert_int_equal(process_ask(process, "question", patient, NULL).outcome, PROCESS_INTERRUPTED);
    process_stop(process, 0.0, NULL);
    interruption_restore(&before, false);
    interruption_install(&before);
    interruption_restore(&before, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered_until_it_is_stopped),
        cmocka_unit_test(long_lines_go_both_ways),
        cmocka_unit_test(faults_are_outcomes),
        cmocka_unit_test(one_that_does_not_answer_is_late),
        cmocka_unit_test(its_whole_group_ends_with_it),
        cmocka_unit_test(what_it_says_is_passed_on_with_its_name),
        cmocka_unit_test(between_two_questions_it_stands_still),
        cmocka_unit_test(it_runs_where_our_threads_would),
        cmocka_unit_test(a_thread_that_is_bound_stays_there),
        cmocka_unit_test(it_has_no_file_of_ours),
        cmocka_unit_test(a_program_that_is_not_there_is_an_error),
        cmocka_unit_test(descent_may_be_asked_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
