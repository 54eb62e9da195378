/* SPDX-License-Identifier: MIT
 *
 * Types of numbers in NumPy files: all that are read, what is refused as not exact, and advice that
 * can be followed.
 */
#include "npy_fixture.h"

#include <math.h>

/* Every type of numbers, in both byte orders and both orders of a matrix. */
static void every_type_of_features_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        int size;
        unsigned char one[8], five[8]; /* the low byte first */
    } cases[] = {
        {"f8", 8, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, {0, 0, 0, 0, 0, 0, 0x14, 0x40}},
        {"f4", 4, {0, 0, 0x80, 0x3f}, {0, 0, 0xa0, 0x40}},
        {"f2", 2, {0, 0x3c}, {0, 0x45}},
        {"i8", 8, {1}, {5}},
        {"i4", 4, {1}, {5}},
        {"i2", 2, {1}, {5}},
        {"i1", 1, {1}, {5}},
        {"u8", 8, {1}, {5}},
        {"u4", 4, {1}, {5}},
        {"u2", 2, {1}, {5}},
        {"u1", 1, {1}, {5}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int swapped = 0; swapped < 2; swapped++)
            for (int fortran = 0; fortran < 2; fortran++) {
                unsigned char numbers[6 * 8] = {0}, *end = numbers; /* (2, 3): 0 1 5, 5 0 0 */
                static const int rows[] = {0, 1, 5, 5, 0, 0}, columns[] = {0, 5, 1, 0, 5, 0};
                for (int t = 0; t < 6; t++)
                    for (int k = 0; k < cases[i].size; k++) {
                        int number = fortran ? columns[t] : rows[t];
                        int byte = swapped ? cases[i].size - 1 - k : k;
                        *end++ = number == 0   ? 0
                                 : number == 1 ? cases[i].one[byte]
                                               : cases[i].five[byte];
                    }
                char type[8];
                snprintf(type, sizeof type, "%c%s", swapped ? '>' : '<', cases[i].type);
                x_write(type, fortran ? "True" : "False", "(2, 3)", numbers,
                        (size_t)(end - numbers));
                struct dataset *data = load_sound("none");
                for (int t = 0; t < 6; t++)
                    assert_true(data->X[t] == (double)rows[t]);
                dataset_free(data);
            }
}

/* Every half that is finite: from the smallest on they ascend, each by what its exponent says. */
static void halves_are_exact(void **state)
{
    (void)state;
    enum { FINITE = 0x7c00 };
    static uint16_t bits[2 * FINITE];
    for (int i = 0; i < FINITE; i++) {
        bits[2 * i] = (uint16_t)i;
        bits[2 * i + 1] = (uint16_t)(0x8000 | i);
    }
    x_write("<f2", "False", "(31744, 2)", bits, sizeof bits);
    struct dataset *data = load_sound("none");
    assert_true(data->X[0] == 0.0 && !signbit(data->X[0]) && signbit(data->X[1]));
    assert_true(data->X[2] == 0x1p-24 && data->X[2 * 0x400] == 0x1p-14);
    assert_true(data->X[2 * 0x3c00] == 1.0 && data->X[2 * 0x7bff] == 65504.0);
    for (int i = 1; i < FINITE; i++) {
        int exponent = i - 1 < 0x800 ? 1 : (i - 1) >> 10;
        assert_true(data->X[2 * i] - data->X[2 * (i - 1)] == ldexp(1.0, exponent - 25));
        assert_true(data->X[2 * i + 1] == -data->X[2 * i]);
    }
    dataset_free(data);
    x_write("<f2", "False", "(1, 1)", (const uint16_t[]){0xfc00}, 2);
    struct error error;
    assert_null(load("none", 1, &error));
    assert_non_null(strstr(error.message, "X[0, 0] is -inf; features must be finite"));
}

