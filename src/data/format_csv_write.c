/* SPDX-License-Identifier: MIT
 *
 * Writing CSV: commas, the label last, every number in the shortest text that reads back as the
 * same double, classes under their names. Texts are quoted only where reading would split them.
 */
#include "data/format_csv.h"

#include "base/text.h"

static void header_write(const struct dataset *data, bool safe, FILE *file)
{
    char name[DATASET_NAME];
    for (size_t j = 0; j < data->features; j++) {
        if (j > 0)
            putc(',', file);
        text_write_csv(dataset_feature_name(data, j, name), safe, file);
    }
    fputs(data->y != NULL ? ",label\n" : "\n", file);
}

/* All features of a row; those that a sparse set does not store are 0. */
static void row_write(const struct sample *x, size_t features, FILE *file)
{
    char number[TEXT_NUMBER];
    size_t t = 0;
    for (size_t j = 0; j < features; j++) {
        if (j > 0)
            putc(',', file);
        bool stored = t < x->count && sample_column(x, t) == j;
        fputs(stored ? text_from_real(number, x->values[t++]) : "0", file);
    }
}

void csv_write(const struct dataset *data, struct format_writing how, FILE *file)
{
    if (how.header)
        header_write(data, how.safe_cells, file);
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        const struct sample x = dataset_sample(data, i);
        row_write(&x, data->features, file);
        if (data->y != NULL) {
            putc(',', file);
            text_write_csv(data->class_names[data->y[i] != 0.0], how.safe_cells, file);
        }
        putc('\n', file);
    }
}
