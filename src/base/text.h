/* SPDX-License-Identifier: MIT
 *
 * Text: numbers to and from text without loss, names and other text as terminals, shells, CSV and
 * YAML are to be given them, and the nearest name to a misspelt one. Longer texts are composed with
 * base/memory_stream.h.
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

/* --- Text that leaves the program (text_quote.c) ------------------------------------------- */

/* Bytes of the UTF-8 character (RFC 3629) that begins here; 0: there is none, or it is a control
 * character: C0, DEL, or C1, which terminals obey. */
size_t text_character(const char *at);

/* A name as people are shown it, on one line: the text itself, or, where something in it would
 * drive a terminal, break a line or is not UTF-8, a copy in which that is "\n", "\u001b", "\xff".
 * A copy lasts until this thread has asked for TEXT_SHOWN more. */
enum { TEXT_SHOWN = 16 };
const char *text_shown(const char *text);

/* The same as a text of its own; free with memory_free(). */
char *text_escape(const char *text);

/* Puts "?" in place of every such byte but line breaks, so that lengths stay. */
void text_mask(char *text);

/* Writes a text as a field of CSV: in quotes, its own doubled, where it would be read as something
 * else without. `safe`: what a spreadsheet would take for a formula, because it begins with one of
 * = + - @, a tab or a line break and is not a number, has a ' before it. */
void text_write_csv(const char *text, bool safe, FILE *file);

/* A copy of what the inside (length) of a field of CSV means: UTF-8, doubled quotes made single. */
char *text_from_csv(const char *text, size_t length);

/* Writes a text as one word of a shell's command: in single quotes where anything in it would mean
 * something else without, and as $'...' where it holds control characters or is not UTF-8. */
void text_write_word(const char *text, FILE *file);

/* The same for an operand that is a path, which must not look like an option. */
void text_write_operand(const char *path, FILE *file);

/* Such an operand as a text; free with memory_free(). */
char *text_operand(const char *path);

/* Writes a text, which must be UTF-8, as a scalar of YAML or JSON, in double quotes. */
void text_write_yaml(const char *text, FILE *file);

/* --- Names --------------------------------------------------------------------------------- */

/* The number of insertions, deletions, substitutions and swaps of neighbours between two names. */
size_t text_distance(const char *a, const char *b);

/* The name nearest to `word`, or NULL when none is near enough to be what was meant. */
const char *text_nearest(const char *word, const char *const *names, size_t count);

#endif
