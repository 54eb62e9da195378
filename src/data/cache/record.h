/* SPDX-License-Identifier: MIT
 *
 * Numbers, texts and arrays one after the other in a file, in the byte order of the machine: what
 * an entry of the cache consists of. A record ends with the digest of all that goes before, without
 * which nothing in it is believed; and whoever reads it never looks beyond its end, whatever is in
 * it.
 */
#ifndef DESCENT_DATA_CACHE_RECORD_H
#define DESCENT_DATA_CACHE_RECORD_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* --- Writing ------------------------------------------------------------------------------- */

struct record_writer {
    FILE *file; /* whether all was written, the caller asks it */
    struct digest *digest;
    size_t size;
};

void record_begin(struct record_writer *writer, FILE *file);
void record_put_number(struct record_writer *writer, uint64_t number);
void record_put_text(struct record_writer *writer, const char *text); /* NULL is allowed */

/* `count` texts, which may be NULL together. */
void record_put_texts(struct record_writer *writer, char *const *texts, size_t count);

/* `size` bytes, from an offset on that is a multiple of MEMORY_ALIGNMENT. */
void record_put_array(struct record_writer *writer, const void *array, size_t size);

/* Writes the digest. */
void record_end(struct record_writer *writer);

/* --- Reading ------------------------------------------------------------------------------- */

/* Once it is not `sound`, all that is taken is 0 or NULL. */
struct record_reader {
    const char *bytes;
    size_t size; /* without the digest */
    size_t at;
    bool sound;
};

/* A reader of the `size` bytes of a whole record. */
struct record_reader record_open(const char *bytes, size_t size);

/* Is the digest that of the bytes? All of them are looked at. */
bool record_is_whole(const struct record_reader *reader);

uint64_t record_take_number(struct record_reader *reader);
bool record_take_flag(struct record_reader *reader); /* a number, 0 or 1 */
char *record_take_text(struct record_reader *reader);

/* NULL, where they were, or where the record is not sound. */
char **record_take_texts(struct record_reader *reader, size_t count);

/* Are there, at most, so many of `size` bytes left? */
bool record_has(struct record_reader *reader, uint64_t count, size_t size);

/* `count` elements of `size` bytes, where they are in the record. */
const void *record_take_array(struct record_reader *reader, uint64_t count, size_t size);

#endif
