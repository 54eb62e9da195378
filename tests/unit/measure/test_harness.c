/* SPDX-License-Identifier: MIT
 *
 * The cost of the harness by a clock that ticks at every reading: it must be what the number of
 * readings says.
 */
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "measure/machine/harness.h"
#include "solvers/solver.h"

static const double tick = 0.5;
static int readings;

static double ticking_clock(void)
{
    return tick * ++readings;
}

static void a_reading_costs_a_tick(void **state)
{
    (void)state;
    clock_replace(ticking_clock);
    assert_true(clock_cost() == tick);
    clock_replace(NULL);
}

/* The readings that a trial of `null` takes. */
static int readings_of(int64_t epochs)
{
    struct dataset *data = random_data(2, 1);
    struct configuration configuration = configured("solver=null");
    configuration.epochs = epochs;
    const struct configuration *one = &configuration;
    const struct training_hooks none = {0};
    struct trial trial;
    int before = readings;
    training_run(data, &one, 1, &none, &trial);
    assert_int_equal(trial.epochs, epochs);
    int taken = readings - before;
    trial_clear(&trial);
    dataset_free(data);
    return taken;
}

static void costs_are_what_the_readings_say(void **state)
{
    (void)state;
    clock_replace(ticking_clock);
    int around = readings_of(0), more = readings_of(1) - around;
    struct harness_cost cost;
    harness_measure(&cost);
    assert_true(cost.clock_seconds == tick);
    assert_true(cost.epoch_seconds == tick); /* a step is between two readings */
    assert_true(cost.trial_seconds == (around + 1) * tick);
    assert_int_equal(around, 4);        /* evaluate, record */
    assert_int_equal(more, 2 + around); /* and a step before them */
    clock_replace(NULL);
}

static void costs_are_some_time_by_the_real_clock(void **state)
{
    (void)state;
    struct harness_cost cost;
    harness_measure(&cost);
    assert_true(cost.clock_seconds > 0.0 && cost.clock_seconds < 1.0);
    assert_true(cost.epoch_seconds > 0.0 && cost.epoch_seconds < 1.0);
    assert_true(cost.trial_seconds > 0.0 && cost.trial_seconds < 1.0);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_costs_a_tick),
        cmocka_unit_test(costs_are_what_the_readings_say),
        cmocka_unit_test(costs_are_some_time_by_the_real_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
