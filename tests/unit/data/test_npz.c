/* SPDX-License-Identifier: MIT
 *
 * Archives of NumPy: which array is X, which is y, and what is asked where that is not clear.
 */
#include "file_fixture.h"
#include "packed_fixture.h"

#include "data/formats/npy/format_npy.h"

#include <math.h>

enum { ROWS = 300, MEMBERS = 4 };

/* An array in NumPy's format; columns 0: of one dimension. */
static struct packed array_make(size_t columns, double (*value)(size_t i))
{
    char header[128];
    size_t count = ROWS * (columns > 0 ? columns : 1);
    struct packed array = {memory_allocate(128 + count * sizeof(double), 1), 128};
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\1\0\x76\0", 10);
    int used =
        columns > 0
            ? sprintf(header + 10, "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %zu), }",
                      ROWS, columns)
            : sprintf(header + 10, "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }",
                      ROWS);
    header[10 + used] = ' ';
    header[127] = '\n';
    memcpy(array.bytes, header, 128);
    for (size_t i = 0; i < count; i++, array.size += sizeof(double)) {
        double number = value(i);
        memcpy(array.bytes + array.size, &number, sizeof number);
    }
    return array;
}

static double feature(size_t i)
{
    return (double)(i * 7919 % 1009) / 16.0;
}

static double label(size_t i)
{
    return (double)(i % 3 == 0);
}

static double other_label(size_t i)
{
    return (double)(i % 2);
}

static double not_finite(size_t i)
{
    return i == 7 ? (double)NAN : 1.0;
}

static struct packed arrays[5];
enum { FEATURES, LABELS, OTHER, WRONG, NARROW };

static int arrays_make(void **state)
{
    arrays[FEATURES] = array_make(3, feature);
    arrays[LABELS] = array_make(0, label);
    arrays[OTHER] = array_make(0, other_label);
    arrays[WRONG] = array_make(3, not_finite);
    arrays[NARROW] = array_make(1, label);
    return create_file(state);
}

static int arrays_free(void **state)
{
    for (int i = 0; i < 5; i++)
        memory_free(arrays[i].bytes);
    return remove_file(state);
}

/* A member, by its name in the archive. */
struct named {
    const char *name;
    int array;
};

static struct dataset *archive_read(const struct named named[MEMBERS], char *array,
                                    char *label_name, bool deflated, struct error *error)
{
    struct zip_file files[MEMBERS];
    size_t count = 0;
    for (; count < MEMBERS && named[count].name != NULL; count++) {
        const struct packed *packed = &arrays[named[count].array];
        files[count] = (struct zip_file){.name = named[count].name,
                                         .bytes = packed->bytes,
                                         .size = packed->size,
                                         .deflated = deflated,
                                         .large = true};
    }
    struct packed zip = zip_make(files, count, "");
    struct source source = {.format = &format_npy, .array = array, .label = label_name};
    struct dataset *data = read_as(zip.bytes, zip.size, source, 2, error);
    memory_free(zip.bytes);
    return data;
}

static void assert_set(const struct dataset *data, double (*y)(size_t i))
{
    assert_int_equal(data->rows, ROWS);
    assert_int_equal(data->features, 3);
    for (size_t i = 0; i < 3 * ROWS; i++)
        assert_true(data->X[i] == feature(i));
    for (size_t i = 0; y != NULL && i < ROWS; i++)
        assert_true(data->y[i] == y(i));
    assert_true((y == NULL) == (data->y == NULL));
}

