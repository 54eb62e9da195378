/* SPDX-License-Identifier: MIT
 *
 * What is said of optima of thousands of random small sets, against exact arithmetic and long
 * double (optimum_exact.h): the word, F*, the bound, whatever the units of columns.
 */
#include "base/threads.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "optimum_exact.h"
#include "solvers/optimum.h"

static int below(struct random_stream *stream, int many)
{
    return (int)(random_uniform(stream) * many);
}

/* Of few values, so that touching classes, equal rows and dependent columns are common. */
static struct small random_small(struct random_stream *stream)
{
    struct small set = {.rows = 4 + (size_t)below(stream, ROWS - 3),
                        .features = 1 + (size_t)below(stream, FEATURES)};
    const int values = 2 + below(stream, 8), kind = below(stream, 4);
    for (size_t i = 0; i < set.rows; i++) {
        int z = 0;
        for (size_t j = 0; j < set.features; j++) {
            set.x[i][j] = below(stream, values) - values / 2;
            z += (j % 2 == 0 ? 1 : -1) * set.x[i][j];
        }
        if (kind == 1 && set.features > 1)
            set.x[i][1] = 1 - set.x[i][0];
        set.y[i] = kind == 0 ? below(stream, 2) : z > 0 || (z == 0 && below(stream, 2));
    }
    set.y[0] = 0;
    set.y[1] = 1;
    return set;
}

static struct dataset *as_data(const struct small *set, const double *factors)
{
    struct dataset *data = dataset_create(set->rows, set->features, true);
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t j = 0; j < set->features; j++)
            data->X[i * set->features + j] = set->x[i][j] * factors[j];
        data->y[i] = set->y[i];
    }
    return data;
}

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

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_exact_arithmetic),
        cmocka_unit_test(units_of_columns_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
