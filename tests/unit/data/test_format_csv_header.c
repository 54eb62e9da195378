/* SPDX-License-Identifier: MIT
 *
 * The first line of a CSV file: whether it is a header, what features are called, and which column
 * numbers the rows and is no feature. What is decided is noted.
 */
#include "base/memory.h"
#include "data/formats/csv/csv.h"
#include "file_fixture.h"

/* Texts, how they are asked to be read, and what comes of it: rows, the names of features after
 * each other, or NULL where there is no header, and a part of the notes, or NULL where there are
 * none. */
struct expectation {
    const char *text, *label;
    const struct entry *header;
    size_t rows;
    const char *names, *note;
};

static void assert_read(const struct expectation *wanted)
{
    struct error error;
    struct source source = {.label = (char *)wanted->label, .header = wanted->header};
    struct dataset *data = read_as(wanted->text, strlen(wanted->text), source, 2, &error);
    if (data == NULL)
        fail_msg("%s: %s", wanted->text, error.message);
    assert_int_equal(data->rows, wanted->rows);
    char names[256] = "";
    for (size_t j = 0; data->feature_names != NULL && j < data->features; j++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", j > 0 ? "|" : "",
                 data->feature_names[j]);
    assert_string_equal(names, wanted->names != NULL ? wanted->names : "");
    if ((data->notes == NULL) != (wanted->note == NULL) ||
        (wanted->note != NULL && strstr(data->notes, wanted->note) == NULL))
        fail_msg("'%s' instead of '%s' for %s", data->notes, wanted->note, wanted->text);
    dataset_free(data);
}

#define PANDAS "the first line, 0 to"
#define NUMBERED "column 1 has no name and numbers the rows, so it is no feature and is left out"
#define NAMED "column 1 has no name and names the rows"

static void header_is_told(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"0,1\n0.5,1\n1.5,0\n", NULL, NULL, 2, "0", PANDAS " 1, is taken for the names"},
        {"0,1\n0.5,1\n1.5,0\n", NULL, &header_auto, 2, "0", PANDAS},
        {"0,1\n0.5,1\n1.5,0\n", NULL, &header_no, 3, NULL, NULL},
        {"0,1\n0.5,1\n1.5,0\n", NULL, &header_yes, 2, "0", NULL},
        {"0,1,2\n5,6,0\n7,8,1\n", "1", NULL, 2, "1|2", PANDAS},
        {"0,1,2\n5,6,0\n7,8,1\n", "none", NULL, 2, "0|1|2", PANDAS},
        {"\"0\",\"1\"\n0.5,1\n1.5,0\n", NULL, NULL, 2, "0", PANDAS},
        {"0\n1\n2\n", "none", NULL, 3, NULL, NULL},
        {"0.0,1.0\n0.5,0\n", NULL, NULL, 2, NULL, NULL},
        {"1,2\n0.5,1\n", NULL, NULL, 2, NULL, NULL},
        {"0,1,3\n0.5,1,4\n", NULL, NULL, 2, NULL, NULL},
        {"0,1,a\n0.5,1,b\n", NULL, NULL, 2, NULL, NULL},
        {"0,1,y\n5,6,1\n7,8,1\n", NULL, NULL, 2, "0|1", PANDAS " 1 and a word for the label"},
        {"0,y\n5,1\n7,0\n", NULL, NULL, 2, "0", PANDAS},
        {"y,0,1\n1,6,8\n0,8,9\n", "1", NULL, 2, "0|1", PANDAS},
        {"0,1,y\n5,6,1\n7,8,1\n", NULL, &header_no, 3, NULL, NULL},
        {"0,2,y\n5,6,1\n7,8,1\n", NULL, NULL, 3, NULL, NULL},
        {"0,1,y\n", NULL, NULL, 1, NULL, NULL},
        {"2019,2020,label\n1,5,a\n2,7,b\n", NULL, &header_yes, 2, "2019|2020", NULL},
        {"2019,2020,label\n1,5,a\n2,7,b\n", "label", NULL, 2, "2019|2020", NULL},
        {"a,2019,2020\n1,5,0\n2,7,1\n", "2020", NULL, 2, "a|2019", NULL},
        {"NA,y\n1,5\n2,7\n", NULL, &header_yes, 2, "NA", NULL},
        /* Whole numbers, names and numbers, no names. */
        {"10,20,1\n1,5,0\n2,7,1\n", NULL, NULL, 3, NULL, NULL},
        {"10,20,1\n1,5,0\n2,7,1\n", NULL, &header_yes, 2, "10|20", NULL},
        {"10,20,30\n1,5,0\n2,7,1\n3,8,0\n4,9,1\n", NULL, NULL, 4, "10|20",
         "would be a third class"},
        {"age,2019,1\n1,5,0\n2,7,1\n", NULL, &header_yes, 2, "age|2019", NULL},
        {"age,2019,kind\n1,5,0\n2,7,1\n3,8,0\n4,9,1\n", NULL, NULL, 4, "age|2019",
         "would be a third class"},
        {",,\n1,5,0\n2,7,1\n", NULL, NULL, 2, "x1|x2", "no name"},
        {",,\n1,5,0\n2,7,1\n", NULL, &header_yes, 2, "x1|x2", "no name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_read(&cases[i]);
}

