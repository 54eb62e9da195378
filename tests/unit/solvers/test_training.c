/* SPDX-License-Identifier: MIT
 *
 * The training loop: gradients by finite differences, stopping rules, three clocks under a clock
 * that the test sets, the same bits at any number of threads, and k models side by side against one
 * at a time.
 */
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "fixture.h"
#include "solvers/curvature.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

/* --- Mathematics ---------------------------------------------------------------------------- */

static void the_gradient_is_the_slope_of_the_objective(void **state)
{
    (void)state;
    struct dataset *data = random_data(200, 5);
    const double lambdas[3] = {0.0, 0.1, 2.0};
    struct models models = models_create(5, 3);
    for (size_t i = 0; i < 15; i++)
        models.W[i] = 0.1 * (double)i - 0.7;
    struct objective *objective = objective_create(
        &(struct kernel_problem){
            .data = data, .pass = &kernel_reference, .models = 3, .threads = 1},
        0, lambdas);
    for (size_t i = 0; i < 15; i++) {
        const double h = 1e-5;
        double w = models.W[i];
        models.W[i] = w + h;
        double above = objective_at(objective, &models).objective[i % 3];
        models.W[i] = w - h;
        double below = objective_at(objective, &models).objective[i % 3];
        models.W[i] = w;
        double slope = objective_at(objective, &models).dW[i];
        assert_true(fabs((above - below) / (2.0 * h) - slope) < 1e-8);
    }
    objective_free(objective);
    models_clear(&models);
    dataset_free(data);
}

static void a_batch_of_all_samples_is_a_full_step(void **state)
{
    (void)state;
    struct dataset *data = random_data(500, 3);
    struct trial full = trained(data, "solver=gd epochs=20 rate=0.5 lambda=0.01", NULL);
    struct trial batch = trained(
        data, "solver=minibatch epochs=20 rate=0.5 lambda=0.01 batch=500 shuffle=none", NULL);
    assert_string_equal(full.digest, batch.digest);
    trial_clear(&full);
    trial_clear(&batch);
    dataset_free(data);
}

static void a_batch_of_one_is_sgd(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 3);
    const char *const solvers[] = {"solver=sgd", "solver=minibatch batch=1"};
    double loss[2];
    for (int i = 0; i < 2; i++) {
        char words[128];
        snprintf(words, sizeof words, "%s epochs=5 rate=0.1 lambda=0.01 seed=9", solvers[i]);
        struct trial trial = trained(data, words, NULL);
        loss[i] = trial_last(&trial)->loss;
        trial_clear(&trial);
    }
    assert_true(fabs(loss[0] - loss[1]) < 1e-12);
    dataset_free(data);
}

/* [X 1]'[X 1] of these rows is diag(8, 2, 4): lambda_max / (4 n) = 8 / 16. */
static void the_curvature_is_the_largest_eigenvalue(void **state)
{
    (void)state;
    struct dataset *data = dataset_create(4, 2, true);
    const double X[8] = {2, 0, -2, 0, 0, 1, 0, -1};
    memcpy(data->X, X, sizeof X);
    assert_true(fabs(curvature_largest(data, 2) - 0.5) < 1e-4);
    dataset_free(data);
}

