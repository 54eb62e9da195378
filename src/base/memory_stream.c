/* SPDX-License-Identifier: MIT
 *
 * Not open_memstream(): where memory runs out, that of glibc loses what was printed, sets no error
 * flag, and can be closed with success and a text that is cut or NULL. Here the C library only
 * formats, and what it formatted is kept in memory that is never refused.
 */
#include "base/memory_stream.h"

#include "base/memory.h"

#include <string.h>

static ssize_t append(void *cookie, const char *bytes, size_t count)
{
    struct memory_stream *stream = cookie;
    stream->text =
        memory_grow(stream->text, &stream->capacity, stream->length + count + 1, sizeof(char));
    memcpy(stream->text + stream->length, bytes, count);
    stream->length += count;
    return (ssize_t)count;
}

FILE *memory_stream_open(struct memory_stream *stream)
{
    *stream = (struct memory_stream){0};
    append(stream, "", 0);
    stream->out = fopencookie(stream, "w", (cookie_io_functions_t){.write = append});
    if (stream->out == NULL)
        memory_exhausted(1, BUFSIZ);
    return stream->out;
}

char *memory_stream_close(struct memory_stream *stream)
{
    bool whole = ferror(stream->out) == 0;
    if (fclose(stream->out) != 0 || !whole)
        memory_exhausted(stream->length, 1);
    stream->text[stream->length] = '\0';
    return stream->text;
}
