/* SPDX-License-Identifier: MIT
 *
 * Reading and writing ARFF: the dialects, nominal and missing values, sparse rows, labels, blocks
 * and threads. test_format_arff_refusals.c has what is refused.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/formats/arff/format_arff.h"
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/sources/source_read.h"
#include "file_fixture.h"

#include <math.h>

/* Reads without preparation, so that what is not a number stays as it was read. */
static struct dataset *rows_read(const char *text, size_t size, struct source source, int threads)
{
    struct error error = {.kind = ERROR_NONE};
    struct share share = {.ranks = NULL};
    file_fill(text, size);
    source.path = path;
    if (source.format == NULL)
        source.format = &format_arff;
    struct dataset *data = source_read(&source, &share, threads, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    dataset_seal(data);
    return data;
}

static struct dataset *read_whole(const char *text, struct source source)
{
    return rows_read(text, strlen(text), source, 1);
}

#define HEADER "@relation r\n@attribute a numeric\n@attribute b numeric\n@attribute c {no,yes}\n"

/* Every one of these texts is the same data set. */
static void dialects_are_read_alike(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEADER "@data\n1,2.5,no\n-3,0,yes\n4,5,no\n",
        HEADER "@data\n1,2.5,no\n-3,0,yes\n4,5,no",
        HEADER "@data\r\n1,2.5,no\r\n-3,0,yes\r\n4,5,no\r\n\r\n",
        "\357\273\277" HEADER "@data\n1,2.5,no\n-3,0,yes\n4,5,no\n",
        "% a comment\n\n  @RELATION 'two words'\n@Attribute a REAL [0, 9]\n@attribute \"b\" "
        "integer\n"
        "@attribute 'c'\t{ 'yes' , no, }  % values\n@DATA % rows\n% none\n\n"
        " 1 ,\t2.5 , no\n\n-3 0 'yes' % the second\n4.0\t+5\t\"no\"%\n",
        HEADER "@data\n{0 1,1 2.5}\n{0 -3,2 yes}\n{0 4,1 5}\n",
        HEADER "@data\n{0 1, 1 2.5 , 2 no}\n { 0 -3, 1 0, 2 \"yes\" } % one\n%\n{0 4,1 5, }\n",
    };
    char digest[DIGEST_TEXT];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_whole(texts[i], (struct source){0});
        assert_int_equal(data->rows, 3);
        assert_int_equal(data->features, 2);
        if (i == 0)
            strcpy(digest, data->digest);
        assert_string_equal(data->digest, digest);
        assert_null(data->table);
        assert_string_equal(data->feature_names[1], "b");
        assert_string_equal(data->class_names[0], "no");
        assert_string_equal(data->class_names[1], "yes");
        assert_string_equal(data->found.label_name, "c");
        assert_int_equal(data->found.label, 3);
        dataset_free(data);
    }
    struct dataset *same = read_text("1,2.5,no\n-3,0,yes\n4,5,no\n", NULL);
    assert_string_equal(same->digest, digest);
    dataset_free(same);
}

/* Categories are in the order of their bytes, however they are declared; ? in quotes is a text. */
static void nominal_and_missing_values_make_a_table(void **state)
{
    (void)state;
    static const char text[] = "@relation r\n"
                               "@attribute colour {red, 'dark \\'green\\'', \"?\", Blue}\n"
                               "@attribute size numeric\n"
                               "@attribute shape {round, unused}\n"
                               "@attribute class {a, b}\n"
                               "@data\n"
                               "red, 1, round, a\n"
                               "\"dark 'green'\", ?, round, b\n"
                               "'?', 3, ?, a\n"
                               "?, 4, round, b\n"
                               "'Bl\\ue', ?, round, b\n";
    static const char *const colours[] = {"?", "Blue", "dark 'green'", "red"};
    static const double expected[5][3] = {
        {3, 1, 0}, {2, NAN, 0}, {0, 3, NAN}, {NAN, 4, 0}, {1, NAN, 0}};
    struct dataset *data = read_whole(text, (struct source){0});
    assert_non_null(data->table);
    assert_int_equal(data->table->count, 3);
    const struct data_column *columns = data->table->columns;
    assert_string_equal(columns[0].name, "colour");
    assert_int_equal(columns[0].count, 4);
    for (size_t k = 0; k < 4; k++)
        assert_string_equal(columns[0].categories[k], colours[k]);
    assert_null(columns[1].categories);
    assert_string_equal(columns[2].categories[1], "unused");
    assert_true(columns[0].missing == 1 && columns[1].missing == 2 && columns[2].missing == 1);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 3; j++) {
            double value = data->X[i * 3 + j];
            assert_true(isnan(expected[i][j]) ? isnan(value) : value == expected[i][j]);
        }
    dataset_free(data);
}

