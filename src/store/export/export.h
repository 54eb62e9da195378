/* SPDX-License-Identifier: MIT
 *
 * Exports: what a store holds, for other programs. One row of export_format_table is one format;
 * each streams, so that ten thousand traces are never in memory at once. What they have of a trial
 * stands in store/trial_columns.c.
 *
 * A trial that was disturbed is run again, and finals are held anew when others are the best: the
 * store keeps what came before, but it is superseded and does not count. Exports have the trials
 * that count, as reports do, unless all are asked for; `final`, `repeat` and `attempt` say which
 * trial of its configuration a row is, and `superseded` whether another took its place. With each
 * goes the evidence of noise (measure/machine/evidence.h).
 */
#ifndef DESCENT_STORE_EXPORT_EXPORT_H
#define DESCENT_STORE_EXPORT_EXPORT_H

#include "base/table.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdio.h>

struct export_options {
    bool traces;     /* every point of every trial, where a format has a form without them */
    bool superseded; /* also trials that others have superseded */
    bool safe_cells; /* csv: no text that a spreadsheet would run (base/text.h) */
};

struct export_format {
    struct entry entry;
    /* Writes `list` (of `store`) to `out`; the stream's own errors are left to who opened it. */
    bool (*write)(struct store *store, const struct stored_trials *list,
                  struct export_options options, FILE *out, struct error *error);
};

extern const struct table export_format_table;
extern const struct export_format export_format_csv, export_format_json, export_format_gbench;

/* Writes what is recorded; configurations that were not trained yet are left out. */
bool export_write(struct store *store, const struct export_format *format,
                  struct export_options options, FILE *out, struct error *error);

#endif
