/* SPDX-License-Identifier: MIT
 *
 * Reading LIBSVM files in two passes over blocks (blocks.h):
 *
 *   1. every block counts its rows and its colons; summed up, they give each block its first row
 *      and room for its values;
 *   2. every block parses its rows straight into their places, and notes the labels it met
 *      (format_libsvm_row.c).
 *
 * Not every colon is a value that is stored: it may belong to a zero, a qid or a comment. Blocks
 * that need less than their room are moved together afterwards.
 */
#include "data/formats/format_libsvm.h"

#include "base/memory.h"
#include "data/formats/share_text.h"

#include <string.h>

const struct entry first_index_one = {"1", "as files in this format count"};
const struct entry first_index_zero = {"0", "as some programs write them"};
static const struct entry *const first_indices[] = {&first_index_one, &first_index_zero};
const struct table first_index_table = TABLE("first index", first_indices);

/* --- The first pass -------------------------------------------------------------------------- */

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

static void block_count(const struct libsvm_text *text, struct block *block)
{
    block->rows = rows_count(text, block->begin, block->end);
    block->values = colons_count(block->begin, block->end);
}

/* Counts the rows of all blocks, and their colons. */
static void blocks_count(const struct libsvm_text *text, struct block *blocks, size_t count,
                         size_t *rows, size_t *colons, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        block_count(text, &blocks[i]);
    *rows = *colons = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[i].first_row = *rows;
        blocks[i].first_value = *colons;
        *rows += blocks[i].rows;
        *colons += blocks[i].values;
    }
}

/* --- Putting it together --------------------------------------------------------------------- */

/* Closes the gaps between blocks. */
static void blocks_close(const struct block *blocks, size_t count, struct dataset *data)
{
    size_t to = 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        size_t from = block->first_value;
        if (from != to) {
            memmove(data->columns + to, data->columns + from,
                    block->values * sizeof *data->columns);
            memmove(data->values + to, data->values + from, block->values * sizeof *data->values);
            for (size_t row = block->first_row; row < block->first_row + block->rows; row++)
                data->starts[row + 1] -= from - to;
        }
        to += block->values;
    }
}

static void classes_set(struct dataset *data, const struct labels *labels, int first)
{
    for (size_t k = 0; k < labels->count; k++) {
        const struct label *label = &labels->kept[k == 0 ? first : 1 - first];
        char *name = memory_allocate(label->length + 1, 1);
        data->class_names[k] = memcpy(name, label->text, label->length);
    }
}

/* Says what the first error of all is; `block`: the one here that it is in, or NULL. A label that
 * is no number counts as one until here, and may have become the third. */
static bool fault(const struct libsvm_text *text, const struct block *block,
                  const struct labels *labels, struct error *error)
{
    if (labels->count == LABELS_KEPT && labels->kept[LABELS_KEPT - 1].is_number)
        return libsvm_fault_classes(text, labels, error);
    return block == NULL || libsvm_fault_field(text, block->fault, error);
}

static bool rows_read(const struct libsvm_text *text, const struct share_text *lines,
                      struct block *blocks, size_t count, const struct share *share,
                      struct dataset *data, int threads, struct error *error)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        libsvm_block_read(text, &blocks[i], data);

    struct labels labels;
    int(*translations)[LABELS_KEPT] = memory_allocate(count, sizeof *translations);
    size_t wrong = share_merge(share, lines->input, blocks, count, &labels, translations);
    bool sound = fault(text, wrong < count ? &blocks[wrong] : NULL, &labels, error);
    sound = share_agree(share->ranks, sound, error);
    if (sound && data->y != NULL) {
        int first = labels.count == 2 ? labels_first(&labels) : 0;
        blocks_translate(blocks, count, translations, first, data->y, threads);
        classes_set(data, &labels, first);
    }
    memory_free(translations);
    return sound;
}

