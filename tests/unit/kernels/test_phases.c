/* SPDX-License-Identifier: MIT
 *
 * Phases of an epoch: that no moment is lost or counted twice, on a clock of the test's own; and
 * that kernels declare the same work in parts and as a whole.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "kernels/phases.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static bool near(double a, double b, double share)
{
    return fabs(a - b) <= share * fmax(fabs(a), fabs(b));
}

static double sum_of(const struct phase_totals *totals)
{
    double sum = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        sum += totals->seconds[phase];
    return sum;
}

/* --- What kernels declare -------------------------------------------------------------------- */

static void phases_of_a_kernel_add_up_to_its_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct kernel *kernel = kernel_of(kernel_table.entries[i]);
        for (double models = 1.0; models <= 7.0 && kernel->pass != NULL; models += 3.0) {
            const struct problem_size problem = {
                1000, 30, 30000, models, (kernel->takes & TAKES_DENSE) == 0, 8, false};
            struct phase_cost sum = {0};
            for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
                struct phase_cost cost = kernel_phase_cost(kernel, phase, problem);
                sum.flops += cost.flops;
                sum.bytes += cost.bytes;
            }
            assert_true(near(sum.flops, kernel->flops(problem), 1e-12));
            assert_true(near(sum.bytes, kernel->bytes(problem), 1e-12));
        }
    }
}

static void phases_have_names(void **state)
{
    (void)state;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        assert_int_equal(phase_find(phases[phase].name), phase);
    assert_int_equal(phase_find("none"), PHASE_COUNT);
}

/* --- Training -------------------------------------------------------------------------------- */

/* A trial of `epochs` on made data; its phases are the caller's. */
static struct trial train(const char *solver, const char *kernel, size_t rows, int threads,
                          int64_t epochs, size_t models)
{
    char words[128];
    snprintf(words, sizeof words, "solver=%s kernel=%s threads=%d rate=0.01 epochs=%d", solver,
             kernel, threads, (int)epochs);
    struct dataset *data = random_data(rows, 20);
    struct configuration configuration = configured(words);
    const struct configuration *all[8];
    struct trial trials[8];
    for (size_t j = 0; j < models; j++)
        all[j] = &configuration;
    const struct training_hooks hooks = {.phases = true};
    training_run(data, all, models, &hooks, trials);
    for (size_t j = 1; j < models; j++)
        trial_clear(&trials[j]);
    dataset_free(data);
    return trials[0];
}

/* A reading moves the clock by one. */
static _Atomic int64_t ticks;

static double ticking(void)
{
    return (double)++ticks;
}

static const char *const solvers[] = {
    "gd",    "gd-backtracking", "minibatch",      "sgd",     "svrg",      "saga",
    "lbfgs", "newton",          "newton-sampled", "hogwild", "local-sgd", "null"};

static void phases_add_up_to_the_run(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof solvers / sizeof *solvers; s++)
        for (int threads = 1; threads <= 2; threads++) {
            clock_replace(ticking);
            struct trial trial = train(solvers[s], "auto", 3000, threads, 3, 1);
            clock_replace(NULL);
            assert_non_null(trial.phases);
            assert_true(trial.phases->wall > 0.0);
            assert_true(near(sum_of(trial.phases), trial.phases->wall, 1e-9));
            trial_clear(&trial);
        }
}

/* What the training loop reads on its three clocks lies between the first mark and the last. */
static void phases_add_up_to_the_three_clocks(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        struct trial trial = train("gd", "fused", 40000, threads, 20, 1);
        double clocks = trial.train_seconds + trial.evaluate_seconds + trial.record_seconds;
        assert_true(sum_of(trial.phases) >= (1.0 - 1e-9) * clocks);
        assert_true(near(sum_of(trial.phases), trial.phases->wall, 1e-9));
        trial_clear(&trial);
    }
}

static void every_thread_is_accounted_for(void **state)
{
    (void)state;
    clock_replace(ticking);
    struct trial trial = train("gd", "fused", 20000, 2, 5, 1);
    clock_replace(NULL);
    const struct phase_totals *totals = trial.phases;
    double inside = 0.0;
    assert_int_equal(totals->threads, 2);
    assert_true(totals->regions == 5.0);
    for (int t = 0; t < 2; t++) {
        assert_true(totals->thread[t].work > 0.0 && totals->thread[t].wait > 0.0);
        inside = totals->thread[t].work + totals->thread[t].wait;
        assert_true(near(inside, totals->thread[0].work + totals->thread[0].wait, 1e-9));
    }
    trial_clear(&trial);
}

/* The work is what the kernel declares for so many passes: gd takes one an epoch. */
static void work_is_the_kernels(void **state)
{
    (void)state;
    static const char *const names[] = {"fused", "blas", "batched", "reference"};
    const double epochs = 4.0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct trial trial = train("gd", names[i], 5000, 2, (int64_t)epochs, 3);
        const struct kernel *kernel = kernel_of(table_find(&kernel_table, names[i]));
        const struct problem_size problem = {5000, 20, 100000, 3, false, 8, false};
        struct phase_cost sum = {0};
        for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
            if (phase != PHASE_REDUCE) {
                sum.flops += trial.phases->cost[phase].flops;
                sum.bytes += trial.phases->cost[phase].bytes;
            }
        assert_true(near(sum.flops, epochs * kernel->flops(problem), 1e-12));
        assert_true(near(sum.bytes, epochs * kernel->bytes(problem), 1e-12));
        trial_clear(&trial);
    }
}