static void row_numbers_are_left_out(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {",a,y\n0,5,0\n1,6,1\n", NULL, NULL, 2, "a", NUMBERED},
        {"\"\",\"a\",\"y\"\r\n\"1\",5,0\r\n\"2\",6,1\r\n", NULL, NULL, 2, "a", NUMBERED},
        {";a;y\n100;5;0\n101;6;1\n", NULL, NULL, 2, "a", NUMBERED},
        {"\ta\ty\n7\t5\t0\n", NULL, NULL, 1, "a", NUMBERED},
        {",a,y\n0,5,0\n1,6,1\n0,7,1\n1,8,0\n2,9,0\n", NULL, NULL, 5, "a", NUMBERED},
        {",0,1\n0,5,0\n1,6,1\n", NULL, NULL, 2, "0", NUMBERED},
        {",0,1,y\n0,5,6,0\n1,6,7,1\n", NULL, NULL, 2, "0|1", NUMBERED},
        {",2019,y\n0,5,0\n1,6,1\n", "y", NULL, 2, "2019", NUMBERED},
        {",2019,2020\n0,5,0\n1,6,1\n", NULL, &header_yes, 2, "2019", NUMBERED},
        {",a,y\n0,5,0\n1,6,1\n", "2", NULL, 2, "y", NUMBERED},
        {",a,y\n0,5,0\n1,6,1\n", "none", NULL, 2, "a|y", NUMBERED},
        {",x1,y\n1,5,0\n2,7,1\n", NULL, NULL, 2, "x1", NUMBERED},
        {"\"\",mpg,y\n\"Mazda RX4\",21,0\n\"Datsun 710\",22.8,1\n", NULL, NULL, 2, "mpg", NAMED},
        /* No row numbers. */
        {",a,y\n0,5,0\n1,6,1\n", "1", NULL, 2, "a|y", NULL},
        {"id,a,y\n0,5,0\n1,6,1\n", NULL, NULL, 2, "id|a", NULL},
        {"a,,y\n5,0,0\n6,1,1\n", NULL, NULL, 2, "a|x2", "column 2 has no name in the header"},
        {",x1,y\n3,5,0\n1,7,1\n", NULL, NULL, 2, "x1.1|x1", "it is called 'x1.1' here"},
        {",a,y\n0.5,5,0\n1.5,7,1\n", NULL, NULL, 2, "x1|a", "it is called 'x1' here"},
        {",a,y\n-1,5,0\n0,7,1\n", NULL, NULL, 2, "x1|a", "column 1 has no name in the header"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_read(&cases[i]);
}

static void names_are_unique_and_utf8(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"x,y,y\n1,5,0\n2,6,1\n", NULL, NULL, 2, "x|y.1", "column 2 has the name of another"},
        {"x,y,y\n1,5,0\n2,5,1\n", "2", NULL, 2, "x|y.1", "column 3 has the name of another"},
        {"x,x,x.1,x,y\n1,5,0,3,0\n2,6,1,4,1\n", NULL, NULL, 2, "x|x.2|x.1|x.3",
         "column 2 and 1 more have the name of another"},
        {"x2,,x2.1,y\n1,5,0,0\n2,6,1,1\n", NULL, NULL, 2, "x2|x2.2|x2.1", "'x2.2'"},
        {" x ,\" x \",y\n1,5,0\n2,6,1\n", NULL, NULL, 2, "x|x.1", "'x.1'"},
        {"gr\xf6\xdf"
         "e,y\n1,0\n2,1\n",
         NULL, NULL, 2,
         "gr\xc3\xb6\xc3\x9f"
         "e",
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_read(&cases[i]);
}

/* Names that take the same inventions, a hundred thousand times: no search is quadratic. */
static void many_names_are_told_apart(void **state)
{
    (void)state;
    enum { COLUMNS = 100000 };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    for (int c = 0; c < COLUMNS; c++)
        fprintf(file, "%s,", c % 2 == 0 ? "x" : "x.1");
    fputs("y\n", file);
    for (int c = 0; c < COLUMNS; c++)
        fputs("0,", file);
    fputs("1\n", file);
    fclose(file);
    struct dataset *data = read_text(text, NULL);
    assert_string_equal(data->feature_names[0], "x");
    assert_string_equal(data->feature_names[1], "x.1");
    assert_string_equal(data->feature_names[2], "x.2");
    assert_string_equal(data->feature_names[3], "x.1.1");
    assert_string_equal(data->feature_names[COLUMNS - 1], "x.1.49999");
    dataset_free(data);
    free(text);
}

static void delimiters_are_told_by_two_lines(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"size (a, b, c)\ty\n1\t0\n2\t1\n", NULL, NULL, 2, "size (a, b, c)", NULL},
        {"a, b, c;y\n1;0\n2;1\n", NULL, NULL, 2, "a, b, c", NULL},
        {"\"a;b;c\",y\n1,0\n2,1\n", NULL, NULL, 2, "a;b;c", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_read(&cases[i]);
}

/* `expected` follows the path in the message. */
static void assert_refused(const char *text, struct source source, const char *expected)
{
    struct error error;
    assert_null(read_as(text, strlen(text), source, 1, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strncmp(error.message + strlen(path), expected, strlen(expected)) != 0)
        fail_msg("'%s' instead of '%s'", error.message, expected);
}

static void what_is_ambiguous_is_refused(void **state)
{
    (void)state;
    const struct source by_name = {.label = "y"};
    assert_refused("x,y,y\n1,5,0\n2,6,1\n", by_name,
                   ":1: 'y' is ambiguous: columns 2 and 3 have this name; give the position: "
                   "--label 2 or --label 3");
    assert_refused(",y,y\n0,5,0\n1,6,1\n", by_name, ":1: 'y' is ambiguous: columns 2 and 3");
    assert_refused(
        "x,y\n1,0\n", (struct source){.label = "y", .header = &header_no},
        ": the label is given by its name, 'y', but header: no makes the first line a row");
    assert_refused(
        "id,2019,y\n1,5,a\n", (struct source){0},
        ":1:1: 'id' in column 1 is not a number, and 1 of 2 values are; if it marks a missing "
        "value: "
        "--missing-tokens id; if these are categories: --category 1; else --drop 1; if the first "
        "line has names: --header yes (header: yes)");
    assert_refused("x,y\n1,0\n", (struct source){.header = &header_no},
                   ":1:1: 'x' in column 1 is not a number");
    assert_refused("age,2019,1\n1,5,0\n2,7,1\n", (struct source){.header = &header_no},
                   ":1:1: 'age' in column 1 is not a number");
    assert_refused(",,\n1,5,0\n2,7,1\n", (struct source){.header = &header_no},
                   ":1:3: missing value in column 3");
    assert_refused(",a,y\n0,5,0\n1,x,1\n", (struct source){0}, ":3:3: 'x' in column 2 (a) is not");
    assert_refused(",a,y\n0,5,0\n1,1\n", (struct source){0},
                   ":3:4: expected 3 fields, as in line 1,");
    assert_refused("a,y\n1,0\n2,1\n3,2\n", (struct source){0},
                   ":4:3: a third class in column 2 (y): '2', after '0' and '1'");
    assert_refused("a\ty\nr1\t1\t0\n", (struct source){0},
                   ":2:6: expected 2 fields, as in line 1, and found 3; if the first are names of "
                   "rows, as R's write.table writes them, leave them out (row.names = FALSE)");
    assert_refused("\"a\" \"y\"\n\"1\" 1 0\n", (struct source){0},
                   ":1:1: text follows the closing quote of a field and a blank; blanks do not "
                   "separate columns");
    assert_refused("1 0\n2 1\n", (struct source){0},
                   ":1: there is one column, the label, and no feature; columns are separated by "
                   "commas, semicolons or tabs; blanks do not: tr -s ' ' ',' < FILE > OUT");
}

static void quoted_marks_are_labels(void **state)
{
    (void)state;
    static const char *const marks[] = {"NA", "?", "null", "n/a"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        char text[64];
        snprintf(text, sizeof text, "x,y\n1,\"%s\"\n2,SA\n3, \" %s \" \n", marks[i], marks[i]);
        struct dataset *data = read_text(text, NULL);
        const char *zero = data->class_names[data->y[0] != 0.0];
        assert_string_equal(zero, marks[i]);
        assert_true(data->y[0] == data->y[2] && data->y[0] != data->y[1]);
        char *written = NULL;
        size_t size;
        FILE *file = open_memstream(&written, &size);
        format_csv.write(data, (struct format_writing){.header = true}, file);
        fclose(file);
        struct dataset *again = read_text(written, NULL);
        assert_string_equal(again->digest, data->digest);
        free(written);
        dataset_free(again);
        dataset_free(data);
    }
    assert_refused("x,y\n1,NA\n2,SA\n", (struct source){0},
                   ":2:3: missing value ('NA') in column 2 (y); fill it in, or leave out the row; "
                   "if it is the name of a class, put it in quotes: \"NA\"");
    assert_refused("x,y\n1,\"\"\n2,SA\n", (struct source){0},
                   ":2:4: missing value in column 2 (y)");
    assert_refused("\"h0 \"\"x\"\"\",y\n5,0\na,1\n", (struct source){0},
                   ":3:1: 'a' in column 1 (h0 \"x\") is not a number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_is_told),
        cmocka_unit_test(row_numbers_are_left_out),
        cmocka_unit_test(names_are_unique_and_utf8),
        cmocka_unit_test(many_names_are_told_apart),
        cmocka_unit_test(delimiters_are_told_by_two_lines),
        cmocka_unit_test(what_is_ambiguous_is_refused),
        cmocka_unit_test(quoted_marks_are_labels),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
