/* SPDX-License-Identifier: MIT
 *
 * A history for people and for programs.
 */
#ifndef DESCENT_HISTORY_HISTORY_TEXT_H
#define DESCENT_HISTORY_HISTORY_TEXT_H

#include "history/lines.h"

#include <stdio.h>

/* The file, a table of its lines for each group of machines, and their changes. */
void history_print(const struct history_lines *lines, const char *path, FILE *out);

/* One strict JSON object. */
void history_json(const struct history_lines *lines, FILE *out);

#endif
