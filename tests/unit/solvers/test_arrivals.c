/* SPDX-License-Identifier: MIT
 *
 * When a trial meets its targets, whatever is recorded: solvers whose steps begin with the gradient
 * arrive in the same epochs with `record: geometric` as with `record: every`, stop in the same
 * epoch with the same weights, alone, side by side, and on any number of threads. What was not
 * looked at stays between two recorded epochs.
 */
#include "fixture.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

/* Where a trace meets a gap: the epoch, or the negative one where the epoch before it is not there;
 * 0: nowhere. */
static int64_t arrival_of(const struct trial *trial, double target)
{
    const struct trace *trace = &trial->trace;
    for (size_t p = 1; p < trace->count; p++)
        if (trace->points[p].objective <= target)
            return trace->points[p - 1].epoch == trace->points[p].epoch - 1
                       ? trace->points[p].epoch
                       : -trace->points[p].epoch;
    return 0;
}

/* F*, as near as an objective comes to it. */
static double optimum_of(const struct dataset *data)
{
    struct trial trial = trained(data, "solver=newton lambda=0.01 epochs=50", NULL);
    double optimum = trial_last(&trial)->objective;
    trial_clear(&trial);
    return optimum;
}

static struct trial trained_towards(const struct dataset *data, const char *words, const char *more,
                                    double optimum)
{
    char all[256];
    snprintf(all, sizeof all, "%s lambda=0.01 epochs=400 %s", words, more);
    return trained(data, all, &(struct training_hooks){.optima = &optimum});
}

static const char *const lookers[] = {
    "solver=gd rate=1", "solver=gd-momentum rate=0.5", "solver=gd-backtracking", "solver=lbfgs",
    "solver=newton",    "solver=svrg rate=0.02",       "solver=newton-sampled"};
enum { LOOKERS = sizeof lookers / sizeof *lookers };

static void arrivals_do_not_depend_on_what_is_recorded(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 4);
    const double optimum = optimum_of(data);
    for (size_t i = 0; i < LOOKERS; i++) {
        struct trial every = trained_towards(data, lookers[i], "record=every", optimum);
        struct trial some = trained_towards(data, lookers[i], "record=geometric", optimum);
        int64_t last = 0;
        for (size_t t = 0; t < GAP_TARGETS; t++) {
            int64_t arrival = arrival_of(&every, optimum + gap_targets[t]);
            assert_int_equal(arrival, arrival_of(&some, optimum + gap_targets[t]));
            last = arrival;
        }
        assert_true(last > 0);
        assert_true(some.trace.count < every.trace.count);
        for (size_t p = 1; p < some.trace.count; p++)
            assert_true(some.trace.points[p - 1].epoch < some.trace.points[p].epoch);
        trial_clear(&every);
        trial_clear(&some);
    }
    dataset_free(data);
}

/* And the bits of training are those of a trial for which no F* is known. */
static void looking_changes_no_bits(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 4);
    const double optimum = optimum_of(data);
    for (size_t i = 0; i < LOOKERS; i++) {
        struct trial blind = trained_towards(data, lookers[i], "record=geometric", NAN);
        struct trial some = trained_towards(data, lookers[i], "record=geometric", optimum);
        assert_string_equal(blind.digest, some.digest);
        trial_clear(&blind);
        trial_clear(&some);
    }
    dataset_free(data);
}

static void a_limit_ends_training_in_its_epoch(void **state)
{
    (void)state;
    static const char *const limits[] = {"gap=3e-4", "gradient_norm=1e-3",
                                         "divergence=1e6 rate=250"};
    struct dataset *data = random_data(300, 4);
    const double optimum = optimum_of(data);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char words[2][96];
        snprintf(words[0], sizeof words[0], "record=every %s", limits[i]);
        snprintf(words[1], sizeof words[1], "record=geometric %s", limits[i]);
        struct trial every = trained_towards(data, "solver=gd rate=1", words[0], optimum);
        struct trial some = trained_towards(data, "solver=gd rate=1", words[1], optimum);
        assert_true(every.status != STATUS_EPOCHS && every.epochs > 4);
        assert_int_equal(every.status, some.status);
        assert_int_equal(every.epochs, some.epochs);
        assert_int_equal(trial_last(&some)->epoch, some.epochs);
        assert_memory_equal(every.w, some.w, 4 * sizeof(double));
        trial_clear(&every);
        trial_clear(&some);
    }
    dataset_free(data);
}

/* Of an epoch of SGD the loss is known only after a pass more. */
static void who_would_pay_for_a_look_does_not_look(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 4);
    struct trial blind = trained_towards(data, "solver=sgd rate=0.01", "record=geometric", NAN);
    struct trial some =
        trained_towards(data, "solver=sgd rate=0.01", "record=geometric", optimum_of(data));
    assert_int_equal(blind.trace.count, some.trace.count);
    trial_clear(&blind);
    trial_clear(&some);
    dataset_free(data);
}

static void side_by_side_each_arrives_by_itself(void **state)
{
    (void)state;
    struct dataset *data = random_data(300, 4);
    const double optimum = optimum_of(data), optima[3] = {optimum, optimum, optimum};
    static const char *const words[3] = {
        "solver=gd rate=1 lambda=0.01 epochs=400 record=geometric",
        "solver=gd rate=2 lambda=0.01 epochs=400 record=geometric",
        "solver=gd rate=3 lambda=0.01 epochs=400 record=geometric gap=2e-4",
    };
    struct configuration made[3];
    const struct configuration *together[3];
    struct trial trials[3];
    for (size_t j = 0; j < 3; j++) {
        made[j] = configured(words[j]);
        together[j] = &made[j];
    }
    training_run(data, together, 3, &(struct training_hooks){.optima = optima}, trials);
    for (size_t j = 0; j < 3; j++) {
        struct trial alone = trained(data, words[j], &(struct training_hooks){.optima = &optimum});
        assert_int_equal(alone.status, trials[j].status);
        assert_int_equal(alone.epochs, trials[j].epochs);
        for (size_t t = 0; t < GAP_TARGETS; t++)
            assert_int_equal(arrival_of(&alone, optimum + gap_targets[t]),
                             arrival_of(&trials[j], optimum + gap_targets[t]));
        trial_clear(&alone);
        trial_clear(&trials[j]);
    }
    dataset_free(data);
}

static void arrivals_do_not_depend_on_threads(void **state)
{
    (void)state;
    struct dataset *data = random_data(3000, 4);
    const double optimum = optimum_of(data);
    struct trial one = trained_towards(data, lookers[0], "record=geometric threads=1", optimum);
    struct trial three = trained_towards(data, lookers[0], "record=geometric threads=3", optimum);
    assert_int_equal(one.trace.count, three.trace.count);
    for (size_t p = 0; p < one.trace.count; p++) {
        assert_int_equal(one.trace.points[p].epoch, three.trace.points[p].epoch);
        assert_true(one.trace.points[p].objective == three.trace.points[p].objective);
    }
    trial_clear(&one);
    trial_clear(&three);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals_do_not_depend_on_what_is_recorded),
        cmocka_unit_test(looking_changes_no_bits),
        cmocka_unit_test(a_limit_ends_training_in_its_epoch),
        cmocka_unit_test(who_would_pay_for_a_look_does_not_look),
        cmocka_unit_test(side_by_side_each_arrives_by_itself),
        cmocka_unit_test(arrivals_do_not_depend_on_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
