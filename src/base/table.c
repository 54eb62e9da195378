/* SPDX-License-Identifier: MIT
 *
 * Look-up by name. Tables have a handful of rows and are searched while reading input, never while
 * training, so the search is linear.
 */
#include "base/table.h"

#include "base/text.h"
#include "base/words.h"

#include <stdio.h>
#include <string.h>

const struct entry *table_find(const struct table *table, const char *name)
{
    if (table->open)
        return word_of(name);
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->entries[i]->name, name) == 0)
            return table->entries[i];
    return NULL;
}

char *table_names(const struct table *table, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < table->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 table->entries[i]->name);
    return text;
}

/* The name in the table nearest to a misspelt one, or NULL. */
static const char *table_nearest(const struct table *table, const char *name)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const char *pair[] = {nearest, table->entries[i]->name};
        const char *better =
            nearest == NULL ? text_nearest(name, pair + 1, 1) : text_nearest(name, pair, 2);
        nearest = better != NULL ? better : nearest;
    }
    return nearest;
}

char *table_unknown(const struct table *table, const char *name, char *text, size_t size)
{
    char names[512];
    table_names(table, names, sizeof names);
    const char *nearest = table_nearest(table, name);
    if (nearest != NULL)
        snprintf(text, size, "unknown %s '%s'; did you mean '%s'? known: %s", table->noun, name,
                 nearest, names);
    else
        snprintf(text, size, "unknown %s '%s'; known: %s", table->noun, name, names);
    return text;
}
