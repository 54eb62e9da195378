/* SPDX-License-Identifier: MIT
 *
 * ARFF files that are refused: each message says where, what and what to do, whatever the number of
 * threads.
 */
#include "data/formats/arff/format_arff.h"
#include "file_fixture.h"

static void assert_refused(const char *text, size_t size, struct source source,
                           const char *expected)
{
    source.format = &format_arff;
    for (int threads = 1; threads < 4; threads += 2) {
        struct error error;
        assert_null(read_as(text, size, source, threads, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        if (strstr(error.message, expected) == NULL)
            fail_msg("'%s' instead of '%s'", error.message, expected);
    }
}

struct refusal {
    const char *text, *expected;
};

static void what_is_declared_wrongly_is_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"", ": there is no @data"},
        {"@relation r\n@attribute x numeric\n", ": there is no @data"},
        {"@relation r\n@data\n1\n", ":2:6: no attribute is declared before @data"},
        {"1,2\n", ":1:1: expected @relation, @attribute or @data"},
        {"@relation r\n@inputs x\n", ":2:1: expected @relation, @attribute or @data"},
        {"@relation r\n@attribute\n", ":2:11: expected the name of an attribute"},
        {"@relation r\n@attribute 'x numeric\n", ":2:12: a quote does not end on its line"},
        {"@relation r\n@attribute x\n", ":2:13: '' is no type of an attribute"},
        {"@relation r\n@attribute x float\n", ":2:14: 'float' is no type of an attribute"},
        {"@relation r\n@attribute x real\n@attribute 'x' real\n",
         ":3:12: another attribute is called 'x' as well"},
        {"@relation r\n@attribute x {a, b\n", ":2:19: expected a value, a comma or }"},
        {"@relation r\n@attribute x {a,,b}\n", ":2:17: expected a value, a comma or }"},
        {"@relation r\n@attribute x {'a'b}\n", ":2:18: expected a value, a comma or }"},
        {"@relation r\n@attribute x {'a\n", ":2:15: a quote does not end on its line"},
        {"@relation r\n@attribute x {}\n", ":2:15: attribute 'x' declares no value"},
        {"@relation r\n@attribute x {a,'a'}\n", "the value 'a' of attribute 'x' is declared twice"},
        {"@relation r\n@attribute x real\n@data 1\n", ":3:7: rows begin on the line after @data"},
        {"@relation r\n@attribute x real\n@data\n1\n",
         ": no attribute but the label is read; keep a feature"},
        {"@relation r\n@attribute t string\n@attribute y {a,b}\n@data\n'x',a\n",
         ":2:12: attribute 't' is a string, and features are numbers or nominal; leave it out: "
         "--drop t"},
        {"@relation r\n@attribute d date 'yyyy'\n@attribute y {a,b}\n@data\n1999,a\n",
         ":2:12: attribute 'd' is a date"},
        {"@relation r\n@attribute b relational\n@end b\n", ":3:1: expected @relation"},
        {"@relation r\n@attribute x real\n@attribute y string\n@data\n1,a\n",
         ":3:12: attribute 'y' cannot be the label"},
        {"@relation r\n@attribute x real\n@attribute y {'a\"\"b',b}\n@data\n1,b\n",
         ":3:16: a class has two quotes side by side"},
        {"@relation r\n@attribute x real\n@attribute y {a,b}\n@data\n\n% none\n",
         ": the file has no rows"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, strlen(cases[i].text), (struct source){0}, cases[i].expected);
}

/* A row behind a sound one. */
static void rows_refuse(const char *first, const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[512];
        snprintf(
            text, sizeof text,
            "@relation r\n@attribute a real\n@attribute b {p,q}\n@attribute y {no,yes}\n@data\n"
            "%s\n%s\n",
            first, cases[i].text);
        assert_refused(text, strlen(text), (struct source){0}, cases[i].expected);
    }
}

static void dense_rows_are_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"1,p", ":7:4: expected 3 values, one for each attribute, and found 2"},
        {"1", ":7:2: expected 3 values, one for each attribute, and found 1"},
        {"1,p,% no",
         ":7:5: expected 3 values, one for each attribute, and found 2; outside quotes"},
        {"1,p,no,5", ":7:7: there are more values than the 3 attributes"},
        {"1,p,no no", ":7:8: there are more values than the 3 attributes"},
        {"1,p,no,{5}", ":7:8: weights of rows, as in {5}, are not read"},
        {"1,p,no {5}", ":7:8: weights of rows, as in {5}, are not read"},
        {"1,,no", ":7:3: expected a value of attribute 'b'; a missing one is ?"},
        {",p,no", ":7:1: expected a value of attribute 'a'"},
        {"x,p,no", ":7:1: 'x' in attribute 'a' is not a number, and the attribute is numeric"},
        {"1e400,p,no", ":7:1: '1e400' in attribute 'a' is too large for a double"},
        {"inf,p,no", ":7:1: 'inf' in attribute 'a' is not a finite number"},
        {"1,r,no", ":7:3: 'r' is not a value of attribute 'b', which declares 'p', 'q'; add it"},
        {"1,P,no", ":7:3: 'P' is not a value of attribute 'b'"},
        {"1,p,maybe", ":7:5: 'maybe' is not a value of attribute 'y'"},
        {"1,p,?", ":7:5: the label 'y' is missing; leave out the row"},
        {"1,'p,no", ":7:3: a quote does not end on its line"},
        {"1,'p\\'", ":7:3: a quote does not end on its line"},
        {"1,'p''q',no", ":7:6: expected a comma or a blank behind a value"},
        {"{0 1}", ":7:1: this row is sparse (in braces), and the first is dense"},
    };
    rows_refuse("1,p,no", cases, sizeof cases / sizeof *cases);
    static const char nul[] = "@relation r\n@attribute a real\n@attribute y {p,q}\n@data\n1\0,p\n";
    assert_refused(nul, sizeof nul - 1, (struct source){0}, ": this is not a text file");
}

