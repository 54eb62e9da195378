/* SPDX-License-Identifier: MIT
 *
 * Reading LIBSVM files in blocks (text_read.h), of which format_libsvm_row.c reads the rows. There
 * are at most as many values as colons. Not every colon is a value that is stored: it may belong to
 * a zero or a comment. Blocks that need less than their room are moved together afterwards.
 */
#include "data/formats/libsvm/format_libsvm.h"

#include "base/memory.h"
#include "data/formats/sparse_rows.h"
#include "data/formats/text_read.h"
#include "data/missing.h"

#include <string.h>

const struct entry first_index_one = {"1", "as files in this format count"};
const struct entry first_index_zero = {"0", "as some programs write them"};
static const struct entry *const first_indices[] = {&first_index_one, &first_index_zero};
const struct table first_index_table = TABLE("first index", first_indices);

/* --- Counting -------------------------------------------------------------------------------- */

static size_t colons_count(const char *begin, const char *end)
{
    size_t count = 0;
    for (const char *p = begin; p < end; p++)
        count += *p == ':';
    return count;
}

static size_t rows_count(const void *format, const char *begin, const char *end)
{
    const struct libsvm_text *text = format;
    size_t rows = 0;
    for (const char *p = begin; p < end; p = libsvm_line_next(text, p)) {
        p = libsvm_blanks_skip(p);
        rows += !libsvm_line_is_empty(text, p);
    }
    return rows;
}

/* --- Putting it together --------------------------------------------------------------------- */

static char *class_name(const char *text, size_t length)
{
    return memcpy(memory_allocate(length + 1, 1), text, length);
}

/* Says what the first error of all is; `block`: the one here that it is in, or NULL. A label that
 * is no number counts as one until here, and may have become the third. */
static bool fault(const void *format, const struct block *block, const struct labels *labels,
                  struct error *error)
{
    const struct libsvm_text *text = format;
    if (labels->count == LABELS_KEPT && labels->kept[LABELS_KEPT - 1].is_number)
        return libsvm_fault_classes(text, labels, error);
    return block == NULL || libsvm_fault_field(text, block->fault, error);
}

/* The number of features, once all rows are read; then the set is made dense if that is better. */
static bool features_set(const struct libsvm_text *text, const struct block *blocks, size_t count,
                         struct share *share, struct dataset *data, int threads,
                         struct error *error)
{
    size_t features = text->features;
    for (size_t i = 0; i < count; i++)
        features = blocks[i].columns > features ? blocks[i].columns : features;
    features = (size_t)ranks_allreduce_max(share->ranks, (double)features);
    if (features == 0)
        return error_usage(error,
                           "%s: no row has a feature; features are written INDEX:VALUE, and "
                           "--features says how many there are if all are 0",
                           text->path);
    data->features = features;
    return sparse_rows_settle(share, text->path, false, text->scratch, data, threads, error);
}

static double bytes_of(const void *format, double rows, double values)
{
    (void)format;
    return sparse_rows_bytes(rows, values);
}

static const char *end_note(void *format, const char *end, bool whole)
{
    struct libsvm_text *text = format;
    (void)whole;
    return text->end = end;
}

static bool memory_suffices(const void *format, double rows, double values, struct error *error)
{
    const struct libsvm_text *text = format;
    return sparse_rows_fit(text->path, rows, values, text->scratch, error);
}

/* Has the first row a label: a first field without a colon? */
static bool label_stands(const struct libsvm_text *text)
{
    const char *p = libsvm_blanks_skip(text->begin);
    while (p < text->end && libsvm_line_is_empty(text, p))
        p = libsvm_blanks_skip(libsvm_line_next(text, p));
    return memchr(p, ':', (size_t)(libsvm_field_end(text, p) - p)) == NULL;
}

static bool text_open(struct libsvm_text *text, const struct input *input,
                      const struct source *source, struct error *error)
{
    *text = (struct libsvm_text){
        .path = input->path,
        .begin = input->bytes,
        .end = input->bytes + input->size,
        .labelled = source->label == NULL,
        .for_model = source->wanted != NULL,
        .features = source->features,
        .scratch = source->scratch,
        .first_index = source->first_index == &first_index_zero ? 0 : 1,
    };
    size_t most = text->features > 0 ? text->features : LIBSVM_FEATURES_MOST;
    text->last_index = most - 1 + text->first_index;
    if (source->label != NULL && strcmp(source->label, "none") != 0)
        return error_usage(error,
                           "%s: '%s' cannot be the label: in a LIBSVM file the label stands first "
                           "in each row; it can be left out with none",
                           text->path, source->label);
    if (!blocks_check_text(input, error))
        return false;
    if (input->size >= 3 && memcmp(text->begin, "\xef\xbb\xbf", 3) == 0)
        text->begin += 3;
    if (source->wanted != NULL && text->labelled)
        text->labelled = label_stands(text); /* rows for a model may have none */
    return true;
}

static struct dataset *create(const void *format, size_t rows, size_t values)
{
    const struct libsvm_text *text = format;
    return scratch_create_sparse(text->scratch, rows, 0, values, text->labelled);
}

static bool finish(void *format, struct block *blocks, size_t count, struct share *share,
                   struct dataset *data, int threads, struct error *error)
{
    const struct libsvm_text *text = format;
    sparse_rows_close(blocks, count, data);
    if (!features_set(text, blocks, count, share, data, threads, error))
        return false;
    if (!blocks_miss(blocks, count, share->ranks))
        return true;
    size_t *missing = missing_count(data, threads);
    bool described = missing_describe(data, share->ranks, missing, text->path, error);
    memory_free(missing);
    return described;
}

static const struct text_format text_libsvm = {
    .count_values = colons_count,
    .fits = memory_suffices,
    .bytes = bytes_of,
    .create = create,
    .end = end_note,
    .read = libsvm_block_read,
    .fault = fault,
    .class_name = class_name,
    .finish = finish,
};

static struct dataset *libsvm_read(struct input *input, const struct source *source,
                                   struct share *share, int threads, struct error *error)
{
    struct libsvm_text text;
    if (!share_agree(share->ranks, text_open(&text, input, source, error), error))
        return NULL;
    struct share_text lines = {
        .input = input,
        .begin = text.begin,
        .end = text.end,
        .count = rows_count,
        .format = &text,
        .scratch = source->scratch,
    };
    return text_rows_read(&text_libsvm, &lines, share, threads, error);
}

static const char *const extensions[] = {"libsvm", "svm", "svmlight", NULL};

const struct format format_libsvm = {
    .entry = {"libsvm", "a row is its label, then INDEX:VALUE for what is not 0; also SVMlight"},
    .extensions = extensions,
    .indexed = true,
    .streams = true,
    .read = libsvm_read,
    .write = libsvm_write,
};
