/* SPDX-License-Identifier: MIT
 *
 * What is said of optima of thousands of random small sets, against exact arithmetic and long
 * double (optimum_exact.h): the word, F*, the bound, whatever the units of columns.
 */
#include "base/parallel/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "optimum_exact.h"
#include "solvers/optimum/optimum.h"

static void print_set(const struct small *set)
{
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t j = 0; j < set->features; j++)
            print_message("%d,", set->x[i][j]);
        print_message("%d / ", set->y[i]);
    }
    print_message("\n");
}

/* The word for it, where one is said. */
static bool is_said(const struct optimum *optimum, enum verdict verdict)
{
    const bool quasi = strstr(optimum->reason, "quasi-completely") != NULL;
    const bool complete = !quasi && strstr(optimum->reason, "completely") != NULL;
    return verdict == OVERLAPPING
               ? optimum->status == OPTIMUM_FOUND
               : optimum->status == OPTIMUM_NONE && !(quasi && verdict == COMPLETE) &&
                     !(complete && verdict == TOUCHING);
}

enum { SETS = 2400 };

static void words_are_those_of_exact_arithmetic(void **state)
{
    (void)state;
    static const double ones[FEATURES] = {1.0, 1.0, 1.0};
    struct random_stream stream = random_open(20, RANDOM_FEATURES, 0);
    int counts[3] = {0}, wordless = 0;
    for (int i = 0; i < SETS; i++) {
        const struct small set = random_small(&stream);
        const enum verdict verdict = exact_verdict(&set);
        struct dataset *data = as_data(&set, ones);
        const struct optimum optimum = optimum_find(data, 0.0, 1);
        if (!is_said(&optimum, verdict)) {
            print_set(&set);
            fail_msg("verdict %d, and it is said: %s (%s)", (int)verdict,
                     optimum_status_name(optimum.status), optimum.reason);
        }
        if (verdict == OVERLAPPING) {
            const long double exact = minimum_of(data, 0.0);
            if (!(fabsl(optimum.objective - exact) <= optimum.bound + 1e-17L) ||
                !(optimum.bound < 1e-12)) {
                print_set(&set);
                fail_msg("%.17g, error at most %.2g, and %.17Lg", optimum.objective, optimum.bound,
                         exact);
            }
        }
        wordless += verdict != OVERLAPPING && strstr(optimum.reason, "completely") == NULL &&
                    strstr(optimum.reason, "own") == NULL;
        counts[verdict]++;
        dataset_free(data);
    }
    print_message("%d overlap, %d touch, %d are completely separable; %d without a word\n",
                  counts[OVERLAPPING], counts[TOUCHING], counts[COMPLETE], wordless);
    assert_true(counts[0] > 300 && counts[1] > 300 && counts[2] > 300 && wordless == 0);
}

/* Powers of 10, and signs. They round the values, and may move classes apart that touch, or onto
 * each other: of those only a word that is never true of them would be wrong. */
static void units_of_columns_change_nothing(void **state)
{
    (void)state;
    static const double ones[FEATURES] = {1.0, 1.0, 1.0};
    struct random_stream stream = random_open(21, RANDOM_FEATURES, 0);
    int found = 0, unproven = 0;
    double worst = 0.0;
    for (int i = 0; i < SETS / 2; i++) {
        const struct small set = random_small(&stream);
        double factors[FEATURES];
        for (size_t j = 0; j < FEATURES; j++)
            factors[j] = pow(10.0, below(&stream, 601) - 300) * (below(&stream, 2) ? 1.0 : -1.0);
        struct dataset *plain = as_data(&set, ones), *data = as_data(&set, factors);
        const struct optimum a = optimum_find(plain, 0.0, 1), b = optimum_find(data, 0.0, 1);
        const enum verdict verdict = exact_verdict(&set);
        unproven += verdict == TOUCHING && b.status == OPTIMUM_UNKNOWN;
        if (a.status != b.status && !(verdict == TOUCHING && b.status == OPTIMUM_UNKNOWN)) {
            print_set(&set);
            fail_msg("times %g, %g, %g: %s (%s)", factors[0], factors[1], factors[2],
                     optimum_status_name(b.status), b.reason);
        }
        if (a.status == OPTIMUM_FOUND) {
            worst = fmax(worst, fabs(a.objective - b.objective) / a.objective);
            found++;
        }
        dataset_free(plain);
        dataset_free(data);
    }
    print_message("%d optima, off by %.1e at most; %d that touch are not proven to\n", found, worst,
                  unproven);
    assert_true(found > 200 && worst < 1e-10);
}

