/* SPDX-License-Identifier: MIT
 *
 * What is compressed, unpacked into memory: streams one after the other are read as one, as the
 * programs do that make them. Zeros may follow the last, as tapes pad. Anything else that follows,
 * and a stream that is damaged or cut off, is an error: no part of a file is taken for the whole.
 */
#ifndef DESCENT_DATA_COMPRESSION_UNPACK_H
#define DESCENT_DATA_COMPRESSION_UNPACK_H

#include "data/compression/compression.h"
#include "data/compression/parts.h"
#include "data/compression/room.h"

/* Where compressed bytes come from: those in memory, then those of a file that is read to its end.
 */
struct unpack_source {
    const char *path; /* for messages */
    const char *bytes;
    size_t size;
    int file;           /* -1: there are no others */
    const char *folder; /* on whose disk lies what memory does not hold; NULL: nothing does */
};

/* Unpacks all of it. The room is reserved here; its bytes are the caller's, who releases it. False
 * with an error, and without a room. */
bool unpack(const struct compression *row, const struct unpack_source *source, struct room *room,
            size_t *size, struct error *error);

/* The same step by step, for those who use what is there already. */
struct unpacker;

/* Begins, with a room in which nothing lies yet. The bytes in memory must stay; the file is kept
 * open. NULL on an error. */
struct unpacker *unpack_begin(const struct compression *row, const struct unpack_source *source,
                              struct error *error);

/* Goes on until `size` bytes are there, or all. */
bool unpack_until(struct unpacker *unpacker, size_t size, struct error *error);

/* How many are there, and whether that is all. What is there does not change, nor does its place.
 */
size_t unpack_size(const struct unpacker *unpacker);
bool unpack_is_whole(const struct unpacker *unpacker);
/* How many there will be, if what follows is packed as what came is; 0: it is not known how much
 * follows. */
double unpack_expected(const struct unpacker *unpacker);

const struct room *unpack_room(const struct unpacker *unpacker);

/* Has `threads` threads unpack parts ahead (parts.h), with parts_help() in those that do not unpack
 * here; NULL where there are none. They are the caller's, who closes them after the last step. */
struct parts *unpack_parts(struct unpacker *unpacker, int threads);

/* Ends; the room becomes the caller's, or with NULL goes as well. */
void unpack_end(struct unpacker *unpacker, struct room *room);

#endif
