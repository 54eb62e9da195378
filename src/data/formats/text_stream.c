/* SPDX-License-Identifier: MIT
 *
 * Blocks are cut in the order of the text, under a lock: a block's rows are counted there as well,
 * which tells where its own rows and those of the next one belong. To count is quick beside
 * parsing, which is done outside. Thread 0 unpacks, wakes those who wait, and parses when all is
 * unpacked.
 *
 * A block ends behind a line that is not blank, since blank lines at the end of a text are no rows,
 * and it is not known yet where that is. The lines behind the last such block are read at the end.
 */
#include "data/formats/text_stream.h"

#include "base/memory.h"
#include "base/parallel/threads.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

enum {
    STREAM_BLOCK = 1 << 18, /* bytes, at least, but for the last */
    STREAM_LOOK = 64,       /* blocks, after which it is looked how much memory is left */
};

struct stream {
    const struct text_format *row;
    struct share_text *text;
    struct dataset *data;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t more;
    struct block *blocks; /* (most_blocks), ... */
    size_t count;         /* ... so many of which are cut */
    const char *next;     /* where the next begins */
    const char *end;      /* what is before it is unpacked */
    bool whole, failed;   /* all is unpacked; or reading ends with the error */
    size_t rows, values;  /* in the blocks that are cut */
    size_t most_blocks, most_rows, most_values;
    size_t looked_rows, looked_values; /* when memory was looked at last */
    struct error error;
};