/* --- Columns of all sizes -------------------------------------------------------------------- */

/* Years, salaries, dummies, times, outliers, a constant, and what is far from 1. */
static double mixed_value(int kind, struct random_stream *stream, size_t row)
{
    switch (kind) {
    case 0:
        return 1970.0 + below(stream, 50);
    case 1:
        return 1e4 * exp(random_normal(stream));
    case 2:
        return below(stream, 2);
    case 3:
        return 1.6e9 + below(stream, 10000000);
    case 4:
        return row == 3 ? 1e9 : random_normal(stream);
    case 5:
        return 1.0;
    case 6:
        return 1e-9 * random_normal(stream);
    case 7:
        return 1e200 * random_normal(stream);
    case 8:
        return 1e-200 * random_normal(stream);
    default:
        return random_normal(stream);
    }
}

/* Labels are drawn, so that classes overlap; the last column may repeat the first, or be 1 minus a
 * dummy. */
static struct dataset *mixed_data(struct random_stream *stream, size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, true);
    const int twist = below(stream, 4);
    for (size_t j = 0; j < features; j++) {
        const int kind = twist == 1 && j == 0 ? 2 : below(stream, 10);
        for (size_t i = 0; i < rows; i++) {
            const double first = data->X[i * features];
            const bool last = j > 0 && j + 1 == features;
            data->X[i * features + j] = last && twist == 0   ? first
                                        : last && twist == 1 ? 1.0 - first
                                                             : mixed_value(kind, stream, i);
        }
    }
    for (size_t i = 0; i < rows; i++)
        data->y[i] = i < 2 ? (double)i : below(stream, 2);
    return data;
}

/* Every entry stored. */
static struct dataset *sparse_copy(const struct dataset *dense)
{
    const size_t d = dense->features;
    struct dataset *data = dataset_create_sparse(dense->rows, d, dense->rows * d, true);
    for (size_t i = 0; i < dense->rows; i++) {
        for (size_t j = 0; j < d; j++) {
            data->columns[i * d + j] = (uint32_t)j;
            data->values[i * d + j] = dense->X[i * d + j];
        }
        data->starts[i + 1] = (i + 1) * d;
        data->y[i] = dense->y[i];
    }
    return data;
}

/* First-order methods need scaled columns to arrive; on others they are only not to come to harm: a
 * number for F, which does not rise, and an end that is said. */
static void check_harmless(const struct dataset *data, int number)
{
    static const char *const solvers[] = {"lbfgs", "gd-backtracking rate=1"};
    char words[128];
    snprintf(words, sizeof words, "solver=%s lambda=0 epochs=40 seed=%d", solvers[number % 2],
             number);
    struct trial trial = trained(data, words, NULL);
    for (size_t i = 1; i < trial.trace.count; i++) {
        const double before = trial.trace.points[i - 1].objective;
        const double after = trial.trace.points[i].objective;
        if (!(after <= before * (1.0 + 1e-13)) || !isfinite(trial.trace.points[i].gradient_norm))
            fail_msg("set %d: %s: epoch %zu: %g after %g", number, words, i, after, before);
    }
    assert_int_equal(trial.status, STATUS_EPOCHS);
    trial_clear(&trial);
}

static void check_trial(const struct dataset *data, const struct optimum *optimum, int number)
{
    char words[128];
    snprintf(words, sizeof words, "solver=newton lambda=%g epochs=300 gap=1e-9 seed=%d",
             optimum->lambda, number);
    const struct training_hooks hooks = {.optima = &optimum->objective};
    struct trial trial = trained(data, words, &hooks);
    const double objective = trial_last(&trial)->objective;
    if (trial.status != STATUS_GAP)
        fail_msg("set %d: %s: %s, gap %g", number, words, trial_status_name(trial.status),
                 objective - optimum->objective);
    assert_false(optimum_is_refuted(optimum, data, objective, trial.w, trial.b));
    struct optimum wrong = *optimum;
    wrong.objective += 1e-6;
    assert_true(optimum_is_refuted(&wrong, data, objective, trial.w, trial.b));
    trial_clear(&trial);
}

