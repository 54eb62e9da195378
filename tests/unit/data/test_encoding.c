/* SPDX-License-Identifier: MIT
 *
 * Encoding against scikit-learn 1.2.1 (pandas 1.5.3, NumPy 1.24.2): columns that are numbers with
 * gaps and categories with gaps, a level that only the second set has. The constants were printed
 * by
 *
 *     num = SimpleImputer(strategy=fill, add_indicator=marks)
 *     cat = SimpleImputer(strategy='constant' if marks else 'most_frequent', fill_value='~')
 *     enc = OneHotEncoder(handle_unknown='ignore')
 *     ct = ColumnTransformer([('a', num, ['age']), ('p', make_pipeline(cat, enc), ['port']),
 *                             ('f', num, ['fare'])], sparse_threshold=0)
 *     ct.fit_transform(trained), .transform(held out)
 *
 * and, where numbers are scaled, StandardScaler() on the features that are no levels or marks, with
 * repr(float(...)); OrdinalEncoder() for ordinal, and OneHotEncoder(min_frequency=3,
 * handle_unknown='infrequent_if_exist') for rare levels. Then properties: what rows held out have
 * changes nothing of the fit, threads change no bit, sparse and dense are the same numbers.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "base/random.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling.h"
#include "data/preparation/splitting.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP ((double)NAN)

/* --- Tables --------------------------------------------------------------------------------- */

/* A set whose column `category` has these (count) categories; the others are numbers. */
static struct dataset *table_of(size_t rows, size_t columns, const double *X,
                                const char *const *names, size_t category,
                                const char *const *categories, size_t count)
{
    struct dataset *data = dataset_create(rows, columns, true);
    memcpy(data->X, X, rows * columns * sizeof *X);
    for (size_t i = 0; i < rows; i++)
        data->y[i] = (double)(i % 2);
    data->feature_names = texts_copy((char *const *)names, columns);
    data->table = data_columns_create(columns);
    for (size_t j = 0; j < columns; j++) {
        struct data_column *column = &data->table->columns[j];
        column->name = memory_copy_text(names[j]);
        if (j != category)
            continue;
        column->categories = texts_copy((char *const *)categories, count);
        column->count = count;
    }
    return data;
}

static const char *const names[] = {"age", "port", "fare"};
static const char *const ports[] = {"C", "Q", "S", "X"};
enum { TRAINED = 8, OTHERS = 2, COLUMNS = 3 };

static const double trained_cells[] = {22.1, 2,   7.25, GAP, 0,    71.28, 38.7, GAP,
                                       0,    0.1, 2,    GAP, 61.3, 1,     8.05, GAP,
                                       0,    3.3, 4.9,  2,   1e3,  22.3,  GAP,  7.25};
static const double other_cells[] = {GAP, 3, GAP, 5.5, 0, -2.5};

static struct dataset *trained(void)
{
    return table_of(TRAINED, COLUMNS, trained_cells, names, 1, ports, 4);
}

static struct dataset *others(void)
{
    return table_of(OTHERS, COLUMNS, other_cells, names, 1, ports, 4);
}

static struct encoding_wish wished(const char *categories, size_t rare, const char *missing)
{
    struct encoding_wish wish = {.rare = rare};
    char reason[512];
    if (!categories_parse(categories, &wish, reason, sizeof reason))
        fail_msg("%s", reason);
    wish.missing = table_find(&missing_table, missing);
    assert_non_null(wish.missing);
    return wish;
}

static struct encoding *fitted(const struct encoding_wish *wish, const struct dataset *data)
{
    struct error error = {0};
    struct encoding *encoding = encoding_fit(wish, data, 2, &error);
    if (encoding == NULL)
        fail_msg("%s", error.message);
    return encoding;
}

static void encode(const struct encoding *encoding, struct dataset *data, bool sparse)
{
    struct error error = {0};
    if (!encoding_apply(encoding, data, sparse, "rows", 2, &error))
        fail_msg("%s", error.message);
    assert_int_equal(data->features, encoding->features);
    assert_null(data->table);
}

