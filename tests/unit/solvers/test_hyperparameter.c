/* SPDX-License-Identifier: MIT
 *
 * The list of hyper-parameters: every row is whole, reads what it writes, and refuses what it
 * should; configurations that would do the same are the same.
 */
#include "solvers/hyperparameter.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"
#include "testing.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool parse(const char *name, const char *text, struct value *value, char *reason)
{
    const struct hyperparameter *row = hyperparameter_find(name);
    assert_non_null(row);
    return setting_parse(&row->setting, text, value, reason, 512);
}

static void set(struct configuration *configuration, const char *name, const char *text)
{
    struct value value;
    char reason[512];
    assert_true(parse(name, text, &value, reason));
    hyperparameter_set(hyperparameter_find(name), configuration, value);
}

static void every_row_is_whole(void **state)
{
    (void)state;
    struct configuration defaults = configuration_default();
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        char number[TEXT_NUMBER], reason[512];
        assert_true(strlen(row->entry.summary) > 0);
        assert_ptr_equal(hyperparameter_find(row->entry.name), row);
        struct value value, fallback = hyperparameter_get(row, &defaults);
        const char *text = setting_text(&row->setting, fallback, number);
        assert_true(setting_parse(&row->setting, text, &value, reason, sizeof reason));
        assert_memory_equal(&value, &fallback, sizeof value);
        if (row->type == TYPE_CHOICE && row->choices->open) /* any word is a value */
            continue;
        assert_false(setting_parse(&row->setting, "no such value", &value, reason, sizeof reason));
        if (row->type != TYPE_CHOICE)
            assert_false(setting_parse(&row->setting, "-1", &value, reason, sizeof reason));
    }
}

static void refusals_say_what_is_allowed(void **state)
{
    (void)state;
    struct value value;
    char reason[512];
    assert_false(parse("rate", "-1", &value, reason));
    assert_string_equal(reason, "'-1' is not allowed for rate; give a number > 0, or 'auto'");
    assert_false(parse("rate", "nan", &value, reason));
    assert_false(parse("rate", "inf", &value, reason));
    assert_false(parse("factor", "1.5", &value, reason));
    assert_string_equal(reason, "'1.5' is not allowed for factor; give a number > 0 and <= 1");
    assert_false(parse("threads", "0", &value, reason));
    assert_string_equal(reason,
                        "'0' is not allowed for threads; give an integer from 1 to 4096, or 'all'");
    assert_false(parse("solver", "sdg", &value, reason));
    assert_non_null(strstr(reason, "did you mean 'sgd'?"));
    assert_true(parse("seconds", "never", &value, reason) && isinf(value.real));
}

/* The largest integer that is allowed is read; the next one is refused by a message that names the
 * limit, in whatever way it is written. */
static void the_largest_integer_is_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (row->type != TYPE_INTEGER)
            continue;
        const int64_t most = (int64_t)row->maximum, least = (int64_t)row->minimum;
        char text[64], reason[512], limit[64];
        struct value value;
        snprintf(limit, sizeof limit, "from %" PRId64 " to %" PRId64, least, most);
        const char *const allowed[] = {"%" PRId64,   "+%" PRId64,     "00%" PRId64,
                                       "0x%" PRIx64, "%" PRId64 ".0", "%" PRId64 "e0"};
        for (size_t j = 0; j < sizeof allowed / sizeof *allowed; j++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(text, sizeof text, allowed[j], most);
            assert_true(setting_parse(&row->setting, text, &value, reason, sizeof reason));
            assert_true(value.integer == most);
            snprintf(text, sizeof text, allowed[j], most + 1);
#pragma GCC diagnostic pop
            assert_false(setting_parse(&row->setting, text, &value, reason, sizeof reason));
            assert_non_null(strstr(reason, limit));
        }
        static const char *const none[] = {"18446744073709551615", "1e400", "0.5", "-1", "1e-400"};
        for (size_t j = 0; j < sizeof none / sizeof *none; j++) {
            assert_false(setting_parse(&row->setting, none[j], &value, reason, sizeof reason));
            assert_non_null(strstr(reason, limit));
        }
    }
}

