/* SPDX-License-Identifier: MIT
 *
 * Reading and writing pairs of NumPy files, which are made here byte by byte; and what is refused.
 */
#include "base/memory.h"
#include "data/formats/npy/format_npy.h"
#include "data/precision.h"
#include "data/preparation/scaling.h"
#include "data/preparation/weighting.h"
#include "npy_fixture.h"

#include <math.h>

static const float X_single[] = {1.0F, 2.5F, -3.0F, 4.0F, 0.5F, -0.0F};

static void every_type_of_labels_is_read(void **state)
{
    (void)state;
    static const double f8[] = {-1.0, 1.0, -1.0};
    static const float f4[] = {-1.0F, 1.0F, -1.0F};
    static const int64_t i8[] = {1, 2, 1};
    static const int32_t i4[] = {0, 7, 0};
    static const signed char i1[] = {-1, 1, -1};
    static const unsigned char u1[] = {200, 255, 200}, b1[] = {0, 1, 0};
    static const struct {
        const char *type, *shape;
        const void *numbers;
        size_t bytes;
        const char *zero, *one;
    } cases[] = {
        {"<f8", "(3,)", f8, sizeof f8, "-1", "1"}, {"<f4", "(3, 1)", f4, sizeof f4, "-1", "1"},
        {"<i8", "(3,)", i8, sizeof i8, "1", "2"},  {"<i4", "(3,)", i4, sizeof i4, "0", "7"},
        {"|i1", "(3,)", i1, sizeof i1, "-1", "1"}, {"|u1", "(3,)", u1, sizeof u1, "200", "255"},
        {"|b1", "(3,)", b1, sizeof b1, "0", "1"},
    };
    char digest[DIGEST_TEXT];
    expected_digest(digest);
    x_write("<f8", "False", "(3, 2)", X, sizeof X);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        y_write(cases[i].type, cases[i].shape, cases[i].numbers, cases[i].bytes);
        struct dataset *data = load_sound(NULL);
        assert_string_equal(data->digest, digest);
        assert_string_equal(data->class_names[0], cases[i].zero);
        assert_string_equal(data->class_names[1], cases[i].one);
        dataset_free(data);
    }
}

/* All versions of the header, numbers mapped or (not aligned, or single) copied: the same set. */
static void features_are_mapped_or_copied(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1, 0};
    char digest[DIGEST_TEXT];
    expected_digest(digest);
    y_write("|u1", "(3,)", y, sizeof y);
    for (int version = 1; version <= 3; version++)
        for (int shift = 0; shift < 9; shift += 4) {
            const char *header = header_make("<f8", "False", "(3, 2)", version, shift);
            array_write(x_path, version, header, X, sizeof X);
            struct dataset *data = load_sound(NULL);
            assert_true((data->mapping != NULL) == (shift % 8 == 0));
            assert_string_equal(data->digest, digest);
            dataset_free(data);
        }
    x_write("<f4", "False", "(3, 2)", X_single, sizeof X_single);
    struct dataset *data = load_sound(NULL);
    assert_null(data->mapping);
    assert_string_equal(data->digest, digest);
    dataset_free(data);
}

