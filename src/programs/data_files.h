/* SPDX-License-Identifier: MIT
 *
 * A data set as programs are given it: .npy files in a folder of their own, to be mapped. X (n, d),
 * or the three arrays of compressed sparse rows, and y (n), 0 or 1. They are the numbers that
 * descent trains on, after all preparation, so that no program parses, scales or encodes anything
 * again.
 */
#ifndef DESCENT_PROGRAMS_DATA_FILES_H
#define DESCENT_PROGRAMS_DATA_FILES_H

#include "base/error.h"
#include "data/dataset.h"
#include "programs/protocol.h"

struct data_files;

/* Writes them below $TMPDIR, or /tmp. `dense`: sparse rows are written as a matrix. NULL, with an
 * error, where they cannot be written; nothing is left then. */
struct data_files *data_files_write(const struct dataset *data, bool dense, struct error *error);

/* What is said of them; the texts are theirs. */
const struct protocol_data *data_files_message(const struct data_files *files);

/* Removes them. NULL is allowed. */
void data_files_remove(struct data_files *files);

#endif
