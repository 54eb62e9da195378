/* SPDX-License-Identifier: MIT
 *
 * gzip (RFC 1952) through zlib, which checks the sum and the length behind each member; and deflate
 * alone (RFC 1951).
 */
#include "base/memory.h"
#include "data/compression/compression.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { BGZIP_HEADER = 18, BGZIP_FLAGS = 4 }; /* bytes; there is an extra field and nothing else */
enum { WITHIN_GZIP = 15 + 16, ALONE = -15 }; /* what zlib calls the bits of the window */

static void *inflate_open(int window)
{
    z_stream *stream = memory_allocate(1, sizeof *stream);
    if (inflateInit2(stream, window) != Z_OK)
        memory_exhausted(1, sizeof *stream);
    return stream;
}

static void *gzip_open(void)
{
    return inflate_open(WITHIN_GZIP);
}

static void *deflate_open(void)
{
    return inflate_open(ALONE);
}

static enum compression_step gzip_step(void *state, struct compression_place *place)
{
    z_stream *stream = state;
    unsigned in = compression_part(place->in_left), out = compression_part(place->out_left);
    stream->next_in = (z_const Bytef *)place->in;
    stream->next_out = (Bytef *)place->out;
    stream->avail_in = in;
    stream->avail_out = out;
    int result = inflate(stream, Z_NO_FLUSH);
    compression_taken(place, in - stream->avail_in, out - stream->avail_out);
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: /* nothing could be done with so little */
        return COMPRESSION_GOES_ON;
    case Z_STREAM_END:
        inflateReset(stream);
        return COMPRESSION_STREAM_END;
    case Z_MEM_ERROR:
        memory_exhausted(1, sizeof *stream);
    default:
        place->fault = stream->msg != NULL ? stream->msg : "invalid data";
        return COMPRESSION_DAMAGED;
    }
}

static void gzip_close(void *state)
{
    inflateEnd(state);
    memory_free(state);
}

/* The third byte is the method, of which there is one. */
static bool gzip_begins(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

/* bgzip says so in a field of the header (SAM specification, 4.1). */
static size_t gzip_length(const char *bytes, size_t size)
{
    const unsigned char *byte = (const unsigned char *)bytes;
    if (size < BGZIP_HEADER || !gzip_begins(bytes, size) || byte[3] != BGZIP_FLAGS ||
        memcmp(bytes + 12, "BC\2\0", 4) != 0)
        return 0;
    return (size_t)(byte[16] | byte[17] << 8) + 1;
}

static void gzip_version(char text[static COMPRESSION_VERSION])
{
    snprintf(text, COMPRESSION_VERSION, "%.20s", zlibVersion());
}

static const char *const endings[] = {"gz", "bgz", "gzip", NULL};

const struct compression compression_gzip = {
    .entry = {"gzip", "deflate with a sum; also from pigz and bgzip"},
    .endings = endings,
    .begins = gzip_begins,
    .open = gzip_open,
    .step = gzip_step,
    .close = gzip_close,
    .length = gzip_length,
    .library = "zlib",
    .version = gzip_version,
};

const struct compression compression_deflate = {
    .entry = {"deflate", "without a frame"},
    .open = deflate_open,
    .step = gzip_step,
    .close = gzip_close,
};
