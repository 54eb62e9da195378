/* SPDX-License-Identifier: MIT
 *
 * Opening a store: what is not one is refused and says why; what is older is read.
 */
#include "store/rules.h"
#include "store/store_profile.h"
#include "store/trial_columns.h"
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
    tamper(*state, "PRAGMA user_version = 103");
    assert_refused(*state, "written by a newer descent (store version 2, this program reads up to "
                           "1)");
}

/* Development counted from 1 to 6, and once from 101, what it wrote before 0.1; the first version
 * is another 1. */
static void test_development_versions_are_refused(void **state)
{
    int64_t ids[1];
    struct store *store = opened_to_write(*state);
    struct error error = {0};
    record_plan(store, ids, 1);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 7);
    store_close(store);
    for (int version = 1; version <= 101; version += version < 7 ? 1 : 47) {
        char sql[64];
        snprintf(sql, sizeof sql, "PRAGMA user_version = %d", version);
        tamper(*state, sql);
        assert_refused(*state, "written by a development version of descent, before 0.1");
        assert_refused(*state, "or use --fresh to start over");
    }
    assert_done(store_remove(*state, &error), &error); /* as --fresh does */
    store_close(opened_to_write(*state));
    store_close(opened(*state));
}

/* What is recorded of trials grows: a store from before a column is read, and then given it. */
static void test_a_store_from_before_a_column_of_trials(void **state)
{
    int64_t ids[1];
    struct error error = {0};
    struct stored_trials list;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 7);
    store_close(store);
    tamper(*state, "ALTER TABLE trial DROP COLUMN rate; ALTER TABLE trial DROP COLUMN host;"
                   "ALTER TABLE trial DROP COLUMN weights; ALTER TABLE trial DROP COLUMN continued;"
                   "DROP TABLE checkpoint");
    for (int written = 0; written < 2; written++) {
        store = opened(*state);
        assert_done(store_read_trials(store, false, &list, &error), &error);
        assert_int_equal(list.count, 1);
        assert_true(isnan(list.rows[0].rate));
        assert_string_equal(list.rows[0].seat.host, "");
        assert_true(list.rows[0].train_seconds == 0.1 * 7.0);
        stored_trials_clear(&list);
        store_close(store);
        store = opened_to_write(*state);
        record_trial(store, ids[0], 1, STATUS_EPOCHS, 7);
        store_close(store);
        tamper(*state, "UPDATE trial SET rate = NULL");
    }
}

/* Folder and targets of the sweep file were not recorded by 0.1, and are with the next sweep. */
static void test_a_store_from_before_what_is_recorded_of_a_sweep_file(void **state)
{
    int64_t ids[1];
    struct error error = {0};
    struct stored_sweep sweep;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    store_close(store);
    tamper(*state, "ALTER TABLE sweep DROP COLUMN folder; ALTER TABLE sweep DROP COLUMN targets");
    for (int written = 0; written < 2; written++) {
        store = opened(*state);
        assert_done(store_read_sweep(store, &sweep, &error), &error);
        assert_string_equal(sweep.folder, written ? "/made" : "");
        assert_string_equal(sweep.targets, written ? "0.001 1e-06" : "");
        stored_sweep_clear(&sweep);
        store_close(store);
        store = opened_to_write(*state);
        record_plan(store, ids, 1);
        store_close(store);
    }
}

/* Everything that evidence has and that training measures is recorded and exported. */
static void test_every_number_has_a_column(void **state)
{
    (void)state;
    const struct {
        const char *name;
        size_t offset;
    } numbers[] = {
#define OF_TRIAL(name_) {#name_, offsetof(struct stored_trial, name_)},
#define OF_EVIDENCE(name_) {#name_, offsetof(struct stored_trial, evidence.name_)},
        TRIAL_VALUES(OF_TRIAL) EVIDENCE_VALUES(OF_EVIDENCE)
#undef OF_TRIAL
#undef OF_EVIDENCE
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        size_t found = 0;
        for (size_t c = 0; c < trial_column_count; c++) {
            const struct trial_column *column = &trial_columns[c];
            found += column->name != NULL && strcmp(column->name, numbers[i].name) == 0 &&
                     column->offset == numbers[i].offset && column->kind == COLUMN_REAL &&
                     trial_column_is_recorded(column) && column->exported != NULL;
        }
        if (found != 1)
            fail_msg("%s has %zu columns", numbers[i].name, found);
    }
}

/* A column that was invented later must be one that rows of before may lack. */
static void test_columns_can_be_added_to_earlier_stores(void **state)
{
    (void)state;
    static const char *const first[] = {"configuration", "repeat", "status",  "epochs",  "models",
                                        "machine",       "digest", "message", "recorded"};
    for (size_t c = 0; c < trial_column_count; c++) {
        const struct trial_column *column = &trial_columns[c];
        bool always = false;
        for (size_t i = 0; i < sizeof first / sizeof *first && trial_column_is_recorded(column);
             i++)
            always = always || strcmp(column->name, first[i]) == 0;
        if (trial_column_is_recorded(column) && !always &&
            strstr(column->sql, "NOT NULL") != NULL && strstr(column->sql, "DEFAULT") == NULL)
            fail_msg("%s: %s cannot be added to a store that has rows", column->name, column->sql);
    }
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

static void test_the_nearest_store_is_offered(void **state)
{
    char text[4096], offered[4096];
    struct error error = {0};
    store_close(opened_to_write(*state));
    snprintf(text, sizeof text, "%sx/", (const char *)*state);
    snprintf(offered, sizeof offered, "no results here; did you mean %s?", (const char *)*state);
    assert_null(store_open(text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, offered));
    snprintf(text, sizeof text, "%s/in/it",
             (const char *)*state); /* there is no folder to look in */
    error = (struct error){0};
    assert_null(store_open(text, &error));
    assert_non_null(strstr(error.message, "such as results/NAME"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_each_column_has_a_rule),
        FOLDER_TEST(test_a_newer_version_is_refused),
        FOLDER_TEST(test_development_versions_are_refused),
        FOLDER_TEST(test_a_store_from_before_a_column_of_trials),
        FOLDER_TEST(test_a_store_from_before_what_is_recorded_of_a_sweep_file),
        FOLDER_TEST(test_every_number_has_a_column),
        FOLDER_TEST(test_columns_can_be_added_to_earlier_stores),
        FOLDER_TEST(test_other_files_are_refused),
        FOLDER_TEST(test_a_missing_store_is_refused),
        FOLDER_TEST(test_the_nearest_store_is_offered),
        FOLDER_TEST(test_a_damaged_store_is_refused),
        FOLDER_TEST(test_the_file_itself_may_be_named),
        FOLDER_TEST(test_folders_with_odd_names),
        FOLDER_TEST(test_a_store_from_before_a_hyperparameter),
        FOLDER_TEST(test_an_unknown_choice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
