/* SPDX-License-Identifier: MIT
 *
 * The bytes of an input file, whole and in place: readers cut them into blocks and parse those in
 * parallel, without copying. What is compressed is unpacked in memory, whatever its name: readers
 * see the content.
 */
#ifndef DESCENT_DATA_INPUT_H
#define DESCENT_DATA_INPUT_H

#include "data/compression/parts.h"
#include "data/compression/zip.h"
#include "data/mapping.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INPUT_PADDING = 64,     /* NUL bytes that may be read after the last byte */
    INPUT_SAMPLE = 1 << 20, /* bytes from which the size of a set is estimated */
};

struct input {
    const char *path;  /* as the user gave it; belongs to the caller */
    const char *bytes; /* (size + INPUT_PADDING) */
    size_t size;
    struct mapping *mapping; /* that they lie in; NULL: a copy in memory */
    struct mapping *packed;  /* the file that they were unpacked from, or NULL */
    struct unpacker *rest;   /* what more is to come, see input_open_begin(); or NULL */
    const char *folder;      /* on whose disk lies what memory does not hold of what is unpacked,
                              * of the caller; NULL: there is none */
    bool kept;               /* a copy that stays for those who open the same pipe again */
};

/* From here on, what can be read once only (a pipe, standard input) is kept in memory to the end of
 * the process, and whoever opens it again gets the same bytes. For commands that read their data
 * more than once. */
void input_keep_pipes(void);

/* Opens a file, a pipe or "-" (standard input), and unpacks what begins like a compressed stream
 * (compression/compression.h) or like an archive of zip with one file in it. Archives of arrays
 * (.npz) and documents stay as they are. False when it is missing, unreadable, a directory, damaged
 * where it is compressed, or gives more than memory holds. */
bool input_open(struct input *input, const char *path, struct error *error);

/* The same; what memory does not hold of what is unpacked lies on the disk of a folder, which is to
 * stay. `begin`: as input_open_begin() does. */
bool input_open_large(struct input *input, const char *path, const char *folder, bool begin,
                      struct error *error);

/* As input_open(), but of a long compressed stream only the beginning is unpacked, and `size` is
 * that of some whole lines, INPUT_SAMPLE bytes of them behind the first at least: by them it is
 * told what the text is. What follows comes with input_more(). */
bool input_open_begin(struct input *input, const char *path, struct error *error);

/* For one thread: unpacks more. `*ready`: so many bytes may be looked at, now and later, by any
 * thread, and as many again as padding behind them. With the last, `*whole` is true and the input
 * is as input_open() would have made it. Where nothing more is to come, that is so at once. */
bool input_more(struct input *input, size_t *ready, bool *whole, struct error *error);

/* Has threads that have nothing else to do unpack parts of it ahead, if it has some
 * (compression/parts.h); close them when all is there, or is not wanted any more. */
struct parts *input_parts(struct input *input, int threads);

/* How large the input will be, by what is there of it; 0: that is not known, as of a pipe. */
double input_expected(const struct input *input);

/* Beyond any byte of what is still to come. */
const char *input_beyond(const struct input *input);

/* Unpacks a member of an archive that `archive` holds, as an input of its own; false on an error.
 */
bool input_open_member(struct input *input, const struct input *archive, const struct zip *zip,
                       const struct zip_member *member, struct error *error);

/* What a file ending in .zip calls the only file in it, or the first of its arrays, where there is
 * nothing else; NULL: it is no such archive. Free with memory_free(). */
char *input_member_name(const char *path);

/* Gives the mapping away, to be closed by who takes it. Its bytes stay where they are, and
 * input_close() leaves them alone. */
struct mapping *input_release(struct input *input);

/* Is the file still what was mapped? An error when it has changed meanwhile. */
bool input_is_unchanged(const struct input *input, struct error *error);

void input_close(struct input *input);

#endif
