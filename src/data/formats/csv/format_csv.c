/* SPDX-License-Identifier: MIT
 *
 * Reading rows of CSV straight into X, in blocks (text_read.h).
 *
 * The inner loop reads a number and expects the delimiter right behind it. Whatever else may be
 * there (blanks, quotes, CRLF, an error) takes the slower way through csv_field_read().
 */
#include "data/formats/csv/csv.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/formats/csv/format_csv_columns.h"
#include "data/formats/csv/format_csv_sparse.h"
#include "data/formats/csv/format_csv_texts.h"
#include "data/formats/number_words.h"
#include "data/formats/sparse_rows.h"
#include "data/formats/text_read.h"
#include "data/scratch.h"

#include <math.h>
#include <string.h>

static size_t rows_count(const void *format, const char *begin, const char *end)
{
    (void)format;
    return blocks_count_lines(begin, end) + (end > begin && end[-1] != '\n');
}

/* Does a field that ends at `p` end where the column at `place` of a line must? */
static inline bool ends_column(const struct csv_layout *layout, const char *p, size_t place)
{
    if (place + 1 < layout->width)
        return *p == layout->delimiter;
    return *p == '\n' || p == layout->end;
}

/* The value of a feature from its field: a number, or NaN that says what else it is. */
static double feature_value(const struct csv_layout *layout, struct block *block,
                            const struct csv_field *field, size_t c)
{
    double value;
    bool number = (layout->categories == NULL || layout->categories[c] == 0) &&
                  csv_number_read(layout, field->text, field->length, &value) && isfinite(value);
    if (number && !csv_number_marked(layout, value))
        return value;
    if (number || csv_field_marked(layout, field))
        return csv_missing_keep(layout, block, c);
    return csv_text_keep(layout, block, field, c);
}

/* The index of a label, or -1. */
static int label_value(const struct csv_layout *layout, struct block *block,
                       const struct csv_field *field, size_t row)
{
    return csv_field_marked(layout, field)
               ? -1
               : labels_index(&block->labels, field->text, field->length, row);
}

/* The same for a label at `p` that is, byte by byte, one met before. Returns where its field ends;
 * NULL: nothing is known of it. What may be a mark of a missing value within quotes only is not. */
static const char *label_again(const struct csv_layout *layout, const struct block *block,
                               const char *p, double *value)
{
    if (layout->tokens != NULL || layout->label_ignored || csv_may_be_missing(*p))
        return NULL;
    const char *end = csv_field_end(p, block->end, layout->delimiter);
    int index = labels_again(&block->labels, p, (size_t)(end - p));
    *value = index;
    return index >= 0 ? end : NULL;
}

/* The same for a cell that needs no more than a look: one with nothing in it, or a text or a label
 * met before. */
static const char *cell_again(const struct csv_layout *layout, struct block *block, const char *p,
                              size_t c, double *value)
{
    if (c == layout->label)
        return label_again(layout, block, p, value);
    if (!csv_ends_field(*p, layout->delimiter))
        return csv_text_again(layout, block, p, c, value);
    *value = csv_missing_keep(layout, block, c);
    return p;
}

/* Reads the field at `p`, of column c at `place` of its line, with all that CSV allows, into a
 * feature or (column `c` being the label's) a label index. Returns where it ends, or NULL. */
