/* SPDX-License-Identifier: MIT
 *
 * Writing CSV: commas, the label last, every number in the shortest text that reads back as the
 * same double, classes under their names. Texts are quoted only where reading would split them.
 */
#include "data/format_csv.h"

#include "base/text.h"

static void header_write(const struct dataset *data, FILE *file)
{
    char name[DATASET_NAME];
    for (size_t j = 0; j < data->features; j++) {
        if (j > 0)
            putc(',', file);
        text_write_csv(dataset_feature_name(data, j, name), file);
    }
    fputs(data->y != NULL ? ",label\n" : "\n", file);
}

void csv_write(const struct dataset *data, bool header, FILE *file)
{
    if (header)
        header_write(data, file);
    char number[TEXT_NUMBER];
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        for (size_t j = 0; j < data->features; j++) {
            if (j > 0)
                putc(',', file);
            fputs(text_from_real(number, data->X[i * data->features + j]), file);
        }
        if (data->y != NULL) {
            putc(',', file);
            text_write_csv(data->class_names[data->y[i] != 0.0], file);
        }
        putc('\n', file);
    }
}
