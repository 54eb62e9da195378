/* SPDX-License-Identifier: MIT
 *
 * Room for bytes of which it is not known how many come: a range of addresses that is set aside as
 * a whole and becomes memory as it fills up. So it grows without a copy, and what lies in it may be
 * read by other threads while it grows.
 *
 * Where a folder is named, only the beginning becomes memory, and what follows lies in a file there
 * that has no name: the system writes it to the disk when memory is short and reads it back when it
 * is looked at. It is gone with the process, however that ends.
 */
#ifndef DESCENT_DATA_COMPRESSION_ROOM_H
#define DESCENT_DATA_COMPRESSION_ROOM_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { ROOM_PADDING = 64 }; /* NUL bytes that follow what was put into it */

struct room {
    char *bytes;
    size_t usable;      /* bytes that may be written to, padding not counted */
    size_t reserved;    /* bytes of addresses */
    const char *folder; /* on whose disk lies what memory is not to hold; NULL: there is none */
    size_t memory_most; /* with a folder: bytes from which on it lies there */
    bool has_file;      /* a part lies there already, ... */
    size_t file_from;   /* ... which is all from this byte on */
    int file;
};

/* Sets addresses aside, as many as memory and the disk of `folder` (which stays the caller's, and
 * may be NULL) might fill. False, with an error about `path`. */
bool room_reserve(struct room *room, const char *path, const char *folder, struct error *error);

/* All of a room at once, in a file without a name in a folder, whose blocks on the disk are taken:
 * later on, a disk that is full would be a fault in the middle of a loop. A number of errno, or 0.
 */
int room_on_disk(struct room *room, const char *folder, size_t size);

/* Makes more of it usable, `used` of which holds something. False, with an error, when memory is
 * short: at least as much is left as is asked for, so that what stops is this and not the system.
 */
bool room_grow(struct room *room, size_t used, const char *path, struct error *error);

/* Ends growing: gives back what is not used, and pads. */
void room_finish(struct room *room, size_t used);

void room_release(struct room *room);

#endif
