/* SPDX-License-Identifier: MIT
 *
 * Writing CSV: commas, the label last, every number in the shortest text that reads back as the
 * same double, classes under their names. Texts are quoted only where reading would split them, or
 * take them for nothing; the label's column is called `label`, or label.1 beside a feature of that
 * name.
 */
#include "data/formats/csv/csv.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

void csv_class_write(const char *name, bool safe, FILE *file)
{
    const struct csv_field field = {.text = name, .length = strlen(name)};
    if (csv_field_missing(&field))
        fprintf(file, "\"%s\"", name);
    else
        text_write_csv(name, safe, file);
}

static void header_write(const struct dataset *data, bool safe, FILE *file)
{
    char name[DATASET_NAME];
    for (size_t j = 0; j < data->features; j++) {
        if (j > 0)
            putc(',', file);
        text_write_csv(dataset_feature_name(data, j, name), safe, file);
    }
    if (data->y != NULL) {
        char *label = format_label_name(data);
        fprintf(file, ",%s", label);
        memory_free(label);
    }
    putc('\n', file);
}

/* All features of a row, the first, if it is 0, as `zero`; those that a sparse set does not store
 * are 0. */
static void row_write(const struct sample *x, size_t features, const char *zero, FILE *file)
{
    char number[TEXT_NUMBER];
    size_t t = 0;
    for (size_t j = 0; j < features; j++) {
        if (j > 0)
            putc(',', file);
        bool stored = t < x->count && sample_column(x, t) == j;
        const char *text = stored ? text_from_real(number, sample_value(x, t++)) : "0";
        fputs(j == 0 && strcmp(text, "0") == 0 ? zero : text, file);
    }
}

static bool class_is_number(const struct dataset *data, int class)
{
    double number;
    return data->class_names[class] != NULL &&
           labels_name_is_number(data->class_names[class], &number);
}

/* Would the first row be taken for the names of columns, 0, 1, 2, ..., the label's perhaps a word?
 */
static bool looks_counted(const struct dataset *data)
{
    const struct sample x = dataset_sample(data, 0);
    char label[TEXT_NUMBER];
    size_t t = 0;
    for (size_t j = 0; j < data->features; j++) {
        bool stored = t < x.count && sample_column(&x, t) == j;
        if ((stored ? sample_value(&x, t++) : 0.0) != (double)j)
            return false;
    }
    if (data->y == NULL)
        return true;
    int class = data->y[0] != 0.0;
    snprintf(label, sizeof label, "%zu", data->features);
    return strcmp(data->class_names[class], label) == 0 ||
           (!class_is_number(data, class) && class_is_number(data, 1 - class));
}

void csv_write(const struct dataset *data, struct format_writing how, FILE *file)
{
    if (how.header)
        header_write(data, how.safe_cells, file);
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        const struct sample x = dataset_sample(data, i);
        bool as_names = i == 0 && !how.header && looks_counted(data);
        row_write(&x, data->features, as_names ? "0.0" : "0", file);
        if (data->y != NULL) {
            putc(',', file);
            csv_class_write(data->class_names[data->y[i] != 0.0], how.safe_cells, file);
        }
        putc('\n', file);
    }
}
