/* SPDX-License-Identifier: MIT
 *
 * A file that is written whole or not at all: it appears under its name only once everything is on
 * disk. Whatever a command writes beside its store goes through here, so that for all of them
 *
 *     an existing file is replaced only if that was asked for, by one of the same permissions,
 *     a store never is,
 *     an input of the same command never is (by device and inode: also through links),
 *     no two outputs have one name, and
 *     nothing remains of a file that was not completed: not after an error, a signal, or the end of
 *     memory.
 */
#ifndef DESCENT_BASE_SYSTEM_OUTPUT_H
#define DESCENT_BASE_SYSTEM_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What has become of the name: another file may have it, or none; this one has, which is the first
 * there, or in place of another; or the two have each other's names, for the time being. */
enum output_place { OUTPUT_NOT_PLACED, OUTPUT_CREATED, OUTPUT_REPLACED, OUTPUT_EXCHANGED };

struct output {
    FILE *file;      /* to be written to */
    char *path;      /* the name it will have; NULL: standard output */
    char *temporary; /* the name it has, in the same folder; NULL: not a file to be replaced */
    bool replace;    /* a file of that name */
    enum output_place place;
};

/* Opens for writing; "-" (or /dev/stdout) is standard output, and devices are written to directly.
 * What can be known to be wrong with the name is an error now, before anything is computed for it.
 */
bool output_open(struct output *output, const char *path, bool replace, struct error *error);

/* Closes and gives the file its name. False, and nothing remains, when not all could be written. */
bool output_commit(struct output *output, struct error *error);

/* The same for files that belong together: all have their names in the end, or none. */
bool output_commit_all(struct output *outputs, size_t count, struct error *error);

/* Is the file of that name being written? */
bool output_is_taken(const char *path);

/* What `fault`, a number of errno after a write failed, means to people. */
const char *output_fault(int fault);

/* Closes and removes what was written. An output that is not open is left alone. */
void output_discard(struct output *output);

#endif