static void sparse_rows_are_refused(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"1,p,no", ":7:1: this row is dense, and the first is sparse (in braces)"},
        {"{0 1", ":7:5: expected a comma or } behind a value"},
        {"{0 1,", ":7:6: the brace of a sparse row does not end on its line"},
        {"{0 1 1 p}", ":7:6: expected a comma or } behind a value"},
        {"{a 1}", ":7:2: expected the index of an attribute, from 0, a blank and its value"},
        {"{0}", ":7:2: expected the index of an attribute"},
        {"{-1 0}", ":7:2: expected the index of an attribute"},
        {"{3 1}", ":7:2: index 3 is beyond the 3 attributes, which count from 0"},
        {"{99999999999999999999999 1}", ":7:2: expected the index"},
        {"{1 p,1 q}", ":7:6: index 1 after index 1; indices ascend within a row"},
        {"{1 p,0 5}", ":7:6: index 0 after index 1; indices ascend within a row"},
        {"{0 p}", ":7:4: 'p' in attribute 'a' is not a number"},
        {"{0 ,1 p}", ":7:4: expected a value of attribute 'a'"},
        {"{1 r}", ":7:4: 'r' is not a value of attribute 'b'"},
        {"{2 ?}", ":7:4: the label 'y' is missing"},
        {"{0 1},{5}", ":7:7: weights of rows, as in {5}, are not read"},
        {"{0 1} 5", ":7:7: text follows the closing brace of a row"},
    };
    rows_refuse("{0 1}", cases, sizeof cases / sizeof *cases);
}

static void labels_are_refused(void **state)
{
    (void)state;
#define THREE "@relation r\n@attribute x real\n@attribute size {s,m,l}\n@data\n"
    static const struct {
        const char *text;
        char *label;
        const char *expected;
    } cases[] = {
        {THREE "1,m\n2,s\n\n3,'s'\n4,l\n", NULL,
         ":9:1: a third class of 'size': 'l', after 'm' and 's'"},
        {THREE "{0 1,1 m}\n{}\n{0 1,1 l}\n", NULL,
         ":7:1: a third class of 'size': 'l', after 'm' and 's'"},
        {THREE "1,m\n2,s\n3,s\n", "x", ":7:1: a third class of 'x': '3', after '1' and '2'"},
        {THREE "1,m\n2,s\n", "sise", ": no attribute is named 'sise'; did you mean 'size'?"},
        {THREE "1,m\n2,s\n", "3",
         ": no attribute is named '3'; name one, or give a position from 1"},
        {"@relation r\n@attribute x real\n@attribute y {nan,b}\n@data\n1,b\n2,nan\n", NULL,
         ":6:3: 'nan' cannot be the name of a class"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(cases[i].text, strlen(cases[i].text),
                       (struct source){.label = cases[i].label}, cases[i].expected);
}

static void wrong_choices_of_columns_are_refused(void **state)
{
    (void)state;
    static const struct {
        char *columns, *drop;
        const char *expected;
    } cases[] = {
        {NULL, "sise", ": drop: no attribute is named 'sise'; did you mean 'size'?"},
        {"x,9", NULL, ": columns: no attribute is named '9'; give names, positions from 1 to 2"},
        {NULL, "size", ": drop: attribute 'size' is the label; choose another with --label"},
        {NULL, "x", ": no attribute but the label is read; keep a feature"},
        {"size", NULL, ": no attribute but the label is read; keep a feature"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(THREE "1,m\n2,s\n", sizeof THREE "1,m\n2,s\n" - 1,
                       (struct source){.columns = cases[i].columns, .drop = cases[i].drop},
                       cases[i].expected);
}

/* Categories where the model has numbers, and the other way round. */
static void features_of_another_kind_than_the_model_has(void **state)
{
    (void)state;
    static const bool categories[] = {true};
    static char *const names[] = {"x"};
    const struct columns_found found = {.label = 2, .label_name = "y"};
    struct columns_wanted wanted = {.features = 1, .names = names, .found = &found};
    static const char nominal[] = "@relation r\n@attribute x {1,2}\n@data\n1\n";
    assert_refused(nominal, strlen(nominal), (struct source){.wanted = &wanted},
                   ":2:12: attribute 'x' is nominal, and the model was trained on numbers there; "
                   "declare it as numeric");
    wanted.categories = categories;
    static const char numeric[] = "@relation r\n@attribute x real\n@data\n1\n";
    assert_refused(numeric, strlen(numeric), (struct source){.wanted = &wanted},
                   ":2:12: attribute 'x' is numeric, and the model was trained on categories");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_declared_wrongly_is_refused),
        cmocka_unit_test(dense_rows_are_refused),
        cmocka_unit_test(sparse_rows_are_refused),
        cmocka_unit_test(labels_are_refused),
        cmocka_unit_test(wrong_choices_of_columns_are_refused),
        cmocka_unit_test(features_of_another_kind_than_the_model_has),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
