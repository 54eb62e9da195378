/* SPDX-License-Identifier: MIT
 *
 * A text is its length and its bytes; no text is the length NO_TEXT.
 */
#include "data/cache/record.h"

#include "base/memory.h"

#include <string.h>

#define NO_TEXT UINT64_MAX

/* --- Writing ------------------------------------------------------------------------------- */

void record_begin(struct record_writer *writer, FILE *file)
{
    *writer = (struct record_writer){.file = file, .digest = digest_create()};
}

/* Of nothing there may be no address. */
static void put(struct record_writer *writer, const void *bytes, size_t size)
{
    if (size == 0)
        return;
    fwrite(bytes, 1, size, writer->file);
    digest_add(writer->digest, bytes, size);
    writer->size += size;
}

void record_put_number(struct record_writer *writer, uint64_t number)
{
    put(writer, &number, sizeof number);
}

void record_put_text(struct record_writer *writer, const char *text)
{
    record_put_number(writer, text != NULL ? strlen(text) : NO_TEXT);
    if (text != NULL)
        put(writer, text, strlen(text));
}

void record_put_texts(struct record_writer *writer, char *const *texts, size_t count)
{
    record_put_number(writer, texts != NULL);
    for (size_t i = 0; texts != NULL && i < count; i++)
        record_put_text(writer, texts[i]);
}

/* Bytes from an offset to the next at which an array may begin. */
static size_t gap(size_t at)
{
    return (MEMORY_ALIGNMENT - at % MEMORY_ALIGNMENT) % MEMORY_ALIGNMENT;
}

void record_put_array(struct record_writer *writer, const void *array, size_t size)
{
    static const char zeros[MEMORY_ALIGNMENT];
    put(writer, zeros, gap(writer->size));
    put(writer, array, size);
}

void record_end(struct record_writer *writer)
{
    char digest[DIGEST_TEXT];
    digest_finish(writer->digest, digest);
    fwrite(digest, 1, sizeof digest, writer->file);
}

/* --- Reading ------------------------------------------------------------------------------- */

struct record_reader record_open(const char *bytes, size_t size)
{
    bool sound = size > DIGEST_TEXT;
    return (struct record_reader){bytes, sound ? size - DIGEST_TEXT : 0, 0, sound};
}

bool record_is_whole(const struct record_reader *reader)
{
    char digest[DIGEST_TEXT];
    if (!reader->sound)
        return false;
    digest_of_bytes(reader->bytes, reader->size, digest);
    return memcmp(reader->bytes + reader->size, digest, sizeof digest) == 0;
}

bool record_has(struct record_reader *reader, uint64_t count, size_t size)
{
    reader->sound = reader->sound && count <= (reader->size - reader->at) / size;
    return reader->sound;
}

/* The next bytes, or NULL. */
static const char *take(struct record_reader *reader, uint64_t count, size_t size)
{
    if (!record_has(reader, count, size))
        return NULL;
    const char *bytes = reader->bytes + reader->at;
    reader->at += (size_t)count * size;
    return bytes;
}

uint64_t record_take_number(struct record_reader *reader)
{
    uint64_t number = 0;
    const char *bytes = take(reader, 1, sizeof number);
    if (bytes != NULL)
        memcpy(&number, bytes, sizeof number);
    return number;
}

bool record_take_flag(struct record_reader *reader)
{
    uint64_t number = record_take_number(reader);
    reader->sound = reader->sound && number <= 1;
    return reader->sound && number == 1;
}

char *record_take_text(struct record_reader *reader)
{
    uint64_t length = record_take_number(reader);
    const char *bytes = reader->sound && length != NO_TEXT ? take(reader, length, 1) : NULL;
    if (bytes == NULL)
        return NULL;
    char *text = memory_allocate((size_t)length + 1, 1);
    memcpy(text, bytes, (size_t)length);
    return text;
}

char **record_take_texts(struct record_reader *reader, size_t count)
{
    if (!record_take_flag(reader) || !record_has(reader, count, sizeof(uint64_t)))
        return NULL;
    char **texts = memory_allocate(count, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = record_take_text(reader);
        reader->sound = reader->sound && texts[i] != NULL;
    }
    return texts;
}

const void *record_take_array(struct record_reader *reader, uint64_t count, size_t size)
{
    take(reader, gap(reader->at), 1);
    return take(reader, count, size);
}
