/* SPDX-License-Identifier: MIT
 *
 * A balanced tree, tsearch() of the C library. Its header has a `struct entry` as tables do
 * (base/table.h), so that no file can include both.
 */
#include "base/name_set.h"

#include "base/memory.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

static int entry_compare(const void *a, const void *b)
{
    const struct name_set_entry *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static void entry_free(void *node)
{
    struct name_set_entry *entry = node;
    memory_free(entry->name);
    memory_free(entry);
}

static struct name_set_entry *find(const struct name_set *set, const char *name)
{
    const struct name_set_entry wanted = {.name = (char *)name};
    struct name_set_entry *const *node = tfind(&wanted, &set->tree, entry_compare);
    return node != NULL ? *node : NULL;
}

struct name_set_entry *name_set_add(struct name_set *set, const char *name)
{
    struct name_set_entry *entry = find(set, name);
    if (entry != NULL)
        return entry;
    entry = memory_allocate(1, sizeof *entry);
    entry->name = memory_copy_text(name);
    if (tsearch(entry, &set->tree, entry_compare) == NULL)
        memory_exhausted(1, sizeof *entry);
    return entry;
}

bool name_set_has(const struct name_set *set, const char *name)
{
    return find(set, name) != NULL;
}

char *name_set_extend(const struct name_set *set, struct name_set_entry *entry)
{
    enum { SUFFIX = 24 }; /* a point, and any number */
    size_t size = strlen(entry->name) + SUFFIX;
    char *name = memory_allocate(size, 1);
    do
        snprintf(name, size, "%s.%zu", entry->name, ++entry->suffix);
    while (name_set_has(set, name));
    return name;
}

char *name_set_give(struct name_set *set, const char *name, const char *fallback)
{
    bool is_named = *name != '\0', is_taken = !is_named && name_set_has(set, fallback);
    struct name_set_entry *entry = NULL;
    char *given = NULL;
    if (is_named || is_taken)
        entry = name_set_add(set, is_named ? name : fallback);
    if (is_taken || (entry != NULL && entry->used))
        given = name_set_extend(set, entry);
    else
        given = memory_copy_text(is_named ? name : fallback);
    name_set_add(set, given)->used = true;
    return given;
}

void name_set_clear(struct name_set *set)
{
    tdestroy(set->tree, entry_free);
    set->tree = NULL;
}
