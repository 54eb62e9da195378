/* SPDX-License-Identifier: MIT
 *
 * From a sweep to a verdict on a clock that is made up. It advances by a tick whenever it is asked,
 * and the training loop asks it as often in every recorded epoch: an epoch takes the same time
 * whatever the solver, so that a ratio of times is a ratio of epochs, exactly. A tick that grows is
 * a machine that slows down: medians drift apart, and rounds do not.
 */
#include "runner_fixture.h"

#include "report/comparison/comparison.h"
#include "report/comparison/finalists.h"

#include <math.h>

#define SWEEP                                                                                      \
    "name: clock\ndata: {generate: blobs, rows: 300, features: 4, noise: 0.1, seed: 1}\n"          \
    "runs: [{solver: gd, rate: [1, 4], threads: 1}, {solver: sgd, rate: [0.001, 0.01]}]\n"         \
    "optimum: always\nlambda: 0.01\nstop: {epochs: 40}\nfinals: 15\nbinding: none\n"

static double now, tick, growth;

static double made_clock(void)
{
    tick *= growth;
    return now += tick;
}

/* Runs the sweep on such a clock and compares its families. */
static void compare_on_clock(struct place_to_work *work, double growing,
                             struct opened_store *opened, struct comparison *comparison)
{
    const struct sweep_options options = {.finalists = finalists_choose};
    struct error error = {0};
    now = 0.0;
    tick = 1e-6;
    growth = growing;
    clock_replace(made_clock);
    run_well(work, SWEEP, options);
    *opened =
        (struct opened_store){.store = store_open(work->outcome.folder, &error), .name = "clock"};
    assert_non_null(opened->store);
    assert_true(results_read(opened->store, &opened->results, &error));
    assert_true(comparison_create(comparison, "family", opened, 1, &error));
    assert_int_equal(comparison->contenders.count, 1);
    assert_int_equal(comparison->contenders.sides.count, 2);
}

static void clear(struct opened_store *opened, struct comparison *comparison)
{
    comparison_clear(comparison);
    results_clear(&opened->results);
    store_close(opened->store);
}

static double ticks_of(const struct side_best *place)
{
    double each = strcmp(place->entrant->values.solver->name, "gd") == 0 ? 2.0 : 1.0;
    return each * place->epochs;
}

/* Every target that both sides come to, checked with ratio and interval within `error` of the ratio
 * of ticks. Returns how many there are. */
static size_t check_ratios(const struct comparison *comparison, double error)
{
    size_t checked = 0;
    for (size_t t = 0; t < comparison->contenders.problems[0].targets; t++) {
        const struct verdict *verdict = &comparison->matches[0].verdicts[t];
        if (verdict->arriving < 2)
            continue;
        const struct side_best *ahead = &verdict->places[verdict->ahead];
        const struct side_best *other = &verdict->places[1 - verdict->ahead];
        double ticks = ticks_of(other) / ticks_of(ahead);
        assert_int_equal(verdict->timing, TIMED_IN_FINALS);
        assert_int_equal(other->ratio.rounds, 15);
        assert_true(fabs(other->ratio.ratio / ticks - 1.0) <= error);
        assert_true(fabs(other->ratio.low / ticks - 1.0) <= error);
        assert_true(fabs(other->ratio.high / ticks - 1.0) <= error);
        if (fabs(ticks - 1.0) > 2.0 * error)
            assert_int_equal(verdict->outcome, VERDICT_FIRST);
        checked++;
    }
    return checked;
}

static void times_are_ticks_on_a_steady_clock(void **state)
{
    struct opened_store opened;
    struct comparison comparison;
    compare_on_clock(*state, 1.0, &opened, &comparison);
    assert_true(check_ratios(&comparison, 1e-6) >= 2);
    for (size_t t = 0; t < comparison.contenders.problems[0].targets; t++)
        for (size_t s = 0; s < 2; s++) {
            const struct side_best *place = &comparison.matches[0].verdicts[t].places[s];
            if (place->arrives)
                assert_true(fabs(place->seconds / ticks_of(place) / 1e-6 - 1.0) < 1e-6);
        }
    clear(&opened, &comparison);
}

/* From the first round of the finals to the last the clock becomes several times slower. */
static void rounds_are_free_of_drift(void **state)
{
    struct opened_store opened;
    struct comparison comparison;
    compare_on_clock(*state, 1.0002, &opened, &comparison);
    assert_true(check_ratios(&comparison, 0.05) >= 2);
    const struct side_best *place =
        &comparison.matches[0].verdicts[0].places[comparison.matches[0].verdicts[0].ahead];
    double least = INFINITY, most = 0.0;
    for (size_t r = 0; r < place->entrant->count; r++)
        if (place->entrant->runs[r].final > 0) {
            least = fmin(least, place->entrant->runs[r].seconds[0].latest);
            most = fmax(most, place->entrant->runs[r].seconds[0].latest);
        }
    assert_true(most / least > 2.0);
    clear(&opened, &comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(times_are_ticks_on_a_steady_clock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rounds_are_free_of_drift, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
