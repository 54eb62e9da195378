/* SPDX-License-Identifier: MIT
 *
 * A file that appears whole or not at all: it is written beside its place under another name and
 * then renamed.
 *
 *     struct file_output file;
 *     if (!file_output_begin(&file, path, error))
 *         return false;
 *     fprintf(file.stream, ...);
 *     return file_output_commit(&file, error);
 */
#ifndef DESCENT_BASE_FILE_H
#define DESCENT_BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct file_output {
    FILE *stream;    /* to write to; its errors are found by file_output_commit() */
    char *path;      /* where the file will be */
    char *temporary; /* where it is until then; NULL: a device or a pipe, written directly */
};

/* Opens a file to write in the folder of `path`. Ended by exactly one of the two below. */
bool file_output_begin(struct file_output *file, const char *path, struct error *error);

/* Puts the file in its place, replacing what was there; false when any of its bytes could not be
 * written, and then what was there stays. */
bool file_output_commit(struct file_output *file, struct error *error);

void file_output_discard(struct file_output *file);

#endif
