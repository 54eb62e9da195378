/* SPDX-License-Identifier: MIT
 *
 * Boards: what shards tell each other of configurations that are compared. Each shard has a file in
 * its folder, rungs-S.txt for data set S, with the values of its own at the rungs that they have
 * come to, and reads those of the others:
 *
 *     descent rungs 1 DIGEST of the sweep file's text
 *     KEY of a configuration and its data, epoch, value; or "none" after a bad end
 *     ...
 *
 * A board is replaced as a whole, so that it is read whole or not at all, on any file system that
 * machines share; nobody opens the store of another. One of another text of the sweep file is as if
 * it were not there.
 */
#ifndef DESCENT_SWEEP_RUN_HALVING_BOARD_H
#define DESCENT_SWEEP_RUN_HALVING_BOARD_H

#include "base/error.h"
#include "base/lookup.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero: empty. Clear with board_clear(). */
struct board {
    struct lookup keys;
    size_t capacity;
    double *values; /* (keys.count) infinite: it has none */
    bool changed;   /* since it was written */
};

void board_clear(struct board *board);

/* Puts the value of a configuration after so many epochs there, in place of an earlier one. */
void board_add(struct board *board, const char *key, int64_t epoch, double value);

/* False: it is not there. */
bool board_find(const struct board *board, const char *key, int64_t epoch, double *value);

/* `sweep`: the digest of the sweep file's text. */
bool board_write(struct board *board, const char *path, const char *sweep, struct error *error);

/* Adds what is in a file; nothing, where there is none, or it is of another text. */
bool board_read(struct board *board, const char *path, const char *sweep, struct error *error);

#endif
