/* SPDX-License-Identifier: MIT
 *
 * What outputs (base/system/output.h) must know of the rest of the process: which files it reads,
 * which others it writes, and which temporary files are to go when it ends early.
 */
#ifndef DESCENT_BASE_OUTPUT_GUARD_H
#define DESCENT_BASE_OUTPUT_GUARD_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Notes that this command reads the file ("-": standard input), which no output may take the place
 * of. One that is not there is no matter. */
void output_protect(const char *path);
void output_protect_status(const struct stat *status);

/* The same for the file FOLDER/NAME. */
void output_protect_in(const char *folder, const char *name);

bool output_is_protected(const struct stat *status);

/* Makes a temporary file from a template for mkstemp(), which is unlinked whichever way the process
 * ends, but by SIGKILL. Returns its descriptor, or -1 with errno. `final`, the whole path of what
 * it will become, is noted with it. */
int output_temporary_make(char *template, const char *final);

/* It was given its name, or unlinked. */
void output_temporary_forget(const char *temporary);

/* Is one being written that will have this whole path? */
bool output_is_open(const char *final);

/* Unlinks them all; from any thread or handler of a signal. */
void output_temporaries_remove(void);

/* Between these, a signal that would end the process does so at the second. */
void output_signals_hold(void);
void output_signals_release(void);

#endif
