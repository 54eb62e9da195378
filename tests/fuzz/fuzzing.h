/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share. A target is a function from bytes to nothing that must not crash,
 * leak or break what is promised of a data set. tests/fuzz.sh links each to libFuzzer; the tests
 * link it to corpus_main.c, which hands it the files of tests/fuzz/corpus/ only.
 */
#ifndef DESCENT_TESTS_FUZZING_H
#define DESCENT_TESTS_FUZZING_H

#include "base/memory.h"
#include "data/formats/format.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Numbers; of a table that is not encoded also NaN, and categories by their index. */
static inline void check_value(const struct dataset *data, size_t j, double value)
{
    const struct data_column *column = data->table != NULL ? &data->table->columns[j] : NULL;
    bool missing = column != NULL && column->missing > 0 && isnan(value);
    assert(missing || isfinite(value));
    if (column != NULL && column->categories != NULL && !missing)
        assert(value >= 0 && value < (double)column->count && value == floor(value));
}

static inline void check_row(const struct dataset *data, size_t i)
{
    const struct sample x = dataset_sample(data, i);
    for (size_t t = 0; t < x.count; t++) {
        size_t column = sample_column(&x, t);
        assert(column < data->features);
        check_value(data, column, x.values[t]);
        assert(t == 0 || column > sample_column(&x, t - 1));
    }
    assert(data->y == NULL || data->y[i] == 0.0 || data->y[i] == 1.0);
}

static inline void check_dataset(const struct dataset *data)
{
    assert(data->rows > 0 && data->features > 0);
    assert(data->table == NULL || data->table->count == data->features);
    for (size_t j = 0; data->table != NULL && j < data->features; j++)
        for (size_t k = 1; k < data->table->columns[j].count; k++)
            assert(strcmp(data->table->columns[j].categories[k - 1],
                          data->table->columns[j].categories[k]) < 0);
    for (size_t i = 0; i < data->rows; i++)
        check_row(data, i);
    for (int k = 0; k < 2 && data->y != NULL; k++)
        assert(data->class_names[k] != NULL || k == 1);
}

/* Reads a copy of the bytes, so that what is read beyond them is seen. NULL when they are refused,
 * which must come with a message. */
static inline struct dataset *read_copy(const struct format *format, const void *bytes, size_t size,
                                        const struct source *source)
{
    char *copy = memory_resize(NULL, size + INPUT_PADDING, 1);
    memcpy(copy, bytes, size);
    memset(copy + size, 0, INPUT_PADDING);
    struct input input = {.path = source->path, .bytes = copy, .size = size};
    struct error error = {.kind = ERROR_NONE};
    struct share share = {.ranks = NULL};
    struct dataset *data = format->read(&input, source, &share, 1, &error);
    assert((data == NULL) == (error.kind == ERROR_USAGE));
    assert((data == NULL) == (error.message[0] != '\0'));
    input_close(&input);
    if (data != NULL) {
        dataset_seal(data);
        check_dataset(data);
    }
    return data;
}

/* Writes a set, which must be read again with the same bits, and frees it. */
static inline void check_written(const struct format *format, struct dataset *data)
{
    char *text = NULL;
    size_t length;
    FILE *file = open_memstream(&text, &length);
    format->write(data, (struct format_writing){0}, file);
    fclose(file);
    struct dataset *again =
        read_copy(format, text, length,
                  &(struct source){.path = "again", .label = data->y == NULL ? "none" : NULL});
    assert(again != NULL && strcmp(again->digest, data->digest) == 0);
    free(text);
    dataset_free(again);
    dataset_free(data);
}

/* Reads; what was read is written, a table once it is encoded. */
static inline void check_format(const struct format *format, const uint8_t *bytes, size_t size,
                                const struct source *source)
{
    struct dataset *data = read_copy(format, bytes, size, source);
    if (data == NULL || data->table != NULL)
        dataset_free(data);
    else
        check_written(format, data);
}

#endif