static struct dataset *load_as(const struct source *attributes)
{
    struct source source = *attributes;
    struct error error = {.kind = ERROR_NONE};
    source.path = x_path;
    struct dataset *data = source_load(&source, false, 2, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

/* Float32 that training reads as float32 stays in the file, with the digest of its numbers as
 * doubles, unless something else has to be done with them. */
static void singles_are_mapped_where_nothing_changes_them(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1};
    static const float wide[] = {1.0F, 2.5F, -3.0F, 4.0F, 0.5F, -0.0F};
    static const float columns[] = {1.0F, 4.0F, 2.5F, 0.5F, -3.0F, -0.0F};
    const struct entry *float32 = table_find(&precision_table, "float32");
    const struct source plain = {.precision = float32};
    const struct {
        struct source source;
        const char *type, *order;
        const void *numbers;
        const char *note; /* NULL: they are mapped */
    } cases[] = {
        {plain, "<f4", "False", wide, NULL},
        {{.precision = float32, .weights = table_find(&weighting_table, "balanced")},
         "<f4",
         "False",
         wide,
         NULL},
        {plain, "<f4", "True", columns, "Fortran order"},
        {{.precision = float32, .scale = table_find(&scale_table, "maxabs")},
         "<f4",
         "False",
         wide,
         "as they are scaled (scale)"},
        {{.precision = float32, .refine = &refine_yes},
         "<f4",
         "False",
         wide,
         "as training ends in float64 (refine)"},
    };
    char digest[DIGEST_TEXT];
    y_write("|u1", "(2,)", y, sizeof y);
    const double doubles[] = {1.0, 2.5, -3.0, 4.0, 0.5, -0.0};
    x_write("<f8", "False", "(2, 3)", doubles, sizeof doubles);
    struct dataset *data = load_as(&plain);
    memcpy(digest, data->digest, sizeof digest);
    assert_true(data->singles == NULL && data->stored.values != NULL);
    dataset_free(data);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        x_write(cases[i].type, cases[i].order, "(2, 3)", cases[i].numbers, sizeof wide);
        data = load_as(&cases[i].source);
        assert_true((data->singles != NULL) == (cases[i].note == NULL));
        assert_true((data->singles == data->stored.values) == (cases[i].note == NULL));
        if (cases[i].note != NULL)
            assert_non_null(strstr(data->notes, cases[i].note));
        else
            assert_true(data->notes == NULL && data->mapping != NULL && data->X == NULL);
        if (i == 0)
            assert_string_equal(data->digest, digest);
        dataset_free(data);
    }
}

static void singles_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1};
    static const struct {
        float number;
        const char *message;
    } cases[] = {{INFINITY, "X[1, 1] is inf; features must be finite"}, {NAN, "missing"}};
    y_write("|u1", "(2,)", y, sizeof y);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float numbers[6] = {1.0F, 2.0F, 3.0F, 4.0F, cases[i].number, 6.0F};
        struct source source = {.path = x_path,
                                .precision = table_find(&precision_table, "float32")};
        struct error error = {.kind = ERROR_NONE};
        x_write("<f4", "False", "(2, 3)", numbers, sizeof numbers);
        assert_null(source_load(&source, false, 2, &error));
        assert_non_null(strstr(error.message, cases[i].message));
    }
}

static void labels_may_be_elsewhere_or_none(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1, 0};
    x_write("<f8", "False", "(3, 2)", X, sizeof X);
    y_write("|u1", "(3,)", y, sizeof y);
    assert_int_equal(rename(y_path, path), 0);
    struct dataset *data = load_sound(path);
    assert_true(data->y[0] == 0.0 && data->y[1] == 1.0 && data->y[2] == 0.0);
    dataset_free(data);
    data = load_sound("none");
    assert_null(data->y);
    assert_int_equal(data->rows, 3);
    dataset_free(data);
    struct error error;
    assert_null(load(NULL, 1, &error));
    assert_non_null(strstr(error.message, "y.npy: cannot be opened: No such file or directory; "
                                          "this file should hold the labels of"));
}

static void names_of_label_files_follow(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"X.npy", "y.npy"}, {"aX/train_X.npy", "aX/train_y.npy"}, {"MAX_X_1.npy", "MAX_y_1.npy"}};
    struct error error = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *name = npy_labels_path(cases[i][0], &error);
        assert_string_equal(name, cases[i][1]);
        memory_free(name);
    }
    assert_null(npy_labels_path("X/train.npy", &error));
    assert_non_null(strstr(error.message, "but this name has no X; rename it, as in train_X.npy"));
}

