/* SPDX-License-Identifier: MIT
 *
 * The store: what goes in comes out, is added once, and is replaced or forgotten when asked.
 */
#include "store_fixture.h"

#include <math.h>

/* --- Round trips --------------------------------------------------------------------------- */

static void assert_same_point(const struct trace_point *a, const struct trace_point *b)
{
    assert_int_equal(a->epoch, b->epoch);
    for (size_t v = 0; v < TRACE_VALUE_COUNT; v++) {
        double x = trace_value_of(a, v), y = trace_value_of(b, v);
        assert_memory_equal(&x, &y, sizeof x); /* NaN is itself */
    }
}

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
    assert_done(store_read_trials(store, false, &list, &error), &error);
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
    assert_done(store_read_trials(store, false, &list, &error), &error);
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
    trace_append(&trial.trace,
                 (struct trace_point){1, 0.5, NAN, INFINITY, INFINITY, NAN, NAN, NAN, false});
    snprintf(trial.message, sizeof trial.message, "it \"said\", so");
    assert_done(store_add_trial(store,
                                &(struct trial_origin){{id, 0, 1}, 1, 1, 64, NULL, NULL, {0}},
                                &trial, &error),
                &error);
    trial_clear(&trial);

    struct stored_trials list;
    struct trace trace;
    assert_done(store_read_trials(store, false, &list, &error), &error);
    assert_true(isnan(list.rows[0].last.loss));
    assert_true(list.rows[0].last.objective == INFINITY);
    assert_int_equal(list.rows[0].models, 64);
    assert_string_equal(list.rows[0].message, "it \"said\", so");
    assert_done(store_read_trace(store, list.rows[0].id, &trace, &error), &error);
    assert_int_equal(trace.count, 2);
    assert_true(isnan(trace.points[1].loss) && isnan(trace.points[1].accuracy));
    assert_true(trace.points[1].gradient_norm == INFINITY);
    memory_free(trace.points);
    stored_trials_clear(&list);
    store_close(store);
}

/* Sets a row to a value that is not its default. */
static void set_other(const struct hyperparameter *row, struct configuration *configuration)
{
    struct value value = hyperparameter_get(row, configuration);
    if (row->type == TYPE_REAL)
        value.real = row->minimum + (value.real == 1.0 / 3.0 ? 0.7 : 1.0 / 3.0);
    else if (row->type == TYPE_INTEGER)
        value.integer += 7;
    else if (row->choices->open)
        value.choice = table_find(row->choices, "another word");
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
    enum { MOST = 256 };
    struct configuration all[MOST];
    int64_t ids[MOST];
    size_t count = 0;
    const struct table *solvers = hyperparameter_find("solver")->choices;
    const struct table *schedules = hyperparameter_find("schedule")->choices;
    for (size_t i = 0; i < solvers->count; i++)
        for (size_t j = 0; j < schedules->count; j++) {
            assert_true(count < MOST);
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
    assert_done(store_read_trials(store, false, &list, &error), &error);
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
    assert_done(store_add_trial(
                    store, &(struct trial_origin){{ids[1], 0, 1}, 1, machine, 1, NULL, NULL, {0}},
                    &trial, &error),
                &error);
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
    assert_int_equal(sweep.finals, 5);
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
    assert_done(store_find_trial(store, (struct trial_key){id, 0, 1}, &record, &error), &error);
    assert_int_equal(record.status, STATUS_RUNNING);
    record_trial(store, id, 1, STATUS_FAILED, 20);
    record_trial(store, id, 1, STATUS_EPOCHS, 2);
    assert_done(store_find_trial(store, (struct trial_key){id, 0, 1}, &record, &error), &error);
    assert_int_equal(record.status, STATUS_EPOCHS);
    assert_int_equal(record.machine, 1);
    struct trial same = made_trial(STATUS_EPOCHS, 2);
    assert_string_equal(record.digest, same.digest);
    trial_clear(&same);

    struct stored_trials list;
    struct trace trace;
    assert_done(store_read_trials(store, false, &list, &error), &error);
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
    assert_done(store_forget(store, STATUS_FAILED, &count, &error), &error);
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
    struct sweep_facts facts = {"made", "", "", "objective", "made.yaml", "text", 1, 0, NULL, NULL};
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
    assert_done(store_read_trials(store, false, &list, &error), &error);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.rows[0].configuration, ids[2]);
    assert_int_equal(list.rows[1].configuration, ids[1]);
    assert_int_equal(list.rows[2].configuration, ids[0]); /* no longer planned: last */
    assert_int_equal(list.rows[2].position, 0);
    assert_int_not_equal(list.rows[2].id, 0);
    stored_trials_clear(&list);
    store_close(store);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
