/* SPDX-License-Identifier: MIT
 *
 * Writing NumPy files: float64 both, version 1.0. y holds the classes' names where these are
 * numbers that two doubles can tell apart, and else 0 and 1.
 */
#include "data/formats/npy/format_npy.h"

#include "base/memory.h"
#include "data/formats/labels.h"
#include "data/formats/npy/npy_array.h"

#include <string.h>

void npy_header_write(const char *type, const char *shape, FILE *file)
{
    enum { BEFORE = 10 }; /* magic, version, length */
    char text[256];
    int length = snprintf(text, sizeof text,
                          "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type, shape);
    int padded = (BEFORE + length + 1 + NPY_ALIGNMENT - 1) / NPY_ALIGNMENT * NPY_ALIGNMENT - BEFORE;
    fwrite("\x93NUMPY\x01\x00", 1, 8, file);
    putc(padded & 0xff, file);
    putc(padded >> 8, file);
    fprintf(file, "%-*s\n", padded - 1, text);
}

void npy_write(const struct dataset *data, struct format_writing how, FILE *file)
{
    (void)how; /* there is no room for names */
    char shape[64];
    snprintf(shape, sizeof shape, "(%zu, %zu)", data->rows, data->features);
    npy_header_write("<f8", shape, file);
    double *row = memory_allocate(data->features, sizeof *row);
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            row[sample_column(&x, t)] = sample_value(&x, t);
        fwrite(row, sizeof *row, data->features, file);
        for (size_t t = 0; t < x.count; t++)
            row[sample_column(&x, t)] = 0.0;
    }
    memory_free(row);
}

void npy_write_labels(const struct dataset *data, FILE *file)
{
    char shape[64];
    double classes[2] = {0.0, 1.0}, numbers[2];
    if (labels_name_is_number(data->class_names[0], &numbers[0]) &&
        labels_name_is_number(data->class_names[1], &numbers[1]) && numbers[0] != numbers[1])
        memcpy(classes, numbers, sizeof classes);
    snprintf(shape, sizeof shape, "(%zu,)", data->rows);
    npy_header_write("<f8", shape, file);
    for (size_t i = 0; i < data->rows && !ferror(file); i++)
        fwrite(&classes[data->y[i] != 0.0], sizeof *classes, 1, file);
}
