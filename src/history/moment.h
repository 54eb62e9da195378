/* SPDX-License-Identifier: MIT
 *
 * Dates of runs: ISO 8601 in UTC, "2026-12-01T00:02:07Z", so that texts in their order are moments
 * in theirs.
 */
#ifndef DESCENT_HISTORY_MOMENT_H
#define DESCENT_HISTORY_MOMENT_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { MOMENT_TEXT = 32, MOMENT_DAY = 10 /* letters of its day */ };

/* Now. Returns `text`. */
char *moment_now(char text[static MOMENT_TEXT]);

/* From "2026-12-01", "2026-12-01T00:02:07Z" or, as `git show -s --format=%cI` writes it,
 * "2026-12-01T01:02:07+01:00". */
bool moment_read(const char *given, char text[static MOMENT_TEXT], struct error *error);

/* Seconds since 1970; 0 for what moment_read() has not made. */
int64_t moment_seconds(const char *text);

#endif