static void arrays_are_found(void **state)
{
    (void)state;
    static const struct {
        struct named named[MEMBERS];
        char *label;
        double (*y)(size_t i);
    } cases[] = {
        {{{"X.npy", FEATURES}, {"y.npy", LABELS}}, NULL, label},
        {{{"y.npy", LABELS}, {"other.npy", OTHER}, {"X.npy", FEATURES}}, NULL, label},
        {{{"y.npy", LABELS}, {"other.npy", OTHER}, {"X.npy", FEATURES}}, "other", other_label},
        {{{"y.npy", LABELS}, {"other.npy", OTHER}, {"X.npy", FEATURES}}, "other.npy", other_label},
        {{{"arr_0.npy", FEATURES}, {"arr_1.npy", LABELS}}, NULL, label},
        {{{"a.npy", NARROW}, {"b.npy", FEATURES}}, "a", label},
        {{{"data.npy", FEATURES}}, "none", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int deflated = 0; deflated < 2; deflated++) {
            struct error error;
            struct dataset *data =
                archive_read(cases[i].named, NULL, cases[i].label, deflated != 0, &error);
            if (data == NULL)
                fail_msg("%s", error.message);
            assert_set(data, cases[i].y);
            dataset_free(data);
        }
}

/* Two pairs, of which the labels tell what was read. */
static const struct named pairs[MEMBERS] = {{"x_test.npy", FEATURES},
                                            {"y_test.npy", OTHER},
                                            {"x_train.npy", FEATURES},
                                            {"y_train.npy", LABELS}};

static void pairs_are_told_by_their_names(void **state)
{
    (void)state;
    static const struct named halves[MEMBERS] = {{"trainX.npy", FEATURES},
                                                 {"trainY.npy", LABELS},
                                                 {"validX.npy", WRONG},
                                                 {"testX.npy", WRONG}};
    static const struct {
        const struct named *named;
        char *array, *label;
        double (*y)(size_t i);
        const char *note;
    } cases[] = {
        {pairs, NULL, NULL, label,
         "of this archive the array x_train is read; it has x_test (300, 3), y_test (300,), "
         "x_train "
         "(300, 3), y_train (300,); --array chooses\n"},
        {pairs, "x_test", NULL, other_label, NULL},
        {pairs, NULL, "y_test", other_label, NULL},
        {pairs, "x_test", "y_train", label, NULL},
        {pairs, "x_test", "none", NULL, NULL},
        {halves, NULL, NULL, label, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {.kind = ERROR_NONE};
        struct dataset *data =
            archive_read(cases[i].named, cases[i].array, cases[i].label, false, &error);
        if (data == NULL)
            fail_msg("%s", error.message);
        assert_set(data, cases[i].y);
        assert_true((data->notes == NULL) == (cases[i].note == NULL));
        if (data->notes != NULL)
            assert_string_equal(data->notes, cases[i].note);
        dataset_free(data);
    }
}

static void what_is_not_clear_is_asked(void **state)
{
    (void)state;
    static const struct {
        struct named named[MEMBERS];
        char *label;
        const char *message;
    } cases[] = {
        {{{"a.npy", FEATURES}, {"b.npy", WRONG}},
         NULL,
         "which array has the features? None is called X, and not one alone has two dimensions: "
         "name it with --array NAME (array: NAME); it has a (300, 3), b (300, 3)"},
        {{{"x1.npy", FEATURES}, {"y1.npy", LABELS}, {"x2.npy", FEATURES}, {"y2.npy", OTHER}},
         NULL,
         "which array has the features?"},
        {{{"X.npy", FEATURES}, {"a.npy", LABELS}, {"b.npy", OTHER}},
         NULL,
         "which array has the labels? None is called y, and not one alone has one dimension: name "
         "it with --label NAME (label: NAME), or --label none; it has X (300, 3), a (300,), b "
         "(300,)"},
        {{{"X.npy", FEATURES}}, NULL, "which array has the labels?"},
        {{{"X.npy", FEATURES}, {"y.npy", LABELS}}, "z", "no array in it is called as the label is"},
        {{{"X.npy", WRONG}, {"y.npy", LABELS}}, NULL, "values are missing: 'x2' (1 row)"},
        {{{"X.npy", LABELS}, {"y.npy", LABELS}}, NULL, "X has 1 dimension"},
        {{{"indptr.npy", LABELS}, {"indices.npy", LABELS}, {"data.npy", LABELS}},
         NULL,
         "this is a sparse matrix of SciPy; save it as LIBSVM"},
    };
    struct error unknown;
    assert_null(archive_read(pairs, "z", NULL, true, &unknown));
    assert_non_null(strstr(unknown.message, "no array in it is called as --array says"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        assert_null(archive_read(cases[i].named, NULL, cases[i].label, i % 2 == 0, &error));
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("'%s' instead of '%s'", error.message, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_found),
        cmocka_unit_test(pairs_are_told_by_their_names),
        cmocka_unit_test(what_is_not_clear_is_asked),
    };
    return cmocka_run_group_tests(tests, arrays_make, arrays_free);
}
