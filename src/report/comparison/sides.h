/* SPDX-License-Identifier: MIT
 *
 * The sides of a comparison: what configurations are told apart by. A side is a family of solvers,
 * a value of one hyper-parameter, or a store. Where nothing says by what, two stores are the sides;
 * else it is what the sweep file says its question is about (`by`), else families where there are
 * two, else the first hyper-parameter that varies. Solvers that minimise another objective (the
 * perceptron), or nothing, are on no side.
 *
 * Of what prepares data, `scale` and `missing` make sides too: the rows held out are the same rows
 * under any, unless rows with a gap are dropped, which is refused beside others. So losses on them
 * may be compared, and within one store only, where the same description means the same rows.
 * Another split or split_seed holds out other rows, on which losses say nothing of each other.
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

struct source_attribute; /* data/sources/attributes.h */

enum { SIDES_MOST = 32 };

struct sides {
    const char *by; /* "family", "store", "scale", "missing", "precision" or the name of a
                       hyper-parameter */
    const struct hyperparameter *axis;          /* of the last, or NULL */
    const struct source_attribute *preparation; /* `scale`, `missing`, `precision`, or NULL */
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

/* Do objectives of the sides differ, so that they are judged by the loss on the rows held out? */
bool sides_by_heldout(const struct sides *sides);

/* The side of an outcome of source `source`; -1: none. */
int sides_find(const struct sides *sides, size_t source, const struct outcome *outcome);

#endif
