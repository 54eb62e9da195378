/* SPDX-License-Identifier: MIT
 *
 * Exports are read back: JSON by jansson, CSV by a few lines below.
 */
#include "export_fixture.h"

#include "store/trial_columns.h"

#include <math.h>

enum { FIELDS = 96 };

/* A store of two configurations; the second is not trained yet. The first has a repeat that
 * diverged, with a message and a data set that need quotes. */
static struct store *recorded_store(const char *folder)
{
    struct error error = {0};
    struct store *store = opened_to_write(folder);
    struct dataset *data = tiny_data(0.0);
    struct configuration configuration = configuration_default();
    const struct sweep_facts facts = {"made",         "Which?", "", "objective", "made.yaml",
                                      "name: made\n", 2,        0,  NULL,        NULL};
    bool changed;
    int64_t machine, data_id, ids[2];
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_done(store_add_machine(store, "{\"processor\":\"abacus\"}", &machine, &error), &error);
    assert_done(store_add_data(store, data, "blobs(rows=4, \"x\")", &data_id, &error), &error);
    for (size_t i = 0; i < 2; i++) {
        configuration.rate = 0.1 + 0.2 * (double)i; /* 0.1 and 0.30000000000000004 */
        assert_done(
            store_add_configuration(store, data_id, data->digest, &configuration, &ids[i], &error),
            &error);
    }
    assert_done(store_set_plan(store, ids, 2, &error), &error);
    record_trial(store, ids[0], 1, STATUS_EPOCHS, 3);
    struct trial trial = made_trial(STATUS_DIVERGED, 1);
    trial.trace.points[1].loss = NAN;
    trial.trace.points[1].objective = INFINITY;
    snprintf(trial.message, sizeof trial.message, "one, \"two\"\nthree");
    assert_done(
        store_add_trial(store,
                        &(struct trial_origin){
                            {ids[0], 0, 2}, 1, machine, 8, NULL, NULL, {3, 4, 2, "node \"2\""}},
                        &trial, &error),
        &error);
    trial_clear(&trial);
    dataset_free(data);
    return store;
}

/* Splits the next line of CSV into fields, in place; gives what follows. */
static char *read_line(char *text, char *fields[FIELDS], size_t *count)
{
    char *end = text;
    for (*count = 0; *count < FIELDS;) {
        bool quoted = *text == '"';
        fields[(*count)++] = end = text;
        text += quoted;
        for (; quoted ? *text != '"' || text[1] == '"' : *text != ',' && *text != '\n'; text++) {
            assert_true(*text != '\0');
            text += quoted && *text == '"';
            *end++ = *text;
        }
        text += quoted;
        char separator = *text++;
        *end = '\0';
        if (separator == '\n')
            return text;
        assert_int_equal(separator, ',');
    }
    return text;
}

static const char *field(char *names[FIELDS], char *values[FIELDS], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return values[i];
    fail_msg("there is no column %s", name);
    return NULL;
}

static void test_csv_has_a_line_a_trial(void **state)
{
    struct store *store = recorded_store(*state);
    char *text = exported(store, &export_format_csv, false), *rest = text;
    char *names[FIELDS], *first[FIELDS], *second[FIELDS];
    size_t count, first_count, second_count;
    rest = read_line(rest, names, &count);
    rest = read_line(rest, first, &first_count);
    rest = read_line(rest, second, &second_count);
    assert_int_equal(*rest, '\0'); /* the configuration that was not trained has no line */
    size_t exported_columns =
        hyperparameter_count - 1; /* one row of trial_columns is all of them */
    for (size_t c = 0; c < trial_column_count; c++)
        exported_columns += trial_columns[c].exported != NULL;
    assert_int_equal(count, exported_columns);
    assert_int_equal(first_count, count);
    assert_int_equal(second_count, count);

    assert_string_equal(field(names, first, count, "data"), "blobs(rows=4, \"x\")");
    assert_int_equal(strlen(field(names, first, count, "data_digest")), DIGEST_TEXT - 1);
    assert_string_equal(field(names, first, count, "position"), "1");
    assert_string_equal(field(names, first, count, "solver"), "gd");
    assert_string_equal(field(names, first, count, "rate"), "0.1");
    assert_string_equal(field(names, first, count, "batch"), ""); /* gd has none */
    assert_string_equal(field(names, first, count, "status"), "epochs");
    assert_true(strtod(field(names, first, count, "loss"), NULL) == 0.7 / 4.0);
    assert_true(strtod(field(names, first, count, "gradient_norm"), NULL) == 1.0 / 3.0);
    assert_string_equal(field(names, first, count, "models"), "1");
    assert_string_equal(field(names, first, count, "rank"), "0");
    assert_string_equal(field(names, first, count, "job_ranks"), "1");
    assert_string_equal(field(names, first, count, "ranks_per_host"), "1");
    assert_string_equal(field(names, first, count, "host"), "");
    assert_string_equal(field(names, second, count, "rank"), "3");
    assert_string_equal(field(names, second, count, "job_ranks"), "4");
    assert_string_equal(field(names, second, count, "ranks_per_host"), "2");
    assert_string_equal(field(names, second, count, "host"), "node \"2\"");
    assert_string_equal(field(names, second, count, "repeat"), "2");
    assert_string_equal(field(names, second, count, "status"), "diverged");
    assert_string_equal(field(names, second, count, "loss"), "");
    assert_string_equal(field(names, second, count, "objective"), "");
    assert_string_equal(field(names, second, count, "models"), "8");
    assert_string_equal(field(names, second, count, "message"), "one, \"two\"\nthree");
    free(text);
    store_close(store);
}

