/* SPDX-License-Identifier: MIT
 *
 * The store between processes: one writer, many readers, and whatever happens to them, what was
 * committed stays.
 */
#include "store_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void test_a_second_writer_is_refused(void **state)
{
    struct error error = {0};
    char pid[32];
    struct store *store = opened_to_write(*state);
    assert_null(store_open_to_write(*state, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    snprintf(pid, sizeof pid, "process %ld ", (long)getpid());
    assert_non_null(strstr(error.message, pid));
    error = (struct error){0};
    assert_false(store_remove(*state, &error)); /* nor is it removed under the writer */
    store_close(store);
    store_close(opened_to_write(*state));
}

static void test_reading_while_writing(void **state)
{
    struct error error = {0};
    int64_t ids[2];
    struct store *writer = opened_to_write(*state);
    record_plan(writer, ids, 2);
    record_trial(writer, ids[0], 1, STATUS_EPOCHS, 1);
    assert_done(store_begin(writer, &error), &error);
    record_trial(writer, ids[1], 1, STATUS_EPOCHS, 1);
    assert_int_equal(count_trials(*state), 1);
    assert_done(store_commit(writer, &error), &error);
    assert_int_equal(count_trials(*state), 2);
    store_close(writer);
}

static int status_of(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* The child dies in the middle of its third trial. */
static void test_a_kill_loses_the_trial_in_flight(void **state)
{
    int64_t ids[3];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error = {0};
        struct store *store = opened_to_write(*state);
        record_plan(store, ids, 3);
        record_trial(store, ids[0], 1, STATUS_EPOCHS, 100);
        record_trial(store, ids[1], 1, STATUS_EPOCHS, 100);
        assert_done(store_begin(store, &error), &error);
        record_trial(store, ids[2], 1, STATUS_EPOCHS, 100);
        raise(SIGKILL);
    }
    assert_true(WIFSIGNALED(status_of(child)));
    assert_int_equal(count_trials(*state), 2);

    struct store *store = opened_to_write(*state); /* the lock went with the process */
    record_plan(store, ids, 3);
    record_trial(store, ids[2], 1, STATUS_EPOCHS, 100);
    store_close(store);
    assert_int_equal(count_trials(*state), 3);
}

/* In the child: records until the file-size limit strikes; exits with 0 when what is said of it is
 * right and what was recorded can be read on. */
static _Noreturn void fill_the_disk(const char *folder)
{
    enum { COUNT = 1000 };
    static int64_t ids[COUNT];
    struct error error = {0}, again = {0};
    struct store *store = opened_to_write(folder);
    assert_done(store_begin(store, &error), &error);
    record_plan(store, ids, COUNT);
    assert_done(store_commit(store, &error), &error);
    const struct rlimit limit = {1 << 20, 1 << 20};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct trial trial = made_trial(STATUS_EPOCHS, 100);
    size_t recorded = 0;
    while (recorded < COUNT &&
           store_add_trial(store,
                           &(struct trial_origin){{ids[recorded], 0, 1}, 1, 1, 1, NULL, NULL, {0}},
                           &trial, &error))
        recorded++;
    char safe[64];
    snprintf(safe, sizeof safe, " %zu trials are safe", recorded);
    struct stored_trials list;
    bool right = recorded > 0 && recorded < COUNT && error.kind == ERROR_FAILED &&
                 strstr(error.message, "disk is full") != NULL &&
                 strstr(error.message, safe) != NULL &&
                 store_read_trials(store, false, &list, &again) && list.count == COUNT;
    store_close(store);
    fprintf(stderr, "%s\n", error.message);
    _exit(right ? (int)(recorded % 200) : 255);
}

static void test_a_full_disk_keeps_what_is_recorded(void **state)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        fill_the_disk(*state);
    int status = status_of(child);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 255);
    size_t recorded = count_trials(*state);
    assert_int_equal(recorded % 200, WEXITSTATUS(status));

    int64_t id = (int64_t)recorded + 1; /* configurations are numbered from 1 */
    struct store *store = opened_to_write(*state);
    record_trial(store, id, 1, STATUS_EPOCHS, 100);
    store_close(store);
    assert_int_equal(count_trials(*state), recorded + 1);
}

/* In the child: no file may grow beyond a kilobyte, so SQLite cannot make its shared memory. */
static _Noreturn void read_on_a_full_disk(const char *folder)
{
    struct error error = {0};
    const struct rlimit limit = {1 << 10, 1 << 10};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct store *store = store_open(folder, &error);
    struct stored_trials list = {0};
    bool done = store != NULL && store_read_trials(store, false, &list, &error) && list.count == 2;
    store_close(store);
    fprintf(stderr, "%s", error.message);
    _exit(done ? 0 : 1);
}

static void assert_readable_on_a_full_disk(const char *folder)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        read_on_a_full_disk(folder);
    assert_int_equal(status_of(child), 0);
}

/* After a sweep that ended, and after one that was killed and left its log. */
static void test_reading_on_a_full_disk(void **state)
{
    int64_t ids[2];
    store_close(opened_to_write(*state));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store *store = opened_to_write(*state);
        record_plan(store, ids, 2);
        record_trial(store, ids[0], 1, STATUS_EPOCHS, 1);
        raise(SIGKILL);
    }
    assert_true(WIFSIGNALED(status_of(child)));
    assert_readable_on_a_full_disk(*state);
    store_close(opened_to_write(*state));
    assert_readable_on_a_full_disk(*state);
    assert_int_equal(count_trials(*state), 1);
}

/* In the child: another user, who may read the folder and not write to it, reads. */
static _Noreturn void read_as_nobody(const char *folder)
{
    struct error error = {0};
    if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
        _exit(2);
    struct store *store = store_open(folder, &error);
    struct stored_trials list = {0};
    bool done = store != NULL && store_read_trials(store, false, &list, &error) && list.count == 2;
    fprintf(stderr, "%s", error.message);
    _exit(done ? 0 : 1);
}

static void test_a_folder_that_cannot_be_written(void **state)
{
    int64_t ids[2];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    store_close(store);
    assert_int_equal(chmod(*state, 0555), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        read_as_nobody(*state);
    int status = status_of(child);
    assert_int_equal(chmod(*state, 0755), 0);
    assert_int_equal(status, 0);
}

static void test_removing(void **state)
{
    struct error error = {0};
    char path[4096];
    assert_done(store_remove(*state, &error), &error);
    store_close(opened_to_write(*state));
    assert_done(store_remove(*state, &error), &error);
    snprintf(path, sizeof path, "%s/store.sqlite", (const char *)*state);
    assert_int_not_equal(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/nowhere", (const char *)*state);
    assert_done(store_remove(path, &error), &error);
    assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_a_second_writer_is_refused),
        FOLDER_TEST(test_reading_while_writing),
        FOLDER_TEST(test_a_kill_loses_the_trial_in_flight),
        FOLDER_TEST(test_a_full_disk_keeps_what_is_recorded),
        FOLDER_TEST(test_reading_on_a_full_disk),
        FOLDER_TEST(test_a_folder_that_cannot_be_written),
        FOLDER_TEST(test_removing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
