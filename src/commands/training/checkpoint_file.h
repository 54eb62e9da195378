/* SPDX-License-Identifier: MIT
 *
 * What `descent train --checkpoint` writes: a record (data/cache/record.h) of the training in
 * flight (solvers/snapshot.h), of what was measured in the folds before it, and of what all that
 * belongs to.
 */
#ifndef DESCENT_COMMANDS_CHECKPOINT_FILE_H
#define DESCENT_COMMANDS_CHECKPOINT_FILE_H

#include "base/error.h"
#include "measure/statistics/fold_mean.h"
#include "solvers/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a checkpoint is of. Where `build`, `digest` and `key` are equal, it can be gone on from. */
struct checkpoint_origin {
    const char *build;  /* the program, and what else decides the bits, in words */
    const char *digest; /* of the data */
    const char *data;   /* their name */
    const char *key;    /* of all that the command says of how to train */
    const char *words;  /* the configuration */
};

struct checkpoint_content {
    int64_t continued;         /* how often training went on from a checkpoint */
    size_t measured;           /* folds that have been */
    struct fold_means *folds;  /* (measured) the mean of each measure is its value */
    struct snapshot *snapshot; /* of the training after them */
};

void checkpoint_content_clear(struct checkpoint_content *content);

/* Whether all was written, the caller asks the file. */
void checkpoint_file_write(const struct checkpoint_origin *origin,
                           const struct checkpoint_content *content, FILE *file);

/* The bytes of a file that is called `path`. On success clear it. False, with an error that says
 * what to do, where they are no checkpoint, not whole, or of something else. */
bool checkpoint_file_read(const char *path, const void *bytes, size_t size,
                          const struct checkpoint_origin *origin,
                          struct checkpoint_content *content, struct error *error);

#endif
