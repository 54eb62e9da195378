/* SPDX-License-Identifier: MIT
 *
 * A store that is removed, renamed or replaced while it is written to is noticed at the next
 * commit, and what took its place is left alone. So is its lock.
 */
#include "store_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <sys/stat.h>

/* One of the last eight that were asked for. */
static char *path_of(const char *folder, const char *file)
{
    static char *paths[8];
    static unsigned last;
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, file) > 0);
    free(paths[last % 8]);
    paths[last++ % 8] = path;
    return path;
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
    char found[256] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(found, 1, sizeof found - 1, file), strlen(text));
    fclose(file);
    assert_string_equal(found, text);
}

/* Adds another trial: done, or an error that contains `text`. */
static void add_trial(struct store *store, int64_t configuration, const char *text)
{
    struct error error = {0};
    struct trial trial = made_trial(STATUS_EPOCHS, 2);
    bool done = store_add_trial(
        store, &(struct trial_origin){{configuration, 0, 2}, 1, 1, 1, NULL, NULL, {0}}, &trial,
        &error);
    trial_clear(&trial);
    if (text == NULL) {
        assert_done(done, &error);
        assert_true(store_is_in_place(store, &error));
        return;
    }
    assert_false(done);
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_non_null(strstr(error.message, text));
    error = (struct error){0};
    assert_false(store_is_in_place(store, &error));
}

static struct store *recorded(const char *folder, int64_t *id)
{
    struct store *store = opened_to_write(folder);
    record_plan(store, id, 1);
    record_trial(store, *id, 1, STATUS_EPOCHS, 1);
    return store;
}

