/* SPDX-License-Identifier: MIT
 *
 * Reading CSV in two passes over blocks of bytes that are cut at line ends:
 *
 *   1. every block counts its line breaks; summed up, they give each block its first row;
 *   2. every block parses its rows straight into X, and notes the labels it met.
 *
 * Blocks are cut by size, never by the number of threads, and each keeps only its first fault, so
 * that the fault reported is the first in the file whoever found it. Labels are indices in order of
 * appearance until all blocks are done (labels.h).
 *
 * The inner loop reads a number and expects the delimiter right behind it. Whatever else may be
 * there (blanks, quotes, CRLF, an error) takes the slower way through csv_field_read().
 */
#include "data/format_csv.h"

#include "base/memory.h"
#include "data/number_parse.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18,
    SAMPLE_BYTES = 1 << 20, /* from which the number of rows is estimated */
};

struct csv_block {
    const char *begin, *end;
    size_t first_row, rows;
    struct labels labels;
    const char *fault; /* where the field begins that could not be read, or NULL */
    size_t fault_row;
};

/* Line breaks in [begin, end). */
static size_t line_breaks(const char *begin, const char *end)
{
    size_t count = 0;
    for (const char *p = begin; p < end; p++)
        count += *p == '\n';
    return count;
}

/* Cuts the rows into blocks: block i begins behind the first line break that follows i BLOCK_BYTES,
 * or the previous block's begin where a long line took it further. */
static struct csv_block *blocks_cut(const struct csv_layout *layout, size_t *count)
{
    size_t size = (size_t)(layout->end - layout->body);
    *count = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    struct csv_block *blocks = memory_allocate(*count, sizeof *blocks);
    for (size_t i = 0; i < *count; i++) {
        const char *begin = layout->body;
        if (i > 0) {
            const char *from = layout->body + i * BLOCK_BYTES - 1;
            from = from > blocks[i - 1].begin ? from : blocks[i - 1].begin;
            const char *line_break = memchr(from, '\n', (size_t)(layout->end - from));
            begin = line_break != NULL ? line_break + 1 : layout->end;
            blocks[i - 1].end = begin;
        }
        blocks[i].begin = begin;
        blocks[i].end = layout->end;
    }
    return blocks;
}

static size_t blocks_count_rows(struct csv_block *blocks, size_t count, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++) {
        struct csv_block *block = &blocks[i];
        block->rows = line_breaks(block->begin, block->end);
        block->rows += block->end > block->begin && block->end[-1] != '\n';
    }
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
static const char *cell_read(const struct csv_layout *layout, struct csv_block *block,
                             const char *p, size_t c, size_t row, double *value)
{
    struct csv_field field;
    const char *end = csv_field_read(p, layout->delimiter, &field);
    if (end == NULL || !ends_column(layout, end, c))
        return NULL;
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

/* Reads one row into x (d) and its label index into y. Returns the start of the next row; NULL at a
 * fault, which is noted. */
static const char *row_read(const struct csv_layout *layout, struct csv_block *block, const char *p,
                            size_t row, double *x, double *y)
{
    for (size_t c = 0; c < layout->columns; c++) {
        double *value = c == layout->label ? y : x++;
        const char *end = c == layout->label ? NULL : number_parse(p, value);
        if (end == NULL || !ends_column(layout, end, c) || !isfinite(*value))
            end = cell_read(layout, block, p, c, row, value);
        if (end == NULL) {
            block->fault = p;
            block->fault_row = row;
            return NULL;
        }
        p = end + 1;
    }
    return p;
}

/* Reads the rows of a block until its end, a fault, or a label that makes a third class. */
static void block_read(const struct csv_layout *layout, struct csv_block *block,
                       struct dataset *data)
{
    const char *p = block->begin;
    double unlabelled;
    for (size_t i = 0; i < block->rows && p != NULL && block->labels.count < LABELS_KEPT; i++) {
        size_t row = block->first_row + i;
        double *y = data->y != NULL ? &data->y[row] : &unlabelled;
        p = row_read(layout, block, p, row, &data->X[row * data->features], y);
    }
}

/* Merges what blocks found, in the order of rows, up to the first error: a fault, or a third class.
 * translations[i] becomes what the label indices of block i mean for the whole. */
static bool blocks_merge(const struct csv_layout *layout, const struct csv_block *blocks,
                         size_t count, struct labels *labels, int (*translations)[LABELS_KEPT],
                         struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        labels_merge(labels, &blocks[i].labels, translations[i]);
        if (labels->count == LABELS_KEPT)
            return csv_fault_classes(layout, labels, error);
        if (blocks[i].fault != NULL)
            return csv_fault_field(layout, blocks[i].fault, blocks[i].fault_row, error);
    }
    return true;
}