/* More rows and columns than are copied at once, in both orders, with numbers of all sizes. */
static void matrices_are_the_same_in_either_order(void **state)
{
    (void)state;
    enum { ROWS = 131, COLUMNS = 67 };
    static unsigned char by_rows[ROWS * COLUMNS * 8], by_columns[ROWS * COLUMNS * 8];
    static const struct {
        const char *type;
        size_t size;
    } cases[] = {{">f8", 8}, {"<f4", 4}, {">i2", 2}, {"|b1", 1}};
    for (size_t t = 0; t < sizeof cases / sizeof *cases; t++) {
        size_t size = cases[t].size;
        for (size_t i = 0; i < ROWS; i++)
            for (size_t j = 0; j < COLUMNS; j++)
                for (size_t k = 0; k < size; k++) {
                    unsigned char byte = (unsigned char)((i * 7 + j * 13 + k * 29) % 61);
                    by_rows[(i * COLUMNS + j) * size + k] = size == 1 ? byte % 2 : byte;
                    by_columns[(j * ROWS + i) * size + k] = size == 1 ? byte % 2 : byte;
                }
        char digest[DIGEST_TEXT] = "";
        for (int fortran = 0; fortran < 2; fortran++)
            for (int threads = 1; threads < 4; threads++) {
                struct error error;
                x_write(cases[t].type, fortran ? "True" : "False", "(131, 67)",
                        fortran ? by_columns : by_rows, ROWS * COLUMNS * size);
                struct dataset *data = load("none", threads, &error);
                assert_non_null(data);
                if (digest[0] == '\0')
                    strcpy(digest, data->digest);
                assert_string_equal(data->digest, digest);
                dataset_free(data);
            }
    }
}

/* Whole numbers that no double is are refused, and their neighbours are read as they are. */
static void large_integers_are_exact_or_refused(void **state)
{
    (void)state;
    static const int64_t sound[] = {9007199254740992, 9007199254740994, 9007199254740992};
    static const int64_t wrong[] = {-9007199254740993, 1, 1}, last[] = {1, 1, INT64_MAX};
    static const uint64_t least[] = {1, 9007199254740993, 1};
    x_write("<f8", "False", "(3, 2)", X, sizeof X);
    y_write("<i8", "(3,)", sound, sizeof sound);
    struct dataset *data = load_sound(NULL);
    assert_string_equal(data->class_names[0], "9007199254740992");
    assert_string_equal(data->class_names[1], "9007199254740994");
    dataset_free(data);
    y_write("<i8", "(3,)", wrong, sizeof wrong);
    assert_refused(
        "y.npy: y[0] is -9007199254740993, which is not exact as a double: whole numbers are exact "
        "up to 2^53 (9007199254740992); save np.unique(y, return_inverse=True)[1]");
    y_write("<u8", "(3,)", least, sizeof least);
    assert_refused("y.npy: y[1] is 9007199254740993, which is not exact as a double");
    x_write("<i8", "False", "(3, 1)", last, sizeof last);
    assert_refused("X.npy: X[2, 0] is 9223372036854775807, which is not exact as a double");
}

static void headers_of_python_2_are_read(void **state)
{
    (void)state;
    static const unsigned char y[] = {0, 1, 0};
    static const char *const shapes[] = {"(3L, 2L)", "(3L,2L)", "( 3L , 2 )"};
    char digest[DIGEST_TEXT];
    expected_digest(digest);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        x_write("<f8", "False", shapes[i], X, sizeof X);
        y_write("|u1", "(3L,)", y, sizeof y);
        struct dataset *data = load_sound(NULL);
        assert_string_equal(data->digest, digest);
        dataset_free(data);
    }
}

/* Advice names a label that is there; where it cannot, it does without. */
static void labels_of_text_are_refused_with_advice(void **state)
{
    (void)state;
    static const char wide[] = "n\0\0\0o\0\0\0\0\0\0\0y\0\0\0e\0\0\0s\0\0\0n\0\0\0o\0\0\0\0\0\0";
    static const char swapped[] = "\0\0\0b\0\0\0a\0\0\0a";
    x_write("<f8", "False", "(3, 2)", X, sizeof X);
    y_write("<U3", "(3,)", wide, 36);
    assert_refused("labels of type '<U3' cannot be used; save (y == 'yes').astype('<f8')");
    y_write(">U1", "(3,)", swapped, 12);
    assert_refused("labels of type '>U1' cannot be used; save (y == 'b').astype('<f8')");
    y_write("|S2", "(3,)", "nojano", 6);
    assert_refused("labels of type '|S2' cannot be used; save (y == b'no').astype('<f8')");
    static const char *const others[][2] = {
        {"|S2", "nonono"}, {"|S2", "n'janj"}, {"|S9", "cut off"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        y_write(others[i][0], "(3,)", others[i][1], 6);
        assert_refused("cannot be used; save np.unique(y, return_inverse=True)[1]");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_of_features_is_read),
        cmocka_unit_test(halves_are_exact),
        cmocka_unit_test(matrices_are_the_same_in_either_order),
        cmocka_unit_test(large_integers_are_exact_or_refused),
        cmocka_unit_test(headers_of_python_2_are_read),
        cmocka_unit_test(labels_of_text_are_refused_with_advice),
    };
    return cmocka_run_group_tests(tests, create_folder, remove_folder);
}
