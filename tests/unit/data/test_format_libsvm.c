/* SPDX-License-Identifier: MIT
 *
 * Reading and writing LIBSVM files: the dialects, sparse and dense, blocks and threads; and the
 * real sets against a naive reader. test_format_libsvm_refusals.c has what is refused.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/sources/describe.h"
#include "data/sources/source_load.h"
#include "file_fixture.h"

#include <math.h>

static struct dataset *read_libsvm(const char *text, struct source source)
{
    struct error error;
    source.format = &format_libsvm;
    struct dataset *data = read_as(text, strlen(text), source, 1, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

/* Every one of these texts is the same data set. */
static void dialects_are_read_alike(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0 1:1 7:2.5\n1 3:-3\n0\n",
        "0 1:1 7:2.5\n1 3:-3\n0",
        "0 1:1 7:2.5\r\n1 3:-3\r\n0\r\n",
        "0 1:1 7:2.5 \r\n1 3:-3 \r\n0 \r\n\r\n",
        "\357\273\2770 1:1 7:2.5\n1 3:-3\n0\n",
        "-1 1:1 7:2.5\n+1 3:-3\n-1.0\n",
        "1 1:1 7:2.5\n2 3:-3\n1e0\n",
        " \t0\t1:1  7:2.5\t\n  1 3:-3   \n0\t",
        "# a comment: with 1:2\n0 1:1 7:2.5 # 8:1\n\n1 3:-3#x:y\n \t \n0 #\n#",
        "0 01:1.0 007:25e-1\n1 3:-0.3E1\n0\n",
        "0 1:1 2:0 7:2.5\n1 3:-3 6:0.0\n0 5:0e5\n",
    };
    char digest[DIGEST_TEXT];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_libsvm(texts[i], (struct source){0});
        assert_int_equal(data->rows, 3);
        assert_int_equal(data->features, 7);
        assert_true(dataset_is_sparse(data));
        assert_int_equal(dataset_entries(data), 3);
        if (i == 0)
            strcpy(digest, data->digest);
        assert_string_equal(data->digest, digest);
        assert_true(data->y[0] == 0.0 && data->y[1] == 1.0 && data->y[2] == 0.0);
        assert_true(data->columns[1] == 6 && data->values[1] == 2.5 && data->values[2] == -3.0);
        assert_true(data->starts[1] == 2 && data->starts[2] == 3 && data->starts[3] == 3);
        dataset_free(data);
    }
}

static void indices_count_from_zero_when_asked(void **state)
{
    (void)state;
    struct dataset *one = read_libsvm("0 1:5\n1 4:6\n", (struct source){0});
    struct dataset *zero =
        read_libsvm("0 0:5\n1 3:6\n", (struct source){.first_index = &first_index_zero});
    assert_string_equal(one->digest, zero->digest);
    dataset_free(one);
    dataset_free(zero);
}

static void features_may_be_more_than_the_file_shows(void **state)
{
    (void)state;
    struct dataset *data = read_libsvm("0 1:5\n1 2:6\n", (struct source){.features = 10});
    assert_int_equal(data->features, 10);
    assert_true(dataset_is_sparse(data));
    dataset_free(data);
    data = read_libsvm("0\n1\n", (struct source){.features = 2});
    assert_int_equal(data->features, 2);
    assert_int_equal(dataset_entries(data), 0);
    dataset_free(data);
}

static void labels_may_be_none(void **state)
{
    (void)state;
    static const char *const texts[] = {"1:2 3:4\n5:6\n", "? 1:2 3:4\n1,2 5:6\n"};
    for (int i = 0; i < 2; i++) {
        struct dataset *data = read_libsvm(texts[i], (struct source){.label = "none"});
        assert_null(data->y);
        assert_int_equal(data->rows, 2);
        assert_int_equal(dataset_entries(data), 3);
        dataset_free(data);
    }
}

/* Half of the values, and the set is a matrix: the same as from CSV. */
static void dense_files_become_matrices(void **state)
{
    (void)state;
    struct dataset *data = read_libsvm("-1 1:1 2:2\n1 2:-0 4:3\n", (struct source){0});
    struct dataset *same = read_text("1,2,0,0,0\n0,-0,0,3,1\n", NULL);
    assert_false(dataset_is_sparse(data));
    assert_string_equal(data->digest, same->digest);
    dataset_free(data);
    dataset_free(same);
    data = read_libsvm("-1 1:1 2:2\n1 4:3\n", (struct source){0});
    assert_true(dataset_is_sparse(data));
    dataset_free(data);
}

/* ---- threads and blocks -------------------------------------------------------------------- */

enum { MANY = 60000, WIDE = 50 }; /* rows: several blocks */

