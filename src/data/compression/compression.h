/* SPDX-License-Identifier: MIT
 *
 * Compressed streams, told by how they begin: one row each in a table. A row knows how its library
 * takes bytes from one place and puts them into another; what is read, where it goes, and what
 * follows a stream is the same for all (unpack.h).
 *
 * The libraries themselves, not one over all of them: each checks the sums that its format has, and
 * writes straight into the place where the content stays.
 */
#ifndef DESCENT_DATA_COMPRESSION_COMPRESSION_H
#define DESCENT_DATA_COMPRESSION_COMPRESSION_H

#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    COMPRESSION_BEGIN = 10, /* bytes that tell which it is, where there are so many */
    COMPRESSION_VERSION = 32,
};

enum compression_step {
    COMPRESSION_GOES_ON,    /* needs bytes or room */
    COMPRESSION_STREAM_END, /* a stream is whole; the next bytes begin another */
    COMPRESSION_DAMAGED,
};

/* Where a library is: it takes from the first and fills the second. */
struct compression_place {
    const char *in;
    size_t in_left;
    char *out;
    size_t out_left;
    const char *fault; /* what is wrong, once it is COMPRESSION_DAMAGED */
};

struct compression {
    struct entry entry;
    const char *const *endings; /* of files, in lower case, without the point; ended by NULL */
    bool (*begins)(const char *bytes, size_t size);
    void *(*open)(void); /* ends the program when memory is exhausted */
    enum compression_step (*step)(void *state, struct compression_place *place);
    void (*close)(void *state);

    /* How long the stream is that begins there, as far as that can be told from little of it; 0: it
     * cannot. It may be wrong (parts.h). NULL: it never can. */
    size_t (*length)(const char *bytes, size_t size);
    const char *library;
    void (*version)(char text[static COMPRESSION_VERSION]); /* of the library */
};

extern const struct table compression_table;

/* Deflate without a frame around it, as archives have it: no row, for it cannot be told. */
extern const struct compression compression_deflate;

/* The row whose streams begin so, or NULL. */
const struct compression *compression_find(const char *bytes, size_t size);

/* The length of a path without the ending of a compressed file, as ".gz" or ".zip", in any case. */
size_t compression_stem(const char *path);

/* The version of one of the libraries, by its name in the table. Returns `text`. */
char *compression_library_version(const char *library, char text[static COMPRESSION_VERSION]);

/* The smaller of a number of bytes and what fits into the library's type for it. */
static inline unsigned compression_part(size_t bytes)
{
    const size_t most = 1u << 30;
    return (unsigned)(bytes < most ? bytes : most);
}

/* Notes what a library has left of the parts that it was given. */
static inline void compression_taken(struct compression_place *place, unsigned in, unsigned out)
{
    place->in += in;
    place->in_left -= in;
    place->out += out;
    place->out_left -= out;
}

#endif