/* The number of features, once all rows are read; then the set is made dense if that is better. */
static bool features_set(const struct libsvm_text *text, const struct block *blocks, size_t count,
                         struct share *share, struct dataset *data, int threads,
                         struct error *error)
{
    size_t features = text->features, before;
    for (size_t i = 0; i < count; i++)
        features = blocks[i].columns > features ? blocks[i].columns : features;
    features = (size_t)ranks_allreduce_max(share->ranks, (double)features);
    if (features == 0)
        return error_usage(error,
                           "%s: no row has a feature; features are written INDEX:VALUE, and "
                           "--features says how many there are if all are 0",
                           text->path);
    data->features = features;
    if (!share->chosen)
        share->entries = share_total(share->ranks, dataset_entries(data), &before);
    double values = (double)share->whole * (double)features;
    if (2.0 * (double)share->entries < values)
        return true;
    double bytes = dataset_bytes(share->whole, features) * share_of_host(share);
    if (!share_agree(share->ranks, memory_check(bytes, text->path, error), error))
        return false;
    dataset_densify(data, threads);
    return true;
}

static bool memory_suffices(const struct libsvm_text *text, double rows, double values,
                            struct error *error)
{
    char what[512];
    snprintf(what, sizeof what, "%s, about %.3g rows with %.3g values,", text->path, rows, values);
    double value = dataset_bytes_sparse(0, 1) - dataset_bytes_sparse(0, 0);
    double row = dataset_bytes_sparse(1, 0) - dataset_bytes_sparse(0, 0);
    return memory_check(row * rows + value * values, what, error);
}

/* Refuses what cannot fit before a file that may be larger than memory is read through, as CSV
 * does: half of what its first megabyte lets expect. */
static bool estimate_check(const struct libsvm_text *text, const struct share *share,
                           struct error *error)
{
    size_t size = (size_t)(text->end - text->begin);
    if (size <= INPUT_SAMPLE)
        return true;
    const char *sample = text->begin + INPUT_SAMPLE;
    double times = 0.5 * (double)size / (double)INPUT_SAMPLE * share_of_host(share);
    return memory_suffices(text, times * (double)blocks_count_lines(text->begin, sample),
                           times * (double)colons_count(text->begin, sample), error);
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

/* Are there rows, no more than a set may have, and room for them? `values` are those of this rank,
 * which stand for those of the others on its host. */
static bool rows_check(const struct libsvm_text *text, const struct share *share, size_t values,
                       struct error *error)
{
    if (share->whole == 0)
        return error_usage(error, "%s: the file has no rows", text->path);
    bool sound = blocks_check_rows(text->path, share->whole, error) &&
                 memory_suffices(text, (double)share->whole * share_of_host(share),
                                 (double)values * ranks_per_host(share->ranks), error);
    return share_agree(share->ranks, sound, error);
}

/* Reads the rows in these lines of the text. */
static struct dataset *lines_read(const struct libsvm_text *text, const struct share_text *lines,
                                  struct share *share, int threads, struct error *error)
{
    size_t count, rows, values;
    struct block *blocks = blocks_cut(lines->begin, lines->end, &count);
    struct dataset *data = NULL;
    blocks_count(text, blocks, count, &rows, &values, threads);
    bool sound =
        share_counted(share, text->path, rows, error) && rows_check(text, share, values, error);
    if (sound) {
        data = dataset_create_sparse(rows, 0, values, text->labelled);
        data->first_row = share->first;
        sound = rows_read(text, lines, blocks, count, share, data, threads, error);
    }
    if (sound) {
        blocks_close(blocks, count, data);
        sound = features_set(text, blocks, count, share, data, threads, error);
    }
    memory_free(blocks);
    if (sound)
        return data;
    dataset_free(data);
    return NULL;
}

static struct dataset *libsvm_read(struct input *input, const struct source *source,
                                   struct share *share, int threads, struct error *error)
{
    struct libsvm_text text;
    bool sound = text_open(&text, input, source, error) && estimate_check(&text, share, error);
    if (!share_agree(share->ranks, sound, error))
        return NULL;
    struct share_text lines = {input, text.begin, text.end, rows_count, &text};
    return share_find(share, &lines, threads, error)
               ? lines_read(&text, &lines, share, threads, error)
               : NULL;
}

static const char *const extensions[] = {"libsvm", "svm", "svmlight", NULL};

const struct format format_libsvm = {
    .entry = {"libsvm", "a row is its label, then INDEX:VALUE for what is not 0; also SVMlight"},
    .extensions = extensions,
    .indexed = true,
    .read = libsvm_read,
    .write = libsvm_write,
};
