/* SPDX-License-Identifier: MIT
 *
 * Reading rows of CSV straight into X, in blocks (text_read.h).
 *
 * The inner loop reads a number and expects the delimiter right behind it. Whatever else may be
 * there (blanks, quotes, CRLF, an error) takes the slower way through csv_field_read().
 */
#include "data/formats/csv/format_csv.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/number_parse.h"
#include "data/formats/text_read.h"

#include <math.h>
#include <string.h>

static size_t rows_count(const void *format, const char *begin, const char *end)
{
    (void)format;
    return blocks_count_lines(begin, end) + (end > begin && end[-1] != '\n');
}

/* Does a field that ends at `p` end where column `c` must? */
static bool ends_column(const struct csv_layout *layout, const char *p, size_t c)
{
    if (c + 1 < layout->columns)
        return *p == layout->delimiter;
    return *p == '\n' || p == layout->end;
}

/* Reads the field at `p` with all that CSV allows, into a feature or (column `c` being the label's)
 * a label index. Returns where it ends, or NULL. */
static const char *cell_read(const struct csv_layout *layout, struct block *block, const char *p,
                             size_t c, size_t row, double *value)
{
    struct csv_field field;
    const char *end = csv_field_read(p, layout->delimiter, &field);
    if (end == NULL || !ends_column(layout, end, c))
        return NULL;
    if (c == layout->label && layout->label_ignored)
        return end;
    if (c == layout->label) {
        int index = csv_field_missing(&field)
                        ? -1
                        : labels_index(&block->labels, field.text, field.length, row);
        *value = index;
        return index >= 0 ? end : NULL;
    }
    bool finite = number_parse_whole(field.text, field.length, value) && isfinite(*value);
    return finite ? end : NULL;
}

/* Where the first column that is read begins: behind one that is left out. NULL: there is none. */
static const char *row_begin(const struct csv_layout *layout, const char *p)
{
    if (layout->left_out == 0)
        return p;
    struct csv_field field;
    const char *end = csv_field_read(p, layout->delimiter, &field);
    return end != NULL && *end == layout->delimiter ? end + 1 : NULL;
}

static const char *fault_note(struct block *block, const char *p, size_t row)
{
    block->fault = p;
    block->fault_row = row;
    return NULL;
}

/* Reads row number `row` of the file into x (d) and its label index into y. Returns the start of
 * the next row; NULL at a fault, which is noted. */
static const char *row_read(const struct csv_layout *layout, struct block *block, const char *p,
                            size_t row, double *x, double *y)
{
    const char *line = p;
    if ((p = row_begin(layout, p)) == NULL)
        return fault_note(block, line, row);
    for (size_t c = 0; c < layout->columns; c++) {
        double *value = c == layout->label ? y : x++;
        const char *end = c == layout->label ? NULL : number_parse(p, value);
        if (end == NULL || !ends_column(layout, end, c) || !isfinite(*value))
            end = cell_read(layout, block, p, c, row, value);
        if (end == NULL)
            return fault_note(block, p, row);
        p = end + 1;
    }
    return p;
}

/* Reads the rows of a block until its end, a fault, or a label that makes a third class. */
static void block_read(const void *format, struct block *block, struct dataset *data)
{
    const struct csv_layout *layout = format;
    const char *p = block->begin;
    double unlabelled;
    for (size_t i = 0; i < block->rows && p != NULL && block->labels.count < LABELS_KEPT; i++) {
        size_t row = block->first_row + i;
        double *y = data->y != NULL ? &data->y[row] : &unlabelled;
        p = row_read(layout, block, p, data->first_row + row, &data->X[row * data->features], y);
    }
}

static bool fault(const void *format, const struct block *block, const struct labels *labels,
                  struct error *error)
{
    if (labels->count == LABELS_KEPT)
        return csv_fault_classes(format, labels, error);
    return block == NULL || csv_fault_field(format, block->fault, block->fault_row, error);
}

static bool has_labels(const struct csv_layout *layout)
{
    return layout->label != CSV_NO_LABEL && !layout->label_ignored;
}

static size_t features_of(const struct csv_layout *layout)
{
    return layout->columns - (layout->label != CSV_NO_LABEL);
}

/* What a model that is trained on these rows is to know of their columns. */
static struct columns_found columns_of(const struct csv_layout *layout)
{
    bool labelled = has_labels(layout);
    const struct csv_field *name =
        labelled && layout->header ? &layout->fields[layout->label] : NULL;
    return (struct columns_found){
        .header = layout->header,
        .delimiter = layout->delimiter,
        .label = labelled ? layout->label + 1 : 0,
        .label_name = name != NULL ? text_from_csv(name->text, name->length) : NULL,
    };
}

static bool names_set(void *format, const struct block *blocks, size_t count, struct share *share,
                      struct dataset *data, int threads, struct error *error)
{
    (void)blocks, (void)count, (void)share, (void)threads, (void)error;
    struct csv_layout *layout = format;
    data->found = columns_of(layout);
    if (layout->header)
        data->feature_names = csv_feature_names(layout);
    data->notes = layout->notes;
    layout->notes = NULL;
    return true;
}

static struct dataset *create(const void *format, size_t rows, size_t values)
{
    (void)values;
    return dataset_create(rows, features_of(format), has_labels(format));
}

static double bytes_of(const void *format, double rows, double values)
{
    (void)values;
    return dataset_bytes(1, features_of(format)) * rows;
}

static const char *end_note(void *format, const char *end, bool whole)
{
    struct csv_layout *layout = format;
    layout->end = whole ? csv_rows_end(layout->begin, end, layout->delimiter) : end;
    return layout->end;
}

static bool memory_suffices(const void *format, double rows, double values, struct error *error)
{
    char what[512];
    const struct csv_layout *layout = format;
    size_t features = features_of(layout);
    snprintf(what, sizeof what, "%s, about %.3g rows of %zu features,", layout->path, rows,
             features);
    return memory_check(bytes_of(format, rows, values), what, error);
}

static const struct text_format text_csv = {
    .fits = memory_suffices,
    .bytes = bytes_of,
    .create = create,
    .end = end_note,
    .read = block_read,
    .fault = fault,
    .class_name = text_from_csv,
    .finish = names_set,
};

static struct dataset *csv_read(struct input *input, const struct source *source,
                                struct share *share, int threads, struct error *error)
{
    struct csv_layout layout;
    struct dataset *data = NULL;
    bool sound = csv_layout_detect(&layout, input, source, error);
    if (share_agree(share->ranks, sound, error)) {
        struct share_text text = {input, layout.body, layout.end, rows_count, &layout};
        data = text_rows_read(&text_csv, &text, share, threads, error);
    }
    csv_layout_clear(&layout);
    return data;
}

static const char *const extensions[] = {"csv", NULL};

const struct format format_csv = {
    .entry = {"csv", "one row per line, separated by commas, semicolons or tabs"},
    .extensions = extensions,
    .lines = true,
    .streams = true,
    .read = csv_read,
    .write = csv_write,
};
