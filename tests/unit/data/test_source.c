/* SPDX-License-Identifier: MIT
 *
 * Sources: the syntax of operands there and back, and what a loaded set is called; the description
 * of a set; output files that appear whole or not at all.
 */
#include "base/memory.h"
#include "base/system/output.h"
#include "data/generators/generator.h"
#include "data/sources/describe.h"
#include "data/sources/source_load.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_described(const char *text, const char *expected)
{
    struct source source;
    struct error error = {0};
    if (!source_parse(&source, text, &error))
        fail_msg("%s", error.message);
    char *description = source_describe(&source);
    assert_string_equal(description, expected);
    memory_free(description);
    source_clear(&source);
}

static void operands_are_read_and_described(void **state)
{
    (void)state;
    assert_described("pets", "pets");
    assert_described("pets:seed=3", "pets:seed=3");
    assert_described("pets:", "pets");
    const char *all = "blobs:rows=1001,features=5,separation=0.1,noise=0.05,condition=1e+16,seed=9";
    assert_described(all, all);
    assert_described("./pets", "./pets");
    assert_described("folder/data", "folder/data");
    assert_described("data.csv", "data.csv");
    assert_described("-", "-");
}

static void lists_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *reason; /* NULL: it is taken */
    } cases[] = {
        {"drop", "", "an empty list names no column; give names, positions"},
        {"columns", " ", "an empty list names no column"},
        {"category", "a,,b",
         "element 2 of 'a,,b' is empty; leave its comma out, or write \"\" for"},
        {"drop", "a, ", "element 2 of 'a, ' is empty"},
        {"drop", ",a", "element 1 of ',a' is empty"},
        {"drop", "\"\"", NULL},
        {"drop", "\"a, b\" , \"c\"\"\",d", NULL},
        {"drop", "a,\"b", "the double quote of element 2 of 'a,\"b' does not end"},
        {"columns", "\"a\"b,c", "more stands behind the quotes of element 1 of '\"a\"b,c'"},
        {"drop", "a,'b", "element 2 of 'a,'b' begins with a single quote, and only double quotes"},
        {"drop", "rock'n'roll", NULL},
        {"drop", "\"'b\"", NULL},
        {"missing_tokens", "", "an empty list names no mark; an empty cell is missing in any case"},
        {"missing_tokens", "=", NULL},
        {"missing_tokens", "=none,", NULL},
        {"missing_tokens", "=\"none", "the double quote of element 1 of '\"none' does not end"},
        {"missing_tokens", "'?'", "write \"'?'\" if it belongs to it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source source = {.path = NULL};
        char reason[512] = "";
        bool taken = source_attribute_set(source_attribute_find(cases[i].name), &source,
                                          cases[i].text, reason, sizeof reason);
        if (taken != (cases[i].reason == NULL) ||
            strstr(reason, taken ? "" : cases[i].reason) == NULL)
            fail_msg("%s: %s: %s", cases[i].name, cases[i].text, reason);
        source_clear(&source);
    }
}

static void assert_scale(const char *description, const char *scale, const char *common)
{
    char *rest, value[TEXT_NUMBER];
    bool said = source_described(description, source_attribute_find("scale"), value, &rest);
    assert_string_equal(value, said ? scale : "none");
    assert_true(said == (*scale != '\0'));
    assert_string_equal(rest, common);
    memory_free(rest);
}

static void assert_said(const char *description, const char *attribute, const char *expected,
                        const char *common)
{
    char *rest, value[TEXT_NUMBER];
    source_described(description, source_attribute_find(attribute), value, &rest);
    assert_string_equal(value, expected);
    assert_string_equal(rest, common);
    memory_free(rest);
}

static void assert_rows(const char *description, const char *rows)
{
    char *found = source_described_rows(description);
    assert_string_equal(found, rows);
    memory_free(found);
}

