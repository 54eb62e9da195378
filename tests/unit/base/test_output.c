/* SPDX-License-Identifier: MIT
 *
 * Outputs, each in a folder of its own: what may be replaced, and what is left whichever way a
 * process ends.
 */
#include "base/memory.h"
#include "base/output_guard.h"
#include "base/parallel/ranks.h"
#include "base/system/output.h"
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_output.XXXXXX";

static int enter(void **state)
{
    (void)state;
    strcpy(strrchr(folder, '.'), ".XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") != 0 || system(command) != 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *path, const char *text)
{
    char found[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(found, text);
}

/* How many files are here. */
static int files_here(void)
{
    int count = 0;
    DIR *entries = opendir(".");
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(entries);
    return count;
}

static void assert_refused(const char *path, bool replace, const char *words)
{
    struct output output;
    struct error error = {0};
    assert_false(output_open(&output, path, replace, &error));
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' is not in: %s", words, error.message);
}

static void open_as(struct output *output, const char *path, bool replace)
{
    struct error error = {0};
    if (!output_open(output, path, replace, &error))
        fail_msg("%s", error.message);
}

static void test_a_name_that_is_taken_needs_replace(void **state)
{
    (void)state;
    struct output output;
    struct error error = {0};
    write_file("old", "old");
    assert_int_equal(symlink("nothing", "dangling"), 0);
    assert_refused("old", false, "this file exists; --force replaces it");
    assert_refused("dangling", false, "this file exists; --force replaces it");
    assert_refused("", true, "is empty");
    assert_refused(".", true, "is a directory");
    assert_refused("no/file", false, "cannot be written: No such file or directory");
    open_as(&output, "old", true);
    fputs("new", output.file);
    assert_holds("old", "old"); /* until all is written */
    assert_true(output_commit(&output, &error));
    assert_holds("old", "new");
    assert_int_equal(files_here(), 2);
}

/* What another process makes after the name was looked at is not replaced either. */
static void test_a_name_that_is_taken_meanwhile(void **state)
{
    (void)state;
    struct output output;
    struct error error = {0};
    open_as(&output, "file", false);
    fputs("ours", output.file);
    write_file("file", "theirs");
    assert_false(output_commit(&output, &error));
    assert_non_null(strstr(error.message, "--force"));
    assert_holds("file", "theirs");
    assert_int_equal(files_here(), 1);
}

static void test_inputs_are_never_replaced(void **state)
{
    (void)state;
    static const char *const names[] = {"input", "./input", "link", "hard", "chain"};
    write_file("input", "input");
    assert_int_equal(symlink("input", "link"), 0);
    assert_int_equal(symlink("link", "chain"), 0);
    assert_int_equal(link("input", "hard"), 0);
    output_protect("input");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_refused(names[i], true, "is not replaced");
        assert_refused(names[i], false, "is not replaced");
    }
    struct output output;
    struct error error = {0};
    write_file("late", "late");
    open_as(&output, "late", true);
    output_protect("late"); /* it is read only after the output was opened */
    assert_false(output_commit(&output, &error));
    assert_holds("late", "late");
    assert_int_equal(files_here(), 5);
}

static void test_two_outputs_have_two_names(void **state)
{
    (void)state;
    struct output output;
    assert_int_equal(mkdir("sub", 0777), 0);
    open_as(&output, "file", false);
    assert_refused("file", true, "have this name");
    assert_refused("sub/../file", true, "have this name");
    assert_true(output_is_taken("./file"));
    assert_false(output_is_taken("sub/file"));
    output_discard(&output);
    open_as(&output, "file", false);
    output_discard(&output);
    assert_int_equal(files_here(), 1);
}

static void test_names_of_any_length(void **state)
{
    (void)state;
    char name[256];
    for (size_t length = 1; length <= 255; length += length < 240 ? 17 : 1) {
        struct output output;
        struct error error = {0};
        memset(name, 'n', length);
        name[length] = '\0';
        open_as(&output, name, false);
        assert_true(output_commit(&output, &error));
        assert_int_equal(unlink(name), 0);
    }
    assert_int_equal(files_here(), 0);
}

/* --- Two files ----------------------------------------------------------------------------- */

static void write_pair(const char *first, const char *second, bool expected)
{
    struct output files[2];
    struct error error = {0};
    open_as(&files[0], first, true);
    open_as(&files[1], second, true);
    fputs("new", files[0].file);
    fputs("new", files[1].file);
    if (!expected) { /* the second cannot have its name any more */
        unlink(second);
        assert_int_equal(mkdir(second, 0777), 0);
    }
    assert_int_equal(output_commit_all(files, 2, &error), expected);
    assert_int_equal(error.kind == ERROR_NONE, expected);
}