static void schedules_follow_their_formulas(void **state)
{
    (void)state;
    const struct {
        const char *words;
        double at_0, at_10, at_100;
    } cases[] = {
        {"schedule=constant", 2.0, 2.0, 2.0},
        {"schedule=inverse decay=0.1", 2.0, 1.0, 2.0 / 11.0},
        {"schedule=inverse-sqrt decay=0.3", 2.0, 1.0, 2.0 / sqrt(31.0)},
        {"schedule=exponential decay=0.1", 2.0, 2.0 / exp(1.0), 2.0 / exp(10.0)},
        {"schedule=step period=10 factor=0.5", 2.0, 1.0, 2.0 / 1024.0},
        {"schedule=cosine floor=0.1 epochs=100", 2.0, 1.9559508646656382, 0.2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[128];
        snprintf(words, sizeof words, "solver=gd rate=2 %s", cases[i].words);
        struct configuration configuration = configured(words);
        const struct schedule *schedule = schedule_of(configuration.schedule);
        assert_true(fabs(schedule->rate(&configuration, 0.0) - cases[i].at_0) < 1e-12);
        assert_true(fabs(schedule->rate(&configuration, 10.0) - cases[i].at_10) < 1e-12);
        assert_true(fabs(schedule->rate(&configuration, 100.0) - cases[i].at_100) < 1e-12);
    }
}

/* Rates that change nothing are none: their steps would be made of denormal numbers. */
static void a_rate_below_all_rounding_is_none(void **state)
{
    (void)state;
    struct configuration fading = configured("solver=sgd rate=2 schedule=exponential decay=10");
    assert_true(schedule_rate(&fading, 10.0) == 2.0 * exp(-100.0));
    assert_true(schedule_rate(&fading, 44.0) == 2.0 * exp(-440.0));
    assert_true(schedule_rate(&fading, 45.0) == 0.0);
    assert_true(schedule_rate(&fading, 80.0) == 0.0);
}

/* --- Determinism ---------------------------------------------------------------------------- */

static void every_solver_has_the_same_bits_at_any_thread_count(void **state)
{
    (void)state;
    struct dataset *data = random_data(20000, 10);
    for (size_t i = 0; i < solver_table.count; i++) {
        char words[128], digest[DIGEST_TEXT] = "";
        if (solver_of(solver_table.entries[i])->racy)
            continue;
        for (int threads = 1; threads <= 5; threads += 2) {
            snprintf(words, sizeof words,
                     "solver=%s epochs=3 rate=0.1 batch=5000 seed=3 threads=%d",
                     solver_table.entries[i]->name, threads);
            struct trial trial = trained(data, words, NULL);
            if (threads > 1)
                assert_string_equal(digest, trial.digest);
            memcpy(digest, trial.digest, sizeof digest);
            trial_clear(&trial);
        }
    }
    dataset_free(data);
}

static void seeds_matter_and_nothing_else_does(void **state)
{
    (void)state;
    struct dataset *data = random_data(100, 2);
    struct trial a = trained(data, "solver=sgd epochs=5 seed=1", NULL);
    struct trial b = trained(data, "solver=sgd epochs=5 seed=1", NULL);
    struct trial c = trained(data, "solver=sgd epochs=5 seed=2", NULL);
    assert_string_equal(a.digest, b.digest);
    assert_string_not_equal(a.digest, c.digest);
    trial_clear(&a);
    trial_clear(&b);
    trial_clear(&c);
    dataset_free(data);
}

static void models_side_by_side_do_what_they_do_alone(void **state)
{
    (void)state;
    struct dataset *data = random_data(3000, 6);
    const char *const words[] = {
        "rate=0.1 lambda=0.01 epochs=7", "rate=1e9 lambda=1 epochs=30", "rate=0.2 epochs=30",
        "rate=0.15 epochs=20 loss=0.55", "rate=0.01 epochs=1",
    };
    enum { MODELS = sizeof words / sizeof *words };
    for (size_t s = 0; s < solver_table.count; s++) {
        if (solver_of(solver_table.entries[s])->alone)
            continue;
        struct configuration configurations[MODELS];
        const struct configuration *pointers[MODELS];
        struct trial together[MODELS];
        const struct training_hooks none = {0};
        char all[MODELS][128];
        for (size_t j = 0; j < MODELS; j++) {
            snprintf(all[j], sizeof all[j], "solver=%s %s", solver_table.entries[s]->name,
                     words[j]);
            configurations[j] = configured(all[j]);
            pointers[j] = &configurations[j];
        }
        training_run(data, pointers, MODELS, &none, together);
        for (size_t j = 0; j < MODELS; j++) {
            struct trial alone = trained(data, all[j], NULL);
            assert_int_equal(alone.status, together[j].status);
            assert_int_equal(alone.epochs, together[j].epochs);
            if (alone.status > 0)
                assert_true(fabs(trial_last(&alone)->loss - trial_last(&together[j])->loss) < 1e-9);
            trial_clear(&alone);
            trial_clear(&together[j]);
        }
    }
    dataset_free(data);
}

/* --- Stopping and clocks -------------------------------------------------------------------- */

static void trials_end_as_their_status_says(void **state)
{
    (void)state;
    struct dataset *data = random_data(400, 3);
    const struct {
        const char *words;
        enum trial_status status;
    } cases[] = {
        {"solver=gd epochs=4", STATUS_EPOCHS},
        {"solver=gd rate=1 epochs=10000 loss=0.5", STATUS_LOSS},
        {"solver=gd rate=1 epochs=10000 gradient_norm=0.05", STATUS_GRADIENT_NORM},
        {"solver=gd rate=1e200 lambda=1e200 epochs=50", STATUS_DIVERGED},
        {"solver=gd rate=3 lambda=1 epochs=500", STATUS_DIVERGED},
        {"solver=sgd rate=30 lambda=1 epochs=500", STATUS_DIVERGED},
        {"solver=sgd rate=0.01 epochs=1000000 seconds=1e-9", STATUS_TIME_LIMIT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trial trial = trained(data, cases[i].words, NULL);
        assert_string_equal(trial_status_name(trial.status), trial_status_name(cases[i].status));
        assert_int_equal(trial_last(&trial)->epoch, trial.epochs);
        trial_clear(&trial);
    }
    dataset_free(data);
}

/* One feature of 1e9 separates: after a step the loss and its gradient are exactly zero. */
static void no_limit_is_not_a_limit_of_zero(void **state)
{
    (void)state;
    struct dataset *data = dataset_create(2, 1, true);
    data->X[0] = -(data->X[1] = 1e9);
    data->y[0] = 0.0;
    data->y[1] = 1.0;
    struct trial trial = trained(data, "solver=gd rate=1 epochs=5 kernel=reference", NULL);
    assert_true(trial_last(&trial)->loss == 0.0);
    assert_int_equal(trial.status, STATUS_EPOCHS);
    assert_int_equal(trial.epochs, 5);
    trial_clear(&trial);
    dataset_free(data);
}

static void the_time_limit_is_seen_at_once(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct trial trial = trained(data, "solver=sgd epochs=9 seconds=1e-12 record=geometric", NULL);
    assert_int_equal(trial.status, STATUS_TIME_LIMIT);
    assert_int_equal(trial.epochs, 1);
    trial_clear(&trial);
    dataset_free(data);
}

static void geometric_recording_thins_the_trace(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct trial trial = trained(data, "solver=gd epochs=20 record=geometric", NULL);
    const int64_t epochs[] = {0, 1, 2, 3, 4, 6, 9, 13, 19, 20};
    assert_int_equal(trial.trace.count, sizeof epochs / sizeof *epochs);
    for (size_t i = 0; i < trial.trace.count; i++)
        assert_int_equal(trial.trace.points[i].epoch, epochs[i]);
    struct trial every = trained(data, "solver=gd epochs=20", NULL);
    assert_int_equal(every.trace.count, 21);
    assert_memory_equal(every.w, trial.w, 2 * sizeof(double));
    trial_clear(&trial);
    trial_clear(&every);
    dataset_free(data);
}

/* Weights are those of a run that is watched, and rules are kept. */
static void without_a_trace_the_weights_are_the_same(void **state)
{
    (void)state;
    struct dataset *data = random_data(200, 3);
    const struct training_hooks untraced = {.untraced = true};
    const char *const rules[] = {"epochs=7", "epochs=50 gradient_norm=0.05", "epochs=50 loss=0.5"};
    for (size_t i = 0; i < solver_table.count * 3; i++) {
        const struct entry *solver = solver_table.entries[i / 3];
        char words[128];
        if (solver_of(solver)->racy || solver_of(solver)->outside)
            continue;
        snprintf(words, sizeof words, "solver=%s rate=0.1 batch=50 lambda=0.01 %s", solver->name,
                 rules[i % 3]);
        struct trial seen = trained(data, words, NULL), unseen = trained(data, words, &untraced);
        assert_int_equal(unseen.epochs, seen.epochs);
        assert_int_equal(unseen.status, seen.status);
        assert_memory_equal(unseen.w, seen.w, 3 * sizeof(double));
        assert_true(unseen.trace.count < seen.trace.count || i % 3 > 0 || seen.epochs < 7);
        trial_clear(&seen);
        trial_clear(&unseen);
    }
    dataset_free(data);
}

static double ticks;

static double ticking_clock(void)
{
    return ticks += 1.0;
}

/* Every reading of the clock advances it by one second. An epoch of sgd reads it once where the
 * step ends, so training takes one second per epoch; a step of gd takes the evaluation that went
 * before as well, two seconds per epoch, and leaves only the last evaluation on the evaluation
 * clock. */
static void three_clocks_stay_apart(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    clock_replace(ticking_clock);
    struct trial sgd = trained(data, "solver=sgd epochs=10", NULL);
    struct trial gd = trained(data, "solver=gd epochs=10", NULL);
    clock_replace(NULL);
    assert_true(sgd.train_seconds == 10.0 && gd.train_seconds == 20.0);
    assert_true(sgd.evaluate_seconds == 11.0 && gd.evaluate_seconds == 1.0);
    assert_true(sgd.record_seconds == 11.0 && gd.record_seconds == 11.0);
    assert_true(sgd.trace.points[3].seconds == 3.0 && gd.trace.points[3].seconds == 6.0);
    trial_clear(&sgd);
    trial_clear(&gd);
    dataset_free(data);
}

/* Steps between two points of a trace do not read the clock: three readings a point, one at the
 * start, and one for each model that leaves; a limit in seconds is looked at after every step. */
static void the_clock_is_read_where_it_is_asked_for(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    clock_replace(ticking_clock);
    ticks = 0.0;
    struct trial rare = trained(data, "solver=sgd epochs=1000 record=geometric", NULL);
    double readings = ticks;
    ticks = 0.0;
    struct trial limited =
        trained(data, "solver=sgd epochs=1000 record=geometric seconds=1e9", NULL);
    clock_replace(NULL);
    assert_true(readings == 1.0 + 1.0 + 3.0 * (double)rare.trace.count - 1.0);
    assert_true(ticks >= 1000.0);
    assert_int_equal(limited.epochs, rare.epochs);
    trial_clear(&rare);
    trial_clear(&limited);
    dataset_free(data);
}

static atomic_int interrupt;

static void interrupt_at_three(void *context, const struct observation *seen)
{
    (void)context;
    if (seen->point->epoch == 3)
        interrupt = 1;
}

static void an_interrupt_ends_the_trial_at_the_next_epoch(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    interrupt = 0;
    const struct training_hooks hooks = {.observe = interrupt_at_three, .interrupt = &interrupt};
    struct trial trial = trained(data, "solver=sgd epochs=1000", &hooks);
    assert_int_equal(trial.status, STATUS_INTERRUPTED);
    assert_int_equal(trial.epochs, 4);
    trial_clear(&trial);
    dataset_free(data);
}

/* The weights that were seen last, of each of two models. */
struct seen {
    double w[2][2], b[2];
};

static void note_weights(void *context, const struct observation *seen)
{
    struct seen *last = context;
    models_copy_weights(seen->models, seen->column, last->w[seen->index]);
    last->b[seen->index] = seen->models->b[seen->column];
}

static void an_observer_sees_the_weights_of_each_model(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct configuration first = configured("solver=gd rate=0.5 epochs=3"),
                         second = configured("solver=gd rate=1 epochs=7");
    const struct configuration *both[] = {&first, &second};
    struct seen last;
    const struct training_hooks hooks = {.observe = note_weights, .context = &last};
    struct trial trials[2];
    training_run(data, both, 2, &hooks, trials);
    for (int i = 0; i < 2; i++) {
        assert_memory_equal(last.w[i], trials[i].w, sizeof last.w[i]);
        assert_memory_equal(&last.b[i], &trials[i].b, sizeof last.b[i]);
        trial_clear(&trials[i]);
    }
    dataset_free(data);
}

/* Models side by side, each with a start of its own, and one that begins as usual. */
static void models_begin_where_they_are_to_begin(void **state)
{
    (void)state;
    static const char *const words[] = {"solver=gd rate=0.3 epochs=4 lambda=0.1",
                                        "solver=gd rate=0.2 epochs=6 lambda=0.2",
                                        "solver=gd rate=0.1 epochs=5"};
    static const double first[] = {1.0, -2.0, 0.5}, second[] = {0.0, 0.25, 3.0};
    const struct model_start starts[] = {{first, 0.5}, {second, -1.0}, {NULL, 0.0}};
    struct dataset *data = random_data(400, 3);
    struct configuration configurations[3];
    const struct configuration *pointers[3];
    struct trial together[3];
    for (size_t i = 0; i < 3; i++) {
        configurations[i] = configured(words[i]);
        configurations[i].kernel = &kernel_reference.entry;
        pointers[i] = &configurations[i];
    }
    training_run(data, pointers, 3, &(struct training_hooks){.starts = starts}, together);
    for (size_t i = 0; i < 3; i++) {
        struct trial alone;
        const struct training_hooks hooks = {.initial_weights = starts[i].weights,
                                             .initial_bias = starts[i].bias};
        training_run(data, &pointers[i], 1, &hooks, &alone);
        assert_string_equal(together[i].digest, alone.digest);
        trial_clear(&alone);
        trial_clear(&together[i]);
    }
    dataset_free(data);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gradient_is_the_slope_of_the_objective),
        cmocka_unit_test(a_batch_of_all_samples_is_a_full_step),
        cmocka_unit_test(a_batch_of_one_is_sgd),
        cmocka_unit_test(the_curvature_is_the_largest_eigenvalue),
        cmocka_unit_test(schedules_follow_their_formulas),
        cmocka_unit_test(a_rate_below_all_rounding_is_none),
        cmocka_unit_test(every_solver_has_the_same_bits_at_any_thread_count),
        cmocka_unit_test(seeds_matter_and_nothing_else_does),
        cmocka_unit_test(models_side_by_side_do_what_they_do_alone),
        cmocka_unit_test(trials_end_as_their_status_says),
        cmocka_unit_test(no_limit_is_not_a_limit_of_zero),
        cmocka_unit_test(the_time_limit_is_seen_at_once),
        cmocka_unit_test(geometric_recording_thins_the_trace),
        cmocka_unit_test(without_a_trace_the_weights_are_the_same),
        cmocka_unit_test(three_clocks_stay_apart),
        cmocka_unit_test(the_clock_is_read_where_it_is_asked_for),
        cmocka_unit_test(an_interrupt_ends_the_trial_at_the_next_epoch),
        cmocka_unit_test(an_observer_sees_the_weights_of_each_model),
        cmocka_unit_test(models_begin_where_they_are_to_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