/* --- Against scikit-learn ------------------------------------------------------------------- */

struct reference {
    const char *categories, *missing, *scale;
    size_t rare, features;
    const char *names[8];
    double values[(TRAINED + OTHERS) * 8];
};

static const struct reference references[] = {
    {.categories = "onehot",
     .missing = "mean",
     .features = 5,
     .names = {"age", "port=C", "port=Q", "port=S", "fare"},
     .values = {22.1,
                0.0,
                0.0,
                1.0,
                7.25,
                24.900000000000002,
                1.0,
                0.0,
                0.0,
                71.28,
                38.7,
                0.0,
                0.0,
                1.0,
                0.0,
                0.1,
                0.0,
                0.0,
                1.0,
                156.73285714285717,
                61.3,
                0.0,
                1.0,
                0.0,
                8.05,
                24.900000000000002,
                1.0,
                0.0,
                0.0,
                3.3,
                4.9,
                0.0,
                0.0,
                1.0,
                1000.0,
                22.3,
                0.0,
                0.0,
                1.0,
                7.25,
                24.900000000000002,
                0.0,
                0.0,
                0.0,
                156.73285714285717,
                5.5,
                1.0,
                0.0,
                0.0,
                -2.5}},
    {.categories = "onehot",
     .missing = "median",
     .scale = "standard",
     .features = 5,
     .names = {"age", "port=C", "port=Q", "port=S", "fare"},
     .values = {-0.11888460715980198, 0.0, 0.0, 1.0, -0.4005956655580555,
                -0.11329003741110534, 1.0, 0.0, 0.0, -0.20448992603182378,
                0.8098139711238292,   0.0, 0.0, 1.0, -0.42280036041304814,
                -1.349689951873048,   0.0, 0.0, 1.0, -0.4005956655580555,
                2.074186734329255,    0.0, 1.0, 0.0, -0.39814549233267693,
                -0.11329003741110534, 1.0, 0.0, 0.0, -0.4126933958583618,
                -1.0811506039356127,  0.0, 0.0, 1.0, 2.6399161713100767,
                -0.10769546766240888, 0.0, 0.0, 1.0, -0.4005956655580555,
                -0.11329003741110534, 0.0, 0.0, 0.0, -0.4005956655580555,
                -1.0475831854434332,  1.0, 0.0, 0.0, -0.43045715174235594}},
    {.categories = "onehot",
     .missing = "indicator",
     .scale = "standard",
     .features = 8,
     .names = {"age", "age=(missing)", "port=C", "port=Q", "port=S", "port=(missing)", "fare",
               "fare=(missing)"},
     .values = {-0.15698411847578594,
                0.0,
                0.0,
                0.0,
                1.0,
                0.0,
                -0.46316347338159114,
                0.0,
                0.0,
                1.0,
                1.0,
                0.0,
                0.0,
                0.0,
                -0.264770441782781,
                0.0,
                0.7737074410592306,
                0.0,
                0.0,
                0.0,
                0.0,
                1.0,
                -0.4856271541420374,
                0.0,
                -1.3904307636426751,
                0.0,
                0.0,
                0.0,
                1.0,
                0.0,
                8.806292514631177e-17,
                1.0,
                2.0407935401852164,
                0.0,
                0.0,
                1.0,
                0.0,
                0.0,
                -0.46068472240112807,
                0.0,
                0.0,
                1.0,
                1.0,
                0.0,
                0.0,
                0.0,
                -0.4754023063476273,
                0.0,
                -1.1213151319698993,
                0.0,
                0.0,
                0.0,
                1.0,
                0.0,
                2.612811571436756,
                0.0,
                -0.145770967156087,
                0.0,
                0.0,
                0.0,
                0.0,
                1.0,
                -0.46316347338159114,
                0.0,
                0.0,
                1.0,
                0.0,
                0.0,
                0.0,
                0.0,
                8.806292514631177e-17,
                1.0,
                -1.0876756780108026,
                0.0,
                1.0,
                0.0,
                0.0,
                0.0,
                -0.49337325095598433,
                0.0}},
    {.categories = "onehot",
     .missing = "median",
     .rare = 3,
     .features = 4,
     .names = {"age", "port=S", "port=(rare)", "fare"},
     .values = {22.1,
                1.0,
                0.0,
                7.25,
                22.200000000000003,
                0.0,
                1.0,
                71.28,
                38.7,
                1.0,
                0.0,
                0.0,
                0.1,
                1.0,
                0.0,
                7.25,
                61.3,
                0.0,
                1.0,
                8.05,
                22.200000000000003,
                0.0,
                1.0,
                3.3,
                4.9,
                1.0,
                0.0,
                1000.0,
                22.3,
                1.0,
                0.0,
                7.25,
                22.200000000000003,
                0.0,
                1.0,
                7.25,
                5.5,
                0.0,
                1.0,
                -2.5}},
};

