/* SPDX-License-Identifier: MIT
 *
 * What LIBSVM files are refused for: each message with its place, its text and its remedy.
 */
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/sources/source_load.h"
#include "file_fixture.h"

/* `expected` follows the path in the message. */
static void assert_refused_as(const char *bytes, size_t size, struct source source,
                              const char *expected)
{
    struct error error;
    source.format = &format_libsvm;
    assert_null(read_as(bytes, size, source, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_memory_equal(error.message, path, strlen(path));
    const char *rest = error.message + strlen(path);
    if (strncmp(rest, expected, strlen(expected)) != 0)
        fail_msg("'%s' instead of '%s'", rest, expected);
}

static void assert_refused(const char *text, const char *expected)
{
    assert_refused_as(text, strlen(text), (struct source){0}, expected);
}

static void wrong_indices_are_refused_at_their_place(void **state)
{
    (void)state;
    assert_refused("0 1:1\n1 3:1 2:5\n",
                   ":2:7: index 2 after index 3; indices must ascend within a row: sort them\n"
                   "    1 3:1 2:5\n          ^");
    assert_refused("0 1:1 1:5\n", ":1:7: index 1 is given twice in this row; give it once");
    assert_refused("0 0:1\n", ":1:3: index 0: indices count from 1; for a file where they count "
                              "from 0, say --first-index 0");
    assert_refused("0 -1:1\n", ":1:3: '-1' in '-1:1' is not an index; an index is a whole number");
    assert_refused("0 1.5:1\n", ":1:3: '1.5' in '1.5:1' is not an index");
    assert_refused("0 :1\n", ":1:3: '' in ':1' is not an index");
    assert_refused("0 4294967295:1\n", ":1:3: index 4294967295 is too large; 4294967294 is");
    assert_refused("0 99999999999999999999999:1\n", ":1:3: index 99999999999999999999999 is too");
    assert_refused("0 1:1 00000000002:1\n", ":1:7: index 00000000002 is too large");
    assert_refused_as("0 1:1 9:2\n", 10, (struct source){.features = 8},
                      ":1:7: index 9 is beyond the 8 features that were asked for");
    const struct columns_wanted model = {.features = 8};
    assert_refused_as("0 1:1 9:2\n", 10, (struct source){.features = 8, .wanted = &model},
                      ":1:7: index 9 is beyond the 8 features that the model has");
}

static void wrong_values_are_refused_at_their_place(void **state)
{
    (void)state;
    assert_refused("0 1:x\n", ":1:3: the value 'x' is not a number");
    assert_refused("0 1:1x 2:3\n", ":1:3: the value '1x' is not a number");
    assert_refused("0 1:2:3\n", ":1:3: the value '2:3' is not a number");
    assert_refused("0 1: 2\n", ":1:3: the value is missing behind '1:'");
    assert_refused("0 1:nan 2:nano\n", ":1:9: the value 'nano' is not a number");
    assert_refused("0 1:-Inf\n", ":1:3: the value '-Inf' is not a finite number");
    assert_refused("0 1:1e999\n", ":1:3: the value '1e999' is too large for a double");
    assert_refused("0 1:0x10\n", ":1:3: the value '0x10' is not a number");
    assert_refused("0 1 2:3\n", ":1:3: '1' has no colon");
    assert_refused("0 1:1 junk\n", ":1:7: 'junk' has no colon");
    assert_refused("0 qid:3 1:1\n", ":1:3: 'qid:3' names a query, for ranking");
    assert_refused("0 1:1 qid:x\n",
                   ":1:7: 'qid:x' names a query, for ranking, where the rows of "
                   "one query are compared; here each row is classified by itself: "
                   "if the labels are two classes, take qid out: "
                   "sed 's/ qid:[^ ]*//' < FILE > OUT");
    assert_refused_as("0 1:1\n0 2:\0001\n", 13, (struct source){0}, ": this is not a text file");
}

static void wrong_labels_are_refused_at_their_place(void **state)
{
    (void)state;
    assert_refused("cat 1:1\n", ":1:1: the label 'cat' is not a number");
    assert_refused("0 1:1\n\n 1,2 1:1\n", ":3:2: '1,2' looks like several labels");
    assert_refused("0 1:1\n1:1 2:2\n", ":2:1: the label is missing before '1:1'; put it there");
    assert_refused("nan 1:1\n", ":1:1: the label 'nan' is not a finite number");
    assert_refused("1e999 1:1\n", ":1:1: the label '1e999' is too large");
    assert_refused("1 1:1\n2 1:1\n+1 1:2\n# x\n3 1:1\n",
                   ":5:1: a third class: '3', after '1' and '2'; two classes are needed");
    assert_refused_as("0 1:1\n", 6, (struct source){.label = "2"},
                      ": '2' cannot be the label: in a LIBSVM file the label stands first");
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    assert_refused("", ": the file has no rows");
    assert_refused("# nothing\n\n", ": the file has no rows");
    assert_refused("0\n1\n", ": no row has a feature");
    assert_refused_as("\xff\xfe"
                      "1\0",
                      4, (struct source){0}, ": this is UTF-16 text");
}

static void attributes_are_for_their_formats(void **state)
{
    (void)state;
    struct error error;
    assert_null(read_as("1,0\n", 4, (struct source){.features = 3}, 1, &error));
    assert_non_null(strstr(error.message, ": 'features' is for LIBSVM files, and this is read as"));
    assert_null(read_as("1,0\n", 4, (struct source){.first_index = &first_index_zero}, 1, &error));
    assert_non_null(strstr(error.message, ": 'first_index' is for LIBSVM files"));
}

/* A sparse file of 8 TB begins with a megabyte of rows: refused from those alone. */
static void file_larger_than_memory_is_refused_at_once(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 300000; i++)
        fprintf(file, "%d 1:%d\n", i % 2, i % 10);
    assert_int_equal(fclose(file), 0);
    if (truncate(path, (off_t)8 << 40) != 0)
        skip(); /* the file system has no files of that size */
    struct error error = {0};
    struct source source = {.path = path, .format = &format_libsvm};
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, "iB of memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_indices_are_refused_at_their_place),
        cmocka_unit_test(wrong_values_are_refused_at_their_place),
        cmocka_unit_test(wrong_labels_are_refused_at_their_place),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(attributes_are_for_their_formats),
        cmocka_unit_test(file_larger_than_memory_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
