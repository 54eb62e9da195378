/* SPDX-License-Identifier: MIT
 *
 * Numbers at the ends of the range: learning rates of features as large as 1e150 and larger, and
 * traces with NaN in them.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "fixture.h"
#include "solvers/schedule.h"

#include <math.h>

/* One that is small from the start is meant, for features as large as 1e150. */
static void a_rate_may_be_as_small_as_features_are_large(void **state)
{
    (void)state;
    struct configuration small = configured("solver=gd rate=1e-300");
    assert_true(schedule_rate(&small, 7.0) == 1e-300);
    small = configured("solver=gd rate=1e-250 schedule=exponential decay=1");
    assert_true(schedule_rate(&small, 50.0) == 1e-250 * exp(-50.0));
    small = configured("solver=gd rate=1e-5 schedule=exponential decay=10");
    assert_true(schedule_rate(&small, 43.0) > 0.0 && schedule_rate(&small, 45.0) == 0.0);
    struct dataset *large = random_data(100, 3), *plain = random_data(100, 3);
    for (size_t i = 0; i < 300; i++)
        large->X[i] = ldexp(large->X[i], 480);
    const double zeros[3] = {0.0};
    const struct training_hooks hooks = {.initial_weights = zeros};
    struct trial of_large = trained(large, "solver=gd rate=auto epochs=300", &hooks);
    struct trial of_plain = trained(plain, "solver=gd rate=auto epochs=300", &hooks);
    assert_true(of_large.rate > 0.0 && of_large.rate < 1e-280 && isfinite(of_plain.rate));
    assert_int_equal(of_large.status, STATUS_EPOCHS);
    assert_true(trial_last(&of_large)->loss < of_large.trace.points[0].loss);
    trial_clear(&of_large);
    trial_clear(&of_plain);
    dataset_free(large);
    dataset_free(plain);
}

/* Where squares of features are beyond a double, so is 1/L: that is said, and nothing is trained.
 */
static void a_rate_that_cannot_be_found_fails(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    for (size_t i = 0; i < 100; i++)
        data->X[i] = ldexp(data->X[i], 700);
    static const char *const words[] = {"solver=gd rate=auto", "solver=sgd rate=auto",
                                        "solver=minibatch rate=auto", "solver=saga rate=auto"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct trial trial = trained(data, words[i], NULL);
        assert_int_equal(trial.status, STATUS_FAILED);
        assert_int_equal(trial.epochs, 0);
        assert_non_null(strstr(trial.message, "--scale"));
        trial_clear(&trial);
    }
    dataset_free(data);
}

/* A trial of two points, in the second of which one value is replaced. */
static void digest_of(size_t value, double by, bool held_out, char text[static DIGEST_TEXT])
{
    double w = 0.5;
    struct trial trial = {.status = STATUS_DIVERGED, .epochs = 1, .features = 1};
    trial.w = memory_allocate(1, sizeof w);
    *trial.w = w;
    for (int64_t epoch = 0; epoch < 2; epoch++) {
        struct trace_point point = {.epoch = epoch};
        for (size_t v = 0; v < TRACE_VALUE_COUNT; v++)
            *trace_value(&point, v) = v < 5 || held_out ? 1.5 : NAN;
        if (epoch == 1)
            *trace_value(&point, value) = by;
        trace_append(&trial.trace, point);
    }
    trial_seal(&trial);
    memcpy(text, trial.digest, DIGEST_TEXT);
    trial_clear(&trial);
}

/* Which value is NaN counts, and not which of the many NaN it is; seconds do not. Digests of traces
 * without are those that stores have had from the beginning. */
static void the_place_of_a_nan_counts(void **state)
{
    (void)state;
    char of[2 * TRACE_VALUE_COUNT + 2][DIGEST_TEXT], negative[DIGEST_TEXT];
    size_t count = 0;
    for (int held_out = 0; held_out <= 1; held_out++) {
        digest_of(1, 1.5, held_out != 0, of[count++]);
        for (size_t v = 1; v < (held_out ? TRACE_VALUE_COUNT : 5); v++) {
            digest_of(v, NAN, held_out != 0, of[count++]);
            digest_of(v, -(double)NAN, held_out != 0, negative);
            assert_string_equal(negative, of[count - 1]);
        }
    }
    assert_int_equal(count, 2 + 4 + 6);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(of[i], of[j]);
    assert_string_equal(of[0], "1cb002b1333f78329778ae23990edb30");
    assert_string_equal(of[5], "e446b90acc8d09f37810f1d594f465de");
    digest_of(0, NAN, false, negative);
    assert_string_equal(negative, of[0]);
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_may_be_as_small_as_features_are_large),
        cmocka_unit_test(a_rate_that_cannot_be_found_fails),
        cmocka_unit_test(the_place_of_a_nan_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