/* Rows with up to six values of different length, some zero, some with comments. */
static char *text_of_many(size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    struct random_stream stream = random_open(7, RANDOM_START, 0);
    for (int i = 0; i < MANY; i++) {
        fprintf(file, "%d", random_below(&stream, 2) ? 5 : 3);
        unsigned index = 0;
        for (int k = 0; k < 6 && index < WIDE - 10; k++) {
            index += 1 + (unsigned)random_below(&stream, 10);
            switch (random_below(&stream, 4)) {
            case 0:
                fprintf(file, " %u:0", index);
                break;
            case 1:
                fprintf(file, " %u:%.17g", index, random_normal(&stream));
                break;
            default:
                fprintf(file, " %u:%u", index, (unsigned)random_below(&stream, 1000));
            }
        }
        fputs(i % 1000 == 7 ? " # 99:1\n\n" : "\n", file);
    }
    fclose(file);
    return text;
}

static struct dataset *read_many(const char *text, size_t size, int threads, struct error *error)
{
    return read_as(text, size, (struct source){.format = &format_libsvm}, threads, error);
}

static void threads_do_not_change_the_data(void **state)
{
    (void)state;
    size_t size;
    char *text = text_of_many(&size), digest[DIGEST_TEXT] = "";
    for (int threads = 1; threads <= 4; threads++) {
        struct error error;
        struct dataset *data = read_many(text, size, threads, &error);
        assert_non_null(data);
        assert_int_equal(data->rows, MANY);
        if (threads == 1)
            strcpy(digest, data->digest);
        assert_string_equal(data->digest, digest);
        dataset_free(data);
    }
    free(text);
}

static void first_fault_is_reported_at_any_number_of_threads(void **state)
{
    (void)state;
    static const char *const kinds[] = {"is not a number", "a third class"};
    static const char marks[] = {'x', '7'};
    size_t size;
    for (int kind = 0; kind < 2; kind++) {
        char *text = text_of_many(&size), *line = text;
        for (int number = 0; line < text + size; number++) {
            if (number >= 33333 && number % 4444 == 1 && *line >= '0')
                *line = marks[kind];
            line = (char *)memchr(line, '\n', (size_t)(text + size - line)) + 1;
        }
        for (int threads = 1; threads <= 4; threads++) {
            struct error error;
            assert_null(read_many(text, size, threads, &error));
            assert_non_null(strstr(error.message, kinds[kind]));
            assert_non_null(strstr(error.message, ":35554:1: "));
        }
        free(text);
    }
}

/* ---- against a naive reader ---------------------------------------------------------------- */

/* Reads a text with strtok() and strtod(), and compares as it goes. Zeros are not stored. */
static void assert_read_naively(const struct dataset *data, char *text)
{
    size_t row = 0, nonzeros = 0;
    double smaller = INFINITY, *labels = memory_allocate(data->rows, sizeof *labels);
    char *words, *end = text + strlen(text);
    for (char *line = text, *next; line < end; line = next) {
        char *line_break = memchr(line, '\n', (size_t)(end - line));
        next = line_break != NULL ? line_break + 1 : end;
        next[-(line_break != NULL)] = '\0';
        line[strcspn(line, "#")] = '\0';
        char *word = strtok_r(line, " \t\r", &words);
        if (word == NULL)
            continue;
        assert_true(row < data->rows);
        labels[row] = strtod(word, NULL);
        smaller = fmin(smaller, labels[row]);
        const struct sample x = dataset_sample(data, row++);
        size_t t = 0;
        while ((word = strtok_r(NULL, " \t\r", &words)) != NULL) {
            char *colon;
            size_t column = strtoul(word, &colon, 10) - 1;
            double value = strtod(colon + 1, NULL);
            while (x.columns == NULL && t < column)
                assert_true(x.values[t++] == 0.0);
            if (value == 0.0 && x.columns != NULL)
                continue;
            assert_true(t < x.count && sample_column(&x, t) == column);
            assert_true(x.values[t++] == value);
            nonzeros += value != 0.0;
        }
        while (x.columns == NULL && t < x.count)
            assert_true(x.values[t++] == 0.0);
        assert_int_equal(t, x.count);
    }
    assert_int_equal(row, data->rows);
    for (size_t i = 0; i < row; i++)
        assert_true(data->y[i] == (labels[i] != smaller));
    if (dataset_is_sparse(data))
        assert_int_equal(nonzeros, dataset_entries(data));
    memory_free(labels);
}

static void made_rows_are_those_of_a_naive_reader(void **state)
{
    (void)state;
    size_t size;
    char *text = text_of_many(&size);
    struct error error;
    struct dataset *data = read_many(text, size, 3, &error);
    assert_non_null(data);
    assert_read_naively(data, text);
    dataset_free(data);
    free(text);
}

