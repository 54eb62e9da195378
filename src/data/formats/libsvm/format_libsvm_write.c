/* SPDX-License-Identifier: MIT
 *
 * Writing LIBSVM files: indices from 1, what is not 0, every number in the shortest text that reads
 * back as the same double. Labels are the classes' names where these are numbers, and else 0 and 1;
 * where there are none, the 0 that other programs expect to find there.
 *
 * The number of features is the largest index, so a last column of zeros would be lost: then the
 * first row says that its value there is 0.
 */
#include "data/formats/libsvm/format_libsvm.h"

#include "base/text.h"
#include "data/formats/sparse_rows.h"

static bool last_column_is_written(const struct dataset *data)
{
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        size_t last = x.count - 1;
        if (x.count > 0 && sample_column(&x, last) + 1 == data->features &&
            sparse_is_stored(sample_value(&x, last)))
            return true;
    }
    return false;
}

static void row_write(const struct sample *x, FILE *file)
{
    char number[TEXT_NUMBER];
    for (size_t t = 0; t < x->count; t++)
        if (sparse_is_stored(sample_value(x, t)))
            fprintf(file, " %zu:%s", sample_column(x, t) + 1,
                    text_from_real(number, sample_value(x, t)));
}

void libsvm_write(const struct dataset *data, struct format_writing how, FILE *file)
{
    (void)how; /* there is no room for names */
    const char *const *names = (const char *const *)data->class_names;
    static const char *const numbers[] = {"0", "1"};
    double unused;
    if (data->y == NULL || !labels_name_is_number(names[0], &unused) ||
        !labels_name_is_number(names[1], &unused))
        names = numbers;
    bool complete = last_column_is_written(data);
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        const struct sample x = dataset_sample(data, i);
        fputs(names[data->y != NULL && data->y[i] != 0.0], file);
        row_write(&x, file);
        if (i == 0 && !complete)
            fprintf(file, " %zu:0", data->features);
        putc('\n', file);
    }
}