/* What a sparse row does not give is the value declared first, whichever its index is. */
static void sparse_rows_of_nominal_values(void **state)
{
    (void)state;
    static const char text[] = "@relation r\n@attribute x numeric\n@attribute c {red,blue}\n"
                               "@attribute y {yes,no}\n@data\n{}\n{1 blue,2 no}\n{0 2,1 red}\n";
    static const double expected[] = {0, 1, 0, 0, 2, 1};
    struct dataset *data = read_whole(text, (struct source){0});
    assert_false(dataset_is_sparse(data));
    assert_memory_equal(data->X, expected, sizeof expected);
    assert_string_equal(data->class_names[0], "no"); /* before "yes" */
    assert_true(data->y[0] == 1.0 && data->y[1] == 0.0 && data->y[2] == 1.0);
    dataset_free(data);
}

#define WIDE                                                                                       \
    "@relation r\n@attribute a numeric\n@attribute b numeric\n@attribute c numeric\n"              \
    "@attribute d numeric\n@attribute e numeric\n@attribute y numeric\n@data\n"

/* The same as LIBSVM, until a value is missing: then it is a matrix with a table. */
static void sparse_rows_of_numbers_stay_sparse(void **state)
{
    (void)state;
    struct dataset *data =
        read_whole(WIDE "{1 2.5,5 1}\n{0 1,3 -0}\n{}\n{4 7,5 1}\n", (struct source){0});
    struct dataset *same =
        read_whole("1 2:2.5\n0 1:1 4:-0\n0\n1 5:7\n", (struct source){.format = &format_libsvm});
    assert_true(dataset_is_sparse(data) && dataset_entries(data) == 4 && data->table == NULL);
    assert_string_equal(data->digest, same->digest);
    assert_string_equal(data->class_names[1], "1");
    dataset_free(same);
    dataset_free(data);
    data = read_whole(WIDE "{1 2.5,5 1}\n{0 ?}\n", (struct source){0});
    assert_true(!dataset_is_sparse(data) && isnan(data->X[5]) && data->X[1] == 2.5);
    assert_int_equal(data->table->columns[0].missing, 1);
    assert_null(data->table->columns[0].categories);
    dataset_free(data);
    data = read_whole(WIDE "{0 1,1 1,2 1,5 1}\n{0 1,1 1,2 1}\n", (struct source){0});
    assert_false(dataset_is_sparse(data));
    dataset_free(data);
}

