/* SPDX-License-Identifier: MIT
 *
 * Streams that say how long they are, as bgzip, pzstd and pbzip2 write many of one after the other:
 * threads that have nothing else to do unpack those that come next, each to memory of its own, from
 * where they are copied once it is their turn.
 *
 * What a part says of itself is not believed. One that is not whole streams up to its end, or is
 * larger than the memory that there is for it, is thrown away, and whoever unpacks in order unpacks
 * it again: so content and errors are those of one thread, and memory stays bounded.
 */
#ifndef DESCENT_DATA_COMPRESSION_PARTS_H
#define DESCENT_DATA_COMPRESSION_PARTS_H

#include "data/compression/compression.h"

/* What was unpacked of a part. */
struct stream_part {
    size_t begin, end; /* of what is compressed */
    size_t streams;
    char *bytes; /* (used) */
    size_t used;
    size_t capacity;
    enum part_state { PART_FREE, PART_BUSY, PART_DONE, PART_FAILED } state;
};

struct parts;

/* For `threads` threads, one of which unpacks in order, and `size` bytes of compressed streams, the
 * first that is not begun yet being behind the one at `begin`. NULL: the row has no parts. */
struct parts *parts_open(const struct compression *row, const char *bytes, size_t size,
                         size_t begin, int threads);
void parts_close(struct parts *parts); /* NULL is allowed; no thread is within */

/* Unpacks a part, for any thread but the one that unpacks in order. False: there is none to be
 * unpacked now. NULL is allowed. */
bool parts_help(struct parts *parts);

/* The same until parts_end(). */
void parts_help_all(struct parts *parts);
void parts_end(struct parts *parts);

/* For the one that does so in order, where a stream begins: the part that was unpacked from there
 * on; NULL: go on without. */
const struct stream_part *parts_take(struct parts *parts, size_t begin);

/* Its bytes are copied. */
void parts_release(struct parts *parts, const struct stream_part *part);

#endif
