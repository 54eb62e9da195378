/* SPDX-License-Identifier: MIT
 *
 * What tests of data files start from: one file that is written anew for each text.
 */
#ifndef DESCENT_TESTS_FILE_FIXTURE_H
#define DESCENT_TESTS_FILE_FIXTURE_H

#include "data/sources/source_load.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "file_fixture.XXXXXX";

static inline int create_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 ? -1 : close(file);
}

static inline int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static inline void file_fill(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Reads the bytes as `source` says, but for its path. */
static inline struct dataset *read_as(const char *bytes, size_t size, struct source source,
                                      int threads, struct error *error)
{
    file_fill(bytes, size);
    source.path = path;
    *error = (struct error){0};
    return source_load(&source, false, threads, error);
}

static inline struct dataset *read_bytes(const char *bytes, size_t size, char *label, int threads,
                                         struct error *error)
{
    return read_as(bytes, size, (struct source){.label = label}, threads, error);
}

static inline struct dataset *read_text(const char *text, char *label)
{
    struct error error;
    struct dataset *data = read_bytes(text, strlen(text), label, 1, &error);
    if (data == NULL)
        fail_msg("%s", error.message);
    return data;
}

#endif
