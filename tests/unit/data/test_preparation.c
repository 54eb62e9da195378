/* SPDX-License-Identifier: MIT
 *
 * Attributes of sources: text there and back; what loading a prepared source gives, in which order;
 * weights of classes; and what is refused.
 */
#include "base/memory.h"
#include "data/preparation/scaling.h"
#include "data/preparation/weighting.h"
#include "data/sources/attributes.h"
#include "data/sources/describe.h"
#include "data/sources/source_load.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set(struct source *source, const char *name, const char *value)
{
    char reason[512];
    const struct source_attribute *attribute = source_attribute_find(name);
    assert_non_null(attribute);
    if (!source_attribute_set(attribute, source, value, reason, sizeof reason))
        fail_msg("%s", reason);
}

static struct source parsed(const char *text)
{
    struct source source;
    struct error error = {0};
    if (!source_parse(&source, text, &error))
        fail_msg("%s", error.message);
    return source;
}

static struct dataset *loaded(const struct source *source)
{
    struct error error = {0};
    struct dataset *data = source_load(source, true, 2, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

static void check_description(const struct source *source, const char *expected)
{
    char *description = source_describe(source);
    assert_string_equal(description, expected);
    memory_free(description);
}

static void attributes_are_described_where_they_matter(void **state)
{
    (void)state;
    struct source source = parsed("blobs:rows=50");
    set(&source, "scale", "none");
    set(&source, "split_seed", "3");
    check_description(&source, "blobs:rows=50");
    set(&source, "split", "0.20");
    set(&source, "scale", "standard");
    set(&source, "weights", "balanced");
    check_description(&source,
                      "blobs:rows=50 (scale standard, split 0.2, split_seed 3, weights balanced)");
    set(&source, "scale", "none");
    set(&source, "weights", "none");
    set(&source, "split_seed", "0");
    check_description(&source, "blobs:rows=50 (split 0.2)");
    struct source file = {.path = memory_copy_text("a.csv")};
    set(&file, "label", "sex");
    set(&file, "label", "species");
    set(&file, "scale", "maxabs");
    check_description(&file, "a.csv (label species, scale maxabs)");
    set(&file, "format", "libsvm");
    set(&file, "first_index", "0");
    set(&file, "features", "20");
    check_description(
        &file, "a.csv (label species, format libsvm, first_index 0, features 20, scale maxabs)");
    source_clear(&file);
    source_clear(&source);
}

/* A generator has no file to be read; features it has as a setting. */
static void attributes_suit_the_sources_that_have_them(void **state)
{
    (void)state;
    struct source source = parsed("blobs"), file = parsed("./a.csv");
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        bool suits = attribute->about == ATTRIBUTE_PREPARATION ||
                     strcmp(attribute->entry.name, "features") == 0;
        assert_true(source_attribute_suits(attribute, &file));
        assert_int_equal(source_attribute_suits(attribute, &source), suits);
    }
    set(&source, "features", "7");
    check_description(&source, "blobs:features=7");
    source_clear(&source);
    source_clear(&file);
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"scale", "standart",
         "unknown scale 'standart'; did you mean 'standard'? known: none, "
         "standard, maxabs, minmax, unit"},
        {"split", "1", "'1' is not allowed for split; give a number >= 0 and < 1"},
        {"split", "-0.1", "'-0.1' is not allowed for split"},
        {"split", "nan", "'nan' is not allowed for split"},
        {"split", "half", "'half' is not allowed for split"},
        {"split_seed", "-1",
         "'-1' is not allowed for split_seed; give an integer from 0 to 9007199254740992"},
        {"split_seed", "1.5", "'1.5' is not allowed for split_seed"},
        {"format", "cvs", "unknown format 'cvs'; did you mean 'csv'?"},
        {"first_index", "2", "unknown first index '2'; known: 1, 0"},
        {"features", "0", "'0' is not allowed for features; give an integer from 1 to 4294967294"},
        {"weights", "balance", "unknown weights 'balance'; did you mean 'balanced'?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source source = {0};
        char reason[512];
        assert_false(source_attribute_set(source_attribute_find(cases[i][0]), &source, cases[i][1],
                                          reason, sizeof reason));
        if (strstr(reason, cases[i][2]) == NULL)
            fail_msg("'%s' instead of '%s'", reason, cases[i][2]);
    }
}

