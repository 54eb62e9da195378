/* SPDX-License-Identifier: MIT
 *
 * Paths of files: put together, and told from another folder than the one they were given in.
 * Results are freed with memory_free().
 */
#ifndef DESCENT_BASE_SYSTEM_PATH_H
#define DESCENT_BASE_SYSTEM_PATH_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* The folder that a file lies in, as the path says; "" is the working directory. */
char *path_folder(const char *path);

/* Where `path` is if a relative one is taken from `folder`; "" is the working directory. */
char *path_in(const char *folder, const char *path);

/* The absolute path without links and "..", also of what does not exist yet: as far as it does. */
char *path_real(const char *path);

/* The same folder, without links, from the working directory where it is in that ("": it is that),
 * or else absolute. */
char *path_near(const char *folder);

/* The path that leads from `folder` to `path`, both taken from the working directory: "../my.csv".
 * A file that is a link is named as the link. */
char *path_from(const char *folder, const char *path);

/* The folder of that name where programs keep what may be removed at any time: in $XDG_CACHE_HOME,
 * or in ~/.cache. NULL: the environment names neither, absolutely. */
char *path_cache(const char *name);

/* Makes a folder that only the user may look into, NAME.XXXXXX below $TMPDIR, or /tmp. NULL, with
 * an error that says for what. */
char *path_temporary(const char *name, const char *what, struct error *error);

/* Creates a folder, and those it lies in, where they are not there; `mode` is what the user may let
 * others do in it. */
bool path_create_folder(const char *folder, mode_t mode, struct error *error);

#endif
