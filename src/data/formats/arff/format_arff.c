/* SPDX-License-Identifier: MIT
 *
 * Reading ARFF files in blocks (text_read.h), of which arff_row.c reads the rows. Sparse rows of
 * numbers go to a sparse set, of which there are at most as many values as commas and line breaks;
 * all others to a matrix.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "data/formats/sparse_rows.h"
#include "data/formats/text_read.h"

#include <stdio.h>
#include <string.h>

/* --- Counting -------------------------------------------------------------------------------- */

static size_t values_count(const char *begin, const char *end)
{
    size_t count = end > begin && end[-1] != '\n';
    for (const char *p = begin; p < end; p++)
        count += *p == ',' || *p == '\n';
    return count;
}

static size_t rows_count(const void *format, const char *begin, const char *end)
{
    const struct arff_text *text = format;
    size_t rows = 0;
    for (const char *p = begin; p < end; p = arff_line_next(p, text->end)) {
        p = arff_blanks_skip(p);
        rows += !arff_line_ends(p, text->end);
    }
    return rows;
}

static bool memory_suffices(const void *format, double rows, double values, struct error *error)
{
    (void)values;
    char what[512];
    const struct arff_text *text = format;
    snprintf(what, sizeof what, "%s, about %.3g rows of %zu features,", text->path, rows,
             text->features);
    return scratch_check(text->scratch, dataset_bytes(1, text->features) * rows, what, error);
}

static bool memory_suffices_sparse(const void *format, double rows, double values,
                                   struct error *error)
{
    const struct arff_text *text = format;
    return sparse_rows_fit(text->path, rows, values, text->scratch, error);
}

/* --- Reading --------------------------------------------------------------------------------- */

static struct dataset *create(const void *format, size_t rows, size_t values)
{
    (void)values;
    const struct arff_text *text = format;
    return scratch_create(text->scratch, rows, text->features, text->label != ARFF_NONE);
}

static struct dataset *create_sparse(const void *format, size_t rows, size_t values)
{
    const struct arff_text *text = format;
    return scratch_create_sparse(text->scratch, rows, text->features, values,
                                 text->label != ARFF_NONE);
}

static bool fault(const void *format, const struct block *block, const struct labels *labels,
                  struct error *error)
{
    if (labels->count == LABELS_KEPT)
        return arff_fault_classes(format, labels, error);
    return block == NULL || arff_fault_row(format, block->fault, error);
}

/* The byte before a text in quotes is its quote. */
static char *class_name(const char *text, size_t length)
{
    char quote = text[-1] == '\'' || text[-1] == '"' ? text[-1] : '\0';
    return arff_token_meant(&(struct arff_token){text, length, quote});
}

/* Puts classes that are texts in the order of what they mean: they were compared as the file has
 * them, with its escapes. */
static void classes_sort(struct dataset *data)
{
    char **names = data->class_names;
    double number;
    if (data->y == NULL || names[1] == NULL || strcmp(names[0], names[1]) < 0 ||
        (labels_name_is_number(names[0], &number) && labels_name_is_number(names[1], &number)))
        return;
    char *first = names[1];
    names[1] = names[0];
    names[0] = first;
    for (size_t i = 0; i < data->rows; i++)
        data->y[i] = 1.0 - data->y[i];
}

static bool finish(void *format, struct block *blocks, size_t count, struct share *share,
                   struct dataset *data, int threads, struct error *error)
{
    const struct arff_text *text = format;
    bool missing = blocks_miss(blocks, count, share->ranks);
    if (data->X == NULL) {
        sparse_rows_close(blocks, count, data);
        if (!sparse_rows_settle(share, text->path, missing, text->scratch, data, threads, error))
            return false;
    }
    classes_sort(data);
    return arff_columns_describe(text, share, missing, data, threads, error);
}

static const struct text_format text_arff = {
    .fits = memory_suffices,
    .create = create,
    .read = arff_block_read,
    .fault = fault,
    .class_name = class_name,
    .finish = finish,
};

static const struct text_format text_arff_sparse = {
    .count_values = values_count,
    .fits = memory_suffices_sparse,
    .create = create_sparse,
    .read = arff_block_read,
    .fault = fault,
    .class_name = class_name,
    .finish = finish,
};

static bool text_open(struct arff_text *text, const struct input *input,
                      const struct source *source, struct error *error)
{
    text->path = input->path;
    text->scratch = source->scratch;
    text->begin = input->bytes;
    text->end = input->bytes + input->size;
    text->alone = ranks_count(source->ranks) == 1;
    text->told = source->told;
    if (!blocks_check_text_of(input, "ARFF", error))
        return false;
    if (input->size >= 3 && memcmp(text->begin, "\xef\xbb\xbf", 3) == 0)
        text->begin += 3;
    return arff_header_read(text, error) && arff_columns_choose(text, source, error);
}

static struct dataset *arff_read(struct input *input, const struct source *source,
                                 struct share *share, int threads, struct error *error)
{
    struct arff_text text = {.label = ARFF_NONE};
    struct dataset *data = NULL;
    if (share_agree(share->ranks, text_open(&text, input, source, error), error)) {
        bool sparse = text.sparse && !text.nominal;
        struct share_text lines = {
            .input = input,
            .begin = text.data,
            .end = text.end,
            .count = rows_count,
            .format = &text,
            .scratch = source->scratch,
        };
        data =
            text_rows_read(sparse ? &text_arff_sparse : &text_arff, &lines, share, threads, error);
    }
    arff_text_clear(&text);
    return data;
}

static const char *const extensions[] = {"arff", NULL};

const struct format format_arff = {
    .entry = {"arff", "Weka: attributes are declared, then come rows, dense or sparse"},
    .extensions = extensions,
    .columns = true,
    .read = arff_read,
    .write = arff_write,
};
