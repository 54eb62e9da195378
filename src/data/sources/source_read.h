/* SPDX-License-Identifier: MIT
 *
 * The rows of a source as they are in the file, or as they are generated: before preparation.
 */
#ifndef DESCENT_DATA_SOURCES_SOURCE_READ_H
#define DESCENT_DATA_SOURCES_SOURCE_READ_H

#include "data/share.h"
#include "data/source.h"

/* Reads or generates, with `threads` threads, the rows that are this process's share, which is
 * filled in: all ranks at the same time. Not sealed; one class alone is no error. NULL, with an
 * error, for all of them. */
struct dataset *source_read(const struct source *source, struct share *share, int threads,
                            struct error *error);

#endif
