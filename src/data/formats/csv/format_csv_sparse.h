/* SPDX-License-Identifier: MIT
 *
 * Wide CSV files of mostly zeros, which are read as sparse sets.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_CSV_SPARSE_H
#define DESCENT_DATA_FORMATS_FORMAT_CSV_SPARSE_H

#include "data/formats/blocks.h"
#include "data/formats/csv/csv.h"
#include "data/share.h"

/* Is the file one that may become a sparse set, by its shape and by what is to be done with it; and
 * are its rows to be read as sparse ones? */
bool csv_may_be_sparse(const struct csv_layout *layout);
bool csv_is_sparse(const struct csv_layout *layout);

/* At most how many of the fields in [begin, end) have to be stored then. */
size_t csv_sparse_count(const char *begin, const char *end);

/* What is to be done once all blocks of sparse rows are read; the set may become dense. All ranks
 * call it together. False, with an error, when memory is short. */
bool csv_sparse_finish(const struct csv_layout *layout, const struct block *blocks, size_t count,
                       struct share *share, struct dataset *data, int threads, struct error *error);

#endif