static void test_csv_has_a_line_a_point(void **state)
{
    struct store *store = recorded_store(*state);
    char *text = exported(store, &export_format_csv, true), *rest = text;
    char *names[FIELDS], *values[FIELDS];
    size_t count, lines = 0;
    for (rest = read_line(rest, names, &count); *rest != '\0'; lines++) {
        size_t value_count;
        rest = read_line(rest, values, &value_count);
        assert_int_equal(value_count, count);
    }
    assert_int_equal(lines, 4 + 2);
    assert_string_equal(field(names, values, count, "repeat"), "2");
    assert_string_equal(field(names, values, count, "epoch"), "1");
    assert_string_equal(field(names, values, count, "objective"), "");
    assert_string_equal(field(names, values, count, "accuracy"), "0.75");
    free(text);
    store_close(store);
}

static double number_at(const json_t *trial, const char *array, size_t index)
{
    const json_t *trace = json_object_get(trial, "trace");
    return json_number_value(json_array_get(json_object_get(trace, array), index));
}

static void test_json_is_strict_and_exact(void **state)
{
    struct store *store = recorded_store(*state);
    char *text = exported(store, &export_format_json, false);
    json_t *root = parsed(text);
    const json_t *sweep = json_object_get(root, "sweep");
    assert_string_equal(json_string_value(json_object_get(sweep, "text")), "name: made\n");
    const json_t *machines = json_object_get(root, "machines");
    assert_int_equal(json_array_size(machines), 1);
    const json_t *facts = json_object_get(json_array_get(machines, 0), "facts");
    assert_string_equal(json_string_value(json_object_get(facts, "processor")), "abacus");

    const json_t *trials = json_object_get(root, "trials");
    assert_int_equal(json_array_size(trials), 2);
    const json_t *first = json_array_get(trials, 0), *second = json_array_get(trials, 1);
    const json_t *configuration = json_object_get(first, "configuration");
    assert_int_equal(json_object_size(configuration), hyperparameter_count);
    assert_true(json_real_value(json_object_get(configuration, "rate")) == 0.1);
    assert_true(json_is_null(json_object_get(configuration, "batch")));
    assert_true(json_is_null(json_object_get(configuration, "stop_seconds"))); /* never */
    assert_true(json_real_value(json_object_get(first, "loss")) == 0.7 / 4.0);
    assert_true(number_at(first, "epoch", 3) == 3.0);
    assert_true(number_at(first, "gradient_norm", 0) == 1.0 / 3.0);
    assert_true(json_is_null(json_object_get(second, "loss")));
    assert_true(json_is_null(json_object_get(second, "objective")));
    assert_string_equal(json_string_value(json_object_get(second, "message")),
                        "one, \"two\"\nthree");
    assert_int_equal(json_integer_value(json_object_get(second, "models")), 8);
    json_decref(root);
    free(text);
    store_close(store);
}

/* --- What counts, and what does not -------------------------------------------------------- */

/* A trial that was disturbed at its first attempt, and the same in finals. */
static struct store *disturbed_store(const char *folder)
{
    struct error error = {0};
    int64_t id, final;
    struct store *store = opened_to_write(folder);
    record_plan(store, &id, 1);
    assert_done(store_add_finalists(store, &id, 1, &final, &error), &error);
    for (int64_t number = 0; number <= final; number++)
        for (int64_t attempt = 1; attempt <= 2 - number; attempt++) {
            struct trial trial = made_trial(STATUS_EPOCHS, 1);
            struct evidence evidence = evidence_unknown();
            evidence.wall_seconds = 0.1 * (double)attempt;
            evidence.migrations = 0.0;
            evidence_set_processors(&evidence, (const int[]){0, 2}, 2);
            snprintf(evidence.disturbed, EVIDENCE_TEXT,
                     attempt + number == 1 ? "steal, waiting" : "");
            const struct trial_origin origin = {
                {id, number, 1}, attempt, 1, 1, &evidence, NULL, {3, 4, 2, "node \"2\""}};
            assert_done(store_add_trial(store, &origin, &trial, &error), &error);
            trial_clear(&trial);
        }
    return store;
}

static void check_csv_trial(char *names[FIELDS], char *values[FIELDS], size_t count,
                            const char *expected)
{
    char line[256];
    snprintf(line, sizeof line, "%s %s %s %s %s|%s|%s|%s|%s", field(names, values, count, "final"),
             field(names, values, count, "repeat"), field(names, values, count, "attempt"),
             field(names, values, count, "superseded"), field(names, values, count, "disturbed"),
             field(names, values, count, "processors"), field(names, values, count, "wall_seconds"),
             field(names, values, count, "migrations"), field(names, values, count, "load"));
    assert_string_equal(line, expected);
}

