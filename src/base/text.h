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

/* The whole of `text` as a number; false if it is not one, or one that a double cannot tell from 0
 * (1e-400) or that is larger than all of them (1e400). Infinite and NaN are numbers here. */
bool text_to_real(const char *text, double *value);

/* Words for a message, " (below 4.9e-324, ...)", where it is for one of the latter two that a text
 * is no number; "" elsewhere. */
const char *text_real_fault(const char *text);

/* The whole of `text` as an integer, exactly: "1e5", "+05" and "0x1f" are integers, "1.5" and what
 * does not fit into 64 bits are not. */
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