static void check_rows(const struct dataset *data, const double *expected)
{
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < data->features; j++, expected++)
            if (fabs(data->X[i * data->features + j] - *expected) > 1e-12 * (1 + fabs(*expected)))
                fail_msg("row %zu, feature %zu: %.17g in place of %.17g", i + 1, j + 1,
                         data->X[i * data->features + j], *expected);
}

static void check_reference(const struct reference *reference)
{
    struct error error = {0};
    const struct encoding_wish wish =
        wished(reference->categories, reference->rare, reference->missing);
    struct dataset *sets[2] = {trained(), others()};
    struct encoding *encoding = fitted(&wish, sets[0]);
    assert_int_equal(encoding->features, reference->features);
    struct scaling *scaling = NULL;
    for (int k = 0; k < 2; k++) {
        encode(encoding, sets[k], false);
        for (size_t j = 0; j < reference->features; j++)
            assert_string_equal(sets[k]->feature_names[j], reference->names[j]);
        if (reference->scale == NULL)
            continue;
        if (k == 0)
            scaling = scaling_fit(table_find(&scale_table, reference->scale), sets[0], 2, &error);
        assert_true(scaling != NULL && scaling_apply(scaling, sets[k], 2, &error));
    }
    check_rows(sets[0], reference->values);
    check_rows(sets[1], reference->values + TRAINED * reference->features);
    scaling_free(scaling);
    encoding_free(encoding);
    dataset_free(sets[0]);
    dataset_free(sets[1]);
}

static void features_are_those_of_scikit_learn(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof references / sizeof *references; r++)
        check_reference(&references[r]);
}

static void ordinal_codes_are_those_of_scikit_learn(void **state)
{
    (void)state;
    static const double expected[] = {
        22.1, 2, 7.25, 22.200000000000003, 0, 71.28, 38.7, 2, 0,    0.1,  2, 7.25,
        61.3, 1, 8.05, 22.200000000000003, 0, 3.3,   4.9,  2, 1000, 22.3, 2, 7.25};
    const struct encoding_wish wish = wished("ordinal", 0, "median");
    struct dataset *data = trained(), *held = others();
    struct encoding *encoding = fitted(&wish, data);
    encode(encoding, data, false);
    check_rows(data, expected);
    assert_string_equal(data->feature_names[1], "port");

    struct error error = {0};
    assert_false(encoding_apply(encoding, held, false, "rows held out", 1, &error));
    assert_non_null(strstr(error.message, "column 'port' of the rows held out has levels that were "
                                          "not trained on"));
    assert_non_null(strstr(error.message, "'X' (1)"));
    encoding_free(encoding);
    dataset_free(data);
    dataset_free(held);
}

/* --- Properties ----------------------------------------------------------------------------- */

