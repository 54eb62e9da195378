/* SPDX-License-Identifier: MIT
 *
 * Texts that are composed by printing: a stream that writes into memory. As with all memory
 * (memory.h), it is there or the program ends: what is closed is whole.
 *
 *     struct memory_stream stream;
 *     FILE *out = memory_stream_open(&stream);
 *     fprintf(out, "%s of %zu", name, count);
 *     char *text = memory_stream_close(&stream);
 */
#ifndef DESCENT_BASE_MEMORY_STREAM_H
#define DESCENT_BASE_MEMORY_STREAM_H

#include <stddef.h>
#include <stdio.h>

/* Stays where it is while it is open. */
struct memory_stream {
    FILE *out;
    char *text; /* (length), and NUL once it is closed */
    size_t length, capacity;
};

/* Never NULL. */
FILE *memory_stream_open(struct memory_stream *stream);

/* All that was written, ended by NUL; never NULL. Free with memory_free(). */
char *memory_stream_close(struct memory_stream *stream);

#endif