static void wrong_features_are_refused(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1, 0};
    static const double wrong[] = {1.0, 2.0, NAN, 3.0, INFINITY, 6.0};
    static const struct {
        const char *type, *order, *shape;
        size_t bytes;
        const char *expected;
    } cases[] = {
        {"<f16", "False", "(3, 1)", 48,
         "features of type '<f16' cannot be used; save X.astype('<f"},
        {"|O", "False", "(3, 2)", 48,
         "features of type '|O' cannot be used; save X.astype('<f8'), "},
        {"<c16", "False", "(3, 1)", 48, "features of type '<c16' cannot be used; save X.real"},
        {"<M8[D]", "False", "(3, 2)", 48,
         "features of type '<M8[D]' cannot be used; save X.astype"},
        {"<f8", "False", "(6,)", 48,
         "X has 1 dimension, and (rows, features) are two; save X.resh"},
        {"<f8", "False", "()", 48, "X has 0 dimensions"},
        {"<f8", "False", "(1, 2, 3)", 48, "X has 3 dimensions"},
        {"<f8", "False", "(0, 2)", 0, "the set is empty: 0 rows, 2 features"},
        {"<f8", "False", "(3, 2)", 47, "the file is cut off: its numbers take 48 bytes, and 47"},
        {"<f8", "False", "(2, 2)", 48, "16 bytes follow the array of 32 bytes"},
        {"<f8", "False", "(99999999999999999999, 2)", 48, "are too many"},
        {"<f8", "False", "(3000000000, 4000000000)", 48, "the file is cut off"},
        {"<f8", "False", "(2, 2)", 32, "there are 3 labels for 2 rows"},
        {"<f8", "Perhaps", "(3, 2)", 48, "the header of this .npy file cannot be read"},
        {"<f8", "False", "3, 2", 48, "the header of this .npy file cannot be read"},
        {"<f8", "False", "(-3, 2)", 48, "the header of this .npy file cannot be read"},
        {"<f8", "False", "(3, 2", 48, "the header of this .npy file cannot be read"},
    };
    y_write("|u1", "(3,)", y, sizeof y);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        x_write(cases[i].type, cases[i].order, cases[i].shape, X, cases[i].bytes);
        assert_refused(cases[i].expected);
    }
    x_write("<f8", "False", "(3, 2)", wrong, sizeof wrong);
    assert_refused("X[2, 0] is inf; features must be finite, or nan where they are missing");
}

static void wrong_labels_are_refused(void **state)
{
    (void)state;
    static const double three[] = {1.0, 0.0, 2.0}, infinite[] = {1.0, INFINITY, 2.0};
    x_write("<f8", "False", "(3, 2)", X, sizeof X);
    y_write("<f8", "(3,)", three, sizeof three);
    assert_refused("a third class: y[2] is 2, after 1 and 0; two classes are needed");
    y_write("<f8", "(3,)", infinite, sizeof infinite);
    assert_refused("y[1] is inf; labels must be finite");
    y_write("<f8", "(1, 3)", three, sizeof three);
    assert_refused("labels are an array (rows) or (rows, 1), but this has 2 dimensions");
    y_write("<f8", "(3,)", three, 8);
    assert_refused("y.npy: the file is cut off");
}

static void x_fill(const char *bytes, size_t size)
{
    FILE *file = fopen(x_path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void what_is_no_array_is_refused(void **state)
{
    (void)state;
    x_fill("1,2\n", 4);
    assert_refused("this is not a .npy file; np.save('X.npy', X) makes one");
    x_fill("PK\x03\x04", 4);
    assert_refused(
        "the archive (zip) is damaged or cut off: its directory, at the end, cannot be read");
    x_fill("\x93NUMPY\x04\x00\x10\x00\x00\x00", 12);
    assert_refused("version 4 of the .npy format is unknown");
    x_fill("\x93NUMPY\x01\x00\x76\x00{", 11);
    assert_refused("the file ends within its header");
    x_fill("\x93NUMPY\x02\x00\x01", 9);
    assert_refused("the file ends within its header");
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {"1,2.5,-1\n-3,4,1\n0.1,-0,-1\n", "1,a\n2,b\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *data = read_text(texts[i], NULL);
        FILE *file = fopen(x_path, "w");
        format_npy.write(data, (struct format_writing){0}, file);
        assert_int_equal(fclose(file), 0);
        file = fopen(y_path, "w");
        format_npy.write_labels(data, file);
        assert_int_equal(fclose(file), 0);
        struct dataset *again = load_sound(NULL);
        assert_string_equal(again->digest, data->digest);
        assert_string_equal(again->class_names[0], i == 0 ? "-1" : "0");
        assert_non_null(again->mapping);
        dataset_free(again);
        dataset_free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_labels_is_read),
        cmocka_unit_test(features_are_mapped_or_copied),
        cmocka_unit_test(singles_are_mapped_where_nothing_changes_them),
        cmocka_unit_test(singles_that_cannot_be_used_are_refused),
        cmocka_unit_test(labels_may_be_elsewhere_or_none),
        cmocka_unit_test(names_of_label_files_follow),
        cmocka_unit_test(wrong_features_are_refused),
        cmocka_unit_test(wrong_labels_are_refused),
        cmocka_unit_test(what_is_no_array_is_refused),
        cmocka_unit_test(what_is_written_is_read_back),
    };
    return cmocka_run_group_tests(tests, create_folder, remove_folder);
}
