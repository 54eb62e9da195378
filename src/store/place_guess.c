/* SPDX-License-Identifier: MIT
 *
 * Which results may have been meant where a folder has none: those of that name in results/, or
 * those beside it, or in results/, whose name is nearest.
 */
#include "store/place.h"

#include "base/memory.h"
#include "base/system/path.h"
#include "base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char usual[] = "results"; /* where sweeps are written unless it is said otherwise */

static bool is_store(const char *folder)
{
    char *path = store_path(folder, STORE_FILE);
    bool exists = store_path_exists(path);
    memory_free(path);
    return exists;
}

struct store_names {
    size_t count, capacity;
    char **items;
};

/* Takes the name of a folder in `parent` if it has a store. */
static void store_names_add(struct store_names *names, const char *parent, const char *name)
{
    char *folder = path_in(parent, name);
    if (name[0] != '.' && is_store(folder)) {
        names->items =
            memory_grow(names->items, &names->capacity, names->count + 1, sizeof *names->items);
        names->items[names->count++] = memory_copy_text(name);
    }
    memory_free(folder);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The store in `parent` whose name is nearest, of equally near ones the first; or NULL. */
static char *nearest_in(const char *parent, const char *name)
{
    struct store_names names = {0};
    DIR *entries = opendir(parent[0] != '\0' ? parent : ".");
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;)
        store_names_add(&names, parent, entry->d_name);
    if (entries != NULL)
        closedir(entries);
    if (names.count > 0)
        qsort(names.items, names.count, sizeof *names.items, by_bytes);
    const char *nearest = text_nearest(name, (const char *const *)names.items, names.count);
    char *found = nearest != NULL ? path_in(parent, nearest) : NULL;
    for (size_t i = 0; i < names.count; i++)
        memory_free(names.items[i]);
    memory_free(names.items);
    return found;
}

char *store_guess(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    char *same = path_in(usual, folder), *parent = path_folder(folder), *found = NULL;
    if (is_store(same) && strcmp(same, folder) != 0)
        found = memory_copy_text(same);
    if (found == NULL)
        found = nearest_in(parent, slash != NULL ? slash + 1 : folder);
    if (found == NULL && slash == NULL)
        found = nearest_in(usual, folder);
    memory_free(same);
    memory_free(parent);
    return found;
}
