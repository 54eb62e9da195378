/* SPDX-License-Identifier: MIT
 *
 * bzip2 through its library, which has no way to begin again but to end.
 */
#include "base/memory.h"
#include "data/compression/compression.h"

#include <bzlib.h>
#include <stdio.h>
#include <string.h>

enum { BEGIN = 10, LOOK = 4 << 20 }; /* bytes of a beginning, and in which the next is looked for */

static void begin(bz_stream *stream)
{
    *stream = (bz_stream){.bzalloc = NULL};
    if (BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK)
        memory_exhausted(1, sizeof *stream);
}

static void *bzip2_open(void)
{
    bz_stream *stream = memory_allocate(1, sizeof *stream);
    begin(stream);
    return stream;
}

static enum compression_step bzip2_step(void *state, struct compression_place *place)
{
    bz_stream *stream = state;
    unsigned in = compression_part(place->in_left), out = compression_part(place->out_left);
    stream->next_in = (char *)place->in; /* is not written to */
    stream->next_out = place->out;
    stream->avail_in = in;
    stream->avail_out = out;
    int result = BZ2_bzDecompress(stream);
    compression_taken(place, in - stream->avail_in, out - stream->avail_out);
    switch (result) {
    case BZ_OK:
        return COMPRESSION_GOES_ON;
    case BZ_STREAM_END:
        BZ2_bzDecompressEnd(stream);
        begin(stream);
        return COMPRESSION_STREAM_END;
    case BZ_MEM_ERROR:
        memory_exhausted(1, sizeof *stream);
    default:
        place->fault = result == BZ_DATA_ERROR_MAGIC ? "invalid header" : "invalid data";
        return COMPRESSION_DAMAGED;
    }
}

static void bzip2_close(void *state)
{
    BZ2_bzDecompressEnd(state);
    memory_free(state);
}

/* The header, then that of the first block, or the end of a stream of nothing. */
static bool bzip2_begins(const char *bytes, size_t size)
{
    return size >= 10 && memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9' &&
           (memcmp(bytes + 4, "1AY&SY", 6) == 0 ||
            memcmp(bytes + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* Up to where the next seems to begin: what looks like that may also be in the middle of one. */
static size_t bzip2_length(const char *bytes, size_t size)
{
    if (!bzip2_begins(bytes, size))
        return 0;
    const char *end = bytes + (size < LOOK ? size : LOOK), *p = bytes + BEGIN;
    while ((p = memmem(p, (size_t)(end - p), "BZh", 3)) != NULL &&
           !bzip2_begins(p, (size_t)(end - p)))
        p++;
    if (p != NULL)
        return (size_t)(p - bytes);
    return size <= LOOK ? size : 0;
}

static void bzip2_version(char text[static COMPRESSION_VERSION])
{
    const char *version = BZ2_bzlibVersion(); /* "1.0.8, 13-Jul-2019" */
    snprintf(text, COMPRESSION_VERSION, "%.*s", (int)strcspn(version, ","), version);
}

static const char *const endings[] = {"bz2", NULL};

const struct compression compression_bzip2 = {
    .entry = {"bzip2", "sorted blocks; small and slow"},
    .endings = endings,
    .begins = bzip2_begins,
    .open = bzip2_open,
    .step = bzip2_step,
    .close = bzip2_close,
    .length = bzip2_length,
    .library = "bzip2",
    .version = bzip2_version,
};
