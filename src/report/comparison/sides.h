/* SPDX-License-Identifier: MIT
 *
 * The sides of a comparison: what configurations are told apart by. A side is a family of solvers,
 * a value of one hyper-parameter, or a store. Where nothing says by what, two stores are the sides;
 * else it is what the sweep file says its question is about (`by`), else families where there are
 * two, else the first hyper-parameter that varies. Solvers that minimise another objective (the
 * perceptron), or nothing, are on no side.
 *
 * Families, by what a step is made from: one sample (SGD), a mini-batch, one sample and a full
 * gradient now and then (reduced variance), or the full gradient (batch).
 */
#ifndef DESCENT_REPORT_COMPARISON_SIDES_H
#define DESCENT_REPORT_COMPARISON_SIDES_H

#include "report/opened_store.h"
#include "report/quantity.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIDES_MOST = 32 };

struct sides {
    const char *by;                    /* "family", "store" or the name of a hyper-parameter */
    const struct hyperparameter *axis; /* NULL for the first two */
    size_t count;
    char names[SIDES_MOST][QUANTITY_TEXT];
    struct configuration values[SIDES_MOST]; /* of an axis: one that has the value */
};

/* By what opened (count) are compared where the user says nothing. */
const char *sides_axis(const struct opened_store *opened, size_t count);

/* The sides that opened (count) have configurations on, in their natural order. False, with an
 * error, when `by` is none of the above or has more values than SIDES_MOST. */
bool sides_create(struct sides *sides, const char *by, const struct opened_store *opened,
                  size_t count, struct error *error);

/* Is each side a seed? */
bool sides_are_seeds(const struct sides *sides);

/* The side of a configuration of source `source`; -1: none. */
int sides_find(const struct sides *sides, size_t source, const struct configuration *values);

#endif
