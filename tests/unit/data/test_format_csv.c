/* SPDX-License-Identifier: MIT
 *
 * Reading and writing CSV: the dialects, the labels, and the same result at any number of threads.
 * test_format_csv_refusals.c has what is refused.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/formats/csv/csv.h"
#include "data/sources/source_load.h"
#include "file_fixture.h"

/* Every one of these texts is the same data set. */
static void dialects_are_read_alike(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1,2.5,0\n-3,4,1\n",
        "1,2.5,0\n-3,4,1",
        "1,2.5,0\r\n-3,4,1\r\n",
        "1,2.5,0\r\n-3,4,1",
        "\xef\xbb\xbf"
        "1,2.5,0\n-3,4,1\n",
        "a,b,c\n1,2.5,0\n-3,4,1\n",
        "\xef\xbb\xbf"
        "\"a\",\"b\",\"c\"\r\n1,2.5,0\r\n-3,4,1\r\n",
        "1;2.5;0\n-3;4;1\n",
        "1\t2.5\t0\n-3\t4\t1\n",
        "a, b\tb, c\tc\n1\t2.5\t0\n-3\t4\t1\n",
        "\"a;b\",\"b\t\",c\n1,2.5,0\n-3,4,1\n",
        "\"1\",\"2.5\",\"0\"\n\"-3\",\"4\",\"1\"\n",
        " 1 , 2.5 ,\t0 \n-3,  4  ,1  \n",
        "1 \t 2.5\t0\n-3\t4\t1 \n",
        " \"1\" , \"2.5\" , \"0\" \r\n-3,4,1\n",
        "1,2.5,0\n-3,4,1\n\n\n",
        "1,2.5,0\r\n-3,4,1\r\n\r\n  \r\n",
        "1.0,25e-1,0\n-3e0,+4,+1\n",
        "1,2.5,-1\n-3,4,+1\n",
        "1,2.5,1\n-3,4,2\n",
        "1,2.5,cat\n-3,4,dog\n",
        "1,2.5,\"cat, small\"\n-3,4,\"dog\"\n",
    };
    char digest[DIGEST_TEXT];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_text(texts[i], NULL);
        assert_int_equal(data->rows, 2);
        assert_int_equal(data->features, 2);
        if (i == 0)
            strcpy(digest, data->digest);
        assert_string_equal(data->digest, digest);
        dataset_free(data);
    }
}

static void header_gives_names_and_label_column(void **state)
{
    (void)state;
    const char *text = "\"id \"\"x\"\"\",class,,year\n1,b,2,3\n4,a,5,6\n";
    char *const labels[] = {"class", "2", "2.0e0"};
    for (size_t i = 0; i < 3; i++) {
        struct dataset *data = read_text(text, labels[i]);
        char buffer[DATASET_NAME];
        assert_int_equal(data->features, 3);
        assert_string_equal(dataset_feature_name(data, 0, buffer), "id \"x\"");
        assert_string_equal(dataset_feature_name(data, 1, buffer), "x2");
        assert_string_equal(dataset_feature_name(data, 2, buffer), "year");
        assert_true(data->y[0] == 1.0 && data->y[1] == 0.0);
        assert_true(data->X[5] == 6.0 && data->X[3] == 4.0);
        dataset_free(data);
    }
}

static void header_of_numbers_is_one_when_it_names_the_label(void **state)
{
    (void)state;
    struct dataset *data = read_text("0,1,y\n5,6,0\n7,8,1\n", "y");
    assert_int_equal(data->rows, 2);
    dataset_free(data);
}

static void labels_may_be_none(void **state)
{
    (void)state;
    struct dataset *data = read_text("1\n2\n3\n", "none");
    assert_int_equal(data->rows, 3);
    assert_int_equal(data->features, 1);
    assert_null(data->y);
    dataset_free(data);
}

/* The labels of the rows in order, and the texts that became 0 and 1. */
static void labels_are_mapped_by_order(void **state)
{
    (void)state;
    static const struct {
        const char *labels, *zero, *one, *y;
    } cases[] = {
        {"1 0 1", "0", "1", "101"},
        {"+1 -1 -1", "-1", "+1", "100"},
        {"2 1 2", "1", "2", "101"},
        {"10 9 9", "9", "10", "100"},
        {"dog cat dog", "cat", "dog", "101"},
        {"-1 1.0 +1", "-1", "1.0", "011"},
        {"1 1.0 0 0.0 1e0 +1", "0", "1", "110011"},
        {"b 7 b", "7", "b", "101"},
        {"no non no", "no", "non", "010"},
        {"9007199254740993 9007199254740992 9007199254740993", "9007199254740992",
         "9007199254740993", "101"},
        {"-9007199254740992 -9007199254740993", "-9007199254740993", "-9007199254740992", "10"},
        {"18446744073709551615 18446744073709551614 1.8446744073709551615e19",
         "18446744073709551614", "18446744073709551615", "101"},
        {"1e300 1.0e300 1e-300", "1e-300", "1e300", "110"},
        {"1 1.0 1.00 1.000 1.0000 1.00000 1e0 0 1.00000", "0", "1", "111111101"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256] = "", list[128];
        strcpy(list, cases[i].labels);
        char *rest, *label = strtok_r(list, " ", &rest);
        for (; label != NULL; label = strtok_r(NULL, " ", &rest))
            snprintf(text + strlen(text), sizeof text - strlen(text), "5,%s\n", label);
        struct dataset *data = read_text(text, NULL);
        assert_string_equal(data->class_names[0], cases[i].zero);
        assert_string_equal(data->class_names[1], cases[i].one);
        for (size_t row = 0; row < data->rows; row++)
            assert_true(data->y[row] == cases[i].y[row] - '0');
        dataset_free(data);
    }
}

