/* SPDX-License-Identifier: MIT
 *
 * What tests of NumPy files start from: a folder with X.npy and y.npy, made byte by byte.
 */
#ifndef DESCENT_TESTS_NPY_FIXTURE_H
#define DESCENT_TESTS_NPY_FIXTURE_H

#include "data/sources/source_load.h"
#include "file_fixture.h"

#include <stdint.h>

static char folder[] = "format_npy.XXXXXX";
static char x_path[64], y_path[64];

static inline int create_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(x_path, sizeof x_path, "%s/X.npy", folder);
    snprintf(y_path, sizeof y_path, "%s/y.npy", folder);
    return create_file(state);
}

static inline int remove_folder(void **state)
{
    unlink(x_path);
    unlink(y_path);
    return remove_file(state) == 0 ? rmdir(folder) : -1;
}

/* Writes an array of this header's text in this version of the format. */
static inline void array_write(const char *name, int version, const char *header,
                               const void *numbers, size_t bytes)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    unsigned length = (unsigned)strlen(header);
    fprintf(file, "\x93NUMPY%c%c%c%c", version, 0, length & 0xff, length >> 8);
    if (version > 1)
        fwrite("\0\0", 1, 2, file);
    fputs(header, file);
    fwrite(numbers, 1, bytes, file);
    assert_int_equal(fclose(file), 0);
}

/* The header's text, of such a length that the numbers lie at a multiple of 64, plus `shift`. */
static inline const char *header_make(const char *type, const char *order, const char *shape,
                                      int version, int shift)
{
    static char text[192];
    memset(text, ' ', sizeof text);
    int used = snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }",
                        type, order, shape);
    text[used] = ' ';
    size_t length = (size_t)(128 - (version == 1 ? 10 : 12) + shift);
    text[length - 1] = '\n';
    text[length] = '\0';
    return text;
}

static inline void x_write(const char *type, const char *order, const char *shape,
                           const void *numbers, size_t bytes)
{
    array_write(x_path, 1, header_make(type, order, shape, 1, 0), numbers, bytes);
}

static inline void y_write(const char *type, const char *shape, const void *numbers, size_t bytes)
{
    array_write(y_path, 1, header_make(type, "False", shape, 1, 0), numbers, bytes);
}

static inline struct dataset *load(char *label, int threads, struct error *error)
{
    struct source source = {.path = x_path, .label = label};
    *error = (struct error){0};
    return source_load(&source, false, threads, error);
}

static inline struct dataset *load_sound(char *label)
{
    struct error error;
    struct dataset *data = load(label, 2, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

static inline void assert_refused(const char *expected)
{
    for (int threads = 1; threads < 4; threads++) {
        struct error error;
        assert_null(load(NULL, threads, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        if (strstr(error.message, expected) == NULL)
            fail_msg("'%s' instead of '%s'", error.message, expected);
    }
}

static const double X[] = {1.0, 2.5, -3.0, 4.0, 0.5, -0.0}; /* (3, 2) */

/* The digest of X with the labels 0, 1, 0, as CSV gives it. */
static inline void expected_digest(char digest[DIGEST_TEXT])
{
    struct dataset *data = read_text("1,2.5,0\n-3,4,1\n0.5,-0,0\n", NULL);
    strcpy(digest, data->digest);
    dataset_free(data);
}

#endif
