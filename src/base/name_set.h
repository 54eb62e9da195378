/* SPDX-License-Identifier: MIT
 *
 * A set of names, of which there may be a million: looked up and added in logarithmic time.
 */
#ifndef DESCENT_BASE_NAME_SET_H
#define DESCENT_BASE_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

struct name_set {
    void *tree; /* NULL: empty */
};

/* What is kept of a name. */
struct name_set_entry {
    char *name;
    bool used;     /* given, or the user's */
    size_t suffix; /* from 0 */
};

/* The entry of a name, which is copied and added when it is new. It stays where it is. */
struct name_set_entry *name_set_add(struct name_set *set, const char *name);

bool name_set_has(const struct name_set *set, const char *name);

/* The first of NAME.1, NAME.2, ... that is not there, from the suffix of the entry on, which
 * becomes that; to be freed with memory_free(). */
char *name_set_extend(const struct name_set *set, struct name_set_entry *entry);

/* A name that is given to no other, and is then used: `name`; NAME.1, ... where that is used; the
 * fallback, or FALLBACK.1, ..., where the name is "". The set has all names that there are, so that
 * no fallback takes one of them. To be freed with memory_free(). */
char *name_set_give(struct name_set *set, const char *name, const char *fallback);

void name_set_clear(struct name_set *set);

#endif
