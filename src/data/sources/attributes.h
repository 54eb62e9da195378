/* SPDX-License-Identifier: MIT
 *
 * Attributes of sources: what may be said of data beside a path or a generator. How a file is to be
 * read, and how the set is prepared for training. One row each in source_attributes[]
 * (base/setting.h), from which come keys of sweep files, options of commands, checks and
 * source_describe().
 */
#ifndef DESCENT_DATA_SOURCES_ATTRIBUTES_H
#define DESCENT_DATA_SOURCES_ATTRIBUTES_H

#include "base/setting.h"
#include "data/source.h"

#include <stdbool.h>
#include <stddef.h>

/* What an attribute is about: how a file is read, also where only formats whose columns are told by
 * number know it, or those that begin with a line of names, or whose columns are chosen, or that
 * are archives of arrays; what is
 * done to a set from anywhere; or what is kept of it, which makes no other set of it and is in no
 * description.
 * Masks of these say which are allowed. */
enum {
    ATTRIBUTE_FILE = 1,
    ATTRIBUTE_INDEXED = 2,
    ATTRIBUTE_PREPARATION = 4,
    ATTRIBUTE_LINES = 8,
    ATTRIBUTE_COLUMNS = 16,
    ATTRIBUTE_CACHE = 32,
    ATTRIBUTE_ARRAYS = 64,
    ATTRIBUTES_READING =
        ATTRIBUTE_FILE | ATTRIBUTE_INDEXED | ATTRIBUTE_LINES | ATTRIBUTE_COLUMNS | ATTRIBUTE_ARRAYS,
    ATTRIBUTES_ALL = ATTRIBUTES_READING | ATTRIBUTE_PREPARATION | ATTRIBUTE_CACHE,
};

struct source_attribute {
    SETTING_ROW;          /* of a field of struct source; all zero: the default */
    unsigned about;       /* one of ATTRIBUTE_... */
    const char *argument; /* what to call its value in --help */
    const char *needs;    /* the attribute without which this one is not looked at, or NULL */

    /* It changes features, and neither rows nor labels, unless its value is this. NULL: it may
     * change them. */
    const char *other_rows;

    bool sides; /* sets that differ in it are sides of a comparison (report/comparison/sides.h) */

    /* A list: texts that are given one after the other are one, unless a text begins anew. */
    bool list;

    /* May a text be this value? On failure writes why to `reason`. NULL: any may; a text that is
     * checked, and no list, is the default where it is `fallback`. */
    bool (*check)(const char *text, char *reason, size_t size);

    /* Was this said of the file that a model was trained on, called `trained_on`: does it hold of a
     * file that the model is to predict as well? NULL: it never does, since it is about rows, or
     * the model has it in another form. */
    bool (*follows)(const struct source *source, const char *trained_on);
};

extern const struct source_attribute source_attributes[];
extern const size_t source_attribute_count;

/* The row of that name, or NULL; the same of those whose values are sides. */
const struct source_attribute *source_attribute_find(const char *name);
const struct source_attribute *source_attribute_of_sides(const char *name);

/* What may tell the sides of a comparison apart, beside a hyper-parameter, for messages and help:
 * of data, the rows with `sides`, in their order. */
#define SIDES_KNOWN "family, store, scale, categories, rare, missing, precision"

/* Is a text added to what was given before, behind a comma, or does it take its place? So does a
 * list of marks of missing values that begins with '=' (csv.h). */
bool source_attribute_adds(const struct source_attribute *attribute, const char *text);

/* May this be said of such a source? Of a generated set: preparations, and what is a setting of
 * generators as well (features). */
bool source_attribute_suits(const struct source_attribute *attribute, const struct source *source);

/* Sets an attribute that suits from text: of a generated set, its setting of that name if there is
 * one. On failure writes why to `reason` (no place, no full stop) and returns false. */
bool source_attribute_set(const struct source_attribute *attribute, struct source *source,
                          const char *text, char *reason, size_t size);

/* Is the attribute, if it is given, looked at: is what it needs there? */
bool source_attribute_applies(const struct source_attribute *attribute,
                              const struct source *source);

/* The value as text, perhaps in `number`, if it differs from the default and is looked at; or
 * NULL. */
const char *source_attribute_get(const struct source_attribute *attribute,
                                 const struct source *source, char number[static TEXT_NUMBER]);

/* False, with a reason, when what was said of a file does not go with its format. */
bool source_attributes_check(const struct source *source, char *reason, size_t size);

#endif