static void numbers_lost_by_a_double_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        char reason[512];
        struct value value;
        if (row->type != TYPE_REAL)
            continue;
        assert_false(setting_parse(&row->setting, "1e-400", &value, reason, sizeof reason));
        assert_non_null(strstr(reason, "below 4.9e-324"));
        assert_false(setting_parse(&row->setting, "1e400", &value, reason, sizeof reason));
        assert_non_null(strstr(reason, "beyond 1.8e308"));
    }
}

/* Every limit: 0 is 0 or is refused, and never no limit; `never` is none, and a rate of `auto` is
 * no number. Stores keep them apart. */
static void zero_is_a_limit_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        char reason[512], text[TEXT_NUMBER];
        struct value zero, never;
        if (row->type != TYPE_REAL)
            continue;
        if (setting_parse(&row->setting, "0", &zero, reason, sizeof reason)) {
            assert_string_equal(setting_text(&row->setting, zero, text), "0");
            assert_false(setting_is_keyword(&row->setting, zero));
            assert_true(hyperparameter_restored(row, hyperparameter_stored(row, zero.real)) == 0.0);
        }
        if (row->keyword == NULL)
            continue;
        assert_true(setting_parse(&row->setting, row->keyword, &never, reason, sizeof reason));
        assert_string_equal(setting_text(&row->setting, never, text), row->keyword);
        double stored = hyperparameter_stored(row, never.real);
        assert_true(hyperparameter_restored(row, stored) == never.real);
        assert_true(isinf(stored) || stored == 0.0); /* as it always was */
    }
}

static void a_zero_has_no_sign(void **state)
{
    (void)state;
    struct configuration a = configuration_default(), b = a;
    char key_a[DIGEST_TEXT], key_b[DIGEST_TEXT];
    set(&a, "lambda", "0");
    set(&b, "lambda", "-0.0");
    configuration_key(&a, "data", key_a);
    configuration_key(&b, "data", key_b);
    assert_string_equal(key_a, key_b);
}

static void numbers_from_ranges_are_checked_too(void **state)
{
    (void)state;
    struct value value;
    char reason[512];
    const struct hyperparameter *batch = hyperparameter_find("batch");
    assert_true(setting_from_real(&batch->setting, 31.7, &value, reason, sizeof reason));
    assert_int_equal(value.integer, 32);
    assert_false(setting_from_real(&batch->setting, 0.2, &value, reason, sizeof reason));
}

static void what_is_not_used_makes_no_difference(void **state)
{
    (void)state;
    struct configuration a = configuration_default(), b = a;
    char key_a[DIGEST_TEXT], key_b[DIGEST_TEXT];
    set(&b, "batch", "7");
    set(&b, "decay", "3");
    set(&b, "shuffle", "none");
    configuration_canonicalise(&a);
    configuration_canonicalise(&b);
    configuration_key(&a, "data", key_a);
    configuration_key(&b, "data", key_b);
    assert_string_equal(key_a, key_b);
    configuration_key(&b, "other data", key_b);
    assert_string_not_equal(key_a, key_b);
}