static void sets_of_the_same_rows_are_known(void **state)
{
    (void)state;
    assert_rows("", "");
    assert_rows("a.csv", "a.csv");
    assert_rows("a.csv (scale standard, split 0.2, categories hash:16, rare 5, missing mean)",
                "a.csv (split 0.2)");
    assert_rows("a.csv (categories ordinal)", "a.csv");
    assert_rows("a.csv (split 0.2, missing drop)", "a.csv (split 0.2, missing drop)");
    assert_rows("a.csv (label y, rare 5, missing drop)", "a.csv (label y, missing drop)");
    assert_rows("a.csv (split 0.2, split_seed 3, weights balanced)",
                "a.csv (split 0.2, split_seed 3, weights balanced)");
    assert_rows("a.csv (label rare x, drop missing y)", "a.csv (label rare x, drop missing y)");
    assert_rows("rare 5, missing mean", "rare 5, missing mean");
}

static void a_description_is_taken_apart(void **state)
{
    (void)state;
    const char all[] = "a.csv (scale unit, categories hash:16, rare 5, missing mean)";
    assert_said(all, "categories", "hash:16", "a.csv (scale unit, rare 5, missing mean)");
    assert_said(all, "rare", "5", "a.csv (scale unit, categories hash:16, missing mean)");
    assert_said("a.csv (categories none)", "categories", "onehot", "a.csv (categories none)");
    assert_said("a.csv", "rare", "0", "a.csv");
    assert_scale("", "", "");
    assert_scale("pets", "", "pets");
    assert_scale("pets (split 0.2)", "", "pets (split 0.2)");
    assert_scale("pets (scale standard)", "standard", "pets");
    assert_scale("pets (scale unit, split 0.2)", "unit", "pets (split 0.2)");
    assert_scale("a.csv (label x, scale minmax)", "minmax", "a.csv (label x)");
    assert_scale("a.csv (label x, scale maxabs, split 0.2, split_seed 3)", "maxabs",
                 "a.csv (label x, split 0.2, split_seed 3)");
    assert_scale("scale standard", "", "scale standard");
    assert_scale("my scale minmax) (split 0.2)", "", "my scale minmax) (split 0.2)");
    assert_scale("(scale minmax)", "", "(scale minmax)");
    assert_scale("a (scale standardised)", "", "a (scale standardised)");
}

static void assert_refused(const char *text, const char *expected)
{
    struct source source;
    struct error error = {0};
    assert_false(source_parse(&source, text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' instead of '%s'", error.message, expected);
    source_clear(&source);
}

static void wrong_operands_are_refused(void **state)
{
    (void)state;
    assert_refused("blob", "'blob': there is no such file; unknown generator 'blob'; "
                           "did you mean 'blobs'?");
    assert_refused("blob:rows=10", "did you mean 'blobs'?");
    assert_refused("", "there is no such file");
    assert_refused("blobs:rows", "'blobs:rows': expected SETTING=VALUE in place of 'rows'");
    assert_refused("blobs:rows=10,sed=1", "did you mean 'seed'?");
    assert_refused("pets:features=3", "does not use 'features'");
    assert_refused("blobs:rows=many", "'many' is not allowed for rows; give an integer");
    assert_refused("blobs:rows=100,rows=50", "'blobs:rows=100,rows=50': 'rows' is given twice");
    assert_refused("pets:seed=1,rows=10,seed=1", "'seed' is given twice; leave one out");
    assert_refused(
        "pets:seed=9007199254740993",
        "'9007199254740993' is not allowed for seed; give an integer from 0 to 9007199254740992");
}

static void loaded_sets_have_names(void **state)
{
    (void)state;
    struct source source;
    struct error error = {0};
    assert_true(source_parse(&source, "pets", &error));
    struct dataset *data = source_load(&source, true, 1, &error);
    assert_string_equal(data->name, "pets");
    assert_int_equal(strlen(data->digest), DIGEST_TEXT - 1);
    dataset_free(data);
    source_clear(&source);
}

static void set_larger_than_memory_is_refused(void **state)
{
    (void)state;
    struct source source;
    struct error error = {0};
    assert_true(source_parse(&source, "blobs:rows=4000000000,features=1000000", &error));
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, "iB of memory"));
    source_clear(&source);
}

