/* SPDX-License-Identifier: MIT
 *
 * Blocks are cut in the order of the text, under a lock: a block's rows are counted there as well,
 * which tells where its own rows and those of the next one belong. To count is quick beside
 * parsing, which is done outside. Thread 0 unpacks, wakes those who wait, and parses when all is
 * unpacked.
 *
 * A block ends behind a line that is not blank, since blank lines at the end of a text are no rows,
 * and it is not known yet where that is. The lines behind the last such block, and those that there
 * was no room for, are read at the end.
 */
#include "data/formats/text_stream.h"

#include "base/memory.h"
#include "base/parallel/threads.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum {
    STREAM_BLOCK = 1 << 18, /* bytes, at least, but for the last */
    STREAM_LOOK = 64,       /* blocks, after which it is looked how much memory is left */
};

struct stream {
    const struct text_format *row;
    struct share_text *text;
    struct dataset *data;
    struct parts *parts; /* of the text, unpacked ahead; or NULL */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t more;
    struct block *blocks; /* (most_blocks), ... */
    size_t count;         /* ... so many of which are cut */
    const char *next;     /* where the next begins */
    const char *end;      /* what is before it is unpacked */
    bool whole, full;     /* all is unpacked; there is no room for the next block */
    bool failed;          /* reading ends with the error ... */
    bool again;           /* ... or as there is too little memory for this way */
    size_t rows, values;  /* in the blocks that are cut */
    size_t most_blocks, most_rows, most_values;
    size_t looked_rows, looked_values; /* when memory was looked at last */
    struct error error;
};

/* Rows and values of the whole, by those of the beginning, and a quarter more. */
struct guess {
    double rows, values;
};

static struct guess guess_of(const struct text_format *row, const struct share_text *text)
{
    const char *end = text->input->bytes + text->input->size;
    double times = 1.25 * input_expected(text->input) / (double)(end - text->begin);
    size_t values = row->count_values != NULL ? row->count_values(text->begin, end) : 0;
    return (struct guess){times * (double)text->count(text->format, text->begin, end),
                          times * (double)values};
}

bool text_may_stream(const struct text_format *row, const struct share_text *text)
{
    struct error unused = {.kind = ERROR_NONE};
    if (text->input->rest == NULL || input_expected(text->input) == 0.0)
        return false;
    struct guess guess = guess_of(row, text);
    double bytes = row->bytes(text->format, guess.rows, guess.values);
    if (text->scratch != NULL)
        bytes = 2.0 * (bytes + input_expected(text->input));
    return guess.rows < (double)UINT32_MAX && memory_check(bytes, text->input->path, &unused) &&
           row->fits(text->format, guess.rows, guess.values, &unused);
}

/* Unpacks all that is left. */
static bool rest_unpack(struct input *input, struct parts *parts, struct error *error)
{
    size_t ready;
    bool whole = false, sound = true;
    while (sound && !whole)
        sound = input_more(input, &ready, &whole, error);
    if (parts != NULL)
        parts_end(parts);
    return sound;
}

bool text_wait(const struct text_format *row, struct share_text *text, int threads,
               struct error *error)
{
    bool sound = true;
    struct parts *parts = input_parts(text->input, threads);
#pragma omp parallel num_threads(parts != NULL ? threads : 1)
    {
        if (threads_current() == 0)
            sound = rest_unpack(text->input, parts, error);
        else
            parts_help_all(parts);
    }
    parts_close(parts);
    if (!sound)
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
    bool suffices = memory_check(bytes, what, &stream->error);
    stream->again = !suffices && stream->text->scratch != NULL;
    return suffices;
}

/* Cuts a block that ends at `end`, and counts what is in it. NULL when there is no room for it, or,
 * with an error, no memory. */
static struct block *block_cut(struct stream *stream, const char *end)
{
    const struct share_text *text = stream->text;
    struct block block = {.begin = stream->next, .end = end, .first_row = stream->rows};
    block.rows = text->count(text->format, block.begin, end);
    if (stream->row->count_values != NULL)
        block.values = stream->row->count_values(block.begin, end);
    block.first_value = stream->values;
    stream->full = stream->count == stream->most_blocks ||
                   block.rows > stream->most_rows - stream->rows ||
                   block.values > stream->most_values - stream->values;
    if (stream->full)
        return NULL;
    stream->rows += block.rows;
    stream->values += block.values;
    stream->next = end;
    stream->blocks[stream->count] = block;
    stream->failed = ++stream->count % STREAM_LOOK == 0 && !memory_look(stream);
    return stream->failed ? NULL : &stream->blocks[stream->count - 1];
}

/* --- The threads ----------------------------------------------------------------------------- */

/* Waits until more may be there, and unpacks a part of what comes next meanwhile, if there is one.
 * The lock is held before and afterwards. */
