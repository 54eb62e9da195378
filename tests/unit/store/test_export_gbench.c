/* SPDX-License-Identifier: MIT
 *
 * The export for Google Benchmark's readers: which trials have a row, what they are called, and
 * that no number in them is one that strict readers refuse. What compare.py makes of it is in
 * command_export_gbench.bats.
 */
#include "export_fixture.h"

#include <math.h>

static json_t *exported_rows(struct store *store, json_t **root)
{
    char *text = exported(store, &export_format_gbench, false);
    *root = parsed(text);
    free(text);
    json_t *rows = json_object_get(*root, "benchmarks");
    assert_true(json_is_array(rows));
    return rows;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL)
        fail_msg("there is no text %s", key);
    return text;
}

static int64_t integer_of(const json_t *object, const char *key)
{
    if (!json_is_integer(json_object_get(object, key)))
        fail_msg("there is no integer %s", key);
    return json_integer_value(json_object_get(object, key));
}

static double real_of(const json_t *object, const char *key)
{
    if (!json_is_real(json_object_get(object, key)))
        fail_msg("there is no real number %s", key);
    return json_real_value(json_object_get(object, key));
}

/* Records a trial of `models` side by side, and clears it. */
static void record_made(struct store *store, int64_t configuration, int64_t repeat, int64_t machine,
                        int64_t models, struct trial *trial)
{
    struct error error = {0};
    assert_done(
        store_add_trial(
            store,
            &(struct trial_origin){{configuration, 0, repeat}, 1, machine, models, NULL, NULL, {0}},
            trial, &error),
        &error);
    trial_clear(trial);
}

static void test_a_row_a_solo_trial(void **state)
{
    int64_t ids[3];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    struct trial batched = made_trial(STATUS_EPOCHS, 3);
    record_made(store, ids[0], 1, 1, 8, &batched);
    record_trial(store, ids[0], 2, STATUS_EPOCHS, 3);
    record_trial(store, ids[2], 1, STATUS_EPOCHS, 3);
    record_trial(store, ids[2], 2, STATUS_TIME_LIMIT, 2);
    json_t *root, *rows = exported_rows(store, &root);
    assert_int_equal(json_array_size(rows), 3); /* the batched trial and ids[1] have none */

    const json_t *row = json_array_get(rows, 0);
    assert_string_equal(text_of(row, "run_name"), text_of(row, "name"));
    assert_string_equal(text_of(row, "run_type"), "iteration");
    assert_string_equal(text_of(row, "time_unit"), "us");
    assert_string_equal(text_of(row, "label"), "epochs");
    assert_int_equal(integer_of(row, "family_index"), 0);
    assert_int_equal(integer_of(row, "per_family_instance_index"), 0);
    assert_int_equal(integer_of(row, "repetitions"), 1);
    assert_int_equal(integer_of(row, "repetition_index"), 0);
    assert_int_equal(integer_of(row, "iterations"), 1);
    assert_int_equal(integer_of(row, "epochs"), 3);
    assert_int_equal(integer_of(row, "descent_machine"), 1);
    assert_int_equal(integer_of(row, "threads"), configuration_default().threads);
    assert_true(real_of(row, "real_time") == 1000000 * (0.1 * 3.0));
    assert_true(isfinite(real_of(row, "cpu_time")));
    assert_true(real_of(row, "seconds_per_epoch") == 0.1 * 3.0 / 3.0);
    assert_true(real_of(row, "loss") == 0.7 / 4.0);
    assert_null(json_object_get(row, "error_occurred"));

    row = json_array_get(rows, 2);
    assert_int_equal(integer_of(row, "family_index"), 2);
    assert_int_equal(integer_of(row, "repetitions"), 2);
    assert_int_equal(integer_of(row, "repetition_index"), 1);
    assert_string_equal(text_of(row, "label"), "time-limit"); /* its time is one */
    assert_true(real_of(row, "real_time") == 1000000 * (0.1 * 2.0));
    assert_null(json_object_get(row, "error_occurred"));
    json_decref(root);
    store_close(store);
}

/* cpu_time is a number whatever is recorded, and says when it is only that of the clock. */
static void test_processor_time_is_always_a_number(void **state)
{
    int64_t ids[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 3);
    json_t *root;
    const json_t *row = json_array_get(exported_rows(store, &root), 0);
    assert_true(json_object_get(row, "cpu_time_recorded") == NULL ||
                real_of(row, "cpu_time") == real_of(row, "real_time"));
    json_decref(root);
    store_close(store);
}

