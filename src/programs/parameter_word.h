/* SPDX-License-Identifier: MIT
 *
 * Parameters of a program as one word (base/words.h): "algorithm=lbfgs tolerance=0.1". What would
 * make another word of it (blanks, "=", "%") is written as "%20".
 */
#ifndef DESCENT_PROGRAMS_PARAMETER_WORD_H
#define DESCENT_PROGRAMS_PARAMETER_WORD_H

#include <stdbool.h>
#include <stdio.h>

/* Writes one behind those that are there; `first`: there are none. */
void parameter_word_write(FILE *out, bool first, const char *name, const char *value);

/* Reads a word back: calls take() with each name and value, until it returns false. */
bool parameter_word_read(const char *word,
                         bool (*take)(void *context, const char *name, const char *value),
                         void *context);

#endif