static void labels_by_name_position_and_none(void **state)
{
    (void)state;
    static const char text[] = "@relation r\n@attribute y {b,a}\n@attribute 2 numeric\n"
                               "@attribute x numeric\n@data\na,1,7\nb,0,8\n";
    static const struct {
        char *label;
        size_t found;
        const char *zero;
    } cases[] = {{"y", 1, "a"}, {"1", 1, "a"}, {"2", 2, "0"}, {NULL, 3, "7"}, {"none", 0, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *data = read_whole(text, (struct source){.label = cases[i].label});
        assert_int_equal(data->found.label, cases[i].found);
        assert_int_equal(data->features, cases[i].zero != NULL ? 2 : 3);
        if (cases[i].zero != NULL)
            assert_string_equal(data->class_names[0], cases[i].zero);
        else
            assert_null(data->y);
        dataset_free(data);
    }
}

/* Strings and dates among them, which are no features. */
static void columns_are_chosen_and_left_out(void **state)
{
    (void)state;
    static const char text[] = "@relation r\n@attribute id string\n@attribute x1 numeric\n"
                               "@attribute day date yyyy\n@attribute x2 {b,a}\n"
                               "@attribute y {p,q}\n@data\n'u v',1,1999,a,p\n?,2,?,b,q\n";
    static char *const cases[][2] = {
        {NULL, "id,day"}, {NULL, "1, 3"}, {"x*", NULL}, {"x*,id,y", "\"id\""}, {"2-4", "day"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *data =
            read_whole(text, (struct source){.columns = cases[i][0], .drop = cases[i][1]});
        static const double expected[] = {1, 0, 2, 1};
        assert_int_equal(data->features, 2);
        assert_string_equal(data->feature_names[1], "x2");
        assert_memory_equal(data->X, expected, sizeof expected);
        assert_true(data->y[0] == 0.0 && data->y[1] == 1.0 && data->found.label == 5);
        dataset_free(data);
    }
}

/* The order of classes is that of their texts, not of how these are written in the file. */
static void classes_are_in_the_order_of_their_texts(void **state)
{
    (void)state;
    struct dataset *data = read_whole("@relation r\n@attribute x numeric\n"
                                      "@attribute y {aAb, 'a\\'b'}\n@data\n1,aAb\n2,\"a'b\"\n",
                                      (struct source){0});
    assert_string_equal(data->class_names[0], "a'b");
    assert_string_equal(data->class_names[1], "aAb");
    assert_true(data->y[0] == 1.0 && data->y[1] == 0.0);
    dataset_free(data);
    data = read_whole("@relation r\n@attribute x numeric\n@attribute y {10,9}\n@data\n1,10\n2,9\n",
                      (struct source){0});
    assert_string_equal(data->class_names[0], "9");
    dataset_free(data);
}

/* A file for a model has the label under its name, in its place, or not at all. */
static void labels_in_a_file_for_a_model(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char *label;
        bool labelled;
    } cases[] = {
        {"@relation r\n@attribute y {a,b}\n@attribute x numeric\n@data\na,1\nb,2\n", NULL, true},
        {"@relation r\n@attribute x numeric\n@attribute y {a,b}\n@data\n1,a\n2,b\n", NULL, true},
        {"@relation r\n@attribute x numeric\n@attribute z {a,b}\n@data\n1,a\n2,b\n", NULL, true},
        {"@relation r\n@attribute x numeric\n@data\n1\n2\n", NULL, false},
        {"@relation r\n@attribute x numeric\n@attribute y string\n@data\n1,'?'\n2,?\n", "none",
         false},
    };
    const struct columns_found found = {.label = 2, .label_name = "y"};
    const struct columns_wanted wanted = {.features = 1, .found = &found};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *data =
            read_whole(cases[i].text, (struct source){.label = cases[i].label, .wanted = &wanted});
        assert_int_equal(data->features, 1);
        assert_true(data->X[0] == 1.0 && data->X[1] == 2.0);
        assert_true((data->y != NULL) == cases[i].labelled);
        dataset_free(data);
    }
}

/* In any order, dense and sparse, and what the model does not know is left alone. */
static void features_of_a_model_are_found_by_name(void **state)
{
    (void)state;
    static const char declared[] =
        "@relation r\n@attribute c numeric\n@attribute s string\n@attribute a numeric\n"
        "@attribute y {p,q}\n@attribute d numeric\n@attribute b numeric\n@data\n";
    static const char *const rows[] = {"3,x,0,p,0,0\n0,'y z',1,q,4,0\n",
                                       "{0 3,1 x}\n{1 'y z',2 1,3 q,4 4}\n"};
    static char *const names[] = {"a", "b", "c", "d"};
    static const double expected[2][4] = {{0, 0, 3, 0}, {1, 0, 0, 4}};
    const struct columns_found found = {.label = 5, .label_name = "y"};
    const struct columns_wanted wanted = {.features = 4, .names = names, .found = &found};
    for (int sparse = 0; sparse < 2; sparse++) {
        char text[256];
        snprintf(text, sizeof text, "%s%s", declared, rows[sparse]);
        struct dataset *data = read_whole(text, (struct source){.wanted = &wanted});
        assert_true(dataset_is_sparse(data) == (sparse == 1));
        assert_true(data->y[0] == 0.0 && data->y[1] == 1.0);
        for (size_t i = 0; i < 2; i++) {
            const struct sample x = dataset_sample(data, i);
            double row[4] = {0};
            for (size_t t = 0; t < x.count; t++)
                row[sample_column(&x, t)] = x.values[t];
            assert_true(sparse == 0 || x.count < 2 || x.columns[0] < x.columns[1]);
            assert_memory_equal(row, expected[i], sizeof row);
        }
        assert_string_equal(data->feature_names[3], "d");
        dataset_free(data);
    }
}