static void columns_of_all_sizes_have_an_optimum_that_newton_reaches(void **state)
{
    (void)state;
    static const double lambdas[] = {0.0, 0.0, 1e-2, 1.0};
    struct random_stream stream = random_open(22, RANDOM_FEATURES, 0);
    for (int i = 0; i < 200; i++) {
        const size_t rows = 40 + (size_t)below(&stream, 100), features = 1 + (size_t)(i % 6);
        struct dataset *data = mixed_data(&stream, rows, features), *sparse = sparse_copy(data);
        const double lambda = lambdas[below(&stream, 4)];
        const struct optimum one = optimum_find(data, lambda, 1);
        const struct optimum two = optimum_find(data, lambda, 2);
        const struct optimum other = optimum_find(sparse, lambda, 1);
        if (one.status != OPTIMUM_FOUND || !(one.bound < 1e-10))
            fail_msg("set %d, lambda %g: %s %g (%s)", i, lambda, optimum_status_name(one.status),
                     one.bound, one.reason);
        assert_memory_equal(&one.objective, &two.objective, sizeof(double));
        assert_int_equal(other.status, OPTIMUM_FOUND);
        assert_true(fabs(one.objective - other.objective) <= one.bound + other.bound);
        check_trial(i % 2 == 0 ? data : sparse, &one, i);
        check_harmless(data, i);
        dataset_free(data);
        dataset_free(sparse);
    }
}

/* Times of one minute, in seconds or milliseconds since 1970, and other columns that vary by less
 * than a thousandth of their values: next to the bias H is singular but for rounding. */
static void columns_far_from_0_are_counted_from_their_middle(void **state)
{
    (void)state;
    struct random_stream stream = random_open(25, RANDOM_FEATURES, 0);
    for (int i = 0; i < 60; i++) {
        const size_t rows = 60, features = 1 + (size_t)(i % 3);
        struct dataset *data = dataset_create(rows, features, true);
        for (size_t j = 0; j < features; j++) {
            const double far = pow(10.0, 6 + below(&stream, 7)) * (below(&stream, 4) ? 1.0 : -1.0);
            const double spread = fabs(far) * pow(10.0, -4 - below(&stream, 4));
            for (size_t k = 0; k < rows; k++)
                data->X[k * features + j] =
                    far + round(256.0 * random_uniform(&stream)) / 256.0 * spread;
        }
        for (size_t k = 0; k < rows; k++)
            data->y[k] = random_uniform(&stream) < 0.3
                             ? (double)below(&stream, 2)
                             : (double)(data->X[k * features] > data->X[0]);
        struct dataset *sparse = sparse_copy(data);
        const struct optimum optimum = optimum_find(data, i % 2 == 0 ? 0.0 : 1e-8, 1);
        if (optimum.status == OPTIMUM_FOUND)
            check_trial(i % 4 < 2 ? data : sparse, &optimum, i);
        else
            assert_int_equal(optimum.status, OPTIMUM_NONE);
        dataset_free(data);
        dataset_free(sparse);
    }
}

/* One sample, however far away, whose label is that of its side: at the optimum of the others its
 * loss is 0, and F* that of the others, of 9 samples. */
static void a_far_outlier_is_passed(void **state)
{
    (void)state;
    static const double x[] = {0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 0.7, 1.2},
                        y[] = {0, 0, 1, 0, 1, 1, 1, 0};
    for (int power = 3; power <= 80; power++) {
        struct dataset *data = dataset_create(9, 1, true);
        memcpy(data->X, x, sizeof x);
        memcpy(data->y, y, sizeof y);
        data->X[8] = pow(10.0, power);
        data->y[8] = 1.0;
        const struct optimum optimum = optimum_find(data, 0.0, 1);
        if (optimum.status != OPTIMUM_FOUND ||
            !(fabs(optimum.objective - 0.51748642389153148) <= optimum.bound + 1e-16))
            fail_msg("1e%d: %s %.17g %g (%s)", power, optimum_status_name(optimum.status),
                     optimum.objective, optimum.bound, optimum.reason);
        dataset_free(data);
    }
}

/* Where H is not formed: a thousand columns and more, from 1e-6 to 1e6, which conjugate gradients
 * must take as they take those of size 1. */
static void conjugate_gradients_do_not_see_units(void **state)
{
    (void)state;
    enum { MANY = 1100, FEW = 60 };
    struct random_stream stream = random_open(24, RANDOM_FEATURES, 0);
    struct dataset *data = dataset_create(FEW, MANY, true);
    for (size_t i = 0; i < FEW; i++) {
        for (size_t j = 0; j < MANY; j++)
            data->X[i * MANY + j] = random_normal(&stream) * pow(10.0, (double)(j % 13) - 6.0);
        data->y[i] = i < 2 ? (double)i : below(&stream, 2);
    }
    const struct optimum optimum = optimum_find(data, 1.0, 2);
    assert_int_equal(optimum.status, OPTIMUM_FOUND);
    check_trial(data, &optimum, 0);
    dataset_free(data);
}

