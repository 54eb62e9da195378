/* SPDX-License-Identifier: MIT
 *
 * Opening a store: what is not one is refused and says why; what is older is read.
 */
#include "store/rules.h"
#include "store/store_profile.h"
#include "store_fixture.h"

#include <math.h>
#include <sqlite3.h>

/* Changes the file behind the store's back. */
static void tamper(const char *folder, const char *sql)
{
    char path[4096];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/store.sqlite", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void write_file(const char *folder, const char *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/store.sqlite", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Both ways of opening are refused, with a usage error that contains `text`. */
static void assert_refused(const char *folder, const char *text)
{
    struct error reading = {0}, writing = {0};
    assert_null(store_open(folder, &reading));
    assert_int_equal(reading.kind, ERROR_USAGE);
    assert_non_null(strstr(reading.message, text));
    assert_null(store_open_to_write(folder, &writing));
    assert_int_equal(writing.kind, ERROR_USAGE);
    assert_non_null(strstr(writing.message, text));
}

static void test_a_newer_version_is_refused(void **state)
{
    store_close(opened_to_write(*state));
    tamper(*state, "PRAGMA user_version = 7");
    assert_refused(*state, "written by a newer descent (store version 7, this program reads up to "
                           "6)");
}

#define TRIAL_3                                                                                    \
    "id, configuration, repeat, machine, models, shared, kernel, status, epochs, loss, objective," \
    " gradient_norm, accuracy, heldout_loss, heldout_accuracy, rate, train_seconds,"               \
    " evaluate_seconds, record_seconds, digest, message, recorded, weights, bias"

#define OLD_TRIGGER                                                                                \
    "CREATE TRIGGER trial_forgets_trace AFTER DELETE ON trial"                                     \
    " BEGIN DELETE FROM trace WHERE trial = old.id; END;"

/* What version 5 did not know: where a trial ran, shards, sums over ranks; */
#define AS_VERSION_5                                                                               \
    "ALTER TABLE trial DROP COLUMN rank; ALTER TABLE trial DROP COLUMN ranks;"                     \
    "ALTER TABLE trial DROP COLUMN ranks_per_host; ALTER TABLE trial DROP COLUMN host;"            \
    "ALTER TABLE plan DROP COLUMN mine; DROP TABLE exchange; PRAGMA user_version = 5;"

/* ... what version 4 did not: profiles and placements; */
#define AS_VERSION_4                                                                               \
    AS_VERSION_5                                                                                   \
    "DROP TRIGGER trial_forgets_trace; DROP TABLE phase; DROP TABLE phase_thread;"                 \
    "DROP TABLE counter; DROP TABLE ceiling; DROP TABLE remark; DROP TABLE placement;" OLD_TRIGGER \
    "PRAGMA user_version = 4;"

/* ... what version 3 did not: finals, attempts, evidence of noise; */
#define AS_VERSION_3                                                                               \
    AS_VERSION_4                                                                                   \
    "DROP TABLE finalist; ALTER TABLE sweep DROP COLUMN finals; DROP TRIGGER trial_forgets_trace;" \
    "CREATE TABLE trial_3 (" TRIAL_3 ", UNIQUE (configuration, repeat));"                          \
    "INSERT INTO trial_3 SELECT " TRIAL_3 " FROM trial; DROP TABLE trial;"                         \
    "ALTER TABLE trial_3 RENAME TO trial;" OLD_TRIGGER "PRAGMA user_version = 3;"

/* ... what version 2 did not: rows held out, optima, learning rates found; */
#define AS_VERSION_2                                                                               \
    AS_VERSION_3                                                                                   \
    "ALTER TABLE trial DROP COLUMN heldout_loss; ALTER TABLE trial DROP COLUMN heldout_accuracy;"  \
    "ALTER TABLE trial DROP COLUMN rate; ALTER TABLE trace DROP COLUMN heldout_loss;"              \
    "ALTER TABLE trace DROP COLUMN heldout_accuracy; DROP TABLE optimum;"                          \
    "PRAGMA user_version = 2;"

/* ... and what version 1 did not: the group and the kernel of a trial. */
#define AS_VERSION_1                                                                               \
    AS_VERSION_2 "ALTER TABLE trial DROP COLUMN shared; ALTER TABLE trial DROP COLUMN kernel;"     \
                 "PRAGMA user_version = 1;"

static void check_upgrade(void **state, const char *sql, const char *complaint)
{
    int64_t ids[2];
    struct store *before = opened_to_write(*state);
    record_plan(before, ids, 2);
    record_trial(before, ids[0], 1, STATUS_EPOCHS, 7);
    record_trial(before, ids[1], 2, STATUS_DIVERGED, 3);
    store_close(before);
    tamper(*state, sql);
    struct error error = {0};
    assert_null(store_open(*state, &error));
    assert_non_null(strstr(error.message, complaint));
    store_close(opened_to_write(*state));
    error = (struct error){0};
    struct store *store = store_open(*state, &error);
    assert_non_null(store);
    struct stored_trials list;
    struct optimum optimum;
    struct trace trace;
    assert_true(store_read_trials(store, true, &list, &error));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.rows[1].repeat, 2);
    assert_int_equal(list.rows[1].attempt, 1);
    assert_int_equal(list.rows[1].final, 0);
    assert_true(isnan(list.rows[1].evidence.wall_seconds));
    assert_int_equal(list.rows[1].position, 2);
    assert_int_equal(list.rows[1].seat.rank, 0);
    assert_int_equal(list.rows[1].seat.ranks, 1);
    assert_int_equal(list.rows[1].seat.ranks_per_host, 1);
    assert_string_equal(list.rows[1].seat.host, "");
    assert_true(store_read_trace(store, list.rows[0].id, &trace, &error));
    assert_int_equal(trace.count, 8);
    memory_free(trace.points);
    stored_trials_clear(&list);
    assert_true(store_find_optimum(store, "none", 0.0, &optimum, &error));
    assert_int_equal(optimum.status, OPTIMUM_UNKNOWN);
    struct remark *remarks;
    size_t count;
    assert_true(store_read_remarks(store, 1, &remarks, &count, &error));
    assert_int_equal(count, 0);
    memory_free(remarks);
    struct exchange_sample *sums;
    assert_true(store_read_exchange(store, 1, &sums, &count, &error));
    assert_int_equal(count, 0);
    memory_free(sums);
    store_close(store);
}