static void test_both_files_or_none(void **state)
{
    (void)state;
    write_pair("a", "b", true);
    assert_holds("a", "new");
    assert_holds("b", "new");
    write_file("a", "old");
    write_file("b", "old");
    write_pair("a", "b", true);
    assert_holds("a", "new");
    assert_holds("b", "new");
    write_file("a", "old");
    write_pair("a", "b", false);
    assert_holds("a", "old");
    assert_int_equal(rmdir("b"), 0);
    assert_int_equal(unlink("a"), 0);
    write_pair("a", "b", false); /* there was none: there is none */
    assert_int_equal(rmdir("b"), 0);
    assert_int_equal(files_here(), 0);
}

static void test_a_full_disk_leaves_both_as_they_were(void **state)
{
    (void)state;
    struct output files[2];
    struct error error = {0};
    if (access("/dev/full", W_OK) != 0)
        skip();
    write_file("a", "old");
    open_as(&files[0], "a", true);
    open_as(&files[1], "/dev/full", true);
    fputs("new", files[1].file);
    assert_false(output_commit_all(files, 2, &error));
    assert_non_null(strstr(error.message, "/dev/full: cannot be written: No space left"));
    assert_holds("a", "old");
    assert_int_equal(files_here(), 1);
}

/* --- Early ends ---------------------------------------------------------------------------- */

/* Runs in a child that has an output open, and tells how it ended. */
static int status_of(void (*end)(int), int argument)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct output output;
        struct error error = {0};
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        if (!output_open(&output, "file", false, &error))
            _exit(99);
        fputs("half", output.file);
        fflush(output.file);
        if (files_here() != 1)
            _exit(98);
        end(argument);
        _exit(97);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void end_by_signal(int number)
{
    raise(number);
}

static void end_by_no_memory(int unused)
{
    (void)unused;
    memory_exhausted(1, 1);
}

static ssize_t write_without_memory(void *unused, const char *text, size_t size)
{
    (void)unused, (void)text;
    memory_exhausted(size, 1);
}

/* What is still to be written to standard output needs memory, too. */
static void end_by_no_memory_for_output(int unused)
{
    (void)unused;
    stdout = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_without_memory});
    fputs("what was to be said", stdout);
    memory_exhausted(1, 1);
}

static void test_nothing_stays_of_what_was_not_completed(void **state)
{
    (void)state;
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXCPU, SIGALRM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int status = status_of(end_by_signal, numbers[i]);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
        assert_int_equal(files_here(), 0);
    }
    assert_int_equal(WEXITSTATUS(status_of(exit, 3)), 3);
    assert_int_equal(files_here(), 0);
    static void (*const ends[])(int) = {end_by_no_memory, end_by_no_memory_for_output};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int status = status_of(ends[i], 0);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), ERROR_FAILED);
        assert_int_equal(files_here(), 0);
    }
}

/* A child has other files than its parent. */
static void test_a_child_removes_nothing(void **state)
{
    (void)state;
    struct output output;
    struct error error = {0};
    int status;
    open_as(&output, "file", false);
    pid_t child = fork();
    if (child == 0) {
        output_temporaries_remove();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(files_here(), 1);
    assert_true(output_commit(&output, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_name_that_is_taken_needs_replace, enter, leave),
        cmocka_unit_test_setup_teardown(test_a_name_that_is_taken_meanwhile, enter, leave),
        cmocka_unit_test_setup_teardown(test_two_outputs_have_two_names, enter, leave),
        cmocka_unit_test_setup_teardown(test_names_of_any_length, enter, leave),
        cmocka_unit_test_setup_teardown(test_both_files_or_none, enter, leave),
        cmocka_unit_test_setup_teardown(test_a_full_disk_leaves_both_as_they_were, enter, leave),
        cmocka_unit_test_setup_teardown(test_nothing_stays_of_what_was_not_completed, enter, leave),
        cmocka_unit_test_setup_teardown(test_a_child_removes_nothing, enter, leave),
        /* last: numbers of its inodes are used again by other tests' files */
        cmocka_unit_test_setup_teardown(test_inputs_are_never_replaced, enter, leave),
    };
    ranks_take_hangup_back();
    signal(SIGHUP, SIG_DFL); /* under nohup, too */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
