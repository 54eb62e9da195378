/* SPDX-License-Identifier: MIT
 *
 * Reading and writing CSV: numbers against strtod() bit for bit, the dialects, the labels, every
 * refusal with its place, and the same result at any number of threads.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/format_csv.h"
#include "data/number_parse.h"
#include "data/source.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- numbers ------------------------------------------------------------------------------- */

static void assert_same_as_strtod(const char *text)
{
    char *end;
    double expected = strtod(text, &end), value = 0.0;
    const char *stop = number_parse(text, &value);
    if (stop != end || memcmp(&value, &expected, sizeof value) != 0)
        fail_msg("'%s': %a instead of %a", text, value, expected);
}

static void numbers_equal_strtod_at_the_edges(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0",
        "-0",
        "+0",
        "0.0",
        "-0.000",
        "1",
        "-1",
        "+1.5",
        ".5",
        "-.5",
        "5.",
        "0.1",
        "0.869",
        "1e0",
        "1E5",
        "1e+5",
        "1e-5",
        "00000000000000000000000001.5",
        "0.00000000000000000000001",
        "9007199254740992",
        "9007199254740993",
        "9007199254740995",
        "-9007199254740993",
        "9007199254740992e22",
        "9007199254740993e22",
        "1e22",
        "1e23",
        "8.5e22",
        "1e27",
        "1e28",
        "18446744073709551615",
        "18446744073709551616",
        "9999999999999999999",
        "99999999999999999999",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e308",
        "1e309",
        "-1e400",
        "1e99999999999999999999",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9e-324",
        "2.4703282292062328e-324",
        "2.4703282292062327e-324",
        "1e-400",
        "-1e-400",
        "0e99999",
        "0e-99999",
        "0.0e400",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "1.0000000000000001110223024625156540",
        "123456789012345678901234567890e-20",
        "0.000000000000000000000000000012345678901234567890123",
        "6.02214076e23",
        "1.6e-35",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_same_as_strtod(texts[i]);
}

/* Numbers as programs print them, of any magnitude, and digits strung together at random. */
static void numbers_equal_strtod_at_random(void **state)
{
    (void)state;
    char text[128];
    struct random_stream stream = random_open(44, RANDOM_START, 0);
    for (int i = 0; i < 2000000; i++) {
        uint64_t bits = random_bits(&stream);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0)
            value = random_normal(&stream) * pow(10.0, (double)random_below(&stream, 30) - 15.0);
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.*g", 1 + (int)random_below(&stream, 20), value);
        assert_same_as_strtod(text);
    }
    for (int i = 0; i < 1000000; i++) {
        snprintf(text, sizeof text, "%s%llu.%0*llue%d", i % 3 == 0 ? "-" : "",
                 (unsigned long long)(random_bits(&stream) >> random_below(&stream, 64)),
                 (int)random_below(&stream, 20) + 1,
                 (unsigned long long)(random_bits(&stream) >> random_below(&stream, 64)),
                 (int)random_below(&stream, 80) - 40);
        assert_same_as_strtod(text);
    }
}

/* Decimals exactly half way between two doubles, and a last digit next to it, with and without an
 * exponent: where rounding twice goes wrong. */
static void numbers_equal_strtod_at_ties(void **state)
{
    (void)state;
    char text[128];
    struct random_stream stream = random_open(45, RANDOM_START, 0);
    for (int i = 0; i < 300000; i++) {
        uint64_t mantissa = (random_bits(&stream) >> 11) | (UINT64_C(1) << 52);
        uint64_t middle = 2 * mantissa + 1;
        for (uint64_t near = middle - 1; near <= middle + 1; near++) {
            snprintf(text, sizeof text, "%llu", (unsigned long long)near);
            assert_same_as_strtod(text);
            snprintf(text, sizeof text, "%llue%d", (unsigned long long)near,
                     (int)random_below(&stream, 60) - 30);
            assert_same_as_strtod(text);
            snprintf(text, sizeof text, "%.1f", (double)mantissa / 4.0);
            assert_same_as_strtod(text);
        }
    }
}

