/* SPDX-License-Identifier: MIT
 *
 * Bytes, compressed by each library, and archives of zip made by hand.
 */
#ifndef DESCENT_TESTS_PACKED_FIXTURE_H
#define DESCENT_TESTS_PACKED_FIXTURE_H

#include "base/memory.h"
#include "testing.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct packed {
    char *bytes; /* (size), freed with memory_free() */
    size_t size;
};

static inline struct packed packed_room(size_t size)
{
    return (struct packed){memory_allocate(2 * size + 1024, 1), 2 * size + 1024};
}

/* window: 31 makes gzip, -15 deflate alone. */
static inline struct packed pack_zlib(const char *bytes, size_t size, int window)
{
    struct packed packed = packed_room(size);
    z_stream stream = {.next_in = (z_const Bytef *)bytes, .avail_in = (uInt)size};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_out = (Bytef *)packed.bytes;
    stream.avail_out = (uInt)packed.size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.size = stream.total_out;
    deflateEnd(&stream);
    return packed;
}

static inline struct packed pack_gzip(const char *bytes, size_t size)
{
    return pack_zlib(bytes, size, 31);
}

static inline struct packed pack_bzip2(const char *bytes, size_t size)
{
    struct packed packed = packed_room(size);
    unsigned length = (unsigned)packed.size;
    assert_int_equal(
        BZ2_bzBuffToBuffCompress(packed.bytes, &length, (char *)bytes, (unsigned)size, 1, 0, 0),
        BZ_OK);
    packed.size = length;
    return packed;
}

static inline struct packed pack_xz(const char *bytes, size_t size)
{
    struct packed packed = packed_room(size);
    size_t length = 0;
    assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, (const uint8_t *)bytes,
                                             size, (uint8_t *)packed.bytes, &length, packed.size),
                     LZMA_OK);
    packed.size = length;
    return packed;
}

static inline struct packed pack_zstd(const char *bytes, size_t size)
{
    struct packed packed = packed_room(size);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    packed.size = ZSTD_compress2(context, packed.bytes, packed.size, bytes, size);
    assert_false(ZSTD_isError(packed.size));
    ZSTD_freeCCtx(context);
    return packed;
}

