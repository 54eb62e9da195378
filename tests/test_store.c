/* SPDX-License-Identifier: MIT
 *
 * The store: what goes in comes out; what cannot be opened is refused and says why; whatever
 * happens to the process, what was committed stays.
 */
#include "store/store.h"

#include "store_fixture.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* --- Helpers ------------------------------------------------------------------------------- */

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

static size_t count_trials(const char *folder)
{
    struct error error = {0};
    struct store *store = opened(folder);
    struct stored_trials list;
    size_t count = 0;
    assert_done(store_read_trials(store, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        count += list.rows[i].id != 0;
    stored_trials_clear(&list);
    store_close(store);
    return count;
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

static void assert_same_point(const struct trace_point *a, const struct trace_point *b)
{
    assert_int_equal(a->epoch, b->epoch);
    assert_memory_equal(a, b, sizeof *a);
}

/* --- Round trips --------------------------------------------------------------------------- */

static void test_trials_come_back(void **state)
{
    struct error error = {0};
    struct stored_trials list;
    int64_t ids[3];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    record_trial(store, ids[1], 2, STATUS_EPOCHS, 5);
    record_trial(store, ids[1], 1, STATUS_TIME_LIMIT, 4);
    record_trial(store, ids[0], 1, STATUS_DIVERGED, 3);
    store_close(store);

    store = opened(*state);
    assert_done(store_read_trials(store, &list, &error), &error);
    assert_int_equal(list.count, 4);
    const struct stored_trial *row = &list.rows[2];
    assert_int_equal(list.rows[0].status, STATUS_DIVERGED);
    assert_int_equal(list.rows[1].status, STATUS_TIME_LIMIT);
    assert_int_equal(list.rows[1].repeat, 1);
    assert_int_equal(row->repeat, 2);
    assert_int_equal(row->position, 2);
    assert_int_equal(row->models, 1);
    assert_int_equal(row->machine, 1);
    assert_string_equal(row->data, "tiny.csv");
    assert_int_equal(row->rows, 4);
    assert_int_equal(row->features, 2);
    assert_true(row->values.rate == 2.0);
    assert_int_equal(row->epochs, 5);
    assert_true(row->last.loss == 0.7 / 6.0 && row->last.objective == 0.8 / 6.0);
    assert_true(row->last.gradient_norm == 1.0 / 3.0 && row->last.accuracy == 0.75);
    assert_true(row->train_seconds == 0.5 && row->evaluate_seconds == 0.02);
    assert_true(row->record_seconds == 0.003);
    struct trial same = made_trial(STATUS_EPOCHS, 5);
    assert_string_equal(row->digest, same.digest);
    assert_string_equal(row->message, "");
    trial_clear(&same);
    assert_int_equal(list.rows[3].id, 0);
    assert_int_equal(list.rows[3].repeat, 0);
    assert_int_equal(list.rows[3].status, STATUS_RUNNING);
    assert_int_equal(list.rows[3].position, 3);
    stored_trials_clear(&list);
    store_close(store);
}

/* Lengths around the number of points that one statement adds. */
static void test_traces_come_back(void **state)
{
    static const int64_t epochs[] = {0, 14, 15, 16, 31, 100};
    enum { COUNT = sizeof epochs / sizeof *epochs };
    int64_t ids[COUNT];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        record_trial(store, ids[i], 1, STATUS_EPOCHS, epochs[i]);

    struct error error = {0};
    struct stored_trials list;
    assert_done(store_read_trials(store, &list, &error), &error);
    for (size_t i = 0; i < COUNT; i++) {
        struct trial trial = made_trial(STATUS_EPOCHS, epochs[i]);
        struct trace trace;
        assert_done(store_read_trace(store, list.rows[i].id, &trace, &error), &error);
        assert_int_equal(trace.count, trial.trace.count);
        for (size_t p = 0; p < trace.count; p++)
            assert_same_point(&trace.points[p], &trial.trace.points[p]);
        memory_free(trace.points);
        trial_clear(&trial);
    }
    stored_trials_clear(&list);
    store_close(store);
}

static void test_numbers_that_are_not_finite(void **state)
{
    struct error error = {0};
    int64_t id;
    struct store *store = opened_to_write(*state);
    record_plan(store, &id, 1);
    struct trial trial = made_trial(STATUS_DIVERGED, 0);
    trace_append(&trial.trace, (struct trace_point){1, 0.5, NAN, INFINITY, -INFINITY, NAN});
    snprintf(trial.message, sizeof trial.message, "it \"said\", so");
    assert_done(store_add_trial(store, id, 1, 1, 64, &trial, &error), &error);
    trial_clear(&trial);

    struct stored_trials list;
    struct trace trace;
    assert_done(store_read_trials(store, &list, &error), &error);
    assert_true(isnan(list.rows[0].last.loss));
    assert_true(list.rows[0].last.objective == INFINITY);
    assert_int_equal(list.rows[0].models, 64);
    assert_string_equal(list.rows[0].message, "it \"said\", so");
    assert_done(store_read_trace(store, list.rows[0].id, &trace, &error), &error);
    assert_int_equal(trace.count, 2);
    assert_true(isnan(trace.points[1].loss) && isnan(trace.points[1].accuracy));
    assert_true(trace.points[1].gradient_norm == -INFINITY);
    memory_free(trace.points);
    stored_trials_clear(&list);
    store_close(store);
}

/* Sets a row to a value that is not its default. */
static void set_other(const struct hyperparameter *row, struct configuration *configuration)
{
    struct value value = hyperparameter_get(row, configuration);
    if (row->type == TYPE_REAL)
        value.real = value.real == 1.0 / 3.0 ? 0.7 : 1.0 / 3.0;
    else if (row->type == TYPE_INTEGER)
        value.integer += 7;
    else
        value.choice = row->choices->entries[row->choices->count - 1];
    hyperparameter_set(row, configuration, value);
}

static void test_every_hyperparameter_comes_back(void **state)
{
    struct error error = {0};
    struct store *store = opened_to_write(*state);
    struct dataset *data = tiny_data(0.0);
    int64_t data_id;
    assert_done(store_add_data(store, data, "tiny", &data_id, &error), &error);
    struct configuration all[64];
    int64_t ids[64];
    size_t count = 0;
    const struct table *solvers = hyperparameter_find("solver")->choices;
    const struct table *schedules = hyperparameter_find("schedule")->choices;
    for (size_t i = 0; i < solvers->count; i++)
        for (size_t j = 0; j < schedules->count; j++) {
            assert_true(count < 64);
            struct configuration *one = &all[count];
            *one = configuration_default();
            for (size_t h = 0; h < hyperparameter_count; h++)
                set_other(&hyperparameters[h], one);
            one->solver = solvers->entries[i];
            one->schedule = schedules->entries[j];
            configuration_canonicalise(one);
            assert_done(
                store_add_configuration(store, data_id, data->digest, one, &ids[count], &error),
                &error);
            count += count == 0 || ids[count] != ids[count - 1]; /* some differ in nothing */
        }
    assert_done(store_set_plan(store, ids, count, &error), &error);

    struct stored_trials list;
    assert_done(store_read_trials(store, &list, &error), &error);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        for (size_t h = 0; h < hyperparameter_count; h++)
            assert_true(hyperparameter_equal(&hyperparameters[h], &all[i], &list.rows[i].values));
    stored_trials_clear(&list);
    dataset_free(data);
    store_close(store);
}

static void test_sweep_and_machine_come_back(void **state)
{
    struct error error = {0};
    int64_t ids[2], machine;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    assert_done(store_add_machine(store, "{\"processor\":\"other\"}", &machine, &error), &error);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 1);
    struct trial trial = made_trial(STATUS_EPOCHS, 1);
    assert_done(store_add_trial(store, ids[1], 1, machine, 1, &trial, &error), &error);
    trial_clear(&trial);
    store_close(store);

    store = opened(*state);
    struct stored_sweep sweep;
    assert_done(store_read_sweep(store, &sweep, &error), &error);
    assert_string_equal(sweep.name, "made");
    assert_string_equal(sweep.question, "Which?\nAnd why?");
    assert_string_equal(sweep.path, "made.yaml");
    assert_string_equal(sweep.text, "text");
    assert_int_equal(sweep.repeats, 2);
    assert_int_equal(sweep.machines, 2);
    stored_sweep_clear(&sweep);
    char *json = store_read_machine(store, machine, &error);
    assert_string_equal(json, "{\"processor\":\"other\"}");
    memory_free(json);
    assert_null(store_read_machine(store, 77, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    store_close(store);
}

/* --- Finding, replacing, forgetting -------------------------------------------------------- */

static void test_nothing_is_added_twice(void **state)
{
    int64_t first[2], second[2];
    struct store *store = opened_to_write(*state);
    record_plan(store, first, 2);
    store_close(store);
    store = opened_to_write(*state);
    record_plan(store, second, 2);
    assert_memory_equal(first, second, sizeof first);

    struct error error = {0};
    struct dataset *data = tiny_data(0.0);
    struct configuration configuration = configuration_default();
    configuration.rate = 2.0;
    char key[DIGEST_TEXT];
    int64_t id;
    configuration_key(&configuration, data->digest, key);
    assert_done(store_find_configuration(store, key, &id, &error), &error);
    assert_int_equal(id, first[1]);
    assert_done(store_find_configuration(store, "no such key", &id, &error), &error);
    assert_int_equal(id, 0);
    dataset_free(data);
    store_close(store);
}

static void test_a_trial_is_replaced(void **state)
{
    struct error error = {0};
    int64_t id;
    struct trial_record record;
    struct store *store = opened_to_write(*state);
    record_plan(store, &id, 1);
    assert_done(store_find_trial(store, id, 1, &record, &error), &error);
    assert_int_equal(record.status, STATUS_RUNNING);
    record_trial(store, id, 1, STATUS_FAILED, 20);
    record_trial(store, id, 1, STATUS_EPOCHS, 2);
    assert_done(store_find_trial(store, id, 1, &record, &error), &error);
    assert_int_equal(record.status, STATUS_EPOCHS);
    assert_int_equal(record.machine, 1);
    struct trial same = made_trial(STATUS_EPOCHS, 2);
    assert_string_equal(record.digest, same.digest);
    trial_clear(&same);

    struct stored_trials list;
    struct trace trace;
    assert_done(store_read_trials(store, &list, &error), &error);
    assert_int_equal(list.count, 1);
    assert_done(store_read_trace(store, list.rows[0].id, &trace, &error), &error);
    assert_int_equal(trace.count, 3);
    memory_free(trace.points);
    stored_trials_clear(&list);
    store_close(store);
}

static void test_failed_trials_are_forgotten(void **state)
{
    struct error error = {0};
    int64_t ids[3], count = 0;
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    record_trial(store, ids[0], 1, STATUS_FAILED, 20);
    record_trial(store, ids[1], 1, STATUS_DIVERGED, 20);
    record_trial(store, ids[2], 1, STATUS_FAILED, 20);
    assert_done(store_forget_failed(store, &count, &error), &error);
    assert_int_equal(count, 2);
    store_close(store);
    assert_int_equal(count_trials(*state), 1);
}

static void test_changes_are_noticed(void **state)
{
    struct error error = {0};
    int64_t id;
    bool changed = true, found = true;
    struct store *store = opened_to_write(*state);
    struct sweep_facts facts = {"made", "", "made.yaml", "text", 1};
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_false(changed);
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_false(changed);
    facts.text = "another text";
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_true(changed);

    struct dataset *before = tiny_data(0.0), *after = tiny_data(0.5);
    assert_done(store_add_data(store, before, "tiny", &id, &error), &error);
    assert_done(store_data_changed(store, "tiny", before->digest, &found, &error), &error);
    assert_false(found);
    assert_done(store_data_changed(store, "tiny", after->digest, &found, &error), &error);
    assert_true(found);
    assert_done(store_data_changed(store, "other", after->digest, &found, &error), &error);
    assert_false(found);
    dataset_free(before);
    dataset_free(after);
    store_close(store);
}

static void test_the_plan_is_replaced(void **state)
{
    struct error error = {0};
    int64_t ids[3];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 1);
    const int64_t plan[] = {ids[2], ids[1], ids[2]}; /* one twice: its first place counts */
    assert_done(store_set_plan(store, plan, 3, &error), &error);

    struct stored_trials list;
    assert_done(store_read_trials(store, &list, &error), &error);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.rows[0].configuration, ids[2]);
    assert_int_equal(list.rows[1].configuration, ids[1]);
    assert_int_equal(list.rows[2].configuration, ids[0]); /* no longer planned: last */
    assert_int_equal(list.rows[2].position, 0);
    assert_int_not_equal(list.rows[2].id, 0);
    stored_trials_clear(&list);
    store_close(store);
}

/* --- What cannot be opened ----------------------------------------------------------------- */

static void test_a_newer_version_is_refused(void **state)
{
    store_close(opened_to_write(*state));
    tamper(*state, "PRAGMA user_version = 2");
    assert_refused(*state, "written by a newer descent (store version 2, this program reads up to "
                           "1)");
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
    assert_done(store_read_trials(store, &list, &error), &error);
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
    assert_false(store_read_trials(store, &list, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, "unknown solver 'adam'"));
    assert_null(list.rows);
    store_close(store);
}

/* --- Several processes --------------------------------------------------------------------- */

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
    while (recorded < COUNT && store_add_trial(store, ids[recorded], 1, 1, 1, &trial, &error))
        recorded++;
    char safe[64];
    snprintf(safe, sizeof safe, " %zu trials are safe", recorded);
    struct stored_trials list;
    bool right = recorded > 0 && recorded < COUNT && error.kind == ERROR_FAILED &&
                 strstr(error.message, "disk is full") != NULL &&
                 strstr(error.message, safe) != NULL && store_read_trials(store, &list, &again) &&
                 list.count == COUNT;
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
    bool done = store != NULL && store_read_trials(store, &list, &error) && list.count == 2;
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
    bool done = store != NULL && store_read_trials(store, &list, &error) && list.count == 2;
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
        FOLDER_TEST(test_trials_come_back),
        FOLDER_TEST(test_traces_come_back),
        FOLDER_TEST(test_numbers_that_are_not_finite),
        FOLDER_TEST(test_every_hyperparameter_comes_back),
        FOLDER_TEST(test_sweep_and_machine_come_back),
        FOLDER_TEST(test_nothing_is_added_twice),
        FOLDER_TEST(test_a_trial_is_replaced),
        FOLDER_TEST(test_failed_trials_are_forgotten),
        FOLDER_TEST(test_changes_are_noticed),
        FOLDER_TEST(test_the_plan_is_replaced),
        FOLDER_TEST(test_a_newer_version_is_refused),
        FOLDER_TEST(test_other_files_are_refused),
        FOLDER_TEST(test_a_missing_store_is_refused),
        FOLDER_TEST(test_a_damaged_store_is_refused),
        FOLDER_TEST(test_the_file_itself_may_be_named),
        FOLDER_TEST(test_folders_with_odd_names),
        FOLDER_TEST(test_a_store_from_before_a_hyperparameter),
        FOLDER_TEST(test_an_unknown_choice_is_refused),
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
