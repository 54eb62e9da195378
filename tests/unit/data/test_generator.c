/* SPDX-License-Identifier: MIT
 *
 * Generators: the same bits at any number of threads, both classes always, the statistics that
 * their settings promise, and settings that are refused.
 */
#include "base/memory.h"
#include "data/generators/generator.h"
#include "data/sources/source_load.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct dataset *generate(const char *text, int threads)
{
    struct source source;
    struct error error = {0};
    struct dataset *data = NULL;
    if (source_parse(&source, text, &error))
        data = source_load(&source, true, threads, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    source_clear(&source);
    return data;
}

static size_t count_ones(const struct dataset *data)
{
    size_t ones = 0;
    for (size_t i = 0; i < data->rows; i++)
        ones += data->y[i] == 1.0;
    return ones;
}

/* Every generator of the table keeps what generator.h promises. */
static void every_generator_keeps_the_contract(void **state)
{
    (void)state;
    for (size_t g = 0; g < generator_table.count; g++) {
        char text[64], digest[DIGEST_TEXT] = "";
        for (int rows = 2; rows <= 1001; rows += 333) {
            snprintf(text, sizeof text, "%s:rows=%d", generator_table.entries[g]->name, rows);
            for (int threads = 1; threads <= 4; threads++) {
                struct dataset *data = generate(text, threads);
                assert_int_equal(data->rows, rows);
                assert_true(data->y[0] == 0.0 && data->y[1] == 1.0);
                assert_non_null(data->class_names[0]);
                assert_non_null(data->class_names[1]);
                if (threads == 1)
                    strcpy(digest, data->digest);
                assert_string_equal(data->digest, digest);
                dataset_free(data);
            }
        }
    }
}

static void longer_set_begins_with_the_shorter(void **state)
{
    (void)state;
    struct dataset *few = generate("blobs:rows=10,features=3,seed=5", 1);
    struct dataset *many = generate("blobs:rows=500,features=3,seed=5", 2);
    assert_memory_equal(few->X, many->X, 30 * sizeof *few->X);
    dataset_free(few);
    dataset_free(many);
}

static void seeds_differ(void **state)
{
    (void)state;
    struct dataset *one = generate("pets:seed=1", 1), *two = generate("pets:seed=2", 1);
    assert_string_not_equal(one->digest, two->digest);
    dataset_free(one);
    dataset_free(two);
}

/* Accuracy of logistic regression after plain gradient descent on two features. */
static double accuracy_of_regression(const struct dataset *data)
{
    double w[2] = {0.0, 0.0}, b = 0.0;
    for (int step = 0; step < 5000; step++) {
        double dw[2] = {0.0, 0.0}, db = 0.0;
        for (size_t i = 0; i < data->rows; i++) {
            const double *x = &data->X[2 * i];
            double r = 1.0 / (1.0 + exp(-(w[0] * x[0] + w[1] * x[1] + b))) - data->y[i];
            dw[0] += r * x[0];
            dw[1] += r * x[1];
            db += r;
        }
        double rate = 2.0 / (double)data->rows;
        w[0] -= rate * dw[0];
        w[1] -= rate * dw[1];
        b -= rate * db;
    }
    size_t correct = 0;
    for (size_t i = 0; i < data->rows; i++)
        correct += (w[0] * data->X[2 * i] + w[1] * data->X[2 * i + 1] + b > 0.0) == data->y[i];
    return (double)correct / (double)data->rows;
}

static void pets_overlap_like_the_lesson(void **state)
{
    (void)state;
    struct dataset *data = generate("pets", 1);
    assert_int_equal(data->rows, 100);
    assert_int_equal(data->features, 2);
    assert_int_equal(count_ones(data), 50);
    assert_string_equal(data->class_names[0], "cat");
    assert_string_equal(data->class_names[1], "dog");
    double accuracy = accuracy_of_regression(data);
    print_message("pets: accuracy %.2f\n", accuracy);
    assert_true(accuracy >= 0.90 && accuracy <= 0.96);
    dataset_free(data);
}

/* Right of the line half-way between the centres, x1 + x2 = 10, are dogs, but for a few. */
static double share_right_of_the_middle(const struct dataset *data)
{
    size_t right = 0;
    for (size_t i = 0; i < data->rows; i++)
        right += (data->X[2 * i] + data->X[2 * i + 1] > 10.0) == (data->y[i] > 0.5);
    return (double)right / (double)data->rows;
}

static void cats_and_dogs_are_apart_up_to_a_few(void **state)
{
    (void)state;
    struct dataset *small = generate("cats-and-dogs", 1),
                   *large = generate("cats-and-dogs:rows=20000", 2);
    assert_int_equal(small->rows, 100);
    assert_int_equal(small->features, 2);
    assert_int_equal(count_ones(small), 50);
    assert_string_equal(small->class_names[0], "cat");
    assert_string_equal(small->class_names[1], "dog");
    assert_true(share_right_of_the_middle(small) >= 0.9);
    double share = share_right_of_the_middle(large);
    assert_true(share > 0.94 && share < 0.97);
    for (size_t i = 0; i < 2 * large->rows; i++)
        assert_true(large->X[i] > 0.0 && large->X[i] <= 10.0);
    for (size_t i = 0; i < 200; i++)
        assert_true(small->X[i] == large->X[i]);
    dataset_free(small);
    dataset_free(large);
}

static void blobs_have_their_separation_and_noise(void **state)
{
    (void)state;
    struct dataset *data = generate("blobs:rows=40000,features=4,separation=3,seed=9", 2);
    double means[2][4] = {{0}}, distance = 0.0;
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < 4; j++)
            means[i % 2][j] += data->X[4 * i + j] / 20000.0;
    for (size_t j = 0; j < 4; j++)
        distance += (means[1][j] - means[0][j]) * (means[1][j] - means[0][j]);
    assert_true(fabs(sqrt(distance) - 3.0) < 0.05);
    assert_int_equal(count_ones(data), 20000);
    dataset_free(data);

    data = generate("blobs:rows=40000,features=1,noise=0.25", 2);
    size_t flipped = 0;
    for (size_t i = 0; i < data->rows; i++)
        flipped += data->y[i] != (double)(i % 2);
    assert_true(fabs((double)flipped / 40000.0 - 0.25) < 0.01);
    dataset_free(data);
}