static void test_a_file_that_goes_is_noticed(void **state)
{
    static const struct {
        const char *file, *says;
    } files[] = {{"store.sqlite", "was removed, renamed, replaced or cut short"},
                 {"store.sqlite-wal", "was removed, renamed, replaced or cut short"},
                 {"store.sqlite-shm", "was removed, renamed, replaced or cut short"},
                 {"lock", "lock was removed or replaced"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (int replaced = 0; replaced < 2; replaced++) {
            int64_t id;
            struct store *store = recorded(*state, &id);
            const char *path = path_of(*state, files[i].file), *aside = path_of(*state, "aside");
            assert_int_equal(rename(path, aside), 0);
            if (replaced)
                write_file(path, "mine");
            add_trial(store, id, files[i].says);
            store_close(store);
            if (replaced)
                assert_holds(path, "mine");
            else
                assert_int_equal(access(path, F_OK), -1);
            testing_remove_folder(*state);
        }
}

static void test_a_file_that_is_cut_short_is_noticed(void **state)
{
    static const char *const files[] = {"store.sqlite", "store.sqlite-wal"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int64_t id;
        struct store *store = recorded(*state, &id);
        struct error error = {0};
        assert_done(store_is_in_place(store, &error), &error);
        assert_int_equal(truncate(path_of(*state, files[i]), 1), 0);
        add_trial(store, id, "cut short");
        store_close(store);
        testing_remove_folder(*state);
    }
}

static void test_a_folder_that_goes_is_noticed(void **state)
{
    int64_t id;
    char *folder = path_of(*state, "s"), *aside = path_of(*state, "t");
    struct store *store = recorded(folder, &id), *other;
    assert_int_equal(rename(folder, aside), 0);
    add_trial(store, id, "renamed");
    other = recorded(folder, &id); /* another writer takes the name */
    add_trial(store, id, "renamed");
    store_close(store);
    add_trial(other, id, NULL); /* its log is still there */
    store_close(other);
    assert_int_equal(count_trials(folder), 2);
    assert_int_equal(count_trials(aside), 1); /* and so is what the first one had recorded */
}

/* A copy of the file alone, made at any time, has what was recorded a second before. */
static void test_the_file_alone_is_a_store(void **state)
{
    int64_t id;
    char command[8192], *copy = path_of(*state, "copy");
    struct store *store = recorded(path_of(*state, "s"), &id);
    snprintf(command, sizeof command, "mkdir %s && cp %s/s/store.sqlite %s/", copy, (char *)*state,
             copy);
    assert_int_equal(system(command), 0);
    struct error error = {0};
    struct store *reader = store_open(copy, &error);
    assert_done(reader != NULL, &error);
    store_close(reader);
    store_close(store);
}

static void test_a_lock_is_not_followed(void **state)
{
    char *victim = path_of(*state, "victim"), *folder = path_of(*state, "s");
    write_file(victim, "precious");
    assert_int_equal(mkdir(folder, 0777), 0);
    const char *lock = path_of(folder, "lock");
    assert_int_equal(symlink("../victim", lock), 0);
    struct error error = {0};
    assert_null(store_open_to_write(folder, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_non_null(strstr(error.message, "symbolic link"));
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(link(victim, lock), 0); /* by another name */
    error = (struct error){0};
    assert_null(store_open_to_write(folder, &error));
    assert_non_null(strstr(error.message, "not the lock of a sweep"));
    error = (struct error){0};
    assert_false(store_remove(folder, &error));
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(mkfifo(lock, 0666), 0);
    error = (struct error){0};
    assert_null(store_open_to_write(folder, &error));
    assert_non_null(strstr(error.message, "not the lock of a sweep"));
    assert_holds(path_of(*state, "victim"), "precious");
}

/* Neither opened, which could wait for ever, nor removed. */
static void assert_left_alone(const char *folder, const char *says)
{
    struct error error = {0};
    assert_null(store_open(folder, &error));
    assert_non_null(strstr(error.message, says));
    error = (struct error){0};
    assert_null(store_open_to_write(folder, &error));
    assert_non_null(strstr(error.message, says));
    error = (struct error){0};
    assert_false(store_remove(folder, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(access(path_of(folder, "store.sqlite"), F_OK), 0);
}

static void test_what_is_no_store_is_left_alone(void **state)
{
    char *path = path_of(*state, "store.sqlite");
    sqlite3 *db = NULL;
    assert_int_equal(mkfifo(path, 0666), 0);
    assert_left_alone(*state, "named pipe");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_left_alone(*state, "folder");
    assert_int_equal(rmdir(path), 0);
    write_file(path, "all my addresses, which are long enough to be taken for a database by a "
                     "program that does not look closely at the first sixteen bytes of a file");
    assert_left_alone(*state, "not a store of descent");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE address (name)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_left_alone(*state, "not a store of descent");
}

/* Damaged, never written to, of a later version: they are this program's to remove. */
static void test_a_store_is_removed_in_any_state(void **state)
{
    struct error error = {0};
    const char *path = path_of(*state, "store.sqlite");
    write_file(path, "");
    assert_done(store_remove(*state, &error), &error);
    assert_int_equal(access(path, F_OK), -1);
    store_close(opened_to_write(*state));
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(file, "damage", 6, 5000), 6);
    close(file);
    assert_done(store_remove(*state, &error), &error);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_a_path_that_is_too_long_is_refused(void **state)
{
    struct error error = {0};
    char folder[2048];
    int length = snprintf(folder, sizeof folder, "%s", (char *)*state);
    while (length < 480)
        length += snprintf(folder + length, sizeof folder - (size_t)length, "/a-name-of-a-folder");
    for (int more = 0; more < 40; more++) {
        folder[length++] = 'x';
        folder[length] = '\0';
        const bool fits = (size_t)length + strlen("/store.sqlite-journal") <= 512;
        error = (struct error){0};
        struct store *store = store_open_to_write(folder, &error);
        assert_int_equal(store != NULL, fits);
        store_close(store);
        if (!fits)
            assert_non_null(strstr(error.message, "SQLite opens files with paths of up to 504"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_a_file_that_goes_is_noticed),
        FOLDER_TEST(test_a_file_that_is_cut_short_is_noticed),
        FOLDER_TEST(test_a_folder_that_goes_is_noticed),
        FOLDER_TEST(test_the_file_alone_is_a_store),
        FOLDER_TEST(test_a_lock_is_not_followed),
        FOLDER_TEST(test_what_is_no_store_is_left_alone),
        FOLDER_TEST(test_a_store_is_removed_in_any_state),
        FOLDER_TEST(test_a_path_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
