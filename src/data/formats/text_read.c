/* SPDX-License-Identifier: MIT
 *
 * What rows of text have in common, whatever is in them.
 */
#include "data/formats/text_read.h"

#include "base/memory.h"
#include "data/formats/text_stream.h"

#include <stdio.h>

/* Refuses what cannot fit before a file that may be larger than memory is read through, from the
 * number of lines in its first megabyte. Lines may grow longer later on, so only what is twice too
 * large is refused here; the rest once all lines are counted. */
static bool estimate_check(const struct text_format *row, const struct share_text *text,
                           const struct share *share, struct error *error)
{
    size_t size = (size_t)(text->end - text->begin);
    if (size <= INPUT_SAMPLE)
        return true;
    const char *sample = text->begin + INPUT_SAMPLE;
    double times = 0.5 * (double)size / (double)INPUT_SAMPLE * share_of_host(share);
    size_t values = row->count_values != NULL ? row->count_values(text->begin, sample) : 0;
    return row->fits(text->format, times * (double)blocks_count_lines(text->begin, sample),
                     times * (double)values, error);
}

/* Does memory hold the labels, where the features may lie on the disk? */
static bool labels_fit(const struct share_text *text, size_t rows, struct error *error)
{
    char what[512];
    snprintf(what, sizeof what, "%.400s, whose %zu rows may lie on the disk but not their labels,",
             text->input->path, rows);
    return text->scratch == NULL || memory_check(dataset_bytes(rows, 0), what, error);
}

/* Are there rows, no more than a set may have, and room for them? `values` are those of this rank,
 * which stand for those of the others on its host. */
static bool count_check(const struct text_format *row, const struct share_text *text,
                        const struct share *share, size_t values, struct error *error)
{
    if (share->whole == 0)
        return error_usage(error, "%s: the file has no rows", text->input->path);
    bool sound = blocks_check_rows(text->input->path, share->whole, error) &&
                 labels_fit(text, share->whole, error) &&
                 row->fits(text->format, (double)share->whole * share_of_host(share),
                           (double)values * ranks_per_host(share->ranks), error);
    return share_agree(share->ranks, sound, error);
}

/* How many values the rows of all blocks may have, and where those of each begin. */
static size_t values_place(struct block *blocks, size_t count)
{
    size_t values = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[i].first_value = values;
        values += blocks[i].values;
    }
    return values;
}

static bool rows_read(const struct text_format *row, const struct share_text *text,
                      struct block *blocks, size_t count, const struct share *share,
                      struct dataset *data, int threads, struct error *error)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        row->read(text->format, &blocks[i], data);
    return text_labels_set(row, text, blocks, count, share, data, threads, error);
}

/* Reads the rows in the lines of the text. */
static struct dataset *lines_read(const struct text_format *row, const struct share_text *text,
                                  struct share *share, int threads, struct error *error)
{
    size_t count;
    struct dataset *data = NULL;
    struct block *blocks = blocks_cut(text->begin, text->end, &count);
    size_t rows = share_text_count(text, row->count_values, blocks, count, threads);
    size_t values = values_place(blocks, count);
    bool sound = share_counted(share, text->input->path, rows, error) &&
                 count_check(row, text, share, values, error);
    if (sound) {
        data = row->create(text->format, rows, values);
        data->first_row = share->first;
        sound = rows_read(row, text, blocks, count, share, data, threads, error) &&
                row->finish(text->format, blocks, count, share, data, threads, error);
    }
    memory_free(blocks);
    if (sound)
        return data;
    dataset_free(data);
    return NULL;
}

struct dataset *text_rows_read(const struct text_format *row, struct share_text *text,
                               struct share *share, int threads, struct error *error)
{
    bool again = text->input->rest != NULL;
    if (text_may_stream(row, text)) {
        struct dataset *data = text_stream_read(row, text, share, threads, &again, error);
        if (!again)
            return data;
    }
    if (again && !text_wait(row, text, threads, error))
        return NULL;
    bool sound = share_agree(share->ranks, estimate_check(row, text, share, error), error);
    return sound && share_find(share, text, threads, error)
               ? lines_read(row, text, share, threads, error)
               : NULL;
}