static void blobs_have_their_condition(void **state)
{
    (void)state;
    struct dataset *data = generate("blobs:rows=40000,features=3,separation=0,condition=100", 2);
    double squares[3] = {0};
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < 3; j++)
            squares[j] += data->X[3 * i + j] * data->X[3 * i + j] / 40000.0;
    assert_true(fabs(squares[0] - 1.0) < 0.03);
    assert_true(fabs(squares[1] - 0.1) < 0.003);
    assert_true(fabs(squares[2] - 0.01) < 0.0003);
    dataset_free(data);
}

static void assert_setting_refused(const char *generator, const char *name, const char *value,
                                   const char *expected)
{
    const struct generator *row = (const struct generator *)table_find(&generator_table, generator);
    struct generator_settings settings = row->defaults;
    char reason[512];
    assert_false(generator_set(row, &settings, name, value, reason, sizeof reason));
    assert_memory_equal(&settings, &row->defaults, sizeof settings);
    if (strstr(reason, expected) == NULL)
        fail_msg("'%s' instead of '%s'", reason, expected);
}

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    assert_setting_refused("blobs", "row", "10", "did you mean 'rows'?");
    assert_setting_refused("blobs", "rows", "1",
                           "'1' is not allowed for rows; give an integer from 2 to 4294967295");
    assert_setting_refused("blobs", "rows", "2.5",
                           "'2.5' is not allowed for rows; give an integer");
    assert_setting_refused("blobs", "rows", "5000000000", "give an integer from 2");
    assert_setting_refused("blobs", "rows", "", "'' is not allowed for rows; give an integer");
    assert_setting_refused("blobs", "seed", "-1",
                           "'-1' is not allowed for seed; give an integer from 0");
    assert_setting_refused("blobs", "seed", "9007199254740993", "from 0 to 9007199254740992");
    assert_setting_refused("blobs", "noise", "1e-400",
                           "'1e-400' is not allowed for noise (below 4.9e-324");
    assert_setting_refused("blobs", "noise", "0.6",
                           "'0.6' is not allowed for noise; give a number >= 0 and <= 0.5");
    assert_setting_refused("blobs", "condition", "nan",
                           "'nan' is not allowed for condition; give a number >= 1 and <= 1e+16");
    assert_setting_refused("pets", "features", "3",
                           "generator pets does not use 'features'; it uses: rows, seed");
}

static void settings_are_set_and_read_back(void **state)
{
    (void)state;
    const struct generator *blobs = (const struct generator *)table_find(&generator_table, "blobs");
    struct generator_settings settings = blobs->defaults;
    static const char *const values[] = {"77", "8", "0.5", "0.125", "1e3", "9007199254740992"};
    static const double expected[] = {77, 8, 0.5, 0.125, 1000, 9007199254740992.0};
    assert_int_equal(generator_settings_count, 6);
    for (size_t i = 0; i < generator_settings_count; i++) {
        const struct generator_setting *setting = &generator_settings_table[i];
        char reason[512];
        assert_true(
            generator_set(blobs, &settings, setting->entry.name, values[i], reason, sizeof reason));
        assert_true(setting_number(&setting->setting, setting_get(&setting->setting, &settings)) ==
                    expected[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_generator_keeps_the_contract),
        cmocka_unit_test(longer_set_begins_with_the_shorter),
        cmocka_unit_test(seeds_differ),
        cmocka_unit_test(pets_overlap_like_the_lesson),
        cmocka_unit_test(cats_and_dogs_are_apart_up_to_a_few),
        cmocka_unit_test(blobs_have_their_separation_and_noise),
        cmocka_unit_test(blobs_have_their_condition),
        cmocka_unit_test(wrong_settings_are_refused),
        cmocka_unit_test(settings_are_set_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
