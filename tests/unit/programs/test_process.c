/* SPDX-License-Identifier: MIT
 *
 * Programs that answer, and programs that do anything else: none of them makes the caller wait,
 * read more or fail.
 */
#include "base/system/interruption.h"
#include "programs/process.h"
#include "testing.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct process_limits patient = {20.0, 1000}, impatient = {0.05, 1000};

/* A program of the shell; what it says is read from *words afterwards, where it is given. */
static struct process *start(const char *script, FILE *out)
{
    static const char *arguments[] = {"sh", "-c", NULL, NULL};
    static const char *const environment[] = {"DESCENT_COLOUR=blue", NULL};
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
    const struct process_answer answer = process_ask(process, question, patient);
    assert_int_equal(answer.outcome, PROCESS_ANSWERED);
    assert_string_equal(answer.line, expected);
    assert_int_equal(answer.length, strlen(expected));
    assert_true(answer.seconds >= 0.0 && answer.seconds < patient.seconds);
}

static void questions_are_answered_until_it_is_stopped(void **state)
{
    (void)state;
    struct process_usage usage;
    struct process *process =
        start("while read line; do echo \"$DESCENT_COLOUR $line\"; done; exit 3", NULL);
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
            process_ask(process, question, (struct process_limits){20.0, LONG});
        assert_int_equal(answer.outcome, PROCESS_ANSWERED);
        assert_int_equal(answer.length, LONG);
        assert_memory_equal(answer.line, question, LONG);
    }
    const struct process_answer answer =
        process_ask(process, question, (struct process_limits){20.0, LONG - 1});
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
    {"exec yes ''", PROCESS_ANSWERED},
    {"read line; exec yes | tr -d '\\n'", PROCESS_LONG},
    {"exec <&- >&-; sleep 60", PROCESS_ENDED},
};

static void faults_are_outcomes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct process *process = start(faults[i].script, NULL);
        struct process_answer answer = process_ask(process, "question", patient);
        if (faults[i].outcome == PROCESS_ANSWERED) /* of what it writes without being asked */
            assert_int_equal(process_ask(process, "another", patient).outcome, PROCESS_UNASKED);
        else if (answer.outcome != faults[i].outcome)
            fail_msg("%s: outcome %d", faults[i].script, (int)answer.outcome);
        process_stop(process, 0.0, NULL);
    }
}

static void one_that_does_not_answer_is_late(void **state)
{
    (void)state;
    struct process *process = start("exec sleep 60", NULL);
    assert_int_equal(process_ask(process, "question", impatient).outcome, PROCESS_LATE);
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
    const struct process_answer answer = process_ask(process, "who", patient);
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
    assert_int_equal(process_ask(process, "question", patient).outcome, PROCESS_ENDED);
    process_stop(process, 20.0, NULL);
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
    assert_int_equal(process_ask(process, "question", patient).outcome, PROCESS_INTERRUPTED);
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
        cmocka_unit_test(a_program_that_is_not_there_is_an_error),
        cmocka_unit_test(descent_may_be_asked_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