/* Rows of a number and a category of `levels` levels "L0".., each missing at times. */
static struct dataset *made_table(size_t rows, size_t levels)
{
    static const char *const two[] = {"number", "level"};
    double *X = memory_allocate(2 * rows, sizeof *X);
    char **texts = memory_allocate(levels, sizeof *texts);
    struct random_stream stream = random_open(3, RANDOM_FEATURES, 0);
    for (size_t i = 0; i < rows; i++) {
        X[2 * i] = random_below(&stream, 5) == 0 ? GAP : random_normal(&stream);
        X[2 * i + 1] = random_below(&stream, 7) == 0 ? GAP : (double)random_below(&stream, levels);
    }
    for (size_t k = 0; k < levels; k++) {
        char text[24];
        snprintf(text, sizeof text, "L%04zu", k);
        texts[k] = memory_copy_text(text);
    }
    struct dataset *data = table_of(rows, 2, X, two, 1, (const char *const *)texts, levels);
    texts_free(texts, levels);
    memory_free(X);
    return data;
}

static void check_same(const struct dataset *a, const struct dataset *b)
{
    assert_int_equal(a->features, b->features);
    for (size_t i = 0; i < a->rows; i++) {
        double *row = memory_allocate(a->features, sizeof *row);
        const struct sample x = dataset_sample(a, i), z = dataset_sample(b, i);
        for (size_t t = 0; t < x.count; t++)
            row[sample_column(&x, t)] = x.values[t];
        for (size_t t = 0; t < z.count; t++) {
            assert_true(row[sample_column(&z, t)] == z.values[t]);
            row[sample_column(&z, t)] = 0.0;
        }
        for (size_t j = 0; j < a->features; j++)
            assert_true(row[j] == 0.0);
        memory_free(row);
    }
}

/* Levels stay 0 and 1, so sparse rows stay sparse. */
static void scale_standard(struct dataset *data, int threads)
{
    struct error error = {0};
    struct scaling *scaling =
        scaling_fit(table_find(&scale_table, "standard"), data, threads, &error);
    bool *flags = encoding_flags(data->encoding);
    assert_non_null(scaling);
    for (size_t j = 0; j < data->features; j++)
        assert_true(!flags[j] || (scaling->offset[j] == 0.0 && scaling->factor[j] == 1.0));
    assert_true(scaling->offset[0] != 0.0 && scaling->factor[0] != 1.0);
    assert_true(scaling_apply(scaling, data, threads, &error));
    memory_free(flags);
    scaling_free(scaling);
}

static void threads_change_no_bit_and_sparse_is_dense(void **state)
{
    (void)state;
    static const char *const missing[] = {"mean", "median", "indicator"};
    static const char *const categories[] = {"onehot", "ordinal", "hash:64"};
    for (size_t c = 0; c < 9; c++) {
        struct error error = {0};
        const struct encoding_wish wish = wished(categories[c / 3], 0, missing[c % 3]);
        struct dataset *sets[3] = {made_table(500, 40), made_table(500, 40), made_table(500, 40)};
        for (int k = 0; k < 3; k++) {
            struct encoding *encoding = encoding_fit(&wish, sets[k], k + 1, &error);
            assert_non_null(encoding);
            assert_true(encoding_apply(encoding, sets[k], k == 2, "rows", k + 1, &error));
            encoding_free(encoding);
        }
        assert_int_equal(sets[0]->features, sets[1]->features);
        assert_memory_equal(sets[0]->X, sets[1]->X,
                            sets[0]->rows * sets[0]->features * sizeof(double));
        assert_int_equal(dataset_is_sparse(sets[2]), c / 3 != 1);
        check_same(sets[0], sets[2]);
        for (int k = 0; k < 3; k++)
            scale_standard(sets[k], k + 1);
        check_same(sets[0], sets[1]);
        check_same(sets[0], sets[2]);
        for (int k = 0; k < 3; k++)
            dataset_free(sets[k]);
    }
}