static const char *cell_read(const struct csv_layout *layout, struct block *block, const char *p,
                             size_t c, size_t place, size_t row, double *value)
{
    struct csv_field field;
    const char *end = cell_again(layout, block, p, c, value);
    if (end != NULL)
        return ends_column(layout, end, place) ? end : NULL;
    end = csv_field_read(p, layout->delimiter, &field);
    if (end == NULL || !ends_column(layout, end, place))
        return NULL;
    if (c != layout->label) {
        *value = feature_value(layout, block, &field, c);
        return end;
    }
    if (layout->label_ignored)
        return end;
    int index = label_value(layout, block, &field, row);
    *value = index;
    return index >= 0 ? end : NULL;
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

/* Digits, signs and the point stand side by side, with a comma and a slash among them. */
static inline bool may_be_number(char c)
{
    return c >= '+' && c <= '9';
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
    const char *line = p, *limit = block->end;
    if ((p = row_begin(layout, p)) == NULL)
        return fault_note(block, line, row);
    size_t label = layout->label, columns = layout->columns, left_out = layout->left_out;
    for (size_t c = 0; c < columns; c++) {
        double *value = c == label ? y : x++;
        char after = c + 1 < columns ? layout->delimiter : '\n';
        const char *end = NULL;
        if (c != label)
            end = may_be_number(*p) ? number_parse_before(p, limit, value)
                                    : csv_text_again(layout, block, p, c, value);
        if (end == NULL || *end != after || isinf(*value))
            end = cell_read(layout, block, p, c, c + left_out, row, value);
        if (end == NULL)
            return fault_note(block, p, row);
        p = end + 1;
    }
    return p;
}

/* Passes over a column that is left out. NULL: it does not end where it must. */
static const char *cell_skip(const struct csv_layout *layout, const char *p, size_t place)
{
    struct csv_field field;
    const char *end = csv_field_read(p, layout->delimiter, &field);
    return end != NULL && ends_column(layout, end, place) ? end : NULL;
}

/* A number where that needs no more than to be read. Where commas separate columns, too, one stands
 * in a number only within quotes, as a field of its own. */
static const char *number_read(const struct csv_layout *layout, const char *p, size_t c,
                               size_t place, double *value)
{
    if (c == layout->label || (layout->categories != NULL && layout->categories[c] != 0) ||
        (layout->decimal_comma && layout->delimiter == ','))
        return NULL;
    const char *end = layout->decimal_comma ? number_parse_comma(p, value) : number_parse(p, value);
    bool plain = end != NULL && ends_column(layout, end, place) && isfinite(*value) &&
                 !csv_number_marked(layout, *value);
    return plain ? end : NULL;
}

/* The same as row_read() where columns are left out, stand in another order, or are not only
 * numbers with a point. */
static const char *row_read_chosen(const struct csv_layout *layout, struct block *block,
                                   const char *p, size_t row, double *x, double *y)
{
    size_t c = 0, feature = 0;
    for (size_t place = 0; place < layout->width; place++) {
        const char *end;
        if (c == layout->columns || csv_place(layout, c) != place) {
            end = cell_skip(layout, p, place);
        } else {
            size_t target = layout->targets != NULL ? layout->targets[c] : feature;
            double *value = c == layout->label ? y : &x[target];
            end = number_read(layout, p, c, place, value);
            if (end == NULL)
                end = cell_read(layout, block, p, c, place, row, value);
            feature += c != layout->label;
            c++;
        }
        if (end == NULL)
            return fault_note(block, p, row);
        p = end + 1;
    }
    return p;
}

static bool is_plain(const struct csv_layout *layout)
{
    return layout->places == NULL && layout->categories == NULL && !layout->decimal_comma &&
           layout->token_number_count == 0;
}

/* Reads the rows of a block until its end, a fault, or a label that makes a third class; those of a
 * sparse set by way of a row that is dense. */
static void block_read(const void *format, struct block *block, struct dataset *data)
{
    const struct csv_layout *layout = format;
    bool plain = is_plain(layout);
    const char *p = block->begin;
    double unlabelled, *scratch = NULL;
    size_t place = block->first_value;
    bool sparse = dataset_is_sparse(data);
    if (sparse)
        scratch = memory_allocate_untouched(data->features, sizeof *scratch);
    for (size_t i = 0; i < block->rows && p != NULL && block->labels.count < LABELS_KEPT; i++) {
        size_t row = block->first_row + i, whole = data->first_row + row;
        double *y = data->y != NULL ? &data->y[row] : &unlabelled;
        double *x = sparse ? scratch : &data->X[row * data->features];
        p = plain ? row_read(layout, block, p, whole, x, y)
                  : row_read_chosen(layout, block, p, whole, x, y);
        if (sparse && p != NULL)
            place = sparse_row_put(data, row, place, scratch);
    }
    block->values = place - block->first_value;
    memory_free(scratch);
    csv_texts_rest(block);
}

static struct dataset *csv_read(struct input *input, const struct source *source,
                                struct share *share, int threads, struct error *error);

/* Tells of all columns, as features, where the label's has turned out to be none: by that table
 * another is chosen. */
static void tell_without_label(const struct csv_layout *layout)
{
    char none[] = "none";
    struct source unlabelled = *layout->source;
    struct input text = {.path = layout->path, .bytes = layout->begin};
    struct share whole = {.ranks = NULL};
    struct error unused = {.kind = ERROR_NONE};
    text.size = (size_t)(layout->end - layout->begin);
    unlabelled.label = none;
    unlabelled.header = layout->header ? &header_yes : &header_no;
    dataset_free(csv_read(&text, &unlabelled, &whole, threads_default(), &unused));
}

static bool fault(const void *format, const struct block *block, const struct labels *labels,
                  struct error *error)
{
    const struct csv_layout *layout = format;
    if (labels->count == LABELS_KEPT && layout->source->told != NULL)
        tell_without_label(layout);
    if (labels->count == LABELS_KEPT)
        return csv_fault_classes(layout, labels, error);
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
        .decimal_comma = layout->decimal_comma,
        .delimiter = layout->delimiter,
        .label = labelled ? layout->label + 1 : 0,
        .label_name = name != NULL ? text_from_csv(name->text, name->length) : NULL,
    };
}