static void texts_that_are_no_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "-",    ".",    "+.",    "e5",    "1e",  "1e+",
                                        "abc", "0x10", "1,5",  "1.2.3", "1 2",   "--1", "1-",
                                        "nan", "inf",  "1e5.", "1d5",   "1_000", "١",   "infinity"};
    double value;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(number_parse_whole(texts[i], strlen(texts[i]), &value));
    assert_true(number_not_finite("nan", 3) && number_not_finite("-Inf", 4) &&
                number_not_finite("+INFINITY", 9));
    assert_false(number_not_finite("", 0) || number_not_finite("infi", 4));
}

/* ---- files --------------------------------------------------------------------------------- */

static char path[] = "test_format_csv.XXXXXX";

static int create_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void file_fill(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static struct dataset *read_bytes(const char *bytes, size_t size, char *label, int threads,
                                  struct error *error)
{
    file_fill(bytes, size);
    struct source source = {.path = path, .label = label};
    *error = (struct error){0};
    return source_load(&source, false, threads, error);
}

static struct dataset *read_text(const char *text, char *label)
{
    struct error error;
    struct dataset *data = read_bytes(text, strlen(text), label, 1, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

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
    const char *text = "\"id \"\"x\"\"\",class,,2019\n1,b,2,3\n4,a,5,6\n";
    char *const labels[] = {"class", "2", "2.0e0"};
    for (size_t i = 0; i < 3; i++) {
        struct dataset *data = read_text(text, labels[i]);
        char buffer[DATASET_NAME];
        assert_int_equal(data->features, 3);
        assert_string_equal(dataset_feature_name(data, 0, buffer), "id \"x\"");
        assert_string_equal(dataset_feature_name(data, 1, buffer), "x2");
        assert_string_equal(dataset_feature_name(data, 2, buffer), "2019");
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
        {"1 1.0 1.00 1.000 1.0000 1.00000 1e0 0 1.00000", "0", "1", "111111101"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256] = "", list[64];
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

/* ---- refusals ------------------------------------------------------------------------------ */

/* `expected` follows the path in the message. */
static void assert_refused_bytes(const char *bytes, size_t size, char *label, const char *expected)
{
    struct error error;
    assert_null(read_bytes(bytes, size, label, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_memory_equal(error.message, path, strlen(path));
    const char *rest = error.message + strlen(path);
    if (strncmp(rest, expected, strlen(expected)) != 0)
        fail_msg("'%s' instead of '%s'", rest, expected);
}

static void assert_refused(const char *text, char *label, const char *expected)
{
    assert_refused_bytes(text, strlen(text), label, expected);
}

static void wrong_values_are_refused_at_their_place(void **state)
{
    (void)state;
    assert_refused("1,2,0\n3,abc,1\n", NULL,
                   ":2:3: 'abc' in column 2 is not a number; features must be numbers\n"
                   "    3,abc,1\n      ^");
    assert_refused("a,b,c\n1,2,0\n3,4x,1\n", NULL, ":3:3: '4x' in column 2 (b) is not a number");
    assert_refused("1,2,0\n3, \"a\",1\n", NULL, ":2:5: 'a' in column 2 is not a number");
    assert_refused("1;2;0\n3;4,5;1\n", NULL,
                   ":2:3: '4,5' in column 2 is not a number; decimals are written with a point");
    assert_refused("1,2,0\n3,,1\n", NULL, ":2:3: missing value in column 2");
    assert_refused("1,2,0\n3,4,\n", NULL, ":2:5: missing value in column 3");
    assert_refused("1,,0\n3,4,1\n", NULL, ":1:3: missing value in column 2");
    assert_refused("?,2,0\n3,4,1\n", NULL, ":1:1: missing value ('?') in column 1");
    assert_refused("1,2,0\n3,4,NA\n", NULL, ":2:5: missing value ('NA') in column 3");
    assert_refused("1,nan,0\n3,4,1\n", NULL, ":1:3: 'nan' in column 2 is not a finite number");
    assert_refused("1,2,0\n-inf,4,1\n", NULL, ":2:1: '-inf' in column 1 is not a finite number");
    assert_refused("1,2,0\n3,1e400,1\n", NULL, ":2:3: '1e400' in column 2 is too large");
    assert_refused("1,2,0\n3,4,inf\n", NULL, ":2:5: 'inf' in column 3 is not a finite number");
    assert_refused("1,2,0\n3,0x1F,1\n", NULL, ":2:3: '0x1F' in column 2 is not a number");
}

static void wrong_rows_are_refused_at_their_place(void **state)
{
    (void)state;
    assert_refused("1,2,0\n3,4\n", NULL, ":2:4: expected 3 fields, as in line 1, and found 2");
    assert_refused("1,2,0\n3,4,5,1\n", NULL, ":2:7: expected 3 fields, as in line 1, and found 4");
    assert_refused("1,2,0\n3,4,1,\n", NULL, ":2:7: expected 3 fields, as in line 1, and found 4");
    assert_refused("1,2,0\nabc\n", NULL, ":2:4: expected 3 fields, as in line 1, and found 1");
    assert_refused("1,2,0\n\n3,4,1\n", NULL, ":2:1: a blank line between rows");
    assert_refused("\n1,2,0\n3,4,1\n", NULL, ":1: the first line is blank");
    assert_refused("1,2,0\n3,\"4\n5\",1\n", NULL,
                   ":2:3: a quoted field does not end on its line; line breaks inside quotes");
    assert_refused("\"a\nb\",c\n1,2\n", NULL, ":1:1: a quoted field does not end on its line");
    assert_refused("1,2,0\n3,\"4\"5,1\n", NULL, ":2:3: text follows the closing quote");
    assert_refused("1,2,0\n3,\"4", NULL, ":2:3: a quoted field does not end on its line");
}

static void wrong_classes_are_refused(void **state)
{
    (void)state;
    assert_refused("1,0\n2,0\n3,0.0\n", NULL,
                   ": one class only: the label in column 2 is '0' in all 3 rows");
    assert_refused("x,y\n1,0\n", NULL,
                   ": one class only: the label in column 2 (y) is '0' in all 1 row;");
    assert_refused("1,a\n2,b\n3,a\n4,c\n5,d\n", NULL,
                   ":4:3: a third class in column 2: 'c', after 'a' and 'b'");
    assert_refused("1,a\n2,b\n3,c\n4\n", NULL, ":3:3: a third class");
    assert_refused("1,a\n2,b\n3\n4,c\n", NULL, ":3:2: expected 2 fields");
}

static void wrong_label_columns_are_refused(void **state)
{
    (void)state;
    const char *text = "size,class\n1,0\n2,1\n";
    assert_refused(text, "clas", ":1: no column is called 'clas'; did you mean 'class'?");
    assert_refused(text, "verdict", ":1: no column is called 'verdict'; name one of this line's");
    assert_refused(text, "3", ": there is no column 3 for the label; the columns are 1 to 2");
    assert_refused(text, "0", ": there is no column 0 for the label");
    assert_refused(text, "-1", ": there is no column -1 for the label");
    assert_refused("1\n0\n1\n", NULL, ":1: there is one column, the label, and no feature");
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    assert_refused("", NULL, ": the file is empty");
    assert_refused(" \n\r\n\n", NULL, ": the file is empty");
    assert_refused("\xef\xbb\xbf", NULL, ": the file is empty");
    assert_refused("a,b,c\n", NULL, ": there are no rows, only a header");
    assert_refused_bytes("1,2\n\0,3\n", 8, NULL, ": this is not a text file");
    assert_refused_bytes("\xff\xfe"
                         "1\0,\0",
                         6, NULL, ": this is UTF-16 text");
}

static void assert_unreadable(char *name, const char *expected)
{
    struct error error = {0};
    struct source source = {.path = name};
    assert_null(source_load(&source, true, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strncmp(error.message, expected, strlen(expected)) != 0)
        fail_msg("'%s' instead of '%s'", error.message, expected);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_unreadable("no/such.csv", "no/such.csv: cannot be opened: No such file");
    assert_unreadable("/", "/: this is a directory");
    assert_unreadable("/dev/null", "/dev/null: the file is empty");
    file_fill("1\n2\n", 4);
    struct error error = {0};
    struct source source = {.path = path, .label = "none"};
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, "labels are needed here"));
}

/* A sparse file of 8 TB begins with a megabyte of rows: refused from those alone. */
static void file_larger_than_memory_is_refused_at_once(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 300000; i++)
        fprintf(file, "%d,%d\n", i % 10, i % 2);
    assert_int_equal(fclose(file), 0);
    if (truncate(path, (off_t)8 << 40) != 0)
        skip(); /* the file system has no files of that size */
    assert_unreadable(path, path);
    struct error error = {0};
    struct source source = {.path = path};
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, "GiB of memory"));
}

/* ---- threads and blocks -------------------------------------------------------------------- */

enum { MANY = 60000 }; /* rows: several blocks */

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
    const char *p = text;
    for (size_t i = 0; i < data->rows; i++) {
        char *end;
        assert_true(data->X[2 * i] == strtod(p, &end));
        assert_true(data->X[2 * i + 1] == strtod(end + 1, &end));
        assert_true(data->y[i] == (end[1] == '5'));
        p = strchr(end, '\n') + 1;
    }
    dataset_free(data);
    free(text);
}

/* Of faults in several blocks, the first is reported; and so is a third class before a fault. */
static void first_fault_is_reported_at_any_number_of_threads(void **state)
{
    (void)state;
    static const char *const kinds[] = {"is not a number", "a third class", "expected 3 fields"};
    size_t size;
    for (size_t kind = 0; kind < 3; kind++) {
        char *text = text_of_many(&size);
        char *line = text;
        for (int row = 0; row < MANY; row++) {
            char *next = strchr(line, '\n') + 1;
            if (row >= 33333 && row % 4444 == 1 && kind == 0)
                *line = 'x';
            if (row >= 33333 && row % 4444 == 1 && kind == 1)
                next[-2] = (char)('6' + row % 3);
            if (row >= 33333 && row % 4444 == 1 && kind == 2)
                *strchr(line, ',') = '0';
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
        format_csv.write(data, header, file);
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
        cmocka_unit_test(numbers_equal_strtod_at_the_edges),
        cmocka_unit_test(numbers_equal_strtod_at_random),
        cmocka_unit_test(numbers_equal_strtod_at_ties),
        cmocka_unit_test(texts_that_are_no_numbers_are_refused),
        cmocka_unit_test(dialects_are_read_alike),
        cmocka_unit_test(header_gives_names_and_label_column),
        cmocka_unit_test(header_of_numbers_is_one_when_it_names_the_label),
        cmocka_unit_test(labels_may_be_none),
        cmocka_unit_test(labels_are_mapped_by_order),
        cmocka_unit_test(wrong_values_are_refused_at_their_place),
        cmocka_unit_test(wrong_rows_are_refused_at_their_place),
        cmocka_unit_test(wrong_classes_are_refused),
        cmocka_unit_test(wrong_label_columns_are_refused),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(file_larger_than_memory_is_refused_at_once),
        cmocka_unit_test(threads_do_not_change_the_data),
        cmocka_unit_test(rows_keep_their_place_across_blocks),
        cmocka_unit_test(first_fault_is_reported_at_any_number_of_threads),
        cmocka_unit_test(lines_longer_than_blocks_are_read),
        cmocka_unit_test(file_may_fill_its_last_page),
        cmocka_unit_test(pipes_are_read),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(endings_pick_formats),
        cmocka_unit_test(shared_sets_are_read),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