/* An error has no time, and what it left of numbers is null. */
static void test_diverged_and_failed_are_errors(void **state)
{
    int64_t ids[3];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 3);
    struct trial diverged = made_trial(STATUS_DIVERGED, 1), failed = made_trial(STATUS_FAILED, 0);
    diverged.trace.points[1].loss = NAN;
    diverged.trace.points[1].objective = INFINITY;
    diverged.trace.points[1].gradient_norm = INFINITY;
    record_made(store, ids[0], 1, 1, 1, &diverged);
    snprintf(failed.message, sizeof failed.message, "no \"room\"");
    record_made(store, ids[1], 1, 1, 1, &failed);
    static const char *const messages[] = {"diverged", "failed: no \"room\""};
    json_t *root, *rows = exported_rows(store, &root);
    assert_int_equal(json_array_size(rows), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *row = json_array_get(rows, i);
        assert_true(json_is_true(json_object_get(row, "error_occurred")));
        assert_string_equal(text_of(row, "error_message"), messages[i]);
        assert_true(real_of(row, "real_time") == 0.0);
        assert_true(real_of(row, "cpu_time") == 0.0);
    }
    static const char *const nulls[] = {"loss", "objective", "gradient_norm", "gap"};
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        assert_true(json_is_null(json_object_get(json_array_get(rows, 0), nulls[i])));
    assert_true(json_is_null(json_object_get(json_array_get(rows, 1), "seconds_per_epoch")));
    json_decref(root);
    store_close(store);
}

/* Exports what must be refused, before a byte is written. */
static void refused(struct store *store, bool traces, const char *part)
{
    struct error error = {0};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_false(export_write(store, &export_format_gbench,
                              (struct export_options){.traces = traces}, out, &error));
    fclose(out);
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, part));
    assert_int_equal(length, 0);
    free(text);
}