/* --- Against long double --------------------------------------------------------------------- */

static void the_bound_holds_for_any_lambda(void **state)
{
    (void)state;
    struct random_stream stream = random_open(23, RANDOM_FEATURES, 0);
    int found = 0;
    for (int i = 0; i < 600; i++) {
        struct dataset *data = mixed_data(&stream, ROWS, 1 + (size_t)(i % FEATURES));
        const double lambda = i % 3 == 0 ? 0.0 : pow(10.0, below(&stream, 33) - 16);
        const struct optimum optimum = optimum_find(data, lambda, 1);
        const long double exact = minimum_of(data, lambda);
        found += optimum.status == OPTIMUM_FOUND;
        if (optimum.status == OPTIMUM_FOUND &&
            !(fabsl(optimum.objective - exact) <= optimum.bound + 1e-17L))
            fail_msg("set %d, lambda %g: %.17g, error at most %.2g, and %.17Lg", i, lambda,
                     optimum.objective, optimum.bound, exact);
        if (lambda > 0.0 && optimum.status != OPTIMUM_FOUND)
            fail_msg("set %d, lambda %g: %s", i, lambda, optimum.reason);
        dataset_free(data);
    }
    print_message("%d of 600 found\n", found);
    assert_true(found > 450);
}

/* Regularisation of next to nothing, on data that are separable, wholly or in part, or overlap:
 * there is a minimiser, however far away it is. What long double finds is F* or above it. */
static void a_trace_of_regularisation_is_enough(void **state)
{
    (void)state;
    static const double ones[FEATURES] = {1.0, 1.0, 1.0}, mixed[FEATURES] = {1e9, 1.0, 1e-6};
    struct random_stream stream = random_open(24, RANDOM_FEATURES, 0);
    for (int i = 0; i < 600; i++) {
        const struct small set = random_small(&stream);
        const double lambda = pow(10.0, -10.0 * (1 + below(&stream, 30)));
        struct dataset *data = as_data(&set, i % 2 == 0 ? ones : mixed);
        const struct optimum optimum = optimum_find(data, lambda, 1);
        const long double exact = minimum_of(data, lambda);
        if (optimum.status != OPTIMUM_FOUND ||
            !(optimum.objective - exact <= optimum.bound + 1e-17L) ||
            (exact_verdict(&set) == OVERLAPPING &&
             !(fabsl(optimum.objective - exact) <= optimum.bound + 1e-17L))) {
            print_set(&set);
            fail_msg("lambda %g: %.17g, error at most %.2g, and %.17Lg (%s)", lambda,
                     optimum.objective, optimum.bound, exact, optimum.reason);
        }
        dataset_free(data);
    }
}

/* Classes that overlap by less and less are never called separable, and those that are apart by
 * less and less are never given an optimum. */
static void a_narrow_overlap_is_not_denied(void **state)
{
    (void)state;
    for (int k = 1; k <= 15; k++)
        for (int apart = 0; apart < 2; apart++) {
            struct dataset *data = dataset_create(50, 2, true);
            const double step = pow(10.0, -k) * (apart ? 1.0 : -1.0);
            for (size_t i = 0; i < 50; i++) {
                const double away = (double)(i / 2) / 25.0;
                data->y[i] = (double)(i % 2);
                data->X[2 * i] = i % 2 == 0 ? 1.0 - away : 1.0 + step + away;
                data->X[2 * i + 1] = data->X[2 * i] + (double)(i / 2 % 5);
            }
            const struct optimum optimum = optimum_find(data, 0.0, 1);
            const bool separable = data->X[2] > data->X[0];
            assert_true(optimum.status != (separable ? OPTIMUM_FOUND : OPTIMUM_NONE));
            if (separable || k <= 6)
                assert_true(optimum.status == (separable ? OPTIMUM_NONE : OPTIMUM_FOUND));
            dataset_free(data);
        }
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_exact_arithmetic),
        cmocka_unit_test(units_of_columns_change_nothing),
        cmocka_unit_test(columns_of_all_sizes_have_an_optimum_that_newton_reaches),
        cmocka_unit_test(columns_far_from_0_are_counted_from_their_middle),
        cmocka_unit_test(a_far_outlier_is_passed),
        cmocka_unit_test(conjugate_gradients_do_not_see_units),
        cmocka_unit_test(the_bound_holds_for_any_lambda),
        cmocka_unit_test(a_trace_of_regularisation_is_enough),
        cmocka_unit_test(a_narrow_overlap_is_not_denied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
