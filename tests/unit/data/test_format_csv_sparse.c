/* SPDX-License-Identifier: MIT
 *
 * Wide CSV files of mostly zeros: the same numbers as a matrix and the same set as LIBSVM, whatever
 * the number of threads; and which files are read so.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/formats/format.h"
#include "data/preparation/scaling.h"
#include "data/sources/source_read.h"
#include "file_fixture.h"

#include <math.h>

enum { ROWS = 150, WIDE = 1200 };

struct texts {
    char *csv, *libsvm;
    size_t csv_size, libsvm_size;
};

/* A value of a cell, as text; "" is 0. */
static const char *cell_make(struct random_stream *stream, double share, bool quoted, char *text)
{
    static const char *const zeros[] = {"0", "0", "0", "0.0", "00", "0", "0.00", "0", "0.", "0e3"};
    static const char *const values[] = {"1", "-0", "0.25", "1e-310", "7"};
    bool zero = random_uniform(stream) >= share;
    if (zero && quoted) /* zeros that are not seen as such at first sight */
        strcpy(text, "\"0\"");
    else
        strcpy(text, zero ? zeros[random_below(stream, 10)] : values[random_below(stream, 5)]);
    return zero ? "" : text;
}

/* The same rows as CSV and as LIBSVM, of which the last column shows how wide they are. `odd` is in
 * one cell of the CSV. */
static struct texts texts_make(size_t columns, double share, bool quoted, const char *odd)
{
    struct texts texts;
    FILE *csv = open_memstream(&texts.csv, &texts.csv_size);
    FILE *libsvm = open_memstream(&texts.libsvm, &texts.libsvm_size);
    struct random_stream stream = random_open(3, RANDOM_START, 0);
    for (size_t j = 0; quoted && j <= columns; j++)
        fprintf(csv, "f%zu%s", j + 1, j < columns ? "," : "\n");
    for (size_t i = 0; i < ROWS; i++) {
        fprintf(libsvm, "%zu", i % 2);
        for (size_t j = 0; j < columns; j++) {
            char text[16];
            const char *value = cell_make(&stream, share, quoted, text);
            bool shows = i == 0 && j + 1 == columns;
            bool is_odd = odd != NULL && i == ROWS / 2 && j == 5;
            fprintf(csv, "%s,", is_odd ? odd : shows ? "3" : text);
            if (*value != '\0' || shows)
                fprintf(libsvm, " %zu:%s", j + 1, shows ? "3" : value);
        }
        fprintf(csv, "%zu%s", i % 2, i % 3 == 0 ? "\r\n" : "\n");
        putc('\n', libsvm);
    }
    fclose(csv);
    fclose(libsvm);
    return texts;
}

static void texts_clear(struct texts *texts)
{
    free(texts->csv);
    free(texts->libsvm);
}

static struct dataset *rows_read(const char *text, size_t size, struct source source, int threads)
{
    struct error error = {.kind = ERROR_NONE};
    struct share share = {.ranks = NULL};
    file_fill(text, size);
    source.path = path;
    struct dataset *data = source_read(&source, &share, threads, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    dataset_seal(data);
    return data;
}

static void assert_numbers_equal(const struct dataset *sparse, const struct dataset *dense)
{
    assert_true(sparse->rows == dense->rows && sparse->features == dense->features);
    for (size_t i = 0; i < dense->rows; i++) {
        const struct sample x = dataset_sample(sparse, i);
        const double *row = dense->X + i * dense->features;
        assert_true(sparse->y[i] == dense->y[i]);
        for (size_t j = 0, t = 0; j < dense->features; j++) {
            bool stored = t < x.count && sample_column(&x, t) == j;
            double value = stored ? x.values[t++] : 0.0;
            assert_memory_equal(&value, &row[j], sizeof value);
        }
    }
}

static void assert_set_of_libsvm(bool quoted)
{
    struct texts texts = texts_make(WIDE, 0.3, quoted, NULL);
    const struct format *format = (const struct format *)table_find(&format_table, "libsvm");
    struct dataset *same =
        rows_read(texts.libsvm, texts.libsvm_size, (struct source){.format = format}, 2);
    struct dataset *dense =
        rows_read(texts.csv, texts.csv_size,
                  (struct source){.scale = table_find(&scale_table, "standard")}, 2);
    assert_false(dataset_is_sparse(dense)); /* since zeros will not stay zeros */
    for (int threads = 1; threads <= 4; threads++) {
        struct dataset *data = rows_read(texts.csv, texts.csv_size, (struct source){0}, threads);
        assert_true(dataset_is_sparse(data) && data->table == NULL);
        assert_string_equal(data->digest, same->digest);
        assert_numbers_equal(data, dense);
        if (quoted)
            assert_string_equal(data->feature_names[7], "f8");
        dataset_free(data);
    }
    dataset_free(same);
    dataset_free(dense);
    texts_clear(&texts);
}

/* Also where the beginning of the file looks like a matrix. */
static void a_wide_file_is_the_set_that_libsvm_has(void **state)
{
    (void)state;
    assert_set_of_libsvm(false);
    assert_set_of_libsvm(true);
}

/* A text or a gap in one cell: the matrix and the table that any file has. */
static void a_text_makes_it_a_matrix(void **state)
{
    (void)state;
    static const char *const odd[] = {"", "red", "0.0.0", "?", "\"0 0\""};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct texts texts = texts_make(WIDE, 0.02, false, odd[i]);
        struct source source = {.drop = "6"};
        bool missing = i == 0 || i == 3;
        if (missing)
            source.drop = NULL;
        struct dataset *data = rows_read(texts.csv, texts.csv_size, source, 2);
        assert_true(dataset_is_sparse(data) == !missing);
        if (missing) {
            assert_int_equal(data->table->columns[5].missing, 1);
            assert_true(isnan(data->X[(size_t)(ROWS / 2) * WIDE + 5]));
        }
        dataset_free(data);
        struct error error;
        if (!missing) {
            assert_null(read_as(texts.csv, texts.csv_size, (struct source){0}, 2, &error));
            assert_int_equal(error.kind, ERROR_USAGE);
        }
        texts_clear(&texts);
    }
}

static void others_stay_matrices(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        double share;
        char *category;
    } cases[] = {{999, 0.02, NULL}, {WIDE, 0.6, NULL}, {WIDE, 0.02, "3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct texts texts = texts_make(cases[i].columns, cases[i].share, false, NULL);
        struct dataset *data =
            rows_read(texts.csv, texts.csv_size, (struct source){.category = cases[i].category}, 2);
        assert_false(dataset_is_sparse(data));
        dataset_free(data);
        texts_clear(&texts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_file_is_the_set_that_libsvm_has),
        cmocka_unit_test(a_text_makes_it_a_matrix),
        cmocka_unit_test(others_stay_matrices),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
