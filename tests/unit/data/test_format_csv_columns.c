/* SPDX-License-Identifier: MIT
 *
 * Columns of a CSV file that hold more than numbers: what each is, what is refused and how, and
 * which columns are read. Sets are read as the reader leaves them, before they are encoded.
 */
#include "base/memory.h"
#include "data/formats/csv/csv.h"
#include "data/sources/source_read.h"
#include "file_fixture.h"

#include <math.h>

static struct dataset *read_table(const char *text, struct source source, int threads,
                                  struct error *error)
{
    struct share share = {.ranks = NULL};
    file_fill(text, strlen(text));
    source.path = path;
    *error = (struct error){0};
    return source_read(&source, &share, threads, error);
}

/* One line a column: "name: a|b|c" of categories, "name" of numbers, with " -2" for two missing
 * values; then "/" and the rows. */
static void table_describe(const struct dataset *data, char *text, size_t size)
{
    FILE *out = fmemopen(text, size, "w");
    assert_non_null(out);
    for (size_t j = 0; j < data->features; j++) {
        const struct data_column *column = data->table != NULL ? &data->table->columns[j] : NULL;
        char name[DATASET_NAME];
        fprintf(out, "%s%s", j > 0 ? ", " : "", dataset_feature_name(data, j, name));
        for (size_t k = 0; column != NULL && column->categories != NULL && k < column->count; k++)
            fprintf(out, "%s%s", k > 0 ? "|" : ": ", column->categories[k]);
        if (column != NULL && column->missing > 0)
            fprintf(out, " -%zu", column->missing);
    }
    for (size_t i = 0; i < data->rows; i++)
        for (size_t j = 0; j < data->features; j++) {
            double value = data->X[i * data->features + j];
            fprintf(out, "%s", j > 0 ? " " : " / ");
            if (isnan(value))
                fputc('-', out);
            else
                fprintf(out, "%g", value);
        }
    fclose(out);
}

struct expectation {
    const char *text;
    struct source source;
    const char *table;
};

