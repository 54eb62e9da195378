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

#include <math.h>

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

/* The readings that a trial of `null` takes, and how many epochs it records. */
static int readings_of(const char *words, int64_t epochs, size_t *recorded)
{
    struct dataset *data = random_data(2, 1);
    struct configuration configuration = configured(words);
    configuration.epochs = epochs;
    const struct configuration *one = &configuration;
    const struct training_hooks none = {0};
    struct trial trial;
    int before = readings;
    training_run(data, &one, 1, &none, &trial);
    assert_int_equal(trial.epochs, epochs);
    int taken = readings - before;
    *recorded = trial.trace.count;
    trial_clear(&trial);
    dataset_free(data);
    return taken;
}

static void costs_are_what_the_readings_say(void **state)
{
    (void)state;
    clock_replace(ticking_clock);
    enum { EPOCHS = 1000 };
    size_t recorded;
    int around = readings_of("solver=null", 0, &recorded);
    int more = readings_of("solver=null", 1, &recorded) - around;
    int many = readings_of("solver=null record=geometric", EPOCHS, &recorded);
    struct harness_cost cost;
    harness_measure(&cost);
    assert_true(cost.clock_seconds == tick);
    assert_int_equal(around, 4); /* begin, evaluate, record, end */
    assert_int_equal(more, 3);   /* a step, and what is evaluated and recorded of it */
    /* The steps between two points that are recorded are between two readings. */
    assert_int_equal(many, around + 3 * ((int)recorded - 1));
    assert_true(fabs(cost.epoch_seconds * (double)EPOCHS - ((double)recorded - 1.0) * tick) < 1e-9);
    assert_true(cost.trial_seconds == (around + 1) * tick);
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
