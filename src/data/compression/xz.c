/* SPDX-License-Identifier: MIT
 *
 * xz through liblzma. What a stream says of the memory that it needs is not believed beyond what
 * there is.
 */
#include "base/memory.h"
#include "data/compression/compression.h"

#include <lzma.h>
#include <stdio.h>
#include <string.h>

static void begin(lzma_stream *stream)
{
    if (lzma_stream_decoder(stream, memory_available(), 0) != LZMA_OK)
        memory_exhausted(1, sizeof *stream);
}

static void *xz_open(void)
{
    lzma_stream *stream = memory_allocate(1, sizeof *stream);
    *stream = (lzma_stream)LZMA_STREAM_INIT;
    begin(stream);
    return stream;
}

static const char *fault_of(lzma_ret result)
{
    return result == LZMA_FORMAT_ERROR     ? "invalid header"
           : result == LZMA_OPTIONS_ERROR  ? "options that liblzma does not know"
           : result == LZMA_MEMLIMIT_ERROR ? "unpacking needs more memory than is available"
                                           : "invalid data";
}

static enum compression_step xz_step(void *state, struct compression_place *place)
{
    lzma_stream *stream = state;
    stream->next_in = (const uint8_t *)place->in;
    stream->next_out = (uint8_t *)place->out;
    stream->avail_in = place->in_left;
    stream->avail_out = place->out_left;
    lzma_ret result = lzma_code(stream, LZMA_RUN);
    place->in = (const char *)stream->next_in;
    place->out = (char *)stream->next_out;
    place->in_left = stream->avail_in;
    place->out_left = stream->avail_out;
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR:
        return COMPRESSION_GOES_ON;
    case LZMA_STREAM_END:
        begin(stream);
        return COMPRESSION_STREAM_END;
    case LZMA_MEM_ERROR:
        memory_exhausted(1, sizeof *stream);
    default:
        place->fault = fault_of(result);
        return COMPRESSION_DAMAGED;
    }
}

static void xz_close(void *state)
{
    lzma_end(state);
    memory_free(state);
}

static bool xz_begins(const char *bytes, size_t size)
{
    return size >= 6 && memcmp(bytes, "\xfd\x37zXZ\0", 6) == 0;
}

static void xz_version(char text[static COMPRESSION_VERSION])
{
    snprintf(text, COMPRESSION_VERSION, "%.20s", lzma_version_string());
}

static const char *const endings[] = {"xz", NULL};

const struct compression compression_xz = {
    .entry = {"xz", "LZMA with a sum; small, slow to make"},
    .endings = endings,
    .begins = xz_begins,
    .open = xz_open,
    .step = xz_step,
    .close = xz_close,
    .library = "liblzma",
    .version = xz_version,
};
