/* SPDX-License-Identifier: MIT
 *
 * Reading CSV in two passes over blocks of bytes that are cut at line ends:
 *
 *   1. every block counts its line breaks; summed up, they give each block its first row;
 *   2. every block parses its rows straight into X, and notes the labels it met.
 *
 * blocks.h says what blocks are, and which fault is reported.
 *
 * The inner loop reads a number and expects the delimiter right behind it. Whatever else may be
 * there (blanks, quotes, CRLF, an error) takes the slower way through csv_field_read().
 */
#include "data/formats/format_csv.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/number_parse.h"
#include "data/formats/share_text.h"

#include <math.h>
#include <string.h>

static size_t rows_count(const void *format, const char *begin, const char *end)
{
    (void)format;
    return blocks_count_lines(begin, end) + (end > begin && end[-1] != '\n');
}

static size_t blocks_count_rows(struct block *blocks, size_t count, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        blocks[i].rows = rows_count(NULL, blocks[i].begin, blocks[i].end);
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[i].first_row = rows;
        rows += blocks[i].rows;
    }
    return rows;
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
static void block_read(const struct csv_layout *layout, struct block *block, struct dataset *data)
{
    const char *p = block->begin;
    double unlabelled;
    for (size_t i = 0; i < block->rows && p != NULL && block->labels.count < LABELS_KEPT; i++) {
        size_t row = block->first_row + i;
        double *y = data->y != NULL ? &data->y[row] : &unlabelled;
        p = row_read(layout, block, p, data->first_row + row, &data->X[row * data->features], y);
    }
}

/* Says what the first error is, in that block. */
static bool fault(const struct csv_layout *layout, const struct block *block,
                  const struct labels *labels, struct error *error)
{
    if (labels->count == LABELS_KEPT)
        return csv_fault_classes(layout, labels, error);
    return csv_fault_field(layout, block->fault, block->fault_row, error);
}

static bool rows_read(const struct csv_layout *layout, const struct share_text *text,
                      struct block *blocks, size_t count, const struct share *share,
                      struct dataset *data, int threads, struct error *error)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        block_read(layout, &blocks[i], data);

    struct labels labels;
    int(*translations)[LABELS_KEPT] = memory_allocate(count, sizeof *translations);
    size_t wrong = share_merge(share, text->input, blocks, count, &labels, translations);
    bool sound = (wrong == count && labels.count < LABELS_KEPT) ||
                 fault(layout, &blocks[wrong], &labels, error);
    sound = share_agree(share->ranks, sound, error);
    if (sound && data->y != NULL) {
        int first = labels.count == 2 ? labels_first(&labels) : 0;
        blocks_translate(blocks, count, translations, first, data->y, threads);
        for (size_t k = 0; k < labels.count; k++) {
            const struct label *label = &labels.kept[k == 0 ? first : 1 - first];
            data->class_names[k] = text_from_csv(label->text, label->length);
        }
    }
    memory_free(translations);
    return sound;
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

static void names_set(struct csv_layout *layout, struct dataset *data)
{
    data->found = columns_of(layout);
    if (layout->header)
        data->feature_names = csv_feature_names(layout);
    data->notes = layout->notes;
    layout->notes = NULL;
}

static bool memory_suffices(const struct csv_layout *layout, double rows, size_t features,
                            struct error *error)
{
    char what[512];
    snprintf(what, sizeof what, "%s, about %.3g rows of %zu features,", layout->path, rows,
             features);
    return memory_check(dataset_bytes(1, features) * rows, what, error);
}

/* Refuses what cannot fit before a file that may be larger than memory is read through, from the
 * number of lines in its first megabyte. Lines may grow longer later on, so only what is twice too
 * large is refused here; the rest once all lines are counted. */
static bool estimate_check(const struct csv_layout *layout, const struct share *share,
                           struct error *error)
{
    size_t size = (size_t)(layout->end - layout->body);
    if (size <= INPUT_SAMPLE)
        return true;
    size_t lines = blocks_count_lines(layout->body, layout->body + INPUT_SAMPLE);
    double rows = 0.5 * (double)lines * (double)size / (double)INPUT_SAMPLE;
    return memory_suffices(layout, rows * share_of_host(share), features_of(layout), error);
}

/* Reads the rows in the lines of the text. */
static struct dataset *lines_read(struct csv_layout *layout, const struct share_text *text,
                                  struct share *share, int threads, struct error *error)
{
    size_t count, features = features_of(layout);
    struct dataset *data = NULL;
    struct block *blocks = blocks_cut(text->begin, text->end, &count);
    size_t rows = blocks_count_rows(blocks, count, threads);
    bool sound =
        share_counted(share, layout->path, rows, error) &&
        share_agree(share->ranks,
                    blocks_check_rows(layout->path, share->whole, error) &&
                        memory_suffices(layout, (double)share->whole * share_of_host(share),
                                        features, error),
                    error);
    if (sound) {
        data = dataset_create(rows, features, has_labels(layout));
        data->first_row = share->first;
        sound = rows_read(layout, text, blocks, count, share, data, threads, error);
    }
    memory_free(blocks);
    if (sound) {
        names_set(layout, data);
        return data;
    }
    dataset_free(data);
    return NULL;
}

static struct dataset *csv_read(struct input *input, const struct source *source,
                                struct share *share, int threads, struct error *error)
{
    struct csv_layout layout;
    struct dataset *data = NULL;
    bool sound =
        csv_layout_detect(&layout, input, source, error) && estimate_check(&layout, share, error);
    if (share_agree(share->ranks, sound, error)) {
        struct share_text text = {input, layout.body, layout.end, rows_count, NULL};
        if (share_find(share, &text, threads, error))
            data = lines_read(&layout, &text, share, threads, error);
    }
    csv_layout_clear(&layout);
    return data;
}

static const char *const extensions[] = {"csv", NULL};

const struct format format_csv = {
    .entry = {"csv", "one row a line, separated by commas, semicolons or tabs"},
    .extensions = extensions,
    .lines = true,
    .read = csv_read,
    .write = csv_write,
};