/* What features are called: by a model that they were found for, as it calls them. */
static char **feature_names(struct csv_layout *layout)
{
    if (layout->targets == NULL)
        return csv_feature_names(layout);
    size_t features = layout->wanted->features;
    char **names = memory_allocate(features, sizeof *names);
    for (size_t j = 0; j < features; j++)
        names[j] = memory_copy_text(layout->wanted->names[j]);
    return names;
}

static bool finish(void *format, struct block *blocks, size_t count, struct share *share,
                   struct dataset *data, int threads, struct error *error)
{
    struct csv_layout *layout = format;
    data->found = columns_of(layout);
    if (layout->header)
        data->feature_names = feature_names(layout);
    data->notes = layout->notes;
    layout->notes = NULL;
    if (data->X == NULL && !csv_sparse_finish(layout, blocks, count, share, data, threads, error))
        return false;
    return csv_columns_finish(layout, layout->source, blocks, count, share, data, threads, error) &&
           (data->table != NULL || data->X == NULL || !csv_may_be_sparse(layout) ||
            sparse_rows_thin(share, layout->path, layout->source->scratch, data, threads, error));
}

static struct dataset *create(const void *format, size_t rows, size_t values)
{
    (void)values;
    const struct csv_layout *layout = format;
    return scratch_create(layout->source->scratch, rows, features_of(layout), has_labels(layout));
}

static struct dataset *create_sparse(const void *format, size_t rows, size_t values)
{
    const struct csv_layout *layout = format;
    return scratch_create_sparse(layout->source->scratch, rows, features_of(layout), values,
                                 has_labels(layout));
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
    return scratch_check(layout->source->scratch, bytes_of(format, rows, values), what, error);
}

static const struct text_format text_csv = {
    .fits = memory_suffices,
    .bytes = bytes_of,
    .create = create,
    .end = end_note,
    .read = block_read,
    .fault = fault,
    .class_name = text_from_csv,
    .finish = finish,
};

static double bytes_of_sparse(const void *format, double rows, double values)
{
    (void)format;
    return sparse_rows_bytes(rows, values);
}

static bool memory_suffices_sparse(const void *format, double rows, double values,
                                   struct error *error)
{
    const struct csv_layout *layout = format;
    return sparse_rows_fit(layout->path, rows, values, layout->source->scratch, error);
}

static const struct text_format text_csv_sparse = {
    .count_values = csv_sparse_count,
    .fits = memory_suffices_sparse,
    .bytes = bytes_of_sparse,
    .create = create_sparse,
    .end = end_note,
    .read = block_read,
    .fault = fault,
    .class_name = text_from_csv,
    .finish = finish,
};

static struct dataset *csv_read(struct input *input, const struct source *source,
                                struct share *share, int threads, struct error *error)
{
    struct csv_layout layout;
    struct dataset *data = NULL;
    bool sound = csv_layout_detect(&layout, input, source, error);
    if (share_agree(share->ranks, sound, error)) {
        struct share_text text = {
            .input = input,
            .begin = layout.body,
            .end = layout.end,
            .count = rows_count,
            .format = &layout,
            .scratch = source->scratch,
        };
        bool sparse = csv_is_sparse(&layout);
        data = text_rows_read(sparse ? &text_csv_sparse : &text_csv, &text, share, threads, error);
    }
    csv_layout_clear(&layout);
    return data;
}

static const char *const extensions[] = {"csv", NULL};

const struct format format_csv = {
    .entry = {"csv", "one row per line, separated by commas, semicolons or tabs"},
    .extensions = extensions,
    .lines = true,
    .columns = true,
    .streams = true,
    .read = csv_read,
    .write = csv_write,
};
