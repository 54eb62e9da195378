/* SPDX-License-Identifier: MIT
 *
 * Do the intervals of scaling models hold what they say? In a thousand made experiments with each
 * model the true parameters have to lie within their intervals 95 times in 100, also with few
 * samples; at a bound, where an interval has one end only, more often. The numbers drawn are always
 * the same, and so are the counts: of 1000, between 936 and 964 in 95 of 100 such tests.
 */
#include "measure/statistics/speedup_fit.h"

#include "speedup_fixture.h"

enum { EXPERIMENTS = 1000 };

static const size_t powers[] = {1, 2, 4, 8, 16, 0}, uneven[] = {2, 3, 5, 6, 12, 24, 0};

/* How often the intervals of all parameters, and of the best number of threads, hold the truth; and
 * how often the true model is rejected at 5 %, which needs repeats. */
struct coverage {
    size_t parameters[SPEEDUP_PARAMETERS], best, rejected;
};

static struct speedup_fit fit_times(const struct speedup_model *model,
                                    const struct made_times *made)
{
    struct speedup_counts counts;
    struct error error = {0};
    assert_true(speedup_counts_strong(made->samples, made->count, &counts, &error));
    struct speedup_points points = speedup_points_of(made->samples, made->count, &counts);
    struct speedup_fit fit = speedup_fit_model(model, &points, 64);
    speedup_points_free(&points);
    speedup_counts_free(&counts);
    return fit;
}

static struct coverage cover(const struct speedup_model *model, const double *truth,
                             const size_t *counts, size_t repeats, double noise)
{
    struct coverage coverage = {.best = 0};
    for (uint64_t seed = 0; seed < EXPERIMENTS; seed++) {
        struct made_times made = make_times(model, truth, counts, repeats, noise, seed);
        struct speedup_fit fit = fit_times(model, &made);
        for (size_t i = 0; i < model->parameters; i++)
            coverage.parameters[i] += holds(&fit.parameters[i], truth[i]);
        coverage.best += holds(&fit.best, model->best(truth));
        coverage.rejected += fit.misfit < 0.05;
    }
    return coverage;
}

static const struct {
    const struct speedup_model *model;
    double truth[SPEEDUP_PARAMETERS];
    const size_t *counts;
    size_t repeats;
    double noise;
    struct coverage expected;
} experiments[] = {
    {&speedup_amdahl, {2.0, 0.1}, powers, 3, 0.03, {{952, 963}, 1000, 41}},
    {&speedup_amdahl, {2.0, 0.1}, powers, 1, 0.03, {{949, 950}, 1000, 0}},
    {&speedup_amdahl, {2.0, 0.0}, powers, 3, 0.03, {{956, 981}, 1000, 55}},
    {&speedup_amdahl, {2.0, 0.3}, uneven, 2, 0.10, {{958, 957}, 1000, 62}},
    {&speedup_usl, {2.0, 0.05, 0.002}, powers, 3, 0.03, {{956, 951, 958}, 959, 45}},
    {&speedup_usl, {2.0, 0.05, 0.002}, powers, 1, 0.01, {{945, 950, 952}, 952, 0}},
    {&speedup_usl, {2.0, 0.05, 0.0}, powers, 3, 0.03, {{956, 954, 972}, 972, 63}},
    {&speedup_usl, {2.0, 0.02, 0.01}, uneven, 2, 0.05, {{953, 964, 965}, 959, 58}},
    {&speedup_bandwidth, {2.0, 5.0}, powers, 3, 0.03, {{955, 951}, 951, 36}},
    {&speedup_bandwidth, {2.0, 5.0}, powers, 1, 0.03, {{943, 952}, 952, 0}},
    {&speedup_bandwidth, {2.0, 4.0}, powers, 3, 0.20, {{954, 956}, 956, 40}},
    {&speedup_bandwidth, {2.0, 5.5}, uneven, 2, 0.10, {{945, 948}, 948, 60}},
};

static void intervals_hold_the_truth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof experiments / sizeof *experiments; i++) {
        struct coverage found =
            cover(experiments[i].model, experiments[i].truth, experiments[i].counts,
                  experiments[i].repeats, experiments[i].noise);
        const struct coverage *expected = &experiments[i].expected;
        for (size_t j = 0; j < SPEEDUP_PARAMETERS; j++)
            assert_int_equal(found.parameters[j], expected->parameters[j]);
        assert_int_equal(found.best, expected->best);
        assert_int_equal(found.rejected, expected->rejected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_hold_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
