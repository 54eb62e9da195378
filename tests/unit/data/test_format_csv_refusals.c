/* SPDX-License-Identifier: MIT
 *
 * What CSV files are refused for: each message with its place, its text and its remedy.
 */
#include "data/sources/source_load.h"
#include "file_fixture.h"

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
                   ":2:3: 'abc' in column 2 is not a number, and 1 of 2 values are; if it marks a "
                   "missing value: --missing-tokens abc; if these are categories: --category 2; "
                   "else --drop 2\n"
                   "    3,abc,1\n      ^");
    assert_refused("1_000,2,0\n1,2,1\n", NULL, ":1:1: '1_000' in column 1 is not a number, and 1");
    assert_refused("a,b,c\n1,2,0\n3,4x,1\n", NULL, ":3:3: '4x' in column 2 (b) is not a number");
    assert_refused("1,2,0\n3, \"a\",1\n", NULL, ":2:5: 'a' in column 2 is not a number");
    assert_refused("1,2,0\n3,4,\n", NULL, ":2:5: missing value in column 3");
    assert_refused("1,2,0\n3,4,NA\n", NULL, ":2:5: missing value ('NA') in column 3");
    assert_refused("1,2,0\n3,4,nan\n", NULL, ":2:5: missing value ('nan') in column 3");
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

/* One class is enough to describe a set or to predict it, not to train on it. */
static void one_class_is_refused_where_labels_are_needed(void **state)
{
    (void)state;
    struct dataset *data = read_text("1,0\n2,0\n3,0.0\n", NULL);
    assert_string_equal(data->class_names[0], "0");
    assert_null(data->class_names[1]);
    assert_true(data->y[0] == 0.0 && data->y[2] == 0.0);
    dataset_free(data);
    struct error error = {0};
    struct source source = {.path = path};
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, ": one class only: the label is '0' in all 3 rows"));
}

static void third_class_is_refused(void **state)
{
    (void)state;
    assert_refused("1,a\n2,b\n3,a\n4,c\n5,d\n", NULL,
                   ":4:3: a third class in column 2: 'c', after 'a' and 'b'");
    assert_refused("1,a\n2,b\n3,c\n4\n", NULL, ":3:3: a third class");
    assert_refused("1,a\n2,b\n3\n4,c\n", NULL, ":3:2: expected 2 fields");
}

static void wrong_label_columns_are_refused(void **state)
{
    (void)state;
    const char *text = "size,class\n1,0\n2,1\n";
    assert_refused(text, "clas", ":1: no column is named 'clas'; did you mean 'class'?");
    assert_refused(text, "verdict", ":1: no column is named 'verdict'; name one of this line's");
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
    assert_non_null(strstr(error.message, "iB of memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_values_are_refused_at_their_place),
        cmocka_unit_test(wrong_rows_are_refused_at_their_place),
        cmocka_unit_test(one_class_is_refused_where_labels_are_needed),
        cmocka_unit_test(third_class_is_refused),
        cmocka_unit_test(wrong_label_columns_are_refused),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(file_larger_than_memory_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