static void phases_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *kernel;
        enum phase seen[4], unseen;
    } rows[] = {
        {"blas", {PHASE_FORWARD, PHASE_LOSS, PHASE_GRADIENT, PHASE_REDUCE}, PHASE_PRODUCTS},
        {"batched", {PHASE_FORWARD, PHASE_LOSS, PHASE_GRADIENT, PHASE_REDUCE}, PHASE_PRODUCTS},
        {"fused", {PHASE_PRODUCTS, PHASE_LOSS, PHASE_REDUCE, PHASE_RECORD}, PHASE_FORWARD},
        {"reference", {PHASE_PASS, PHASE_REDUCE, PHASE_UPDATE, PHASE_WAIT}, PHASE_PRODUCTS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clock_replace(ticking);
        struct trial trial = train("gd", rows[i].kernel, 20000, 2, 2, 1);
        clock_replace(NULL);
        for (size_t p = 0; p < 4; p++)
            assert_true(trial.phases->seconds[rows[i].seen[p]] > 0.0);
        assert_true(trial.phases->seconds[rows[i].unseen] == 0.0);
        trial_clear(&trial);
    }
}

/* sgd evaluates after each epoch, and no step takes that; gd takes all but the last. */
static void evaluations_are_the_steps_where_they_take_them(void **state)
{
    (void)state;
    clock_replace(ticking);
    struct trial sgd = train("sgd", "auto", 20000, 1, 3, 1);
    struct trial gd = train("gd", "fused", 20000, 1, 3, 1);
    clock_replace(NULL);
    assert_true(sgd.phases->seconds[PHASE_PRODUCTS] == 0.0);
    assert_true(sgd.phases->seconds[PHASE_SAMPLES] > 0.0);
    assert_true(sgd.phases->seconds[PHASE_EVALUATE] > 0.0);
    assert_true(gd.phases->seconds[PHASE_PRODUCTS] > 0.0);
    assert_true(gd.phases->seconds[PHASE_EVALUATE] > 0.0);
    assert_true(gd.phases->seconds[PHASE_EVALUATE] < 0.5 * sum_of(gd.phases));
    trial_clear(&sgd);
    trial_clear(&gd);
}

static void without_being_asked_nothing_is_timed(void **state)
{
    (void)state;
    assert_null(phase_slot);
    assert_null(phases_read());
    phase_lap(PHASE_UPDATE);
    phase_block();
    phase_done(PHASE_FORWARD);
    phases_end_step(true);
    phases_end_evaluation();
}

/* A team that is smaller than the run's leaves threads out: they wait. */
static void a_smaller_team_leaves_threads_waiting(void **state)
{
    (void)state;
    clock_replace(ticking);
    phases_begin(3);
    for (int team = 3; team >= 1; team--) {
        phases_fork(team);
#pragma omp parallel num_threads(team)
        {
            threads_enter();
            phases_enter();
            phase_lap(PHASE_PASS);
        }
        phases_join();
    }
    phases_end_step(false);
    struct phase_totals *totals = phases_read();
    phases_end();
    clock_replace(NULL);
    assert_true(near(sum_of(totals), totals->wall, 1e-9));
    assert_true(totals->thread[2].wait > totals->thread[0].wait);
    phase_totals_free(totals);
}

static void events_are_kept_on_request(void **state)
{
    (void)state;
    enum { MOST = 50 };
    size_t count;
    phases_keep_events(MOST);
    struct trial trial = train("gd", "fused", 20000, 2, 3, 1);
    for (int t = 0; t < 2; t++) {
        const struct phase_event *events = phases_events(t, &count);
        assert_non_null(events);
        assert_true(count > 3 && count <= MOST);
        for (size_t i = 0; i < count; i++)
            assert_true(events[i].end >= events[i].begin && events[i].phase < PHASE_COUNT);
    }
    assert_null(phases_events(2, &count));
    trial_clear(&trial);
    phases_keep_events(0);
    assert_null(phases_events(0, &count));
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_of_a_kernel_add_up_to_its_pass),
        cmocka_unit_test(phases_have_names),
        cmocka_unit_test(phases_add_up_to_the_run),
        cmocka_unit_test(phases_add_up_to_the_three_clocks),
        cmocka_unit_test(every_thread_is_accounted_for),
        cmocka_unit_test(work_is_the_kernels),
        cmocka_unit_test(phases_are_told_apart),
        cmocka_unit_test(evaluations_are_the_steps_where_they_take_them),
        cmocka_unit_test(without_being_asked_nothing_is_timed),
        cmocka_unit_test(a_smaller_team_leaves_threads_waiting),
        cmocka_unit_test(events_are_kept_on_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
