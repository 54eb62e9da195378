/* SPDX-License-Identifier: MIT
 *
 * The file in which choices of variants are kept: $XDG_CACHE_HOME/descent/tuning/, or below
 * ~/.cache, named by the digest of what they hold for, this processor and this build. It may be
 * removed at any time. It is believed only if its digest is that of its text, and if all that is in
 * it is known to this program; what is not is as if it were not there.
 */
#ifndef DESCENT_MEASURE_VARIANTS_VARIANT_FILE_H
#define DESCENT_MEASURE_VARIANTS_VARIANT_FILE_H

#include "base/error.h"

#include <stdbool.h>

/* Its path, to be freed with memory_free(); NULL: the environment names no folder for it. */
char *variant_file_path(void);

/* Chooses (variant_choose) all that is in the file; false: it is not there, or not believed. */
bool variant_file_read(const char *path);

/* Writes all that is chosen, in place of what was there, whole or not at all. */
bool variant_file_write(const char *path, struct error *error);

#endif