/* ---- threads and blocks -------------------------------------------------------------------- */

enum { MANY = 60000, LINE_MOST = 64 }; /* rows: several blocks; bytes of one */

/* Rows of two features and labels 3 and 5, written into a growing text. */
static char *text_of_many(size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    struct random_stream stream = random_open(7, RANDOM_START, 0);
    for (int i = 0; i < MANY; i++)
        fprintf(file, "%.17g,%.3f,%d\n", random_normal(&stream), random_normal(&stream),
                random_below(&stream, 2) ? 5 : 3);
    fclose(file);
    return text;
}

static void threads_do_not_change_the_data(void **state)
{
    (void)state;
    size_t size;
    char *text = text_of_many(&size), digest[DIGEST_TEXT] = "";
    for (int threads = 1; threads <= 4; threads++) {
        struct error error;
        struct dataset *data = read_bytes(text, size, NULL, threads, &error);
        assert_non_null(data);
        assert_int_equal(data->rows, MANY);
        if (threads == 1)
            strcpy(digest, data->digest);
        assert_string_equal(data->digest, digest);
        dataset_free(data);
    }
    free(text);
}

static void rows_keep_their_place_across_blocks(void **state)
{
    (void)state;
    size_t size;
    char *text = text_of_many(&size);
    struct error error;
    struct dataset *data = read_bytes(text, size, NULL, 3, &error);
    assert_non_null(data);
    FILE *lines = fmemopen(text, size, "r");
    char *line = NULL, *end;
    for (size_t i = 0, room = 0; i < data->rows; i++) {
        assert_true(getline(&line, &room, lines) > 0);
        assert_true(data->X[2 * i] == strtod(line, &end));
        assert_true(data->X[2 * i + 1] == strtod(end + 1, &end));
        assert_true(data->y[i] == (end[1] == '5'));
    }
    fclose(lines);
    free(line);
    dataset_free(data);
    free(text);
}

/* The first of faults in several blocks is reported; so is a third class before a fault. */
static void first_fault_is_reported_at_any_number_of_threads(void **state)
{
    (void)state;
    static const char *const kinds[] = {"is not a number", "a third class", "expected 3 fields"};
    size_t size;
    for (size_t kind = 0; kind < 3; kind++) {
        char *text = text_of_many(&size);
        char *line = text;
        for (int row = 0; row < MANY; row++) {
            char *next = (char *)memchr(line, '\n', LINE_MOST) + 1;
            if (row >= 33333 && row % 4444 == 1 && kind == 0)
                *line = 'x';
            if (row >= 33333 && row % 4444 == 1 && kind == 1)
                next[-2] = (char)('6' + row % 3);
            if (row >= 33333 && row % 4444 == 1 && kind == 2)
                *(char *)memchr(line, ',', LINE_MOST) = '0';
            line = next;
        }
        char expected[2][256];
        for (int threads = 1; threads <= 4; threads++) {
            struct error error;
            assert_null(read_bytes(text, size, NULL, threads, &error));
            snprintf(expected[threads > 1], 256, "%.255s", error.message);
            assert_string_equal(expected[threads > 1], expected[0]);
            assert_non_null(strstr(error.message, kinds[kind]));
            assert_non_null(strstr(error.message, ":35554:"));
        }
        free(text);
    }
}

static void lines_longer_than_blocks_are_read(void **state)
{
    (void)state;
    enum { FEATURES = 300000, ROWS = 3 };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < FEATURES; j++)
            fprintf(file, "%d,", (i + j) % 10);
        fprintf(file, "%d%s", i % 2, i + 1 < ROWS ? "\n" : "");
    }
    fclose(file);
    struct error error;
    struct dataset *data = read_bytes(text, size, NULL, 2, &error);
    assert_non_null(data);
    assert_int_equal(data->rows, ROWS);
    assert_int_equal(data->features, FEATURES);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < FEATURES; j++)
            assert_true(data->X[i * FEATURES + j] == (double)((i + j) % 10));
    dataset_free(data);
    free(text);
}

/* A number that ends with the file, and the file with its page. */
static void file_may_fill_its_last_page(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *text = memory_allocate(page, 1);
    memset(text, '1', page);
    memcpy(text, "1,0\n", 4);
    for (size_t i = 4; i < page - 4; i++)
        text[i] = i % 4 == 3 ? '\n' : i % 4 == 1 ? ',' : '1';
    memcpy(text + page - 4, "5,01", 4);
    struct error error;
    struct dataset *data = read_bytes(text, page, NULL, 2, &error);
    assert_non_null(data);
    assert_int_equal(data->rows, page / 4);
    assert_true(data->X[data->rows - 1] == 5.0 && data->y[data->rows - 1] == 1.0);
    dataset_free(data);
    memory_free(text);
}

