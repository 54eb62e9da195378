/* SPDX-License-Identifier: MIT
 *
 * Writing ARFF: a numeric attribute for each feature, under its name, then the classes as a nominal
 * one; rows dense or sparse, as the set is, every number in the shortest text that reads back as
 * the same double. Texts are in quotes only where they would be split, or read as something else.
 * Columns of categories, of a set that is not encoded, are nominal, and what is missing is ?.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/sparse_rows.h"

#include <math.h>
#include <string.h>

/* Would the text be read as what it is, without quotes? */
static bool is_plain(const char *text)
{
    if (*text == '\0' || strcmp(text, "?") == 0 || strpbrk(text, "'\"\\@") != NULL)
        return false;
    for (; *text != '\0'; text++)
        if ((unsigned char)*text <= ' ' || arff_token_ends(*text))
            return false;
    return true;
}

/* A text as Weka writes it. */
static void text_write(const char *text, FILE *file)
{
    static const char special[] = "'\"\\%\n\r\t", letters[] = "'\"\\%nrt";
    if (is_plain(text)) {
        fputs(text, file);
        return;
    }
    putc('\'', file);
    for (; *text != '\0'; text++) {
        const char *found = strchr(special, *text);
        if (found != NULL)
            fprintf(file, "\\%c", letters[found - special]);
        else
            putc(*text, file);
    }
    putc('\'', file);
}

/* Writes "@attribute NAME {A,B}", or numeric where there are no texts (count). */
static void attribute_write(const char *name, char *const *texts, size_t count, FILE *file)
{
    fputs("@attribute ", file);
    text_write(name, file);
    fputs(texts != NULL ? " {" : " numeric", file);
    for (size_t k = 0; k < count; k++) {
        if (k > 0)
            putc(',', file);
        text_write(texts[k], file);
    }
    fputs(texts != NULL ? "}\n" : "\n", file);
}

static void header_write(const struct dataset *data, FILE *file)
{
    char name[DATASET_NAME];
    fputs("@relation ", file);
    text_write(data->name != NULL ? data->name : "data", file);
    fputs("\n\n", file);
    for (size_t j = 0; j < data->features; j++) {
        const struct data_column *column = data->table != NULL ? &data->table->columns[j] : NULL;
        attribute_write(dataset_feature_name(data, j, name),
                        column != NULL ? column->categories : NULL,
                        column != NULL && column->categories != NULL ? column->count : 0, file);
    }
    if (data->y != NULL) {
        char *label = format_label_name(data);
        attribute_write(label, data->class_names, 1 + (data->class_names[1] != NULL), file);
        memory_free(label);
    }
    fputs("\n@data\n", file);
}

/* The value of feature j. */
static void value_write(const struct dataset *data, size_t j, double value, FILE *file)
{
    char number[TEXT_NUMBER];
    if (isnan(value))
        putc('?', file);
    else if (data->table != NULL && data->table->columns[j].categories != NULL)
        text_write(data->table->columns[j].categories[(size_t)value], file);
    else
        fputs(text_from_real(number, value), file);
}

static void row_write(const struct dataset *data, size_t i, FILE *file)
{
    for (size_t j = 0; j < data->features; j++) {
        if (j > 0)
            putc(',', file);
        value_write(data, j, data->X[i * data->features + j], file);
    }
    if (data->y == NULL)
        return;
    putc(',', file);
    text_write(data->class_names[data->y[i] != 0.0], file);
}

static void row_write_sparse(const struct dataset *data, size_t i, FILE *file)
{
    const struct sample x = dataset_sample(data, i);
    const char *separator = "";
    putc('{', file);
    for (size_t t = 0; t < x.count; t++) {
        if (!sparse_is_stored(sample_value(&x, t)))
            continue;
        fprintf(file, "%s%zu ", separator, sample_column(&x, t));
        value_write(data, sample_column(&x, t), sample_value(&x, t), file);
        separator = ",";
    }
    if (data->y != NULL) {
        fprintf(file, "%s%zu ", separator, data->features);
        text_write(data->class_names[data->y[i] != 0.0], file);
    }
    putc('}', file);
}

void arff_write(const struct dataset *data, struct format_writing how, FILE *file)
{
    (void)how; /* names are always there */
    header_write(data, file);
    for (size_t i = 0; i < data->rows && !ferror(file); i++) {
        if (dataset_is_sparse(data))
            row_write_sparse(data, i, file);
        else
            row_write(data, i, file);
        putc('\n', file);
    }
}
