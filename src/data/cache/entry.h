/* SPDX-License-Identifier: MIT
 *
 * An entry of the cache: one file with all that a reader found in a data file, before anything is
 * done to it. The rows (X as it lies in memory, or the three arrays of sparse rows), the labels,
 * and what is known of columns, classes and the file, with the notes about it.
 *
 * It says of what it is the content, twice: `key` is what was asked for, and `origin` is the state
 * that the data file was in. Whoever reads it says what both must be.
 */
#ifndef DESCENT_DATA_CACHE_ENTRY_H
#define DESCENT_DATA_CACHE_ENTRY_H

#include "base/digest.h"
#include "base/error.h"
#include "data/dataset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file as it was when it was read. */
struct entry_origin {
    uint64_t size;
    int64_t modified[2], changed[2]; /* seconds and nanoseconds; `changed`, 0: it had been changed
                                      * so recently that its times do not tell the next change */
    uint64_t device, inode;
    char digest[DIGEST_TEXT]; /* of its bytes */
};

struct entry_content {
    char *key;
    struct entry_origin origin;
    struct dataset *data; /* the whole of a set, as its reader gives it, with nothing done to it */
    char *told;           /* of the columns (struct source), or NULL */
};

/* Writes an entry, in place of another, whole or not at all. */
bool cache_entry_write(const struct entry_content *content, const char *path, struct error *error);

enum entry_state {
    ENTRY_READ,
    ENTRY_ABSENT,
    ENTRY_OTHER,   /* of something else, or of another version of this program */
    ENTRY_DAMAGED, /* or it cannot be opened */
    ENTRY_FAILED,  /* memory does not hold it: an error */
};

/* Reads the entry that `key` has, if `same` says that its origin is that of the file now. X, or
 * what sparse rows consist of, stays in the entry's file, which is mapped. On success content->data
 * is the caller's, to be freed, and so is content->told. */
enum entry_state cache_entry_read(const char *path, const char *key,
                                  bool (*same)(const struct entry_origin *origin, void *context),
                                  void *context, struct entry_content *content,
                                  struct error *error);

#endif
