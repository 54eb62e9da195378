/* SPDX-License-Identifier: MIT
 *
 * What is compressed, unpacked into memory: streams one after the other are read as one, as the
 * programs do that make them. Zeros may follow the last, as tapes pad. Anything else that follows,
 * and a stream that is damaged or cut off, is an error: no part of a file is taken for the whole.
 */
#ifndef DESCENT_DATA_COMPRESSION_UNPACK_H
#define DESCENT_DATA_COMPRESSION_UNPACK_H

#include "data/compression/compression.h"
#include "data/compression/room.h"

/* Where compressed bytes come from: those in memory, then those of a file that is read to its end.
 */
struct unpack_source {
    const char *path; /* for messages */
    const char *bytes;
    size_t size;
    int file; /* -1: there are no others */
};

/* Who is told how many bytes lie in the room so far, from the thread that unpacks. NULL: nobody. */
struct unpack_progress {
    void (*told)(void *context, const struct room *room, size_t size);
    void *context;
};

/* Unpacks all of it. The room is reserved here; its bytes are the caller's, who releases it. False
 * with an error, and without a room. */
bool unpack(const struct compression *row, const struct unpack_source *source,
            const struct unpack_progress *progress, struct room *room, size_t *size,
            struct error *error);

#endif
