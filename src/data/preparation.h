/* SPDX-License-Identifier: MIT
 *
 * Preparation: what is done to a set between reading it and training on it. It belongs to the
 * source, because a set that is scaled or split is a set of its own, with its own description and
 * digest. The attributes are one table, from which come keys of sweep files, options, checks and
 * descriptions.
 */
#ifndef DESCENT_DATA_PREPARATION_H
#define DESCENT_DATA_PREPARATION_H

#include "base/error.h"
#include "base/table.h"
#include "base/text.h"
#include "data/source.h"

#include <stdbool.h>
#include <stddef.h>

struct source_attribute {
    struct entry entry;   /* name, as in sweep files, and help */
    const char *argument; /* what to call its value in --help */
    const char *fallback; /* default as text */
    const char *needs;    /* the attribute without which this one is not looked at, or NULL */

    /* Sets the attribute from text. On failure writes why to `reason` (no name, no place, no full
     * stop) and returns false. */
    bool (*set)(struct source *source, const char *text, char *reason, size_t size);

    /* The value as text; false when it is the default. */
    bool (*get)(const struct source *source, char text[static TEXT_NUMBER]);
};

extern const struct source_attribute source_attributes[];
extern const size_t source_attribute_count;

/* The row of that name, or NULL. */
const struct source_attribute *source_attribute_find(const char *name);

/* Is the attribute, if it is given, looked at: is what it needs there? */
bool source_attribute_applies(const struct source_attribute *attribute,
                              const struct source *source);

/* The value as text, if it differs from the default and is looked at; false otherwise. */
bool source_attribute_get(const struct source_attribute *attribute, const struct source *source,
                          char text[static TEXT_NUMBER]);

/* Splits, scales by a fit to the rows that are trained on, weights, and seals. Takes over `data`,
 * and returns it or what it became; NULL on error. */
struct dataset *preparation_apply(const struct source *source, struct dataset *data, int threads,
                                  struct error *error);

#endif