static inline struct packed pack_lz4(const char *bytes, size_t size)
{
    struct packed packed = packed_room(size);
    LZ4F_preferences_t preferences = {
        .frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
    packed.size = LZ4F_compressFrame(packed.bytes, packed.size, bytes, size, &preferences);
    assert_false(LZ4F_isError(packed.size));
    return packed;
}

static const struct {
    const char *name;
    struct packed (*pack)(const char *bytes, size_t size);
} packers[] = {{"gzip", pack_gzip},
               {"bzip2", pack_bzip2},
               {"xz", pack_xz},
               {"zstd", pack_zstd},
               {"lz4", pack_lz4}};

enum { PACKERS = sizeof packers / sizeof *packers };

/* --- Archives -------------------------------------------------------------------------------- */

struct zip_file {
    const char *name;
    const char *bytes; /* (size) */
    size_t size;
    bool deflated, large; /* large: its numbers stand in a field for those beyond 32 bits */
    unsigned method;      /* 0: as `deflated` says */
    bool encrypted;
};

struct zip_maker {
    char *out;
    size_t size;
};

static inline void zip_number(struct zip_maker *zip, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        zip->out[zip->size++] = (char)(value >> (8 * i));
}

static inline void zip_bytes(struct zip_maker *zip, const char *bytes, size_t size)
{
    memcpy(zip->out + zip->size, bytes, size);
    zip->size += size;
}

/* The numbers that stand before a member and in the directory. */
static inline void zip_facts(struct zip_maker *zip, const struct zip_file *file, size_t packed)
{
    unsigned method = file->method != 0 ? file->method : file->deflated ? 8 : 0;
    zip_number(zip, 45, 2);
    zip_number(zip, file->encrypted, 2);
    zip_number(zip, method, 2);
    zip_number(zip, 0, 4);
    zip_number(zip, crc32(0, (const Bytef *)file->bytes, (uInt)file->size), 4);
    zip_number(zip, file->large ? UINT32_MAX : packed, 4);
    zip_number(zip, file->large ? UINT32_MAX : file->size, 4);
    zip_number(zip, strlen(file->name), 2);
    zip_number(zip, file->large ? 28 : 0, 2);
}

static inline void zip_extra(struct zip_maker *zip, const struct zip_file *file, size_t packed,
                             size_t at)
{
    if (!file->large)
        return;
    zip_number(zip, 1, 2);
    zip_number(zip, 24, 2);
    zip_number(zip, file->size, 8);
    zip_number(zip, packed, 8);
    zip_number(zip, at, 8);
}

/* What stands behind the directory, which begins at `begin`. */
static inline void zip_end(struct zip_maker *zip, size_t begin, size_t count, bool large,
                           const char *comment)
{
    size_t end = zip->size;
    if (large) {
        zip_bytes(zip, "PK\6\6", 4);
        zip_number(zip, 44, 8);
        zip_number(zip, 0, 8);
        zip_number(zip, 0, 4);
        zip_number(zip, count, 8);
        zip_number(zip, count, 8);
        zip_number(zip, end - begin, 8);
        zip_number(zip, begin, 8);
        zip_bytes(zip, "PK\6\7", 4);
        zip_number(zip, 0, 4);
        zip_number(zip, end, 8);
        zip_number(zip, 1, 4);
    }
    zip_bytes(zip, "PK\5\6", 4);
    zip_number(zip, 0, 4);
    zip_number(zip, large ? UINT16_MAX : count, 2);
    zip_number(zip, large ? UINT16_MAX : count, 2);
    zip_number(zip, large ? UINT32_MAX : end - begin, 4);
    zip_number(zip, large ? UINT32_MAX : begin, 4);
    zip_number(zip, strlen(comment), 2);
    zip_bytes(zip, comment, strlen(comment));
}

/* An archive of `count` files, the directory of which has ZIP64's end where one is large. */
static inline struct packed zip_make(const struct zip_file *files, size_t count,
                                     const char *comment)
{
    struct zip_maker zip = {memory_allocate(1 << 22, 1), 0};
    size_t places[16], sizes[16];
    bool large = false;
    for (size_t i = 0; i < count; i++) {
        const struct zip_file *file = &files[i];
        struct packed packed = file->deflated ? pack_zlib(file->bytes, file->size, -15)
                                              : (struct packed){NULL, file->size};
        places[i] = zip.size;
        sizes[i] = packed.size;
        zip_bytes(&zip, "PK\3\4", 4);
        zip_facts(&zip, file, packed.size);
        zip_bytes(&zip, file->name, strlen(file->name));
        zip_extra(&zip, file, packed.size, places[i]);
        zip_bytes(&zip, file->deflated ? packed.bytes : file->bytes, packed.size);
        memory_free(packed.bytes);
        large = large || file->large;
    }
    size_t begin = zip.size;
    for (size_t i = 0; i < count; i++) {
        zip_bytes(&zip, "PK\1\2\x2d\0", 6);
        zip_facts(&zip, &files[i], sizes[i]);
        zip_number(&zip, 0, 8);
        zip_number(&zip, 0, 2);
        zip_number(&zip, files[i].large ? UINT32_MAX : places[i], 4);
        zip_bytes(&zip, files[i].name, strlen(files[i].name));
        zip_extra(&zip, &files[i], sizes[i], places[i]);
    }
    zip_end(&zip, begin, count, large, comment);
    return (struct packed){zip.out, zip.size};
}

/* --- Many streams ---------------------------------------------------------------------------- */

/* A stream of gzip with the field by which bgzip says how long it is. */
static inline struct packed pack_bgzip(const char *bytes, size_t size)
{
    struct packed packed = pack_gzip(bytes, size);
    size_t length = packed.size + 8;
    memmove(packed.bytes + 18, packed.bytes + 10, packed.size - 10);
    memcpy(packed.bytes + 10, "\6\0BC\2\0", 6);
    packed.bytes[3] = 4;
    packed.bytes[16] = (char)((length - 1) & 255);
    packed.bytes[17] = (char)((length - 1) >> 8);
    packed.size = length;
    return packed;
}

/* Streams of `part` bytes each, one after the other. */
static inline struct packed pack_many(struct packed (*pack)(const char *bytes, size_t size),
                                      const char *bytes, size_t size, size_t part)
{
    struct packed many = packed_room(size);
    size_t used = 0;
    for (size_t at = 0; at < size; at += part) {
        struct packed one = pack(bytes + at, size - at < part ? size - at : part);
        assert_true(one.size <= many.size - used);
        memcpy(many.bytes + used, one.bytes, one.size);
        used += one.size;
        memory_free(one.bytes);
    }
    many.size = used;
    return many;
}

#endif
