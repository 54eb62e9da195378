/* SPDX-License-Identifier: MIT
 *
 * What other programs call things, and what that is here. A word that is unknown in a sweep file or
 * on the command line is looked up here before the nearest name is offered: `lr` is near to
 * nothing, and `C` is not a misspelling of anything.
 */
#ifndef DESCENT_SWEEP_FILE_HINTS_H
#define DESCENT_SWEEP_FILE_HINTS_H

#include <stdbool.h>
#include <stddef.h>

struct hint {
    const char *word;    /* as elsewhere: a key, or a key of ours with a value of theirs */
    const char *value;   /* that this row is about; NULL: any, or none that has a row */
    const char *key;     /* what it is here, or NULL: nothing */
    const char *written; /* the value to give; NULL: the one that was given */
    const char *about;   /* what else to know, in words; NULL: nothing */
    bool inverse;        /* the value is 1/(n times the one that was given) */
};

extern const struct hint hints[];
extern const size_t hint_count;

/* The row for a word with that value (NULL: it is not known), or NULL. Capitals do not matter, nor
 * whether words are joined by "-", "_" or nothing. */
const struct hint *hint_find(const char *word, const char *value);

/* The row for a value of ours that is unknown, or NULL. */
const struct hint *hint_find_value(const char *key, const char *value);

/* What to write in a sweep file in place of `word: value`, as "write rate: 0.1", or why there is
 * nothing. `value`: what was given as text, perhaps a list; `here`: may the key stand where the
 * word does? `rows`: those trained on, 0 where they are not known. Free with memory_free(). */
char *hint_for_file(const struct hint *hint, const char *value, bool here, double rows);

/* The section of a sweep file that a key of ours stands in, or NULL. */
const char *hint_section(const char *key);

#endif
