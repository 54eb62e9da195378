/* SPDX-License-Identifier: MIT
 *
 * Programs that run as children: what they read and write, and what is said where they fail.
 */
#include "base/system/child.h"

#include "testing.h"

#include <string.h>

static const char *const cat_arguments[] = {"cat", NULL};
static const struct child cat = {cat_arguments, "copy", "copy", "cat is not installed"};

/* More than a pipe holds. */
enum { BYTES = 300000 };

static FILE *numbers(void)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    for (int i = 0; i < BYTES; i++)
        putc(i % 251, file);
    return file;
}

static void assert_numbers(FILE *file)
{
    rewind(file);
    for (int i = 0; i < BYTES; i++)
        assert_int_equal(getc(file), i % 251);
    assert_int_equal(getc(file), EOF);
}

static void what_it_reads_comes_back(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    FILE *input = numbers(), *piped = tmpfile(), *direct = tmpfile();
    assert_true(child_run(&cat, input, piped, "copy", &error));
    assert_true(child_run_seeking(&cat, input, direct, &error));
    assert_numbers(piped);
    assert_numbers(direct);
    assert_true(child_can_run(&cat, &error));
    fclose(input);
    fclose(piped);
    fclose(direct);
}

static void fails(const char *const *arguments, bool seeking, const char *words)
{
    const struct child child = {arguments, "do it", "thing", "its package is such"};
    struct error error = {.kind = ERROR_NONE};
    FILE *input = tmpfile(), *output = tmpfile();
    assert_false(seeking ? child_run_seeking(&child, input, output, &error)
                         : child_run(&child, input, output, "name", &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_string_equal(error.message, words);
    fclose(input);
    fclose(output);
}

static void how_it_ended_is_said(void **state)
{
    (void)state;
    for (int seeking = 0; seeking < 2; seeking++) {
        fails((const char *const[]){"/nonexistent/program", NULL}, seeking, "its package is such");
        fails((const char *const[]){"false", NULL}, seeking,
              "false could not do it: it said nothing; it ended with exit code 1");
        fails((const char *const[]){"true", NULL}, seeking,
              "true could not do it: it said nothing; it succeeded but wrote no thing");
        fails((const char *const[]){"sh", "-c", "echo why >&2; exit 3", NULL}, seeking,
              "sh could not do it: why");
        fails((const char *const[]){"sh", "-c", "kill -9 $$", NULL}, seeking,
              "sh could not do it: it said nothing; it was killed by signal 9 (Killed)");
    }
}

static void a_full_disk_is_seen(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    FILE *input = numbers(), *full = fopen("/dev/full", "w");
    if (full == NULL)
        skip();
    assert_false(child_run(&cat, input, full, "a.svg", &error));
    assert_non_null(strstr(error.message, "a.svg: cannot be written: "));
    fclose(input);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_reads_comes_back),
        cmocka_unit_test(how_it_ended_is_said),
        cmocka_unit_test(a_full_disk_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