static void assert_table(const struct expectation *wanted)
{
    struct error error;
    char table[1024];
    struct dataset *data = read_table(wanted->text, wanted->source, 2, &error);
    if (data == NULL) {
        fail_msg("%s: %s", wanted->text, error.message);
        return;
    }
    table_describe(data, table, sizeof table);
    if (strcmp(table, wanted->table) != 0)
        fail_msg("'%s' instead of '%s' of %s", table, wanted->table, wanted->text);
    dataset_free(data);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void columns_are_numbers_and_categories(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"a,b,y\n1,2,0\n3,4,1\n", {0}, "a, b / 1 2 / 3 4"},
        {"a,b,y\n1,u,0\n3,v,1\n2,u,1\n", {0}, "a, b: u|v / 1 0 / 3 1 / 2 0"},
        {"a,b,y\n1,,0\n3,4,1\n", {0}, "a, b -1 / 1 - / 3 4"},
        {"a,b,y\n?,NA,0\nNaN,n/a,1\nnull,\\N,0\n1,2,1\n",
         {0},
         "a -3, b -3 / - - / - - / - - / 1 2"},
        {"a,b,y\n1,v,0\n3,?,1\n2,u,1\n", {0}, "a, b: u|v -1 / 1 1 / 3 - / 2 0"},
        /* In quotes a mark is a text, and nothing is missing. */
        {"a,b,y\n1,\"?\",0\n3,\"\",1\n2,u,1\n", {0}, "a, b: ?|u -1 / 1 0 / 3 - / 2 1"},
        {"a,b,y\r\n1,\"u, \"\"v\"\"\",0\r\n3, w ,1\r\n", {0}, "a, b: u, \"v\"|w / 1 0 / 3 1"},
        /* The same bytes again, but for the quotes and blanks around them. */
        {"a,b,y\n1,\"NA\",0\n2,NA,1\n3,\"NA\",0\n4,NA,1\n",
         {0},
         "a, b: NA -2 / 1 0 / 2 - / 3 0 / 4 -"},
        {"a,b,y\n1,u,0\n2,\"u\",1\n3,u ,0\n4, \"u\",1\n5,\"u\"\"\",0\n6,\"u\"\"\",1\n7,\"u,\",1\n",
         {0},
         "a, b: u|u\"|u, / 1 0 / 2 0 / 3 0 / 4 0 / 5 1 / 6 1 / 7 2"},
        {"a,b,y\n1,v,0\n2,v,1\n3,\"u\",0\n4,\"u\" ,1\n5,\" u\",1\n",
         {0},
         "a, b: u|v / 1 1 / 2 1 / 3 0 / 4 0 / 5 0"},
        /* Mostly texts: numbers are texts as well, as they are written. */
        {"a,b,y\n1,07,0\n2,u,1\n3,v,0\n4,7,1\n5,u,1\n",
         {0},
         "a, b: 07|7|u|v / 1 0 / 2 2 / 3 3 / 4 1 / 5 2"},
        {"a,b,y\n1,7,0\n2,8,1\n3,7,0\n", {.category = "b"}, "a, b: 7|8 / 1 0 / 2 1 / 3 0"},
        {"a,b,y\n1,7,0\n2,,1\n", {.category = "2"}, "a, b: 7 -1 / 1 0 / 2 -"},
        /* One text in two encodings, in the order of UTF-8. */
        {"a,b,y\n1,\xe4,0\n2,z,1\n3,\xc3\xa4,0\n", {0}, "a, b: z|\xc3\xa4 / 1 1 / 2 0 / 3 1"},
        {"1,u,0\n3,v,1\n4,v,0\n", {0}, "x1, x2: u|v / 1 0 / 3 1 / 4 1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
}

static void marks_of_missing_values_are_chosen(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"a,b,y\n-999,u,0\n1,-,1\n-999.0,NA,1\n",
         {.missing_tokens = "-999,-"},
         "a -2, b: u -2 / - 0 / 1 - / - -"},
        {"a,b,y\n1,NA,0\n2,x,1\n", {.missing_tokens = "=x"}, "a, b: NA -1 / 1 0 / 2 -"},
        {"a,b,y\n1,NA,0\n2,,1\n", {.missing_tokens = "="}, "a, b: NA -1 / 1 0 / 2 -"},
        {"a,b,y\n1,\"no, thanks\",0\n2,\"k\",1\n",
         {.missing_tokens = "\"no, thanks\""},
         "a, b: k -1 / 1 - / 2 0"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
}

static void decimal_commas_are_told_or_said(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"a;b;y\n1,5;2;0\n-3;0,25;1\n", {0}, "a, b / 1.5 2 / -3 0.25"},
        {"1,5;2,5;0\n3,5;4,5;1\n", {0}, "x1, x2 / 1.5 2.5 / 3.5 4.5"},
        {"a\tb\ty\n1,5\t1e2\t0\n\"2,5\"\t,5\t1\n", {0}, "a, b / 1.5 100 / 2.5 0.5"},
        {"a;b;y\n1,234;2;0\n3,456;4;1\n", {.decimal = &decimal_comma}, "a, b / 1.234 2 / 3.456 4"},
        {"a,y\n\"1,5\",0\n\"2,5\",1\n", {.decimal = &decimal_comma}, "a / 1.5 / 2.5"},
        {"a;b;y\n1,5;2;0\n2,5;4;1\n", {.decimal = &decimal_point}, "a: 1,5|2,5, b / 0 2 / 1 4"},
        {"a;b;y\n12345678901234567890,5;2;0\n1,2345678901234567890123;4;1\n",
         {0},
         "a, b / 1.23457e+19 2 / 1.23457 4"},
        {"a;b;y\n1,5;2;0\n-9,9;4;1\n", {.missing_tokens = "\"-9,9\""}, "a -1, b / 1.5 2 / - 4"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
}

static void columns_are_chosen(void **state)
{
    (void)state;
#define TEXT "id,x1,x2,z,y\n7,1,2,3,0\n8,4,5,6,1\n"
    static const struct expectation cases[] = {
        {TEXT, {.drop = "id"}, "x1, x2, z / 1 2 3 / 4 5 6"},
        {TEXT, {.drop = "1, z"}, "x1, x2 / 1 2 / 4 5"},
        {TEXT, {.drop = "x*"}, "id, z / 7 3 / 8 6"},
        {TEXT, {.drop = "3-"}, "id, x1 / 7 1 / 8 4"},
        {TEXT, {.drop = "*1,2-3"}, "id, z / 7 3 / 8 6"},
        {TEXT, {.columns = "x2,1"}, "id, x2 / 7 2 / 8 5"},
        {TEXT, {.columns = "x?", .drop = "x2"}, "x1 / 1 / 4"},
        {TEXT, {.columns = "x1,y"}, "x1 / 1 / 4"},
        {TEXT, {.columns = "z,y", .label = "none"}, "z, y / 3 0 / 6 1"},
        {TEXT, {.drop = "1-4", .label = "none"}, "y / 0 / 1"},
        {TEXT, {.drop = "z,y", .label = "none"}, "id, x1, x2 / 7 1 2 / 8 4 5"},
        {"n,\"a,b\",y\n\"u \"\"\",2,0\n\"v,w\",3,1\n", {.drop = "n"}, "a,b / 2 / 3"},
        {"n,\"a,b\",y\n1,2,0\n2,3,1\n", {.drop = "\"a,b\""}, "n / 1 / 2"},
        {"1,2,0\n3,4,1\n", {.drop = "1"}, "x1 / 2 / 4"},
        {",a,b,y\n1,5,2,0\n2,6,3,1\n", {.drop = "a"}, "b / 2 / 3"},
        {",a,b,y\n1,5,2,0\n2,6,3,1\n", {.drop = "2"}, "b / 2 / 3"},
        /* A name proves that there is a header. */
        {"id,2019,y\n1,5,0\n2,6,1\n", {.drop = "id"}, "2019 / 5 / 6"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
}

static void first_lines_of_tables_are_told(void **state)
{
    (void)state;
    static const struct expectation cases[] = {
        {"a,b,y\nu,v,0\nu,w,1\n", {0}, "a: u, b: v|w / 0 0 / 0 1"},
        {"u,v,no\nu,w,yes\nz,v,no\n", {0}, "x1: u|z, x2: v|w / 0 0 / 0 1 / 1 0"},
        {"u,v,no\nu,w,yes\nz,v,no\n", {.header = &header_yes}, "u: u|z, v: v|w / 0 1 / 1 0"},
        {",,\n1,2,0\n3,4,1\n", {0}, "x1, x2 / 1 2 / 3 4"},
        {"name,2019,2020,kind\nu,1,2,a\nv,3,4,b\nu,5,6,a\nv,7,8,b\n",
         {0},
         "name: u|v, 2019, 2020 / 0 1 2 / 1 3 4 / 0 5 6 / 1 7 8"},
        {"10,20,30\n1.5,2.5,0\n3,4,1\n1,2,0\n1,2,1\n", {0}, "10, 20 / 1.5 2.5 / 3 4 / 1 2 / 1 2"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
}

/* --- Refused -----------------------------------------------------------------------------------
 */

static void assert_refused(const char *text, struct source source, const char *expected)
{
    struct error error;
    struct dataset *data = read_table(text, source, 2, &error);
    if (data != NULL)
        fail_msg("read: %s", text);
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' instead of '%s'", error.message, expected);
}

static void choices_of_columns_are_checked(void **state)
{
    (void)state;
    assert_refused(TEXT, (struct source){.drop = "x3"},
                   ":1: drop: no column is named 'x3'; did you mean 'x1'?");
    assert_refused(TEXT, (struct source){.columns = "unheard"},
                   ":1: columns: no column is named 'unheard'; give names of this line, positions");
    assert_refused(TEXT, (struct source){.drop = "6"},
                   ": drop: there is no column 6; the columns are 1 to 5");
    assert_refused(TEXT, (struct source){.drop = "q*"}, "no column is named 'q*'");
    assert_refused(TEXT, (struct source){.category = "zz"}, "category: no column is named 'zz'");
    assert_refused(
        TEXT, (struct source){.drop = "y"},
        ": drop: column 5 ('y') is the label, which is the last column unless it is told");
    assert_refused(TEXT, (struct source){.drop = "z", .label = "z"},
                   "column 4 ('z') is the label;");
    assert_refused(TEXT, (struct source){.drop = "1-4"}, "all columns but the label are left out");
    assert_refused("1,2,0\n3,4,1\n", (struct source){.drop = "a*"}, "no column is named 'a*'");
    assert_refused("id,2019,y\n1,5,0\n", (struct source){.drop = "i*"},
                   ":1: the first line is read as a row, so that 'i*' names no column; give "
                   "positions, or --header yes");
}

static void columns_that_cannot_be_used_are_refused_together(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    fputs("day,name,mixed,none,time,fine,y\n", file);
    for (int i = 0; i < 30; i++)
        fprintf(file, "2024-02-%02d,n%d,%s,,12:%02d,%s,%d\n", i % 28 + 1, i, i == 7 ? "k" : "1.5",
                i, i % 2 == 0 ? "u" : "v", i % 2);
    fclose(file);
    assert_refused(
        text, (struct source){0},
        ": 5 columns cannot be used as they are (line:column):\n"
        "  2:1: column 1 (day) has dates or times, as '2024-02-01'; leave it out: --drop "
        "day\n"
        "  2:12: column 2 (name) has 30 distinct texts in 30 rows, as 'n0'; leave it out: "
        "--drop name; if they are categories all the same: --category name\n"
        "  9:15: 'k' in column 3 (mixed) is not a number, and 29 of 30 values are; if it "
        "marks a missing value: --missing-tokens k; if these are categories: --category "
        "mixed; else --drop mixed\n"
        "  column 4 (none) has no value in any row; leave it out: --drop none\n"
        "  2:20: column 5 (time) has dates or times, as '12:00'; leave it out: --drop time"
        "\nto leave them all out: --drop day,name,mixed,none,time");
    assert_refused(text, (struct source){.drop = "day,name,mixed,time"},
                   ": column 4 (none) has no value in any row; leave it out: --drop none");
    struct error error;
    struct dataset *data = read_table(
        text, (struct source){.drop = "day,none,time", .category = "name,mixed"}, 2, &error);
    assert_non_null(data);
    assert_int_equal(data->table->columns[0].count, 30);
    assert_int_equal(data->table->columns[1].count, 2);
    assert_int_equal(data->table->columns[2].count, 2);
    dataset_free(data);
    free(text);
}

static void commas_that_may_be_thousands_are_refused(void **state)
{
    (void)state;
    assert_refused("a;y\n1,234;0\n5;1\n", (struct source){0},
                   ":2:1: '1,234' in column 1 (a) is a number with a comma for its decimals or its "
                   "thousands; say --decimal comma");
    assert_refused("a;b;y\n1,5;2.5;0\n5;1;1\n", (struct source){0}, "'1,5' in column 1 (a)");
    assert_refused("a,y\n\"1,5\",0\n2,1\n", (struct source){0}, "'1,5' in column 1 (a)");
    assert_refused("a;b;y\n1,5;1.234;0\n2,5;1;1\n", (struct source){.decimal = &decimal_comma},
                   "'1.234' in column 2 (b) is not a number");
}

static void labels_are_not_missing(void **state)
{
    (void)state;
    assert_refused("a,y\n1,u\n2,\n", (struct source){0}, ":3:3: missing value in column 2 (y)");
    assert_refused("a,y\n1,u\n2,\\N\n", (struct source){0},
                   ":3:3: missing value ('\\N') in column 2");
    assert_refused("a,y\n1,0\n2,-1\n", (struct source){.missing_tokens = "-1"},
                   ":3:3: missing value ('-1') in column 2");
}

/* --- For a model -------------------------------------------------------------------------------
 */

static void a_model_finds_its_columns(void **state)
{
    (void)state;
    char *const names[] = {"size", "kind"};
    const bool categories[] = {false, true};
    const struct columns_found found = {
        .header = true, .delimiter = ',', .label = 3, .label_name = "y"};
    const struct columns_wanted wanted = {2, names, &found, categories};
    const struct source source = {.wanted = &wanted}, bare = {.wanted = &wanted, .label = "none"};
    const struct expectation cases[] = {
        {"size,kind,y\n1,u,0\n2,v,1\n", source, "size, kind: u|v / 1 0 / 2 1"},
        {"kind,size\nu,1\nv,2\n", source, "size, kind: u|v / 1 0 / 2 1"},
        {"id,kind,extra,size,y,day\n7,5,e,1,0,2024-01-01\n8,3,f,2,1,2024-01-02\n", source,
         "size, kind: 3|5 / 1 1 / 2 0"},
        {"y,kind,q,size\nodd,5,e,1\nother,3,f,2\nthird,5,f,2\n", bare,
         "size, kind: 3|5 / 1 1 / 2 0 / 2 1"},
        {"1,7\n2,8\n", source, "x1, x2: 7|8 / 1 0 / 2 1"},
        {"1,7,0\n2,8,1\n", source, "x1, x2: 7|8 / 1 0 / 2 1"},
        {"kind,size\n,\n", source, "size -1, kind -1 / - -"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_table(&cases[i]);
    assert_refused("kind,a,b,c\nu,1,2,3\n", source,
                   ":1: there is no column 'size', which the model was trained with");
    assert_refused("kind,seize\nu,1\n", source, ":1: there is no column 'size'");
    assert_refused("kind,seize,y\nu,1,0\n", source, ":1: there is no column 'size'");
    assert_refused("kind,size\nu,1\nv,w\n", source,
                   ":3:3: 'w' in column 2 (size) is not a number, and the model was trained on "
                   "numbers there");
}

/* --- Large ---------------------------------------------------------------------------------------
 */

/* Texts and numbers that come late, over many blocks: the same on any number of threads. */
static void threads_change_nothing(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    char *text = NULL, digests[2][DIGEST_TEXT];
    size_t size;
    FILE *file = open_memstream(&text, &size);
    fputs("a,b,c,y\n", file);
    for (int i = 0; i < ROWS; i++) {
        unsigned mix = (unsigned)i * 2654435761U >> 7;
        fprintf(file, "%d,%s%u,", i % 97, i < ROWS / 3 ? "" : "k", mix % 400);
        fprintf(file, "%s,%d\n", mix % 11 == 0 ? "" : mix % 2 == 0 ? "\xe4" : "b", i % 2);
    }
    fclose(file);
    for (int threads = 1; threads <= 4; threads += 3) {
        struct error error;
        struct dataset *data = read_table(text, (struct source){0}, threads, &error);
        if (data == NULL)
            fail_msg("%s", error.message);
        assert_null(data->table->columns[0].categories);
        assert_int_equal(data->table->columns[1].count, 800);
        assert_int_equal(data->table->columns[2].count, 2);
        dataset_seal(data);
        strcpy(digests[threads > 1], data->digest);
        dataset_free(data);
    }
    assert_string_equal(digests[0], digests[1]);
    free(text);
}

/* A text a row, a hundred thousand of them: what is kept does not grow with the file. */
static void texts_without_end_are_refused(void **state)
{
    (void)state;
    enum { ROWS = 100000 };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    fputs("a,b,y\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "%d,remark %d,%d\n", i, i, i % 2);
    fclose(file);
    for (int threads = 1; threads <= 4; threads += 3) {
        struct error error;
        assert_null(read_table(text, (struct source){0}, threads, &error));
        assert_non_null(strstr(error.message,
                               ":2:3: column 2 (b) has more than 1000 distinct texts, "
                               "as 'remark 0'; leave it out: --drop b"));
    }
    struct error error;
    struct dataset *data = read_table(text, (struct source){.category = "b"}, 2, &error);
    assert_non_null(data);
    assert_int_equal(data->table->columns[1].count, ROWS);
    dataset_free(data);
    free(text);
}

/* A hundred thousand columns of texts. */
static void many_columns_are_told_apart(void **state)
{
    (void)state;
    enum { COLUMNS = 100000, ROWS = 3 };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    for (int i = 0; i < ROWS; i++) {
        for (int c = 0; c < COLUMNS; c++)
            fprintf(file, "%s,", (c + i) % 3 == 0 ? "u" : (c + i) % 3 == 1 ? "v" : "");
        fprintf(file, "%d\n", i % 2);
    }
    fclose(file);
    struct error error;
    struct dataset *data = read_table(text, (struct source){.header = &header_no}, 2, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(data->table->count, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++)
        assert_true(data->table->columns[j].count == 2 && data->table->columns[j].missing == 1);
    dataset_free(data);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_numbers_and_categories),
        cmocka_unit_test(marks_of_missing_values_are_chosen),
        cmocka_unit_test(decimal_commas_are_told_or_said),
        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(first_lines_of_tables_are_told),
        cmocka_unit_test(choices_of_columns_are_checked),
        cmocka_unit_test(columns_that_cannot_be_used_are_refused_together),
        cmocka_unit_test(commas_that_may_be_thousands_are_refused),
        cmocka_unit_test(labels_are_not_missing),
        cmocka_unit_test(a_model_finds_its_columns),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(texts_without_end_are_refused),
        cmocka_unit_test(many_columns_are_told_apart),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
