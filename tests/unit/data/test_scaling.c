/* SPDX-License-Identifier: MIT
 *
 * Scaling against naive twins and against values worked out by hand; columns that are constant or
 * far from zero; sparse sets; the same bits at any number of threads; folding into the weights.
 */
#include "base/memory.h"
#include "data/preparation/scaling.h"
#include "fixture.h"

#include <math.h>

static struct scaling *fitted(const char *name, const struct dataset *data, int threads)
{
    struct error error = {0};
    const struct entry *method = table_find(&scale_table, name);
    assert_non_null(method);
    struct scaling *scaling = scaling_fit(method, data, threads, &error);
    if (scaling == NULL)
        fail_msg("%s", error.message);
    return scaling;
}

static void scale(struct dataset *data, const char *name, int threads)
{
    struct error error = {0};
    struct scaling *scaling = fitted(name, data, threads);
    if (!scaling_apply(scaling, data, threads, &error))
        fail_msg("%s", error.message);
    assert_ptr_equal(data->scaling->method, table_find(&scale_table, name));
    scaling_free(scaling);
}

static struct dataset *dense(size_t rows, size_t features, const double *X)
{
    struct dataset *data = dataset_create(rows, features, false);
    memcpy(data->X, X, rows * features * sizeof *X);
    return data;
}

/* Columns: plain, constant with a mean that rounds, far from zero, all zero. */
static const double plain[] = {1, 0.1, 1e9, 0, 3, 0.1, 1e9 + 2, 0, -4, 0.1, 1e9 + 4, 0};

static void check_plain(const char *name, const double *expected)
{
    struct dataset *data = dense(3, 4, plain);
    scale(data, name, 1);
    for (size_t i = 0; i < 12; i++)
        if (fabs(data->X[i] - expected[i]) > 1e-15)
            fail_msg("%s: %.17g in place of %.17g at %zu", name, data->X[i], expected[i], i);
    dataset_free(data);
}

static void values_are_those_worked_out_by_hand(void **state)
{
    (void)state;
    double s = sqrt(26.0 / 3.0), far = sqrt(8.0 / 3.0);
    check_plain("standard",
                (double[]){1 / s, 0, -2 / far, 0, 3 / s, 0, 0, 0, -4 / s, 0, 2 / far, 0});
    check_plain("maxabs", (double[]){0.25, 1, 1e9 / (1e9 + 4), 0, 0.75, 1, (1e9 + 2) / (1e9 + 4), 0,
                                     -1, 1, 1, 0});
    check_plain("minmax", (double[]){5.0 / 7, 0, 0, 0, 1, 0, 0.5, 0, 0, 0, 1, 0});
}

static void rows_get_length_one(void **state)
{
    (void)state;
    struct dataset *data = dense(3, 2, (double[]){3, -4, 0, 0, 1e300, 1e300});
    scale(data, "unit", 1);
    static const double expected[] = {0.6, -0.8, 0, 0, 0.70710678118654752, 0.70710678118654752};
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(data->X[i] - expected[i]) <= 1.2e-16);
    assert_null(data->scaling->offset);
    assert_null(data->scaling->factor);
    dataset_free(data);
}

/* The definition, without chunks. */
static void standardise_naively(struct dataset *data)
{
    for (size_t j = 0; j < data->features; j++) {
        long double mean = 0.0L, square = 0.0L;
        for (size_t i = 0; i < data->rows; i++)
            mean += (long double)data->X[i * data->features + j] / (long double)data->rows;
        for (size_t i = 0; i < data->rows; i++) {
            long double distance = (long double)data->X[i * data->features + j] - mean;
            square += distance * distance / (long double)data->rows;
        }
        for (size_t i = 0; i < data->rows; i++) {
            double *x = &data->X[i * data->features + j];
            *x = (*x - (double)mean) / (double)sqrtl(square);
        }
    }
}