static void test_an_earlier_version_is_brought_up_to_date(void **state)
{
    check_upgrade(state, AS_VERSION_2, "written by an earlier descent (store version 2");
    testing_remove_folder(*state);
    check_upgrade(state, AS_VERSION_3, "written by an earlier descent (store version 3");
}

static void test_the_version_before_is_brought_up_to_date(void **state)
{
    check_upgrade(state, AS_VERSION_4, "written by an earlier descent (store version 4");
}

static void test_the_last_version_is_brought_up_to_date(void **state)
{
    check_upgrade(state, AS_VERSION_5, "written by an earlier descent (store version 5");
}

static void test_the_first_version_is_brought_up_to_date(void **state)
{
    check_upgrade(state, AS_VERSION_1, "written by an earlier descent (store version 1");
}

static void test_other_files_are_refused(void **state)
{
    write_file(*state, "this is not a database, but it is long enough to be taken for one by "
                       "a program that does not look closely at the first sixteen bytes");
    assert_refused(*state, "not a store of descent");
    write_file(*state, "");
    tamper(*state, "CREATE TABLE something (else_ INTEGER)");
    assert_refused(*state, "not a store of descent");
}

static void test_a_missing_store_is_refused(void **state)
{
    struct error error = {0};
    assert_null(store_open(*state, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "no results here"));

    error = (struct error){0};
    write_file(*state, ""); /* killed before anything was committed */
    assert_null(store_open(*state, &error));
    assert_non_null(strstr(error.message, "nothing is recorded here yet"));
    store_close(opened_to_write(*state));
    store_close(opened(*state));
}