static bool is_unlimited(__rlimit_resource_t resource)
{
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

bool text_may_stream(void)
{
    FILE *file = fopen("/proc/sys/vm/overcommit_memory", "r");
    int mode = file != NULL ? fgetc(file) : EOF;
    if (file != NULL)
        fclose(file);
    return (mode == '0' || mode == '1') && is_unlimited(RLIMIT_AS) && is_unlimited(RLIMIT_DATA);
}

bool text_wait(const struct text_format *row, struct share_text *text, struct error *error)
{
    size_t ready;
    bool whole = text->input->rest == NULL;
    if (whole)
        return true;
    while (!whole)
        if (!input_more(text->input, &ready, &whole, error))
            return false;
    text->end = row->end(text->format, text->input->bytes + text->input->size, true);
    return true;
}

/* --- Cutting --------------------------------------------------------------------------------- */

/* Is the line blank that ends before `end`? */
static bool ends_blank(const char *begin, const char *end)
{
    const char *p = end - 1;
    while (p > begin && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r'))
        p--;
    return p == begin || p[-1] == '\n';
}

/* Where the next block ends, or NULL: not enough is there. */
static const char *block_end(const struct stream *stream)
{
    const char *p = stream->next + STREAM_BLOCK - 1;
    while (p < stream->end) {
        p = memchr(p, '\n', (size_t)(stream->end - p));
        if (p == NULL)
            return NULL;
        if (!ends_blank(stream->next, ++p))
            return p;
    }
    return NULL;
}

/* Is there memory for as many rows and values again as were read since it was looked at last? */
static bool memory_look(struct stream *stream)
{
    char what[512];
    double bytes =
        stream->row->bytes(stream->text->format, (double)(stream->rows - stream->looked_rows),
                           (double)(stream->values - stream->looked_values));
    snprintf(what, sizeof what, "%.400s, of which %zu rows are read,", stream->text->input->path,
             stream->rows);
    stream->looked_rows = stream->rows;
    stream->looked_values = stream->values;
    return memory_check(bytes, what, &stream->error);
}

/* Are the block's rows no more than there is room for? What is said is of all rows so far. */
static bool block_fits(struct stream *stream)
{
    const char *path = stream->text->input->path;
    if (stream->count % STREAM_LOOK == 0 && !memory_look(stream))
        return false;
    if (stream->rows <= stream->most_rows && stream->values <= stream->most_values &&
        stream->count < stream->most_blocks)
        return true;
    return blocks_check_rows(path, stream->rows, &stream->error) &&
           stream->row->fits(stream->text->format, (double)stream->rows, (double)stream->values,
                             &stream->error) &&
           error_usage(&stream->error, "%s: memory does not hold what is in it", path);
}

/* Cuts a block that ends at `end`, and counts what is in it. NULL, with an error, when it does not
 * fit. */
static struct block *block_cut(struct stream *stream, const char *end)
{
    const struct share_text *text = stream->text;
    struct block *block = &stream->blocks[stream->count];
    *block = (struct block){.begin = stream->next, .end = end, .first_row = stream->rows};
    block->rows = text->count(text->format, block->begin, end);
    if (stream->row->count_values != NULL)
        block->values = stream->row->count_values(block->begin, end);
    block->first_value = stream->values;
    stream->rows += block->rows;
    stream->values += block->values;
    stream->next = end;
    stream->count++;
    stream->failed = stream->failed || !block_fits(stream);
    return stream->failed ? NULL : block;
}

/* --- The threads ----------------------------------------------------------------------------- */

/* The next block to be parsed; NULL when there is none any more, whole lines being left perhaps. */
static struct block *block_take(struct stream *stream)
{
    struct block *block = NULL;
    pthread_mutex_lock(&stream->lock);
    while (!stream->failed) {
        const char *end = block_end(stream);
        if (end != NULL)
            block = block_cut(stream, end);
        if (end != NULL || stream->whole)
            break;
        pthread_cond_wait(&stream->more, &stream->lock);
    }
    pthread_mutex_unlock(&stream->lock);
    return block;
}

static void blocks_parse(struct stream *stream)
{
    for (struct block *block; (block = block_take(stream)) != NULL;)
        stream->row->read(stream->text->format, block, stream->data);
}

static void text_unpack(struct stream *stream)
{
    bool ended = false, whole = false;
    while (!ended) {
        size_t ready = 0;
        struct error error = {.kind = ERROR_NONE};
        bool done = input_more(stream->text->input, &ready, &whole, &error);
        pthread_mutex_lock(&stream->lock);
        if (done)
            stream->end = stream->text->input->bytes + ready;
        else
            stream->error = error; /* it comes first: what is not unpacked cannot be wrong */
        stream->failed = stream->failed || !done;
        stream->whole = whole;
        ended = stream->failed || whole;
        pthread_cond_broadcast(&stream->more);
        pthread_mutex_unlock(&stream->lock);
    }
}

/* --- All of it ------------------------------------------------------------------------------- */

/* As many as memory could hold at most, if it held nothing else. */
static size_t most_of(double bytes, size_t most)
{
    double count = (double)memory_available() / bytes;
    return count < (double)most ? (size_t)count : most;
}

static void stream_open(struct stream *stream, const struct text_format *row,
                        struct share_text *text, const struct share *share)
{
    *stream = (struct stream){.row = row, .text = text, .next = text->begin, .end = text->begin};
    text->end = row->end(text->format, input_beyond(text->input), false);
    stream->most_rows = most_of(row->bytes(text->format, 1.0, 0.0), (size_t)UINT32_MAX + 1);
    if (row->count_values != NULL)
        stream->most_values = most_of(row->bytes(text->format, 0.0, 1.0), SIZE_MAX / 64);
    stream->most_blocks = (size_t)(text->end - text->begin) / STREAM_BLOCK + 2;
    stream->blocks = memory_allocate_untouched(stream->most_blocks, sizeof *stream->blocks);
    stream->data = row->create(text->format, stream->most_rows, stream->most_values);
    stream->data->first_row = share->first;
    pthread_mutex_init(&stream->lock, NULL);
    pthread_cond_init(&stream->more, NULL);
}

/* Parses the lines that are left, up to the end of the rows. */
static bool tail_read(struct stream *stream)
{
    struct share_text *text = stream->text;
    if (stream->failed)
        return false;
    text->end = stream->row->end(text->format, text->input->bytes + text->input->size, true);
    struct block *block = stream->next < text->end ? block_cut(stream, text->end) : NULL;
    if (block != NULL)
        stream->row->read(text->format, block, stream->data);
    return !stream->failed;
}

static bool rows_finish(struct stream *stream, struct share *share, int threads,
                        struct error *error)
{
    const struct text_format *row = stream->row;
    struct share_text *text = stream->text;
    struct dataset *data = stream->data;
    share_rows(share, stream->rows);
    data->rows = stream->rows;
    if (!blocks_check_rows(text->input->path, stream->rows, error))
        return false;
    return text_labels_set(row, text, stream->blocks, stream->count, share, data, threads, error) &&
           row->finish(text->format, stream->blocks, stream->count, share, data, threads, error);
}

struct dataset *text_stream_read(const struct text_format *row, struct share_text *text,
                                 struct share *share, int threads, struct error *error)
{
    struct stream stream;
    stream_open(&stream, row, text, share);
#pragma omp parallel num_threads(threads)
    {
        if (threads_current() == 0)
            text_unpack(&stream);
        blocks_parse(&stream);
    }
    bool sound = tail_read(&stream);
    if (!sound)
        *error = stream.error;
    sound = sound && rows_finish(&stream, share, threads, error);
    pthread_cond_destroy(&stream.more);
    pthread_mutex_destroy(&stream.lock);
    memory_free(stream.blocks);
    if (sound)
        return stream.data;
    dataset_free(stream.data);
    return NULL;
}