/* Mean 0 and deviation 1 on the rows trained on; the rows held out go by the same fit. */
static void the_fit_knows_nothing_of_rows_held_out(void **state)
{
    (void)state;
    struct source source = parsed("blobs:rows=1000,features=4");
    set(&source, "split", "0.25");
    struct dataset *raw = loaded(&source);
    set(&source, "scale", "standard");
    struct dataset *data = loaded(&source);
    struct feature_summary *summaries = describe_features(data, 2);
    for (size_t j = 0; j < 4; j++) {
        assert_true(fabs(summaries[j].mean) < 1e-15);
        assert_true(fabs(summaries[j].deviation - 1.0) < 1e-14);
    }
    assert_int_equal(data->heldout->rows, 250);
    for (size_t i = 0; i < 1000; i++) {
        size_t j = i % 4;
        double x = (raw->heldout->X[i] - data->scaling->offset[j]) / data->scaling->factor[j];
        assert_true(data->heldout->X[i] == x);
    }
    memory_free(summaries);
    dataset_free(raw);
    dataset_free(data);
    source_clear(&source);
}

static void every_attribute_makes_another_set(void **state)
{
    (void)state;
    static const char *const steps[][2] = {
        {"scale", "none"}, {"scale", "standard"}, {"split", "0.3"},       {"split_seed", "1"},
        {"split", "0.31"}, {"scale", "unit"},     {"weights", "balanced"}};
    enum { STEPS = sizeof steps / sizeof *steps };
    char digests[STEPS][DIGEST_TEXT];
    struct source source = parsed("pets:rows=301");
    for (size_t i = 0; i < STEPS; i++) {
        set(&source, steps[i][0], steps[i][1]);
        struct dataset *data = loaded(&source);
        strcpy(digests[i], data->digest);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(digests[i], digests[k]);
        dataset_free(data);
    }
    source_clear(&source);
}

static struct dataset *labelled(size_t rows, size_t ones)
{
    struct dataset *data = dataset_create(rows, 1, true);
    for (size_t i = 0; i < rows; i++) {
        data->X[i] = (double)i;
        data->y[i] = i < ones;
    }
    return data;
}

static void balanced_classes_count_alike(void **state)
{
    (void)state;
    struct error error = {0};
    struct dataset *data = labelled(10, 2);
    data->heldout = labelled(4, 2);
    assert_true(weighting_apply(&weighting_none, data, &error));
    assert_true(data->class_weights[0] == 1.0 && data->class_weights[1] == 1.0);
    assert_true(weighting_apply(table_find(&weighting_table, "balanced"), data, &error));
    assert_true(data->class_weights[0] == 0.625 && data->class_weights[1] == 2.5);
    assert_true(data->heldout->class_weights[0] == 0.625 && data->heldout->class_weights[1] == 2.5);
    dataset_free(data);

    data = labelled(3, 0);
    assert_false(weighting_apply(table_find(&weighting_table, "balanced"), data, &error));
    assert_non_null(strstr(error.message, "there is one class only"));
    dataset_free(data);
}

static void a_fault_names_the_set(void **state)
{
    (void)state;
    struct source source = parsed("pets:rows=10");
    struct error error = {0};
    set(&source, "split", "0.05");
    assert_null(source_load(&source, true, 1, &error));
    assert_non_null(strstr(error.message, "pets: split 0.05 of the 5 rows of class 'cat'"));
    source_clear(&source);
}

static void a_description_tells_the_preparation(void **state)
{
    (void)state;
    struct source source = parsed("pets:rows=101");
    set(&source, "scale", "minmax");
    set(&source, "split", "0.2");
    set(&source, "weights", "balanced");
    struct dataset *data = loaded(&source);
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    describe_print(data, "title", false, 1, file);
    fclose(file);
    static const char *const expected[] = {"scale     minmax\n", "held out  20 rows more",
                                           "weights   0.987805 for class 0, 1.0125 for class 1\n"};
    for (size_t i = 0; i < 3; i++)
        if (strstr(text, expected[i]) == NULL)
            fail_msg("'%s' is not in:\n%s", expected[i], text);
    free(text);
    dataset_free(data);
    source_clear(&source);
}

/* What messages and help name is what the table has. */
static void all_sides_are_known(void **state)
{
    char text[256] = "family, store";
    (void)state;
    for (size_t i = 0; i < source_attribute_count; i++)
        if (source_attributes[i].sides)
            snprintf(text + strlen(text), sizeof text - strlen(text), ", %s",
                     source_attributes[i].entry.name);
    assert_string_equal(text, SIDES_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_described_where_they_matter),
        cmocka_unit_test(attributes_suit_the_sources_that_have_them),
        cmocka_unit_test(wrong_values_are_refused),
        cmocka_unit_test(the_fit_knows_nothing_of_rows_held_out),
        cmocka_unit_test(every_attribute_makes_another_set),
        cmocka_unit_test(balanced_classes_count_alike),
        cmocka_unit_test(a_fault_names_the_set),
        cmocka_unit_test(all_sides_are_known),
        cmocka_unit_test(a_description_tells_the_preparation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