/* ---- threads and blocks -------------------------------------------------------------------- */

enum { MANY = 30000 };

/* Rows with numbers, values of a nominal attribute and missing ones, dense or sparse; several
 * blocks. */
static char *text_of_many(size_t *size, bool sparse, bool nominal)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    struct random_stream stream = random_open(7, RANDOM_START, 0);
    fprintf(file, "@relation r\n@attribute a numeric\n@attribute b %s\n@attribute c numeric\n",
            nominal ? "{v2,v1,v0}" : "numeric");
    fputs("@attribute d numeric\n@attribute e numeric\n@attribute y {yes,no}\n@data\n", file);
    for (int i = 0; i < MANY; i++) {
        double a = random_normal(&stream);
        const char *b = nominal ? "v" : "";
        unsigned k = (unsigned)random_below(&stream, 3);
        const char *y = random_below(&stream, 2) ? "yes" : "'no'";
        if (sparse && i % 3 == 0)
            fprintf(file, "{1 %s%u,5 %s}\n", b, k, y);
        else if (sparse)
            fprintf(file, "{0 %.17g, 5 %s}\n", a, y);
        else
            fprintf(file, "%.17g,%s%u,%s,0,0,%s%s\n", a, b, k, nominal && i % 5 == 0 ? "?" : "1", y,
                    i % 1000 == 7 ? " % a comment\n" : "");
    }
    fclose(file);
    return text;
}

static void threads_do_not_change_the_data(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        size_t size;
        char *text = text_of_many(&size, kind & 1, kind & 2), digest[DIGEST_TEXT] = "";
        for (int threads = 1; threads <= 4; threads++) {
            struct dataset *data = rows_read(text, size, (struct source){0}, threads);
            assert_int_equal(data->rows, MANY);
            assert_true(dataset_is_sparse(data) == (kind == 1));
            assert_true((data->table != NULL) == (kind >= 2));
            if (kind == 2)
                assert_int_equal(data->table->columns[2].missing, MANY / 5);
            if (threads == 1)
                strcpy(digest, data->digest);
            assert_string_equal(data->digest, digest);
            dataset_free(data);
        }
        free(text);
    }
}

static void first_fault_is_reported_at_any_number_of_threads(void **state)
{
    (void)state;
    size_t size;
    char *text = text_of_many(&size, false, false), *line = text;
    for (int number = 1; line < text + size; number++) {
        if (number == 20001 || number == 25000)
            *line = 'x';
        line = (char *)memchr(line, '\n', (size_t)(text + size - line)) + 1;
    }
    for (int threads = 1; threads <= 4; threads++) {
        struct error error;
        assert_null(read_as(text, size, (struct source){.format = &format_arff}, threads, &error));
        assert_non_null(strstr(error.message, ":20001:1: 'x"));
    }
    free(text);
}

/* ---- writing ------------------------------------------------------------------------------- */