static void test_csv_has_what_counts_or_all(void **state)
{
    static const char *const expected[] = {
        "0 1 1 1 steal, waiting|0,2|0.1|0|",
        "0 1 2 0 |0,2|0.2|0|",
        "1 1 1 0 |0,2|0.1|0|",
    };
    struct store *store = disturbed_store(*state);
    for (size_t all = 0; all < 2; all++) {
        const struct export_options options = {.superseded = all == 1};
        char *text = exported_with(store, &export_format_csv, options), *rest = text;
        char *names[FIELDS], *values[FIELDS];
        size_t count, same;
        rest = read_line(rest, names, &count);
        for (size_t i = 1 - all; i < 3; i++) {
            rest = read_line(rest, values, &same);
            check_csv_trial(names, values, count, expected[i]);
        }
        assert_string_equal(rest, "");
        free(text);
    }
    store_close(store);
}

static void test_traces_say_of_which_trial_they_are(void **state)
{
    struct store *store = disturbed_store(*state);
    const struct export_options options = {.traces = true, .superseded = true};
    char *text = exported_with(store, &export_format_csv, options);
    assert_non_null(strstr(text, "position,configuration,final,repeat,attempt,epoch,"));
    assert_non_null(strstr(text, "\n1,1,0,1,1,1,"));
    assert_non_null(strstr(text, "\n1,1,0,1,2,1,"));
    assert_non_null(strstr(text, "\n1,1,1,1,1,1,"));
    free(text);
    store_close(store);
}

static void test_json_has_the_evidence(void **state)
{
    struct store *store = disturbed_store(*state);
    char *text =
        exported_with(store, &export_format_json, (struct export_options){.superseded = true});
    json_t *root = parsed(text);
    const json_t *trials = json_object_get(root, "trials"), *first = json_array_get(trials, 0);
    const json_t *evidence = json_object_get(first, "evidence");
    assert_int_equal(json_array_size(trials), 3);
    assert_true(json_is_true(json_object_get(first, "superseded")));
    assert_int_equal(json_integer_value(json_object_get(first, "attempt")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(trials, 2), "final")), 1);
    assert_int_equal(json_object_size(evidence), 2 + EVIDENCE_VALUE_COUNT);
    assert_string_equal(json_string_value(json_object_get(evidence, "disturbed")),
                        "steal, waiting");
    assert_string_equal(json_string_value(json_object_get(evidence, "processors")), "0,2");
    assert_true(json_number_value(json_object_get(evidence, "wall_seconds")) == 0.1);
    assert_true(json_is_null(json_object_get(evidence, "load")));
    json_decref(root);
    free(text);
    text = exported(store, &export_format_json, false);
    root = parsed(text);
    assert_int_equal(json_array_size(json_object_get(root, "trials")), 2);
    json_decref(root);
    free(text);
    store_close(store);
}

/* --- Odd stores ---------------------------------------------------------------------------- */

/* A half-finished sweep without a single trial is exported as such, by every format. */
static void test_an_empty_store_is_exported(void **state)
{
    int64_t ids[2];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 2);
    char *csv = exported(store, &export_format_csv, false);
    assert_non_null(strchr(csv, '\n'));
    assert_string_equal(strchr(csv, '\n'), "\n");
    char *json = exported(store, &export_format_json, false);
    json_t *root = parsed(json);
    assert_int_equal(json_array_size(json_object_get(root, "trials")), 0);
    json_decref(root);
    free(json);
    free(csv);
    store_close(store);
}

/* What is not UTF-8 (a file name of old) still makes valid JSON. */
static void test_text_in_latin_1(void **state)
{
    struct error error = {0};
    int64_t ids[1];
    struct store *store = opened_to_write(*state);
    record_plan(store, ids, 1);
    struct trial trial = made_trial(STATUS_FAILED, 1);
    snprintf(trial.message, sizeof trial.message, "caf\xe9");
    assert_done(store_add_trial(store,
                                &(struct trial_origin){{ids[0], 0, 1}, 1, 1, 1, NULL, NULL, {0}},
                                &trial, &error),
                &error);
    trial_clear(&trial);
    char *json = exported(store, &export_format_json, false);
    json_t *root = parsed(json);
    const json_t *row = json_array_get(json_object_get(root, "trials"), 0);
    assert_string_equal(json_string_value(json_object_get(row, "message")), "café");
    json_decref(root);
    free(json);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_csv_has_a_line_a_trial),
        FOLDER_TEST(test_csv_has_a_line_a_point),
        FOLDER_TEST(test_json_is_strict_and_exact),
        FOLDER_TEST(test_csv_has_what_counts_or_all),
        FOLDER_TEST(test_traces_say_of_which_trial_they_are),
        FOLDER_TEST(test_json_has_the_evidence),
        FOLDER_TEST(test_an_empty_store_is_exported),
        FOLDER_TEST(test_text_in_latin_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
