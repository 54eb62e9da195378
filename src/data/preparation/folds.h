/* SPDX-License-Identifier: MIT
 *
 * Folds: the rows of a set dealt into K parts, to train K times, each time without one of them, and
 * to see how each model does on the part that it was not trained on. Every row is held out exactly
 * once, so that the mean over folds is over all rows.
 *
 * Each class is dealt by itself, in a random order of its rows: no fold has more than one row more
 * of it than another (stratified). The second class goes on with the fold at which the first
 * ended, so that whole folds too differ by at most one row. Which class is called 1 changes
 * nothing.
 *
 * Folds are numbered from 1. Those beyond K deal the rows anew: K + 1 to 2 K are the second
 * repeat, and so on.
 */
#ifndef DESCENT_DATA_PREPARATION_FOLDS_H
#define DESCENT_DATA_PREPARATION_FOLDS_H

#include "base/error.h"
#include "data/dataset.h"
#include "data/preparation/splitting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FOLDS_MOST = 10000, FOLD_MOST = 1000000 };

/* One of them. */
struct fold {
    size_t folds;  /* K */
    uint64_t seed; /* of all repeats */
    size_t number; /* from 1; (number - 1) / K is its repeat, from 0 */
};

/* Which part of 1 .. K a fold holds out. */
size_t fold_part(const struct fold *fold);

/* The most rows that one of K folds of so many has. */
size_t fold_rows_most(size_t rows, size_t folds);

/* Does each class have a row for each fold? Otherwise an error that names the class. */
bool folds_check(const struct dataset *data, size_t folds, struct error *error);

/* The part of every row (n), from 1, in the repeat of that fold. */
uint16_t *fold_deal(const struct dataset *data, const struct fold *fold);

/* The rows of all other parts, and those of the fold held out; the set must be whole and labelled.
 * NULL, with an error, as of folds_check(), or when memory for a copy of the rows is short. */
struct split *fold_split(const struct dataset *data, const struct fold *fold, struct error *error);

#endif
