/* SPDX-License-Identifier: MIT
 *
 * Frames of lz4 through its library. What is unpacked stays where it was put, one piece behind the
 * other, so that the library needs no copy of its own to look back at.
 */
#include "base/memory.h"
#include "data/compression/compression.h"

#include <lz4.h>
#include <lz4frame.h>
#include <stdio.h>
#include <string.h>

static void *lz4_open(void)
{
    LZ4F_dctx *context;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        memory_exhausted(1, LZ4F_HEADER_SIZE_MAX);
    return context;
}

static enum compression_step lz4_step(void *state, struct compression_place *place)
{
    const LZ4F_decompressOptions_t options = {.stableDst = 1};
    size_t in = place->in_left, out = place->out_left;
    size_t result = LZ4F_decompress(state, place->out, &out, place->in, &in, &options);
    if (LZ4F_isError(result)) {
        place->fault = LZ4F_getErrorName(result);
        return COMPRESSION_DAMAGED;
    }
    place->in += in;
    place->in_left -= in;
    place->out += out;
    place->out_left -= out;
    return result == 0 ? COMPRESSION_STREAM_END : COMPRESSION_GOES_ON;
}

static void lz4_close(void *state)
{
    LZ4F_freeDecompressionContext(state);
}

static bool lz4_begins(const char *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "\x04\x22\x4d\x18", 4) == 0;
}

static void lz4_version(char text[static COMPRESSION_VERSION])
{
    snprintf(text, COMPRESSION_VERSION, "%.20s", LZ4_versionString());
}

static const char *const endings[] = {"lz4", NULL};

const struct compression compression_lz4 = {
    .entry = {"lz4", "frames of LZ4; the quickest to read"},
    .endings = endings,
    .begins = lz4_begins,
    .open = lz4_open,
    .step = lz4_step,
    .close = lz4_close,
    .library = "lz4",
    .version = lz4_version,
};
