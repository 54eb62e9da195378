/* SPDX-License-Identifier: MIT
 *
 * Room for bytes of which it is not known how many come: a range of addresses that is set aside as
 * a whole and becomes memory as it fills up. So it grows without a copy, and what lies in it may be
 * read by other threads while it grows.
 */
#ifndef DESCENT_DATA_COMPRESSION_ROOM_H
#define DESCENT_DATA_COMPRESSION_ROOM_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { ROOM_PADDING = 64 }; /* NUL bytes that follow what was put into it */

struct room {
    char *bytes;
    size_t usable;   /* bytes that may be written to, padding not counted */
    size_t reserved; /* bytes of addresses */
};

/* Sets addresses aside, as many as memory might fill. False, with an error about `path`. */
bool room_reserve(struct room *room, const char *path, struct error *error);

/* Makes more of it usable, `used` of which holds something. False, with an error, when memory is
 * short: at least as much is left as is asked for, so that what stops is this and not the system.
 */
bool room_grow(struct room *room, size_t used, const char *path, struct error *error);

/* Ends growing: gives back what is not used, and pads. */
void room_finish(struct room *room, size_t used);

void room_release(struct room *room);

#endif