/* y: from indices within blocks to 0 and 1. */
static void labels_translate(struct dataset *data, const struct csv_block *blocks, size_t count,
                             int (*translations)[LABELS_KEPT], int first, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        for (size_t row = 0; row < blocks[i].rows; row++) {
            double *y = &data->y[blocks[i].first_row + row];
            *y = translations[i][(int)*y] != first;
        }
}

static bool rows_read(const struct csv_layout *layout, struct csv_block *blocks, size_t count,
                      struct dataset *data, int threads, struct error *error)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        block_read(layout, &blocks[i], data);

    struct labels labels = {0};
    int(*translations)[LABELS_KEPT] = memory_allocate(count, sizeof *translations);
    bool sound = blocks_merge(layout, blocks, count, &labels, translations, error);
    if (sound && data->y != NULL) {
        int first = labels.count == 2 ? labels_first(&labels) : 0;
        labels_translate(data, blocks, count, translations, first, threads);
        for (size_t k = 0; k < labels.count; k++) {
            const struct label *label = &labels.kept[k == 0 ? first : 1 - first];
            data->class_names[k] = csv_field_copy(label->text, label->length);
        }
    }
    memory_free(translations);
    return sound;
}

static void names_set(const struct csv_layout *layout, struct dataset *data)
{
    if (!layout->header)
        return;
    data->feature_names = memory_allocate(data->features, sizeof *data->feature_names);
    size_t j = 0;
    for (size_t c = 0; c < layout->columns; c++)
        if (c != layout->label)
            data->feature_names[j++] =
                csv_field_copy(layout->fields[c].text, layout->fields[c].length);
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
static bool estimate_check(const struct csv_layout *layout, size_t features, struct error *error)
{
    size_t size = (size_t)(layout->end - layout->body);
    if (size <= SAMPLE_BYTES)
        return true;
    size_t lines = line_breaks(layout->body, layout->body + SAMPLE_BYTES);
    return memory_suffices(layout, 0.5 * (double)lines * (double)size / SAMPLE_BYTES, features,
                           error);
}

static bool rows_check(const struct csv_layout *layout, size_t rows, size_t features,
                       struct error *error)
{
    if (rows > UINT32_MAX)
        return error_usage(error, "%s: %zu rows are too many; at most %lu can be used",
                           layout->path, rows, (unsigned long)UINT32_MAX);
    return memory_suffices(layout, (double)rows, features, error);
}

static struct dataset *csv_read(const struct input *input, const char *label, int threads,
                                struct error *error)
{
    struct csv_layout layout;
    struct csv_block *blocks = NULL;
    struct dataset *data = NULL;
    if (!csv_layout_detect(&layout, input, label, error))
        goto done;
    bool labelled = layout.label != CSV_NO_LABEL;
    size_t features = layout.columns - labelled;
    if (!estimate_check(&layout, features, error))
        goto done;
    size_t count;
    blocks = blocks_cut(&layout, &count);
    size_t rows = blocks_count_rows(blocks, count, threads);
    if (!rows_check(&layout, rows, features, error))
        goto done;
    data = dataset_create(rows, features, labelled);
    if (!rows_read(&layout, blocks, count, data, threads, error)) {
        dataset_free(data);
        data = NULL;
        goto done;
    }
    names_set(&layout, data);
done:
    memory_free(blocks);
    csv_layout_clear(&layout);
    return data;
}

static const char *const extensions[] = {"csv", NULL};

const struct format format_csv = {
    .entry = {"csv", "one row a line, separated by commas, semicolons or tabs"},
    .extensions = extensions,
    .read = csv_read,
    .write = csv_write,
};
