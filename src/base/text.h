/* SPDX-License-Identifier: MIT
 *
 * Text: numbers to and from text without loss, and the nearest name to a misspelt one.
 * Longer texts are composed with open_memstream(), not here.
 */
#ifndef DESCENT_BASE_TEXT_H
#define DESCENT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_NUMBER = 32 }; /* enough for any double or 64-bit integer */

/* The whole of `text` as a number; false if it is not one. Infinite and NaN are numbers here. */
bool text_to_real(const char *text, double *value);

/* The whole of `text` as an integer; "1e5" is one, "1.5" is not. */
bool text_to_integer(const char *text, int64_t *value);

/* The shortest decimal text that reads back as the same double. Returns `text`. */
char *text_from_real(char text[static TEXT_NUMBER], double value);

/* An amount of memory for people: "3.2 MiB". Returns `text`. */
char *text_from_bytes(char text[static TEXT_NUMBER], double bytes);

/* Writes a text as a field of CSV: in quotes, its own doubled, where it would be read as something
 * else without. */
void text_write_csv(const char *text, FILE *file);

/* Writes a text as one word of a shell's command: in single quotes where anything in it would mean
 * something else without. */
void text_write_word(const char *text, FILE *file);

/* The number of insertions, deletions, substitutions and swaps of neighbours between two names. */
size_t text_distance(const char *a, const char *b);

/* The name nearest to `word`, or NULL when none is near enough to be what was meant. */
const char *text_nearest(const char *word, const char *const *names, size_t count);

#endif
