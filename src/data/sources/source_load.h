/* SPDX-License-Identifier: MIT
 *
 * The data sets that sources stand for.
 */
#ifndef DESCENT_DATA_SOURCES_SOURCE_LOAD_H
#define DESCENT_DATA_SOURCES_SOURCE_LOAD_H

#include "data/sources/source_text.h"

/* Loads or generates with `threads` threads, and prepares: a set that is split is the rows to train
 * on, with the others in data->heldout. NULL on error. `labels_required`, as training does: no
 * labels, or one class only, is an error. Otherwise data->y may be NULL (the label is "none"), and
 * data->class_names[1] too. */
struct dataset *source_load(const struct source *source, bool labels_required, int threads,
                            struct error *error);

/* The rows as they are before anything is fitted to them, labelled and of two classes, in this
 * process: what preparation_fold() takes. NULL on error. */
struct dataset *source_load_rows(const struct source *source, int threads, struct error *error);

/* Do the rows that source_load() returned serve as well? They do where nothing was fitted. */
bool source_rows_serve(const struct dataset *data);

#endif
