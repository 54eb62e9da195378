/* SPDX-License-Identifier: MIT
 *
 * A file that is mapped into memory, and watched: its bytes are not this program's own, and another
 * one may change them or cut the file short while they are used.
 */
#ifndef DESCENT_DATA_MAPPING_H
#define DESCENT_DATA_MAPPING_H

#include "base/error.h"
#include "data/compression/room.h"

#include <stdbool.h>
#include <stddef.h>

struct mapping;

/* Maps a regular file that is open, and its `size` bytes (> 0), to be read only; what follows them
 * in memory is zero, INPUT_PADDING bytes at least. `file` may be closed afterwards. NULL on an
 * error. Once the file is cut short, a look at what is gone ends the program with a message. */
struct mapping *mapping_open(int file, size_t size, const char *path, struct error *error);
void mapping_close(struct mapping *mapping); /* NULL is allowed */

/* Memory that fills no file, in place of one that is mapped: what was unpacked from `path`, and its
 * padding. The room is given away. Nothing changes it. */
struct mapping *mapping_of_room(const struct room *room, size_t size, const char *path);

/* Is it memory, which may be written to? */
bool mapping_is_memory(const struct mapping *mapping);

const char *mapping_bytes(const struct mapping *mapping);

enum mapping_state {
    MAPPING_SAME,
    MAPPING_TOUCHED, /* size and time of change are the same, and yet something was done to the
                        file: a link, its permissions, or its time was set back */
    MAPPING_CHANGED,
};

/* What has become of the file since it was mapped. */
enum mapping_state mapping_look(const struct mapping *mapping);

/* Says that it has changed, as an error (ERROR_FAILED); returns false. */
bool mapping_refuse(const struct mapping *mapping, struct error *error);

/* Takes the file as it is now for what it was. */
void mapping_accept(struct mapping *mapping);

#endif
