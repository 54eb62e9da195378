/* SPDX-License-Identifier: MIT
 *
 * Files that are changed or cut short while they are mapped.
 */
#include "base/memory.h"
#include "data/dataset.h"
#include "data/input.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { BYTES = 3 * 4096 };

static int made_file(const char *folder, char path[static 4096])
{
    static const char zeros[BYTES];
    snprintf(path, 4096, "%s/X.npy", folder);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_int_equal(write(file, zeros, BYTES), BYTES);
    /* long ago, so that a write that follows at once has another time */
    const struct timespec times[2] = {{1000, 0}, {1000, 0}};
    assert_int_equal(futimens(file, times), 0);
    return file;
}

static struct mapping *mapped(int file, const char *path)
{
    struct error error = {0};
    struct mapping *mapping = mapping_open(file, BYTES, path, &error);
    assert_done(mapping != NULL, &error);
    assert_int_equal(mapping_look(mapping), MAPPING_SAME);
    return mapping;
}

static void test_a_change_is_seen(void **state)
{
    char path[4096], other[8192];
    struct error error = {0};
    int file = made_file(*state, path);
    struct mapping *mapping = mapped(file, path);
    assert_int_equal(pwrite(file, "x", 1, 5), 1);
    assert_int_equal(mapping_look(mapping), MAPPING_CHANGED);
    assert_false(mapping_refuse(mapping, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_non_null(strstr(error.message, "X.npy: the file has changed since it was read"));
    mapping_close(mapping);
    close(file);

    file = made_file(*state, path); /* another file of that name is none of its business */
    mapping = mapped(file, path);
    snprintf(other, sizeof other, "%s.other", path);
    assert_int_equal(link(path, other), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_not_equal(mapping_look(mapping), MAPPING_CHANGED);
    mapping_accept(mapping);
    assert_int_equal(mapping_look(mapping), MAPPING_SAME);
    assert_int_equal(ftruncate(file, BYTES - 1), 0);
    assert_int_equal(mapping_look(mapping), MAPPING_CHANGED);
    mapping_close(mapping);
    close(file);
}

/* A file whose time was set back, or to which a link was made, is judged by its numbers. */
static void test_numbers_decide(void **state)
{
    const struct timespec times[2] = {{1000, 0}, {1000, 0}};
    char path[4096];
    struct error error = {0};
    double value = 1.0;
    int file = made_file(*state, path);
    struct input input;
    assert_done(input_open(&input, path, &error), &error);
    struct dataset *data = dataset_create_around(BYTES / 8 / 2, 2, (double *)input.bytes);
    data->mapping = input_release(&input);
    dataset_seal(data);
    assert_true(dataset_is_unchanged(data, &error));
    assert_int_equal(fchmod(file, 0600), 0);
    assert_true(dataset_is_unchanged(data, &error));
    assert_int_equal(pwrite(file, &value, sizeof value, 64), sizeof value);
    assert_int_equal(futimens(file, times), 0);
    assert_false(dataset_is_unchanged(data, &error));
    dataset_free(data);
    close(file);
}

/* What a child process says on stderr that looks at the last byte of a file which was cut short. */
static int look_after_cut(const char *folder, char *said, size_t size)
{
    char path[4096];
    int ends[2], status, file = made_file(folder, path);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        struct error error = {0};
        struct mapping *mapping = mapping_open(file, BYTES, path, &error);
        if (mapping == NULL || ftruncate(file, 4096) != 0)
            _exit(3);
        volatile const char *bytes = mapping_bytes(mapping);
        _exit(bytes[BYTES - 1] + 4);
    }
    close(ends[1]);
    ssize_t length = 0, more;
    while ((more = read(ends[0], said + length, size - 1 - (size_t)length)) > 0)
        length += more;
    said[length] = '\0';
    close(ends[0]);
    close(file);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_a_file_that_is_cut_short_is_said(void **state)
{
    char said[1024];
    int status = look_after_cut(*state, said, sizeof said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ERROR_FAILED);
    assert_non_null(strstr(said, "X.npy: the file was cut short while it was in use"));
}

/* A fault that is no mapping's ends the process as it always did. */
static void test_other_faults_are_left_alone(void **state)
{
    char path[4096];
    int status, file = made_file(*state, path);
    pid_t child = fork();
    if (child == 0) {
        struct error error = {0};
        signal(SIGBUS, SIG_DFL);
        if (mapping_open(file, BYTES, path, &error) == NULL)
            _exit(3);
        raise(SIGBUS); /* goes back to who had it before; */
        raise(SIGBUS); /* a fault would come again by itself */
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
    close(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_a_change_is_seen),
        FOLDER_TEST(test_numbers_decide),
        FOLDER_TEST(test_a_file_that_is_cut_short_is_said),
        FOLDER_TEST(test_other_faults_are_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