static void test_shared_times_alone_are_refused(void **state)
{
    int64_t ids[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    struct trial batched = made_trial(STATUS_EPOCHS, 3);
    record_made(store, ids[0], 1, 1, 2, &batched);
    refused(store, false, "descent sweep made.yaml --execution solo");
    refused(store, true, "--traces");
    store_close(store);
}

static void test_nothing_recorded_is_no_row(void **state)
{
    int64_t ids[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    json_t *root;
    assert_int_equal(json_array_size(exported_rows(store, &root)), 0);
    const json_t *context = json_object_get(root, "context");
    assert_string_equal(text_of(context, "executable"), "descent");
    assert_null(json_object_get(context, "num_cpus"));
    json_decref(root);
    store_close(store);
}

/* --- Names --------------------------------------------------------------------------------- */

/* Records the default configuration with these changes on data of that description, and a trial. */
static int64_t record_named(struct store *store, const char *description, double salt, double rate,
                            const char *solver)
{
    struct error error = {0};
    struct dataset *data = tiny_data(salt);
    struct configuration configuration = configuration_default();
    int64_t data_id, id;
    configuration.rate = rate;
    configuration.threads = 3;
    configuration.solver = table_find(hyperparameters[0].choices, solver);
    configuration_canonicalise(&configuration);
    assert_done(store_add_data(store, data, description, &data_id, &error), &error);
    assert_done(store_add_configuration(store, data_id, data->digest, &configuration, &id, &error),
                &error);
    record_trial(store, id, 1, STATUS_EPOCHS, 1);
    dataset_free(data);
    return id;
}

static void assert_name(const json_t *rows, size_t index, const char *name)
{
    assert_string_equal(text_of(json_array_get(rows, index), "name"), name);
}

static void test_names_tell_all_that_differs(void **state)
{
    struct error error = {0};
    int64_t ids[4], none[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, none, 1);
    ids[0] = record_named(store, "/data sets/caf\xc3\xa9.csv (label x, split 0.2)", 1, 0.1, "gd");
    ids[1] = record_named(store, "blobs:rows=10,seed=3", 2, 1e20, "sgd");
    ids[2] = record_named(store, "blobs:rows=10,seed=3", 2, 0.1, "newton"); /* without a rate */
    ids[3] = record_named(store, "blobs:rows=10,seed=3", 2, 0.30000000000000004, "gd");
    assert_done(store_set_plan(store, ids, 4, &error), &error);
    json_t *root, *rows = exported_rows(store, &root);
    assert_int_equal(json_array_size(rows), 4);
    assert_name(rows, 0,
                "_data_sets_caf\xc3\xa9.csv_label_x,_split_0.2/solver:gd/rate:0.1/threads:3");
    assert_name(rows, 1, "blobs:rows=10,seed=3/solver:sgd/rate:1e20");
    assert_name(rows, 2, "blobs:rows=10,seed=3/solver:newton/threads:3");
    assert_name(rows, 3, "blobs:rows=10,seed=3/solver:gd/rate:0.30000000000000004/threads:3");
    assert_int_equal(integer_of(json_array_get(rows, 1), "threads"), 1); /* sgd has no use for 3 */
    json_decref(root);
    store_close(store);
}

/* Data of one plain name, or whose file has changed, are told apart; the first keeps the name. */
static void test_no_two_configurations_share_a_name(void **state)
{
    struct error error = {0};
    int64_t ids[2], none[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, none, 1);
    record_named(store, "a/b", 1, 0.1, "gd"); /* not planned: it comes last */
    ids[0] = record_named(store, "a b", 2, 0.1, "gd");
    ids[1] = record_named(store, "a/b", 3, 0.1, "gd");
    assert_done(store_set_plan(store, ids, 2, &error), &error);
    json_t *root, *rows = exported_rows(store, &root);
    assert_int_equal(json_array_size(rows), 3);
    assert_name(rows, 0, "a_b/solver:gd/rate:0.1/threads:3");
    for (size_t i = 0; i < 3; i++) {
        const char *name = text_of(json_array_get(rows, i), "name");
        assert_int_equal(integer_of(json_array_get(rows, i), "family_index"), i);
        assert_int_equal(strncmp(name, "a_b", 3), 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(name, text_of(json_array_get(rows, j), "name"));
    }
    json_decref(root);
    store_close(store);
}

/* --- Context ------------------------------------------------------------------------------- */

/* The context of a store whose trial was recorded on a machine with these facts. */
static json_t *context_of(const char *folder, const char *facts)
{
    struct error error = {0};
    int64_t ids[1], machine;
    struct store *store = opened_to_write(folder);
    record_plan(store, ids, 1);
    assert_done(store_add_machine(store, facts, &machine, &error), &error);
    struct trial trial = made_trial(STATUS_EPOCHS, 1), other = made_trial(STATUS_EPOCHS, 1);
    record_made(store, ids[0], 1, machine, 1, &trial);
    record_made(store, ids[0], 2, 1, 1, &other);
    json_t *root, *rows = exported_rows(store, &root);
    assert_int_equal(integer_of(json_array_get(rows, 0), "descent_machine"), machine);
    assert_int_equal(integer_of(json_array_get(rows, 1), "descent_machine"), 1);
    json_t *context = json_incref(json_object_get(root, "context"));
    assert_int_equal(integer_of(context, "descent_machine"), machine);
    json_decref(root);
    store_close(store);
    return context;
}

static void test_context_is_what_was_recorded(void **state)
{
    json_t *context = context_of(
        *state, "{\"threads\":64,\"flags\":\"-O3 -g\",\"processor\":\"loom\","
                "\"settings\":{\"governor\":\"powersave\"},\"topology\":{\"caches\":["
                "{\"level\":1,\"bytes\":32768,\"shared_by\":2,\"count\":32,\"line_bytes\":64},"
                "{\"level\":3,\"bytes\":1048576,\"shared_by\":64}]}}");
    assert_int_equal(integer_of(context, "num_cpus"), 64);
    assert_int_equal(integer_of(context, "json_schema_version"), 1);
    assert_true(json_is_true(json_object_get(context, "cpu_scaling_enabled")));
    assert_string_equal(text_of(context, "library_build_type"), "release");
    assert_string_equal(text_of(context, "descent_processor"), "loom");
    assert_string_equal(text_of(context, "descent_threads"), "64");
    assert_string_equal(text_of(context, "descent_settings"), "{\"governor\":\"powersave\"}");
    assert_string_equal(text_of(context, "descent_sweep"), "made");
    assert_string_equal(text_of(context, "descent_question"), "Which?\nAnd why?");
    const json_t *caches = json_object_get(context, "caches");
    assert_int_equal(json_array_size(caches), 2);
    assert_string_equal(text_of(json_array_get(caches, 0), "type"), "Data");
    assert_int_equal(integer_of(json_array_get(caches, 0), "num_sharing"), 2);
    assert_string_equal(text_of(json_array_get(caches, 1), "type"), "Unified");
    assert_int_equal(integer_of(json_array_get(caches, 1), "level"), 3);
    assert_int_equal(integer_of(json_array_get(caches, 1), "size"), 1048576);
    json_decref(context);
}

static void test_context_makes_nothing_up(void **state)
{
    json_t *context = context_of(*state, "{\"settings\":{\"governor\":\"unknown: no cpufreq\"},"
                                         "\"flags\":\"-O2 -fsanitize=address\"}");
    static const char *const absent[] = {"host_name", "mhz_per_cpu", "num_cpus",
                                         "cpu_scaling_enabled"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_null(json_object_get(context, absent[i]));
    assert_string_equal(text_of(context, "library_build_type"), "debug");
    assert_int_equal(json_array_size(json_object_get(context, "caches")), 0);
    assert_int_equal(json_array_size(json_object_get(context, "load_avg")), 0);
    json_decref(context);
}

/* A machine of which little is recorded has few facts. */
static void test_context_of_an_unknown_machine(void **state)
{
    json_t *context = context_of(*state, "{\"kind\":\"an abacus\"}");
    assert_null(json_object_get(context, "num_cpus"));
    assert_null(json_object_get(context, "library_build_type"));
    json_decref(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_a_row_a_solo_trial),
        FOLDER_TEST(test_processor_time_is_always_a_number),
        FOLDER_TEST(test_diverged_and_failed_are_errors),
        FOLDER_TEST(test_shared_times_alone_are_refused),
        FOLDER_TEST(test_nothing_recorded_is_no_row),
        FOLDER_TEST(test_names_tell_all_that_differs),
        FOLDER_TEST(test_no_two_configurations_share_a_name),
        FOLDER_TEST(test_context_is_what_was_recorded),
        FOLDER_TEST(test_context_makes_nothing_up),
        FOLDER_TEST(test_context_of_an_unknown_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