static void summaries_are_right_far_from_zero(void **state)
{
    (void)state;
    struct dataset *data = dataset_create(4, 2, false);
    static const double X[] = {1e9, 1e308, 1e9 + 2, -1e308, 1e9, 0, 1e9 + 2, 0};
    memcpy(data->X, X, sizeof X);
    struct feature_summary *summaries = describe_features(data, 3);
    assert_true(summaries[0].mean == 1e9 + 1 && summaries[0].deviation == 1.0);
    assert_true(summaries[0].minimum == 1e9 && summaries[0].maximum == 1e9 + 2);
    assert_true(summaries[1].mean == 0.0);
    assert_true(fabs(summaries[1].deviation / 1e308 - sqrt(0.5)) < 1e-15);
    assert_int_equal(summaries[1].nonzero, 2);
    memory_free(summaries);
    dataset_free(data);
}

static char *describe(const struct dataset *data, bool all)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    describe_print(data, "title", all, 2, file);
    fclose(file);
    return text;
}

/* 25 features: the first is constant, the others grow from 1 to 24, x25 a thousandfold. */
static void description_names_what_matters(void **state)
{
    (void)state;
    struct dataset *data = dataset_create(3, 25, true);
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 25; j++)
            data->X[25 * i + j] = (double)(i * j) * (j == 24 ? 1000.0 : 1.0) + (double)(j == 0);
        data->y[i] = i == 1;
    }
    data->class_names[0] = memory_copy_text("benign");
    data->class_names[1] = memory_copy_text("malignant");
    static const char *const expected[] = {
        "title\n",
        "rows      3\nfeatures  25\n",
        "class 0   'benign', 2 rows (66.7 %)\n",
        "class 1   'malignant', 1 rows (33.3 %)\n",
        "density   68 % of the values are not zero\n",
        "... and 5 more",
        "constant: x1 (",
        "the scales of 'x25' and 'x2' differ by a factor of 2.4e+04",
    };
    char *text = describe(data, false);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (strstr(text, expected[i]) == NULL)
            fail_msg("'%s' is not in:\n%s", expected[i], text);
    assert_null(strstr(text, "\nx21 "));
    free(text);
    text = describe(data, true);
    assert_non_null(strstr(text, "\nx25 "));
    assert_null(strstr(text, "more"));
    free(text);
    dataset_free(data);
}

/* A ratio that no double is, and a deviation that is rounded to 0. */
static void scales_beyond_doubles_are_compared(void **state)
{
    (void)state;
    static const double rows[] = {1e300, 1e-300, 0.0, -1e300, 2e-300, 5e-324};
    struct dataset *data = dataset_create(2, 3, false);
    memcpy(data->X, rows, sizeof rows);
    char *text = describe(data, false);
    assert_non_null(strstr(text, "the scales of 'x1' and 'x"));
    assert_null(strstr(text, "inf"));
    free(text);
    dataset_free(data);
}

static void output_appears_whole(void **state)
{
    (void)state;
    const char *path = "test_source.output";
    struct output output;
    struct error error = {0};
    unlink(path);
    assert_true(output_open(&output, path, false, &error));
    fputs("text\n", output.file);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(output_commit(&output, &error));
    assert_int_equal(access(path, F_OK), 0);

    assert_false(output_open(&output, path, false, &error));
    assert_non_null(strstr(error.message, "this file exists"));
    error = (struct error){0};
    assert_true(output_open(&output, path, true, &error));
    output_discard(&output);
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
}

static void output_on_a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct output output;
    struct error error = {0};
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_true(output_open(&output, "/dev/full", false, &error));
    fputs("text\n", output.file);
    assert_false(output_commit(&output, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
    assert_non_null(strstr(error.message, "No space left"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_are_read_and_described),
        cmocka_unit_test(lists_are_checked),
        cmocka_unit_test(a_description_is_taken_apart),
        cmocka_unit_test(sets_of_the_same_rows_are_known),
        cmocka_unit_test(wrong_operands_are_refused),
        cmocka_unit_test(loaded_sets_have_names),
        cmocka_unit_test(set_larger_than_memory_is_refused),
        cmocka_unit_test(summaries_are_right_far_from_zero),
        cmocka_unit_test(description_names_what_matters),
        cmocka_unit_test(scales_beyond_doubles_are_compared),
        cmocka_unit_test(output_appears_whole),
        cmocka_unit_test(output_on_a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