/* The fit of some rows, whatever the others have. */
static void only_rows_trained_on_are_fitted(void **state)
{
    (void)state;
    const struct encoding_wish wish = wished("onehot", 3, "indicator");
    struct dataset *all = made_table(60, 30), *twin = made_table(60, 30);
    size_t rows[30], last[30];
    for (size_t r = 0; r < 30; r++) {
        rows[r] = r;
        last[r] = 30 + r;
        twin->X[2 * (30 + r)] = r % 2 == 0 ? 1e300 : GAP;
        twin->X[2 * (30 + r) + 1] = (double)r;
    }
    struct dataset *of_all = splitting_rows(all, rows, 30, 1);
    struct dataset *of_twin = splitting_rows(twin, rows, 30, 1);
    struct dataset *held = splitting_rows(twin, last, 30, 1);
    struct encoding *first = fitted(&wish, of_all), *second = fitted(&wish, of_twin);
    encode(first, of_all, false);
    encode(second, of_twin, false);
    encode(second, held, false);
    assert_int_equal(of_all->features, of_twin->features);
    assert_memory_equal(of_all->X, of_twin->X, 30 * of_all->features * sizeof(double));
    assert_int_equal(held->features, of_all->features);
    assert_non_null(strstr(held->notes, "a level that was not trained on, encoded as a rare one"));
    assert_null(of_all->notes);
    encoding_free(first);
    encoding_free(second);
    dataset_free(all);
    dataset_free(twin);
    dataset_free(of_all);
    dataset_free(of_twin);
    dataset_free(held);
}

static void levels_that_are_new_are_noted(void **state)
{
    (void)state;
    const struct encoding_wish wish = wished("onehot", 0, "mean");
    struct dataset *data = trained(), *held = others();
    struct encoding *encoding = fitted(&wish, data);
    encode(encoding, held, true);
    assert_string_equal(held->notes, "column 'port' of the rows: 1 row has a level that was not "
                                     "trained on, encoded as zeros: 'X' (1)\n");
    encoding_free(encoding);
    dataset_free(data);
    dataset_free(held);
}

/* The column that a hash chooses is stated: XXH3_64bits, modulo N. */
static void hashes_are_those_stated(void **state)
{
    (void)state;
    const struct encoding_wish wish = wished("hash:16", 0, "mean");
    struct dataset *data = trained(), *held = others();
    struct encoding *encoding = fitted(&wish, data);
    assert_int_equal(encoding->features, 18);
    encode(encoding, held, false);
    assert_null(held->notes);
    size_t bucket = digest_hash("X", 1) % 16;
    for (size_t b = 0; b < 16; b++)
        assert_true(held->X[1 + b] == (b == bucket ? 1.0 : 0.0));
    assert_string_equal(held->feature_names[1], "port=(hash 0)");
    encoding_free(encoding);
    dataset_free(data);
    dataset_free(held);
}

static void names_are_given_once(void **state)
{
    (void)state;
    static const char *const same[] = {"a=(missing)", "a"};
    static const char *const levels[] = {"(missing)", "b"};
    const struct encoding_wish wish = wished("onehot", 0, "indicator");
    struct dataset *data = table_of(3, 2, (double[]){1, 0, 2, 1, 3, GAP}, same, 1, levels, 2);
    struct encoding *encoding = fitted(&wish, data);
    static const char *const expected[] = {"a=(missing)", "a=(missing).1", "a=b", "a=(missing).2"};
    assert_int_equal(encoding->features, 4);
    for (size_t j = 0; j < 4; j++)
        assert_string_equal(encoding->names[j], expected[j]);
    encoding_free(encoding);
    dataset_free(data);
}

/* --- What is refused, and dropped ----------------------------------------------------------- */