static const struct {
    char *path;
    size_t rows, features, ones;
    bool sparse;
} sets[] = {
    {SHARED_DATA "/heart_scale.libsvm", 270, 13, 120, false},
    {SHARED_DATA "/german_numer.libsvm", 1000, 24, 300, false},
    {SHARED_DATA "/mushrooms.libsvm", 8124, 112, 4208, true},
    {SHARED_DATA "/a1a.libsvm", 1605, 119, 395, true},
    {SHARED_DATA "/a9a.libsvm", 32561, 123, 7841, true},
    {SHARED_DATA "/w8a.libsvm", 49749, 300, 1479, true},
    {SHARED_DATA "/rcv1_vw_small.libsvm", 1000, 47117, 459, true},
};

static void shared_sets_are_those_of_a_naive_reader(void **state)
{
    (void)state;
    if (access(SHARED_DATA, F_OK) != 0) {
        print_message("skipped: no ../shared/data\n");
        skip();
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct error error = {0};
        struct source source = {.path = sets[i].path};
        struct dataset *data = source_load(&source, true, 2, &error);
        if (data == NULL)
            fail_msg("%s", error.message);
        assert_int_equal(data->rows, sets[i].rows);
        assert_int_equal(data->features, sets[i].features);
        assert_true(dataset_is_sparse(data) == sets[i].sparse);
        double ones = 0.0;
        for (size_t row = 0; row < data->rows; row++)
            ones += data->y[row];
        assert_true(ones == (double)sets[i].ones);
        struct input input;
        assert_true(input_open(&input, sets[i].path, &error));
        char *text = memory_copy_text(input.bytes);
        assert_read_naively(data, text);
        memory_free(text);
        input_close(&input);
        dataset_free(data);
    }
}

/* ---- writing and describing ---------------------------------------------------------------- */

static struct dataset *write_and_read(const struct dataset *data, const struct format *format)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    format->write(data, (struct format_writing){0}, file);
    fclose(file);
    struct error error;
    struct dataset *again = read_as(text, size, (struct source){.format = format}, 1, &error);
    free(text);
    if (again == NULL)
        fail_msg("%s", error.message);
    return again;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "-1 1:0.1 9:-5e-324\n+1\n-1 3:1.7976931348623157e308\n", /* sparse */
        "1\n2 5:-0 9:0\n",                                       /* an empty last column */
        "0 1:0.1 2:1e-310\n1 1:-0 2:0\n",                        /* dense */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_libsvm(texts[i], (struct source){0});
        struct dataset *again = write_and_read(data, &format_libsvm);
        assert_string_equal(again->digest, data->digest);
        assert_string_equal(again->class_names[0], data->class_names[0]);
        assert_string_equal(again->class_names[1], data->class_names[1]);
        dataset_free(again);
        dataset_free(data);
    }
}

/* Names that are no numbers become 0 and 1, and the values stay. */
static void csv_survives_the_way_through_libsvm(void **state)
{
    (void)state;
    struct dataset *data = read_text("1,2.5,0,cat\n-3,0.1,0,dog\n4,5,0,cat\n", NULL);
    struct dataset *there = write_and_read(data, &format_libsvm);
    struct dataset *back = write_and_read(there, &format_csv);
    assert_string_equal(there->digest, data->digest);
    assert_string_equal(back->digest, data->digest);
    assert_string_equal(back->class_names[1], "1");
    dataset_free(data);
    dataset_free(there);
    dataset_free(back);
}

/* A sparse set as CSV is the same values as a matrix, and is described alike. */
static void sparse_sets_are_described_with_their_zeros(void **state)
{
    (void)state;
    struct dataset *sparse =
        read_libsvm("0 1:1 7:2.5\n1 1:5 3:-3\n0\n1 1:2 3:1\n", (struct source){0});
    struct dataset *dense = write_and_read(sparse, &format_csv);
    assert_true(dataset_is_sparse(sparse) && !dataset_is_sparse(dense));
    struct feature_summary *a = describe_features(sparse, 1), *b = describe_features(dense, 2);
    for (size_t j = 0; j < 7; j++) {
        assert_true(a[j].minimum == b[j].minimum && a[j].maximum == b[j].maximum);
        assert_true(a[j].mean == b[j].mean && a[j].nonzero == b[j].nonzero);
        assert_true(fabs(a[j].deviation - b[j].deviation) <= 1e-15 * b[j].deviation);
    }
    memory_free(a);
    memory_free(b);
    dataset_free(sparse);
    dataset_free(dense);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_are_read_alike),
        cmocka_unit_test(indices_count_from_zero_when_asked),
        cmocka_unit_test(features_may_be_more_than_the_file_shows),
        cmocka_unit_test(labels_may_be_none),
        cmocka_unit_test(dense_files_become_matrices),
        cmocka_unit_test(threads_do_not_change_the_data),
        cmocka_unit_test(first_fault_is_reported_at_any_number_of_threads),
        cmocka_unit_test(made_rows_are_those_of_a_naive_reader),
        cmocka_unit_test(shared_sets_are_those_of_a_naive_reader),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(csv_survives_the_way_through_libsvm),
        cmocka_unit_test(sparse_sets_are_described_with_their_zeros),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