static void chunks_give_what_a_plain_loop_gives(void **state)
{
    (void)state;
    enum { ROWS = 5003, FEATURES = 7 };
    struct dataset *data = random_data(ROWS, FEATURES), *twin = random_data(ROWS, FEATURES);
    scale(data, "standard", 2);
    standardise_naively(twin);
    for (size_t i = 0; i < (size_t)ROWS * FEATURES; i++)
        assert_true(fabs(data->X[i] - twin->X[i]) <= 1e-15 * (1.0 + fabs(twin->X[i])));
    dataset_free(data);
    dataset_free(twin);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    for (size_t m = 1; m < scale_table.count; m++) {
        struct dataset *one = random_data(9001, 5), *many = random_data(9001, 5);
        scale(one, scale_table.entries[m]->name, 1);
        scale(many, scale_table.entries[m]->name, 3);
        assert_memory_equal(one->X, many->X, sizeof(double) * 9001 * 5);
        dataset_free(one);
        dataset_free(many);
    }
}

/* 3 x 4: [2 . -8 .], [. . 4 .], [-1 . . .]; columns 1 and 3 are empty. */
static struct dataset *sparse(void)
{
    struct dataset *data = dataset_create_sparse(3, 4, 4, false);
    memcpy(data->starts, (size_t[]){0, 2, 3, 4}, sizeof(size_t[4]));
    memcpy(data->columns, (uint32_t[]){0, 2, 2, 0}, sizeof(uint32_t[4]));
    memcpy(data->values, (double[]){2, -8, 4, -1}, sizeof(double[4]));
    return data;
}

static void sparse_sets_stay_sparse(void **state)
{
    (void)state;
    struct dataset *data = sparse();
    scale(data, "maxabs", 2);
    assert_memory_equal(data->values, ((double[]){1, -1, 0.5, -0.5}), sizeof(double[4]));
    assert_memory_equal(data->scaling->factor, ((double[]){2, 1, 8, 1}), sizeof(double[4]));
    dataset_free(data);

    data = sparse();
    scale(data, "unit", 1);
    assert_true(fabs(data->values[0] - 2 / sqrt(68)) <= 1e-16);
    assert_true(data->values[2] == 1.0 && data->values[3] == -1.0);
    dataset_free(data);
}

static void what_would_fill_a_sparse_set_is_refused(void **state)
{
    (void)state;
    struct dataset *data = sparse();
    static const char *const names[] = {"standard", "minmax"};
    for (size_t i = 0; i < 2; i++) {
        struct error error = {0};
        assert_null(scaling_fit(table_find(&scale_table, names[i]), data, 1, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_non_null(strstr(error.message, "use scale maxabs"));
    }
    dataset_free(data);
}

static void values_beyond_doubles_are_refused(void **state)
{
    (void)state;
    struct dataset *data = dense(2, 2, (double[]){1, 1e-300, 2, 2e-300});
    struct dataset *other = dense(1, 2, (double[]){1, 1e300});
    struct scaling *scaling = fitted("standard", data, 1);
    struct error error = {0};
    assert_false(scaling_apply(scaling, other, 2, &error));
    assert_non_null(strstr(error.message, "feature 'x2'"));
    scaling_free(scaling);
    dataset_free(data);
    dataset_free(other);
}

static void folded_weights_give_the_same_sums(void **state)
{
    (void)state;
    static const char *const names[] = {"standard", "maxabs", "minmax"};
    static const double w[] = {0.5, -2, 3, 1e-3, 7};
    for (size_t m = 0; m < 3; m++) {
        struct dataset *raw = random_data(40, 5), *scaled = random_data(40, 5);
        double folded[5], b;
        scale(scaled, names[m], 1);
        scaling_fold(scaled->scaling, w, 0.25, folded, &b);
        for (size_t i = 0; i < 40; i++) {
            struct sample x = dataset_sample(raw, i), y = dataset_sample(scaled, i);
            double z = sample_dot(&y, w) + 0.25;
            assert_true(fabs(sample_dot(&x, folded) + b - z) <= 1e-13 * (1.0 + fabs(z)));
        }
        dataset_free(raw);
        dataset_free(scaled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_those_worked_out_by_hand),
        cmocka_unit_test(rows_get_length_one),
        cmocka_unit_test(chunks_give_what_a_plain_loop_gives),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(sparse_sets_stay_sparse),
        cmocka_unit_test(what_would_fill_a_sparse_set_is_refused),
        cmocka_unit_test(values_beyond_doubles_are_refused),
        cmocka_unit_test(folded_weights_give_the_same_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
