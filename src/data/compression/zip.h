/* SPDX-License-Identifier: MIT
 *
 * Archives of zip, read by their directory, which stands at the end: what is in them, and each
 * member by itself, stored or deflated. Archives and members beyond 4 GiB (ZIP64) are read alike.
 */
#ifndef DESCENT_DATA_COMPRESSION_ZIP_H
#define DESCENT_DATA_COMPRESSION_ZIP_H

#include "data/compression/room.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip_member {
    char *name;
    const char *bytes; /* (packed) as they are in the archive */
    size_t packed, size;
    uint32_t sum; /* of the content */
    unsigned method;
    bool encrypted;
};

struct zip {
    const char *path;
    struct zip_member *members; /* (count) files, without folders, in the order of the directory */
    size_t count;
};

/* Do these bytes begin like an archive? */
bool zip_begins(const char *bytes, size_t size);

/* Reads the directory of an archive. False, with an error, when it is damaged or cut off. */
bool zip_open(struct zip *zip, const char *path, const char *bytes, size_t size,
              struct error *error);
void zip_close(struct zip *zip);

/* Does the name of a member end so? Of every one? */
bool zip_member_ends(const struct zip_member *member, const char *ending);
bool zip_all_end(const struct zip *zip, const char *ending);

/* Unpacks the first bytes of a member, at most `size`. Returns how many there are; 0: none could
 * be, which zip_unpack() says why. */
size_t zip_head(const struct zip_member *member, char *bytes, size_t size);

/* Unpacks a member, what memory does not hold of it in `folder` unless that is NULL, and checks its
 * sum; the caller releases the room. */
bool zip_unpack(const struct zip *zip, const struct zip_member *member, const char *folder,
                struct room *room, struct error *error);

#endif
