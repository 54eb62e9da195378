/* SPDX-License-Identifier: MIT
 *
 * zstd (RFC 8878) through its library. By default that refuses windows beyond 128 MiB, which
 * `zstd --long=31` makes; here memory decides.
 */
#include "base/memory.h"
#include "data/compression/compression.h"

#include <stdio.h>
#include <string.h>
#include <zstd.h>

enum { LOOK = 32 << 20 };    /* bytes of a stream in which its end is looked for */
enum { WINDOW_ALWAYS = 27 }; /* logarithms of bytes */

/* The largest window that leaves half of what memory there is. */
static int window_most(void)
{
    size_t available = memory_available();
    int most = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound, window = WINDOW_ALWAYS;
    while (window < most && available >> (window + 2) > 0)
        window++;
    return window;
}

static void *zstd_open(void)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (context == NULL)
        memory_exhausted(1, ZSTD_DStreamInSize());
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, window_most());
    return context;
}

static enum compression_step zstd_step(void *state, struct compression_place *place)
{
    ZSTD_inBuffer in = {place->in, place->in_left, 0};
    ZSTD_outBuffer out = {place->out, place->out_left, 0};
    size_t result = ZSTD_decompressStream(state, &out, &in);
    place->in += in.pos;
    place->in_left -= in.pos;
    place->out += out.pos;
    place->out_left -= out.pos;
    if (!ZSTD_isError(result))
        return result == 0 ? COMPRESSION_STREAM_END : COMPRESSION_GOES_ON;
    place->fault = ZSTD_getErrorName(result);
    return COMPRESSION_DAMAGED;
}

static void zstd_close(void *state)
{
    ZSTD_freeDCtx(state);
}

/* A frame, or one that is to be skipped, with which parallel programs begin. */
static bool zstd_begins(const char *bytes, size_t size)
{
    return size >= 4 &&
           (memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 || memcmp(bytes, "\x50\x2a\x4d\x18", 4) == 0);
}

/* Blocks say how long they are. */
static size_t zstd_length(const char *bytes, size_t size)
{
    size_t length = ZSTD_findFrameCompressedSize(bytes, size < LOOK ? size : LOOK);
    return ZSTD_isError(length) ? 0 : length;
}

static void zstd_version(char text[static COMPRESSION_VERSION])
{
    snprintf(text, COMPRESSION_VERSION, "%.20s", ZSTD_versionString());
}

static const char *const endings[] = {"zst", "zstd", NULL};

const struct compression compression_zstd = {
    .entry = {"zstd", "Zstandard; quick to read"},
    .endings = endings,
    .begins = zstd_begins,
    .open = zstd_open,
    .step = zstd_step,
    .close = zstd_close,
    .length = zstd_length,
    .library = "zstd",
    .version = zstd_version,
};