static void columns_that_cannot_be_encoded_are_named(void **state)
{
    (void)state;
    struct error error = {0};
    bool found;
    struct dataset *data = trained();
    struct encoding_wish wish = wished("onehot", 0, "refuse");
    assert_false(encoding_check(&wish, data, 1, &found, &error));
    assert_non_null(
        strstr(error.message, "'age' (2 rows), 'port' (2 rows), 'fare' (1 row) of 8 rows"));
    error = (struct error){0};
    wish = wished("refuse", 0, "mean");
    assert_false(encoding_check(&wish, data, 1, &found, &error));
    assert_non_null(strstr(error.message, "'port' ('C', 'Q', 'S', ...)"));
    error = (struct error){0};
    wish = wished("hash:4", 2, "mean");
    assert_false(encoding_check(&wish, data, 1, &found, &error));
    assert_non_null(strstr(error.message, "rare 2: a hash keeps no levels"));
    for (size_t i = 0; i < TRAINED; i++)
        data->X[i * COLUMNS] = data->X[i * COLUMNS + 1] = GAP;
    error = (struct error){0};
    wish = wished("onehot", 0, "indicator");
    assert_true(encoding_check(&wish, data, 1, &found, &error) && found);
    assert_null(encoding_fit(&wish, data, 1, &error));
    assert_non_null(strstr(error.message, "'age' (8 rows), 'port' (8 rows)"));
    dataset_free(data);
}

static void rows_with_gaps_are_dropped(void **state)
{
    (void)state;
    struct error error = {0};
    char *notes = NULL;
    struct dataset *data = trained();
    struct dataset *kept = encoding_drop(data, 1, &notes, &error);
    assert_non_null(kept);
    assert_int_equal(kept->rows, 3);
    assert_memory_equal(kept->X, ((double[]){22.1, 2, 7.25, 61.3, 1, 8.05, 4.9, 2, 1e3}),
                        sizeof(double[9]));
    assert_string_equal(notes, "5 of 8 rows have a missing value and are dropped\n");
    memory_free(notes);
    for (size_t i = 0; i < TRAINED; i += 2)
        data->X[i * COLUMNS] = GAP;
    data->class_names[0] = memory_copy_text("no");
    assert_null(encoding_drop(data, 1, &notes, &error));
    assert_non_null(strstr(error.message, "missing drop leaves no row"));
    dataset_free(kept);
    dataset_free(data);
}

static void what_was_not_fitted_is_refused(void **state)
{
    (void)state;
    struct error error = {0};
    const struct encoding_wish wish = wished("onehot", 0, "refuse");
    struct dataset *whole = table_of(2, COLUMNS, (double[]){1, 0, 2, 3, 1, 4}, names, 1, ports, 2);
    struct dataset *gaps = others(), *numbers = others();
    struct encoding *encoding = fitted(&wish, whole);
    assert_false(encoding_apply(encoding, gaps, true, "rows", 1, &error));
    assert_non_null(strstr(error.message, "'age' (1 row), 'fare' (1 row)"));
    error = (struct error){0};
    data_columns_free(numbers->table);
    numbers->table = NULL;
    assert_false(encoding_apply(encoding, numbers, true, "rows", 1, &error));
    assert_string_equal(error.message, "column 'port' has numbers, and had categories in training");
    encoding_free(encoding);
    dataset_free(whole);
    dataset_free(gaps);
    dataset_free(numbers);
}

static void ways_are_parsed(void **state)
{
    (void)state;
    static const char *const wrong[] = {"hash", "hash:0", "hash:x", "hash:99999999", "onhot", ""};
    struct encoding_wish wish;
    char reason[512];
    assert_true(categories_parse("hash:1e3", &wish, reason, sizeof reason));
    assert_int_equal(wish.buckets, 1000);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(categories_parse(wrong[i], &wish, reason, sizeof reason));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_those_of_scikit_learn),
        cmocka_unit_test(ordinal_codes_are_those_of_scikit_learn),
        cmocka_unit_test(threads_change_no_bit_and_sparse_is_dense),
        cmocka_unit_test(only_rows_trained_on_are_fitted),
        cmocka_unit_test(levels_that_are_new_are_noted),
        cmocka_unit_test(hashes_are_those_stated),
        cmocka_unit_test(names_are_given_once),
        cmocka_unit_test(columns_that_cannot_be_encoded_are_named),
        cmocka_unit_test(rows_with_gaps_are_dropped),
        cmocka_unit_test(what_was_not_fitted_is_refused),
        cmocka_unit_test(ways_are_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