static void block_wait(struct stream *stream)
{
    const char *end = stream->end;
    pthread_mutex_unlock(&stream->lock);
    bool helped = parts_help(stream->parts);
    pthread_mutex_lock(&stream->lock);
    if (!helped && stream->end == end && !stream->whole && !stream->failed)
        pthread_cond_wait(&stream->more, &stream->lock);
}

/* The next block to be parsed; NULL when there is none any more, whole lines being left perhaps. */
static struct block *block_take(struct stream *stream)
{
    struct block *block = NULL;
    pthread_mutex_lock(&stream->lock);
    while (!stream->failed && !stream->full) {
        const char *end = block_end(stream);
        if (end != NULL)
            block = block_cut(stream, end);
        if (end != NULL || stream->whole)
            break;
        block_wait(stream);
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
        stream->again = stream->again && done;
        stream->whole = whole;
        ended = stream->failed || whole;
        pthread_cond_broadcast(&stream->more);
        pthread_mutex_unlock(&stream->lock);
    }
}

/* --- All of it ------------------------------------------------------------------------------- */

static void stream_open(struct stream *stream, const struct text_format *row,
                        struct share_text *text, const struct share *share)
{
    struct guess guess = guess_of(row, text);
    *stream = (struct stream){
        .row = row,
        .text = text,
        .next = text->begin,
        .end = text->begin,
        .most_rows = (size_t)guess.rows,
        .most_values = (size_t)guess.values,
        .most_blocks = (size_t)(1.25 * input_expected(text->input)) / STREAM_BLOCK + 1,
    };
    text->end = row->end(text->format, input_beyond(text->input), false);
    stream->blocks = memory_allocate_untouched(stream->most_blocks, sizeof *stream->blocks);
    stream->data = row->create(text->format, stream->most_rows, stream->most_values);
    stream->data->first_row = share->first;
    pthread_mutex_init(&stream->lock, NULL);
    pthread_cond_init(&stream->more, NULL);
}

/* Counts what is left, in blocks that are added to those before; makes room for it. */
static bool rest_place(struct stream *stream, int threads)
{
    struct share_text *text = stream->text;
    size_t count, rows = stream->rows, values = stream->values;
    struct block *rest = blocks_cut(stream->next, text->end, &count);
    rows += share_text_count(text, stream->row->count_values, rest, count, threads);
    stream->blocks = memory_resize(stream->blocks, stream->count + count, sizeof *rest);
    for (size_t i = 0; i < count; i++) {
        rest[i].first_row += stream->rows;
        rest[i].first_value = values;
        values += rest[i].values;
        stream->blocks[stream->count + i] = rest[i];
    }
    memory_free(rest);
    bool fits = rows <= stream->most_rows && values <= stream->most_values;
    stream->again = !fits && text->scratch != NULL;
    if (!fits && !stream->again && blocks_check_rows(text->input->path, rows, &stream->error) &&
        stream->row->fits(text->format, (double)rows, (double)values, &stream->error)) {
        dataset_grow(stream->data, stream->rows, rows, stream->values, values);
        fits = true;
    }
    stream->rows = rows;
    stream->values = values;
    stream->count += count;
    return fits;
}

/* Reads the lines that are left, up to the end of the rows. */
static bool rest_read(struct stream *stream, int threads)
{
    struct share_text *text = stream->text;
    size_t first = stream->count;
    if (stream->failed)
        return false;
    text->end = stream->row->end(text->format, text->input->bytes + text->input->size, true);
    if (!rest_place(stream, threads))
        return false;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = first; i < stream->count; i++)
        stream->row->read(text->format, &stream->blocks[i], stream->data);
    return true;
}

static bool rows_finish(struct stream *stream, struct share *share, int threads,
                        struct error *error)
{
    const struct text_format *row = stream->row;
    struct share_text *text = stream->text;
    struct dataset *data = stream->data;
    share_rows(share, stream->rows);
    data->rows = stream->rows;
    return text_labels_set(row, text, stream->blocks, stream->count, share, data, threads, error) &&
           row->finish(text->format, stream->blocks, stream->count, share, data, threads, error);
}

struct dataset *text_stream_read(const struct text_format *row, struct share_text *text,
                                 struct share *share, int threads, bool *again, struct error *error)
{
    struct stream stream;
    stream_open(&stream, row, text, share);
    stream.parts = input_parts(text->input, threads);
#pragma omp parallel num_threads(threads)
    {
        if (threads_current() == 0)
            text_unpack(&stream);
        blocks_parse(&stream);
    }
    parts_close(stream.parts);
    bool sound = rest_read(&stream, threads);
    *again = stream.again;
    if (!sound && !stream.again)
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