/* Cut after its first pages, as by a copy that was broken off. */
static void test_a_damaged_store_is_refused(void **state)
{
    int64_t ids[2];
    char path[4096];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 1000);
    store_close(store);
    snprintf(path, sizeof path, "%s/store.sqlite", (const char *)*state);
    assert_int_equal(truncate(path, 3 * 4096), 0);
    assert_refused(*state, "damaged");
}

static void test_the_file_itself_may_be_named(void **state)
{
    char path[4096];
    store_close(opened_to_write(*state));
    snprintf(path, sizeof path, "%s/store.sqlite", (const char *)*state);
    store_close(opened(path));
    snprintf(path, sizeof path, "%s//", (const char *)*state);
    store_close(opened(path));
}

/* Characters that mean something in a URI, and folders that do not exist yet. */
static void test_folders_with_odd_names(void **state)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/a%%41/b?c#d e/ö", (const char *)*state);
    store_close(opened_to_write(path));
    store_close(opened(path));
    strcat(path, "/store.sqlite");
    assert_int_equal(access(path, R_OK), 0);
}

static void test_a_store_from_before_a_hyperparameter(void **state)
{
    struct error error = {0};
    int64_t ids[2];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 1);
    store_close(store);
    tamper(*state, "ALTER TABLE configuration DROP COLUMN \"rate\"");

    struct stored_trials list;
    store = opened(*state);
    assert_done(store_read_trials(store, false, &list, &error), &error);
    assert_int_equal(list.count, 2);
    assert_true(list.rows[0].values.rate == configuration_default().rate);
    assert_true(list.rows[0].values.solver == configuration_default().solver);
    stored_trials_clear(&list);
    store_close(store);

    store = opened_to_write(*state);
    record_plan(store, ids, 2);
    store_close(store);
    tamper(*state, "UPDATE configuration SET \"rate\" = 5");
}

static void test_an_unknown_choice_is_refused(void **state)
{
    struct error error = {0};
    int64_t id;
    struct store *store = opened_to_write(*state);
    record_plan(store, &id, 1);
    store_close(store);
    tamper(*state, "UPDATE configuration SET solver = 'adam'");
    store = opened(*state);
    struct stored_trials list;
    assert_false(store_read_trials(store, false, &list, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "unknown solver 'adam'"));
    assert_null(list.rows);
    store_close(store);
}

/* So that nothing is read unchecked, whatever column comes next. */
static void test_each_column_has_a_rule(void **state)
{
    char path[4096];
    sqlite3 *db = NULL;
    sqlite3_stmt *columns = NULL;
    size_t count = 0;
    store_close(opened_to_write(*state));
    snprintf(path, sizeof path, "%s/store.sqlite", (char *)*state);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT m.name, p.name FROM sqlite_master m,"
                                        " pragma_table_info(m.name) p WHERE m.type = 'table'",
                                        -1, &columns, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(columns) == SQLITE_ROW; count++) {
        const char *table = (const char *)sqlite3_column_text(columns, 0);
        const char *column = (const char *)sqlite3_column_text(columns, 1);
        if (rules_of_column(table, column).type == RULE_NONE)
            fail_msg("there is no rule for %s.%s", table, column);
    }
    assert_true(count > 100);
    sqlite3_finalize(columns);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_each_column_has_a_rule),
        FOLDER_TEST(test_a_newer_version_is_refused),
        FOLDER_TEST(test_an_earlier_version_is_brought_up_to_date),
        FOLDER_TEST(test_the_version_before_is_brought_up_to_date),
        FOLDER_TEST(test_the_last_version_is_brought_up_to_date),
        FOLDER_TEST(test_the_first_version_is_brought_up_to_date),
        FOLDER_TEST(test_other_files_are_refused),
        FOLDER_TEST(test_a_missing_store_is_refused),
        FOLDER_TEST(test_a_damaged_store_is_refused),
        FOLDER_TEST(test_the_file_itself_may_be_named),
        FOLDER_TEST(test_folders_with_odd_names),
        FOLDER_TEST(test_a_store_from_before_a_hyperparameter),
        FOLDER_TEST(test_an_unknown_choice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