static struct dataset *write_and_read(const struct dataset *data, const struct format *format,
                                      struct source source)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    format->write(data, (struct format_writing){.header = true}, file);
    fclose(file);
    source.format = format;
    struct dataset *again = rows_read(text, size, source, 1);
    free(text);
    return again;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const struct {
        const struct format *format;
        const char *text;
        char *label;
    } cases[] = {
        {&format_csv,
         "\"a b\",'q',\"c\"\"d\",a%,e\\,\"{x}\",y\n0.1,-0,5e-324,1,2,3,no\n"
         "1e308,2,3,4,5,6,\"y,es\"\n",
         NULL},
        {&format_csv, "1,0\n2,1\n", "none"},
        {&format_csv, "label,y\n1,\"it's\"\n2,it?\n3,it?\n", NULL},
        {&format_csv, "1,?b\n2,\"?\"\n", NULL},
        {&format_libsvm, "-1 1:0.1 9:-5e-324\n+1\n-1 3:1.7976931348623157e308 4:-0\n", NULL},
        {&format_libsvm, "1\n2 5:-0 9:0\n", NULL},
        {&format_libsvm, "1:2\n5:3\n", "none"},
        {&format_arff,
         "@relation r\n@attribute 'a b' {'x\ty','?',z}\n@attribute n numeric\n@attribute y {q,r}\n"
         "@data\n'x\ty',1,q\n'?',?,r\n?,3,r\n",
         NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source source = {.format = cases[i].format, .label = cases[i].label};
        struct dataset *data = rows_read(cases[i].text, strlen(cases[i].text), source, 1);
        struct dataset *again =
            write_and_read(data, &format_arff, (struct source){.label = cases[i].label});
        assert_string_equal(again->digest, data->digest);
        assert_true(dataset_is_sparse(again) == dataset_is_sparse(data));
        for (size_t j = 0; data->feature_names != NULL && j < data->features; j++)
            assert_string_equal(again->feature_names[j], data->feature_names[j]);
        for (int k = 0; data->y != NULL && k < 2; k++)
            assert_string_equal(again->class_names[k], data->class_names[k]);
        assert_true((again->table != NULL) == (data->table != NULL));
        dataset_free(again);
        dataset_free(data);
    }
}

/* From ARFF to each format and back. */
static void arff_survives_the_way_through_other_formats(void **state)
{
    (void)state;
    static const char *const texts[] = {
        HEADER "@data\n1,2.5,no\n-3,0,yes\n4,5,no\n",
        WIDE "{1 2.5,5 1}\n{0 1,3 -2}\n{5 1}\n{4 7,5 1}\n",
    };
    for (size_t i = 0; i < 2; i++) {
        struct dataset *data = read_whole(texts[i], (struct source){0});
        struct dataset *libsvm = write_and_read(data, &format_libsvm, (struct source){0});
        struct dataset *back = write_and_read(libsvm, &format_arff, (struct source){0});
        assert_string_equal(libsvm->digest, data->digest);
        assert_string_equal(back->digest, data->digest);
        struct dataset *csv = write_and_read(data, &format_csv, (struct source){0});
        assert_string_equal(csv->feature_names[1], "b");
        for (size_t row = 0; row < data->rows; row++) {
            const struct sample x = dataset_sample(data, row);
            assert_true(csv->y[row] == data->y[row]);
            for (size_t t = 0; t < x.count; t++)
                assert_true(csv->X[row * csv->features + sample_column(&x, t)] == x.values[t]);
        }
        dataset_free(csv);
        dataset_free(back);
        dataset_free(libsvm);
        dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_are_read_alike),
        cmocka_unit_test(nominal_and_missing_values_make_a_table),
        cmocka_unit_test(sparse_rows_of_nominal_values),
        cmocka_unit_test(sparse_rows_of_numbers_stay_sparse),
        cmocka_unit_test(labels_by_name_position_and_none),
        cmocka_unit_test(columns_are_chosen_and_left_out),
        cmocka_unit_test(classes_are_in_the_order_of_their_texts),
        cmocka_unit_test(labels_in_a_file_for_a_model),
        cmocka_unit_test(features_of_a_model_are_found_by_name),
        cmocka_unit_test(threads_do_not_change_the_data),
        cmocka_unit_test(first_fault_is_reported_at_any_number_of_threads),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(arff_survives_the_way_through_other_formats),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