static void what_is_used_makes_a_difference(void **state)
{
    (void)state;
    char key_a[DIGEST_TEXT], key_b[DIGEST_TEXT];
    const char *const changes[][2] = {
        {"solver", "sgd"},       {"rate", "0.2"},         {"batch", "7"},
        {"schedule", "inverse"}, {"shuffle", "none"},     {"lambda", "1"},
        {"seed", "1"},           {"threads", "3"},        {"epochs", "5"},
        {"seconds", "5"},        {"gradient_norm", "1"},  {"loss", "1"},
        {"divergence", "1e3"},   {"record", "geometric"}, {"kernel", "reference"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct configuration a = configuration_default();
        set(&a, "solver", "minibatch");
        struct configuration b = a;
        set(&b, changes[i][0], changes[i][1]);
        configuration_key(&a, "data", key_a);
        configuration_key(&b, "data", key_b);
        assert_string_not_equal(key_a, key_b);
    }
}

static void schedules_bring_their_own_rows(void **state)
{
    (void)state;
    struct configuration configuration = configuration_default();
    const struct hyperparameter *decay = hyperparameter_find("decay");
    assert_false(hyperparameter_applies(decay, &configuration));
    set(&configuration, "schedule", "inverse");
    assert_true(hyperparameter_applies(decay, &configuration));
    char users[256];
    assert_string_equal(hyperparameter_users(decay, users, sizeof users),
                        "schedule inverse, schedule inverse-sqrt, schedule exponential");
    assert_string_equal(hyperparameter_users(hyperparameter_find("beta2"), users, sizeof users),
                        "minibatch-adam");
}

static void descriptions_name_what_differs(void **state)
{
    (void)state;
    struct configuration configuration = configuration_default();
    char text[256];
    assert_string_equal(configuration_describe(&configuration, text, sizeof text), "solver=gd");
    set(&configuration, "solver", "sgd");
    set(&configuration, "rate", "0.25");
    set(&configuration, "batch", "7");
    assert_string_equal(configuration_describe(&configuration, text, sizeof text),
                        "solver=sgd rate=0.25");
}

static void a_batch_larger_than_the_data_is_refused(void **state)
{
    (void)state;
    struct configuration configuration = configuration_default();
    char reason[256];
    set(&configuration, "batch", "101");
    double features[1] = {0.0};
    const struct dataset data = {.rows = 100, .features = 1, .X = features};
    assert_null(configuration_fault(&configuration, &data, reason, sizeof reason));
    set(&configuration, "solver", "minibatch");
    assert_ptr_equal(configuration_fault(&configuration, &data, reason, sizeof reason),
                     hyperparameter_find("batch"));
    assert_string_equal(reason, "batch 101 is larger than the data, which have 100 rows");
}

static void a_kernel_that_does_not_take_the_data_is_refused(void **state)
{
    (void)state;
    struct configuration configuration = configuration_default();
    const struct hyperparameter *kernel = hyperparameter_find("kernel");
    char reason[256];
    double features[1] = {0.0};
    size_t starts[101] = {0};
    const struct dataset sparse = {
        .rows = 100, .features = 1, .starts = starts, .ends = starts + 1};
    const struct dataset dense = {.rows = 100, .features = 1, .X = features};
    set(&configuration, "kernel", "fused");
    assert_null(configuration_fault(&configuration, &dense, reason, sizeof reason));
    assert_ptr_equal(configuration_fault(&configuration, &sparse, reason, sizeof reason), kernel);
    assert_string_equal(
        reason, "kernel fused does not take sparse data; these do: auto, reference, sparse");
    set(&configuration, "kernel", "sparse");
    assert_null(configuration_fault(&configuration, &sparse, reason, sizeof reason));
    assert_ptr_equal(configuration_fault(&configuration, &dense, reason, sizeof reason), kernel);
    assert_string_equal(reason, "kernel sparse does not take dense data; these do: auto, "
                                "reference, blas, fused, batched");
}

static void columns_are_told_apart(void **state)
{
    (void)state;
    char text[64];
    assert_string_equal(hyperparameter_column(hyperparameter_find("loss"), text, sizeof text),
                        "stop_loss");
    assert_string_equal(hyperparameter_column(hyperparameter_find("rate"), text, sizeof text),
                        "rate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(refusals_say_what_is_allowed),
        cmocka_unit_test(the_largest_integer_is_the_last),
        cmocka_unit_test(numbers_lost_by_a_double_are_refused),
        cmocka_unit_test(zero_is_a_limit_or_refused),
        cmocka_unit_test(a_zero_has_no_sign),
        cmocka_unit_test(numbers_from_ranges_are_checked_too),
        cmocka_unit_test(what_is_not_used_makes_no_difference),
        cmocka_unit_test(what_is_used_makes_a_difference),
        cmocka_unit_test(schedules_bring_their_own_rows),
        cmocka_unit_test(descriptions_name_what_differs),
        cmocka_unit_test(a_batch_larger_than_the_data_is_refused),
        cmocka_unit_test(a_kernel_that_does_not_take_the_data_is_refused),
        cmocka_unit_test(columns_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