static void pipes_are_read(void **state)
{
    (void)state;
    int ends[2], standard_input = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "1,0\n2,1", 7), 7);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    struct input input;
    struct error error = {0};
    assert_true(input_open(&input, "-", &error));
    dup2(standard_input, STDIN_FILENO);
    close(standard_input);
    assert_int_equal(input.size, 7);
    assert_memory_equal(input.bytes, "1,0\n2,1\0\0\0", 10);
    input_close(&input);
}

/* ---- writing ------------------------------------------------------------------------------- */

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct dataset *data = dataset_create(4, 2, true);
    static const double values[] = {0.1,     -0.0,      1e-310, 1.7976931348623157e308,
                                    1.0 / 3, 123456789, 5e-324, -2.5e-17};
    memcpy(data->X, values, sizeof values);
    for (size_t i = 0; i < 4; i++)
        data->y[i] = (double)(i % 2);
    data->class_names[0] = memory_copy_text("a \"b\", c");
    data->class_names[1] = memory_copy_text("d");
    dataset_seal(data);
    for (int header = 0; header < 2; header++) {
        char *text = NULL;
        size_t size;
        FILE *file = open_memstream(&text, &size);
        format_csv.write(data, (struct format_writing){.header = header}, file);
        fclose(file);
        struct error error;
        struct dataset *again = read_bytes(text, size, NULL, 1, &error);
        assert_non_null(again);
        assert_string_equal(again->digest, data->digest);
        assert_string_equal(again->class_names[0], data->class_names[0]);
        assert_true((again->feature_names != NULL) == header);
        dataset_free(again);
        free(text);
    }
    dataset_free(data);
}

/* A first row that pandas could have written as names is read back as a row. */
static void first_rows_are_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"0,1\n5,6\n", "0,1,2\n5,6,7\n", "0,1,2,0\n1,1,1,3\n",
                                        "-0,1\n0,0\n", "0,cat\n0,dog\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int unlabelled = 0; unlabelled < 2 && i < 4; unlabelled++) {
            struct error error;
            struct source source = {.header = &header_no, .label = unlabelled ? "none" : NULL};
            struct dataset *data = read_as(texts[i], strlen(texts[i]), source, 1, &error);
            assert_non_null(data);
            char *text = NULL;
            size_t size;
            FILE *file = open_memstream(&text, &size);
            format_csv.write(data, (struct format_writing){.header = false}, file);
            fclose(file);
            struct dataset *again = read_text(text, unlabelled ? "none" : NULL);
            assert_string_equal(again->digest, data->digest);
            assert_null(again->notes);
            free(text);
            dataset_free(again);
            dataset_free(data);
        }
}

static void endings_pick_formats(void **state)
{
    (void)state;
    assert_ptr_equal(format_of_path("a.csv"), &format_csv);
    assert_ptr_equal(format_of_path("a.CSV"), &format_csv);
    assert_ptr_equal(format_of_path("a.b/data"), &format_csv);
    assert_ptr_equal(format_of_path("a.tsv"), &format_csv);
}

static void shared_sets_are_read(void **state)
{
    (void)state;
    static const struct {
        char *path;
        size_t rows, features, zeros;
    } sets[] = {
        {SHARED_DATA "/linear-bin-classification.csv", 100, 2, 50},
        {SHARED_DATA "/breast_cancer_wdbc.csv", 569, 30, 212},
        {SHARED_DATA "/lightgbm_higgs7k.csv", 7000, 28, 3284},
    };
    if (access(SHARED_DATA, F_OK) != 0) {
        print_message("skipped: no ../shared/data\n");
        skip();
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct error error = {0};
        struct source source = {.path = sets[i].path};
        struct dataset *data = source_load(&source, true, 2, &error);
        assert_non_null(data);
        assert_int_equal(data->rows, sets[i].rows);
        assert_int_equal(data->features, sets[i].features);
        size_t zeros = 0;
        for (size_t row = 0; row < data->rows; row++)
            zeros += data->y[row] == 0.0;
        assert_int_equal(zeros, sets[i].zeros);
        dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_are_read_alike),
        cmocka_unit_test(header_gives_names_and_label_column),
        cmocka_unit_test(header_of_numbers_is_one_when_it_names_the_label),
        cmocka_unit_test(labels_may_be_none),
        cmocka_unit_test(labels_are_mapped_by_order),
        cmocka_unit_test(threads_do_not_change_the_data),
        cmocka_unit_test(rows_keep_their_place_across_blocks),
        cmocka_unit_test(first_fault_is_reported_at_any_number_of_threads),
        cmocka_unit_test(lines_longer_than_blocks_are_read),
        cmocka_unit_test(file_may_fill_its_last_page),
        cmocka_unit_test(pipes_are_read),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(first_rows_are_read_back),
        cmocka_unit_test(endings_pick_formats),
        cmocka_unit_test(shared_sets_are_read),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
