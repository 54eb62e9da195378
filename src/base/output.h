/* SPDX-License-Identifier: MIT
 *
 * A file that is written whole or not at all: it appears under its name only once everything is on
 * disk.
 */
#ifndef DESCENT_BASE_OUTPUT_H
#define DESCENT_BASE_OUTPUT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct output {
    FILE *file;      /* to be written to */
    char *path;      /* the name it will have; NULL: standard output */
    char *temporary; /* the name it has, in the same folder; NULL: not a file to be replaced */
};

/* Opens for writing; "-" is standard output, and devices are written to directly. An existing file
 * is an error unless `replace`. */
bool output_open(struct output *output, const char *path, bool replace, struct error *error);

/* Closes and gives the file its name. False, and nothing remains, when not all could be written. */
bool output_commit(struct output *output, struct error *error);

/* Closes and removes what was written. */
void output_discard(struct output *output);

#endif
