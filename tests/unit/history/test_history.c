/* SPDX-License-Identifier: MIT
 *
 * What becomes of runs that are added to a history, and which changes fail a gate.
 */
#include "base/memory.h"
#include "history/lines.h"
#include "history/moment.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const path = "history.sqlite";

/* Adds a run with a point of each series given, up to NULL; what became of it. */
static enum history_outcome added(const char *commit, const char *origin, double value,
                                  const char *const *series)
{
    struct error error = {0};
    enum history_outcome outcome = HISTORY_OUTCOMES;
    struct history_point points[4];
    struct history_run run = {.commit = (char *)commit,
                              .date = "2026-12-01T00:00:00Z",
                              .machine = "{\"processor\":\"A\"}",
                              .origin = (char *)origin,
                              .side = "",
                              .points = points};
    for (; series[run.count] != NULL; run.count++)
        points[run.count] = (struct history_point){.series = (char *)series[run.count],
                                                   .unit = "s",
                                                   .value = value,
                                                   .low = NAN,
                                                   .high = NAN,
                                                   .n = 1};
    struct history_file *history = history_open_to_write(path, &error);
    assert_non_null(history);
    assert_true(history_add(history, &run, 1, &outcome, &error));
    history_close(history);
    return outcome;
}

static void runs_are_added_known_and_replaced(void **state)
{
    (void)state;
    const char *const one[] = {"a", NULL}, *const two[] = {"a", "b", NULL};
    struct history_lines lines;
    struct error error = {0};
    assert_int_equal(added("c1", "first", 1.0, one), HISTORY_ADDED);
    assert_int_equal(added("c1", "first", 1.0, one), HISTORY_KNOWN);
    assert_int_equal(added("c1", "first", 1.0, two), HISTORY_REPLACED);
    assert_int_equal(added("c1", "first", 2.0, two), HISTORY_REPLACED);
    assert_int_equal(added("c1", "second", 2.0, two), HISTORY_ADDED);
    assert_int_equal(added("c2", "first", 2.0, two), HISTORY_ADDED);
    assert_true(history_lines_read(&lines, path, NULL, LINES_BY_COMMIT, &error));
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.list[0].count, 3);
    assert_true(lines.list[0].points[0]->value == 2.0);
    assert_string_equal(line_commit(&lines, &lines.list[1], 2), "c2");
    history_lines_clear(&lines);
}

/* What is not committed is not there. */
static void a_run_that_is_not_added_leaves_nothing(void **state)
{
    (void)state;
    struct error error = {0};
    struct history_lines lines;
    struct history_file *history = history_open_to_write(path, &error);
    assert_non_null(history);
    history_close(history);
    assert_false(history_lines_read(&lines, path, NULL, LINES_BY_COMMIT, &error));
    assert_non_null(strstr(error.message, "nothing is recorded here yet"));
    history_lines_clear(&lines);
}

static void a_gate_adds_up_the_changes_among_the_last_runs(void **state)
{
    (void)state;
    struct change_point points[] = {{.first = 80, .ratio = 1.10, .low = 1.08, .high = 1.12},
                                    {.first = 95, .ratio = 0.92, .low = 0.90, .high = 0.94}};
    struct history_line line = {.count = 100, .changes = {.count = 2, .points = points}};
    assert_null(line_slower(&line, 0.05, 30)); /* faster again */
    assert_ptr_equal(line_slower(&line, 0.01, 30), &points[0]);
    assert_null(line_slower(&line, 0.01, 10));
    line.changes.count = 1;
    assert_ptr_equal(line_slower(&line, 0.05, 20), &points[0]);
    assert_null(line_slower(&line, 0.05, 19)); /* it is older */
    assert_null(line_slower(&line, 0.2, 20));
}

static void dates_are_read(void **state)
{
    (void)state;
    const struct {
        const char *given, *expected;
    } cases[] = {{"2026-12-01", "2026-12-01T00:00:00Z"},
                 {"2026-12-01T00:02:07Z", "2026-12-01T00:02:07Z"},
                 {"2026-12-01T01:02:07+01:00", "2026-12-01T00:02:07Z"},
                 {"2026-12-31T23:30:00-00:45", "2027-01-01T00:15:00Z"},
                 {"2024-02-29", "2024-02-29T00:00:00Z"},
                 {"2025-02-29", NULL},
                 {"2026-13-01", NULL},
                 {"2026-12-01T25:00:00Z", NULL},
                 {"2026-12-01T00:00:00", NULL},
                 {"2026-12-01 ", NULL},
                 {" 2026-12-01", NULL},
                 {"yesterday", NULL},
                 {"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[MOMENT_TEXT];
        struct error error = {0};
        assert_true(moment_read(cases[i].given, text, &error) == (cases[i].expected != NULL));
        if (cases[i].expected != NULL)
            assert_string_equal(text, cases[i].expected);
    }
    assert_int_equal(moment_seconds("1970-01-02T00:00:00Z"), 86400);
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

#define FILE_TEST(function) cmocka_unit_test_setup_teardown(function, remove_file, remove_file)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(runs_are_added_known_and_replaced),
        FILE_TEST(a_run_that_is_not_added_leaves_nothing),
        cmocka_unit_test(a_gate_adds_up_the_changes_among_the_last_runs),
        cmocka_unit_test(dates_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
