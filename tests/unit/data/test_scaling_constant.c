/* SPDX-License-Identifier: MIT
 *
 * Features that are constant but for rounding, of every size and under every scale with factors;
 * features that vary, whose unit is no matter; and rows that were scaled already.
 */
#include "base/memory.h"
#include "data/preparation/scaling_again.h"
#include "data/preparation/scaling_value.h"
#include "data/sources/describe.h"
#include "fixture.h"

#include <math.h>

enum { ROWS = 24, COLUMNS = 40 };

static struct scaling *fitted(const struct entry *method, const struct dataset *data)
{
    struct error error = {0};
    struct scaling *scaling = scaling_fit(method, data, 2, &error);
    if (scaling == NULL)
        fail_msg("%s", error.message);
    return scaling;
}

static void apply(const struct scaling *scaling, struct dataset *data)
{
    struct error error = {0};
    if (!scaling_apply(scaling, data, 2, &error))
        fail_msg("%s", error.message);
}

/* Columns of sizes from 2^-1000 to 2^1000, of either sign, that vary by up to so many units in the
 * last place of 1. */
static struct dataset *nearly_constant(uint64_t seed, uint64_t units)
{
    struct dataset *data = dataset_create(ROWS, COLUMNS, false);
    struct random_stream stream = random_open(seed, RANDOM_FEATURES, 0);
    for (size_t j = 0; j < COLUMNS; j++) {
        int power = (int)random_below(&stream, 2000) - 1000;
        double size = ldexp(1.0 + random_uniform(&stream), power);
        size = j % 2 == 0 ? size : -size;
        for (size_t i = 0; i < ROWS; i++) {
            double steps = (double)random_below(&stream, units + 1);
            steps = i == 0 ? 0.0 : i == 1 ? (double)units : steps;
            data->X[i * COLUMNS + j] = size * (1.0 + steps * DBL_EPSILON);
        }
    }
    return data;
}

/* Such a feature is not divided, and is 0 after centring: nothing moves its weight. */
static void rounding_is_not_blown_up(void **state)
{
    (void)state;
    static const char *const centring[] = {"standard", "minmax"};
    for (uint64_t seed = 0; seed < 40; seed++)
        for (size_t m = 0; m < 2; m++) {
            struct dataset *data = nearly_constant(seed, seed % 10);
            struct feature_summary *summaries = describe_features(data, 2);
            struct scaling *scaling = fitted(table_find(&scale_table, centring[m]), data);
            for (size_t j = 0; j < COLUMNS; j++) {
                assert_true(scaling_is_constant(summaries[j].minimum, summaries[j].maximum,
                                                summaries[j].deviation));
                assert_true(scaling->factor[j] == 1.0);
            }
            apply(scaling, data);
            for (size_t i = 0; i < ROWS * COLUMNS; i++)
                assert_true(data->X[i] == 0.0);
            dataset_find_zeros(data);
            assert_int_equal(data->zeros_count, COLUMNS);
            memory_free(summaries);
            scaling_free(scaling);
            dataset_free(data);
        }
}

/* What varies by more than rounding is scaled, however little that is beside its size. */
static void small_variation_is_variation(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct dataset *data = nearly_constant(seed, UINT64_C(60) << seed % 40);
        struct scaling *scaling = fitted(table_find(&scale_table, "minmax"), data);
        apply(scaling, data);
        for (size_t j = 0; j < COLUMNS; j++)
            assert_true(fabs(data->X[COLUMNS + j] - data->X[j]) == 1.0); /* the least, the most */
        scaling_free(scaling);
        dataset_free(data);
    }
}

/* Multiplied by a power of 2, a feature has the same scaled values, bit for bit. */
static void the_unit_of_a_feature_is_no_matter(void **state)
{
    (void)state;
    static const char *const methods[] = {"standard", "maxabs", "minmax"};
    for (size_t m = 0; m < 3; m++)
        for (int power = -900; power <= 900; power += 100) {
            struct dataset *data = random_data(ROWS, COLUMNS), *other = random_data(ROWS, COLUMNS);
            for (size_t i = 0; i < ROWS * COLUMNS; i++)
                other->X[i] = ldexp(other->X[i], power);
            const struct entry *method = table_find(&scale_table, methods[m]);
            struct scaling *a = fitted(method, data), *b = fitted(method, other);
            apply(a, data);
            apply(b, other);
            assert_memory_equal(data->X, other->X, ROWS * COLUMNS * sizeof *data->X);
            scaling_free(a);
            scaling_free(b);
            dataset_free(data);
            dataset_free(other);
        }
}

/* Features with their own means and deviations, some of them as if scaled already. */
static struct dataset *measured(uint64_t seed, size_t rows, size_t features)
{
    struct dataset *data = dataset_create(rows, features, false);
    struct random_stream units = random_open(seed, RANDOM_WEIGHTS, 0),
                         stream = random_open(seed, RANDOM_FEATURES, rows);
    for (size_t j = 0; j < features; j++) {
        double deviation = exp(3.0 * random_normal(&units));
        double mean = j == 0 ? 50.0 * deviation : 2.0 * deviation * random_normal(&units);
        int shape = (int)random_below(&units, 4); /* normal, skew, rare, whole numbers */
        for (size_t i = 0; i < rows; i++) {
            double normal = random_normal(&stream), x = mean + deviation * normal;
            x = shape == 1 ? deviation * exp(normal) : x;
            x = shape == 2 && normal < 1.5 ? 0.0 : x;
            data->X[i * features + j] = shape == 3 ? floor(x) : x;
        }
    }
    return data;
}

/* Rows that are new draws of the same features are never taken for scaled ones; the rows that a
 * scaling made mostly are, in sets of ten rows and more. */
static void scaled_rows_are_told_from_raw_ones(void **state)
{
    (void)state;
    static const char *const methods[] = {"standard", "minmax", "maxabs"};
    size_t seen[3] = {0}, made[3] = {0};
    for (uint64_t seed = 0; seed < 300; seed++) {
        size_t features = 2 + seed % 6, rows = 2 + seed % 30, m = seed % 3;
        struct dataset *trained = measured(seed, 200, features);
        struct dataset *raw = measured(seed, rows, features);
        struct dataset *scaled = measured(seed, rows, features);
        struct scaling *scaling = fitted(table_find(&scale_table, methods[m]), trained);
        apply(scaling, scaled);
        if (scaling_again(scaling, raw) != features)
            fail_msg("seed %d: raw rows are taken for scaled ones", (int)seed);
        made[m] += rows >= 10;
        seen[m] += rows >= 10 && scaling_again(scaling, scaled) < features;
        scaling_free(scaling);
        dataset_free(trained);
        dataset_free(raw);
        dataset_free(scaled);
    }
    for (size_t m = 0; m < 3; m++)
        if (3 * seen[m] < 2 * made[m])
            fail_msg("%zu of %zu sets scaled by %s are seen", seen[m], made[m], methods[m]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_is_not_blown_up),
        cmocka_unit_test(small_variation_is_variation),
        cmocka_unit_test(the_unit_of_a_feature_is_no_matter),
        cmocka_unit_test(scaled_rows_are_told_from_raw_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
