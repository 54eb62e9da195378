/* SPDX-License-Identifier: MIT
 *
 * Missing values in arrays and in sparse rows: which columns have them, what they are filled with,
 * and that a set is encoded alike whether it is stored sparse or dense.
 */
#include "base/random.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/missing.h"
#include "data/preparation/encoding.h"
#include "npy_fixture.h"

#include <math.h>

static const double gaps[] = {1.0, 2.0, NAN, -0.0, 5.0, -NAN};

static struct dataset *load_missing(const char *name, const struct format *format,
                                    const char *missing, int threads)
{
    struct error error = {.kind = ERROR_NONE};
    struct source source = {.path = (char *)name, .format = format};
    source.missing = table_find(&missing_table, missing);
    assert_non_null(source.missing);
    struct dataset *data = source_load(&source, true, threads, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

static void assert_file_refused(const char *name, const struct format *format, const char *expected)
{
    struct error error = {.kind = ERROR_NONE};
    struct source source = {.path = (char *)name, .format = format};
    assert_null(source_load(&source, true, 2, &error));
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' is not in '%s'", expected, error.message);
}

/* --- Arrays ---------------------------------------------------------------------------------- */

static void nan_in_an_array_is_missing(void **state)
{
    (void)state;
    static const double whole[] = {1.0, 2.0, 3.0, -0.0, 5.0, 6.0};
    static const unsigned char y[] = {0, 1, 0};
    y_write("|u1", "(3,)", y, sizeof y);
    x_write("<f8", "False", "(3, 2)", gaps, sizeof gaps);
    assert_file_refused(
        x_path, NULL,
        "values are missing: 'x1' (1 row), 'x2' (1 row) of 3 rows, the first in row 2 "
        "of 'x1'; fill them: --missing median, or mean; fill and mark them: --missing "
        "indicator; leave out such rows: --missing drop (in a sweep file");
    struct dataset *data = load_missing(x_path, NULL, "indicator", 2);
    static const double marked[] = {1.0, 0.0, 2.0, 0.0, 3.0, 1.0, -0.0, 0.0, 5.0, 0.0, 1.0, 1.0};
    assert_int_equal(data->features, 4);
    assert_memory_equal(data->X, marked, sizeof marked);
    dataset_free(data);
    x_write("<f8", "False", "(3, 2)", whole, sizeof whole);
    data = load_missing(x_path, NULL, "mean", 2);
    assert_true(data->mapping != NULL && !mapping_is_memory(data->mapping) && data->table == NULL);
    dataset_free(data);
}

/* --- Sparse rows ----------------------------------------------------------------------------- */

/* Row by row a value in a few of 30 columns; a column in three has gaps. */
static void rows_write(void)
{
    struct random_stream random = random_open(7, RANDOM_FEATURES, 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < 400; i++) {
        fprintf(file, "%zu", i % 3 == 0 ? (size_t)1 : 0);
        for (size_t j = 0; j < 30; j++) {
            double u = random_uniform(&random);
            if (u < 0.02 && j % 3 == 0)
                fprintf(file, " %zu:%s", j + 1, u < 0.01 ? "nan" : "-NaN");
            else if (u > 0.8)
                fprintf(file, " %zu:%.17g", j + 1, u - 0.9);
        }
        fputc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
}

static double value_at(const struct dataset *data, size_t i, size_t j)
{
    const struct sample x = dataset_sample(data, i);
    for (size_t t = 0; t < x.count; t++)
        if (sample_column(&x, t) == j)
            return x.values[t];
    return 0.0;
}

static void assert_same(const struct dataset *sparse, const struct dataset *dense)
{
    assert_true(dataset_is_sparse(sparse));
    assert_int_equal(sparse->rows, dense->rows);
    assert_int_equal(sparse->features, dense->features);
    for (size_t i = 0; i < sparse->rows; i++) {
        for (size_t t = sparse->starts[i] + 1; t < sparse->ends[i]; t++)
            assert_true(sparse->columns[t - 1] < sparse->columns[t]);
        for (size_t j = 0; j < sparse->features; j++)
            assert_true(value_at(sparse, i, j) == value_at(dense, i, j));
    }
    for (size_t j = 0; j < sparse->features && sparse->feature_names != NULL; j++)
        assert_string_equal(sparse->feature_names[j], dense->feature_names[j]);
}

/* The same rows as a matrix, before they are encoded. */
static struct dataset *matrix_read(void)
{
    struct error error = {.kind = ERROR_NONE};
    const struct columns_wanted wanted = {.features = 30};
    const struct source source = {
        .path = path, .format = &format_libsvm, .features = 30, .wanted = &wanted};
    struct dataset *data = source_load(&source, true, 2, &error);
    assert_non_null(data);
    dataset_densify(data, dataset_create(data->rows, data->features, false), 2);
    return data;
}

static void sparse_rows_are_encoded_like_a_matrix(void **state)
{
    (void)state;
    static const char *const ways[] = {"mean", "median", "indicator"};
    rows_write();
    assert_file_refused(path, &format_libsvm, "values are missing: 'x1' (");
    for (size_t m = 0; m < 3; m++) {
        struct error error = {.kind = ERROR_NONE};
        struct dataset *dense = matrix_read();
        struct encoding_wish wish = {.missing = table_find(&missing_table, ways[m])};
        assert_true(categories_parse(NULL, &wish, error.message, sizeof error.message));
        struct encoding *encoding = encoding_fit(&wish, dense, 2, &error);
        assert_non_null(encoding);
        assert_true(encoding_apply(encoding, dense, false, "rows", 2, &error));
        assert_int_equal(dense->features, m == 2 ? 40 : 30);
        for (int threads = 1; threads <= 3; threads++) {
            struct dataset *sparse = load_missing(path, &format_libsvm, ways[m], threads);
            assert_same(sparse, dense);
            dataset_free(sparse);
        }
        encoding_free(encoding);
        dataset_free(dense);
    }
}

/* Zeros that are not stored stand between the negative and the positive values; a mean that is 0 is
 * not stored either. */
static void zeros_count_in_a_sparse_column(void **state)
{
    (void)state;
    static const char text[] = "0 1:nan 2:-3\n1 1:4 3:1\n0 2:-1 4:nan 6:1\n1 1:6 2:nan\n"
                               "0 1:5 9:2\n1 2:-2\n";
    static const struct {
        const char *missing;
        double fills[3]; /* of the columns 1, 2 and 4 */
    } cases[] = {{"mean", {3.0, -1.2, 0.0}}, {"median", {4.0, -1.0, 0.0}}};
    file_fill(text, sizeof text - 1);
    for (size_t c = 0; c < 2; c++) {
        struct dataset *data = load_missing(path, &format_libsvm, cases[c].missing, 1);
        assert_true(dataset_is_sparse(data) && data->features == 9);
        assert_true(value_at(data, 0, 0) == cases[c].fills[0]);
        assert_true(value_at(data, 3, 1) == cases[c].fills[1]);
        assert_true(value_at(data, 2, 3) == cases[c].fills[2]);
        assert_int_equal(dataset_entries(data), 11);
        dataset_free(data);
    }
    struct dataset *data = load_missing(path, &format_libsvm, "drop", 1);
    assert_int_equal(data->rows, 3);
    assert_int_equal(dataset_entries(data), 5);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nan_in_an_array_is_missing),
        cmocka_unit_test(sparse_rows_are_encoded_like_a_matrix),
        cmocka_unit_test(zeros_count_in_a_sparse_column),
    };
    return cmocka_run_group_tests(tests, create_folder, remove_folder);
}
