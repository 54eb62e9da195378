/* SPDX-License-Identifier: MIT
 *
 * What the features of a CSV file with a header are called. A model knows its features by their
 * names, so no two have the same, and none has that of the label: a column without a name is x3,
 * where it is the third feature, and a name that is taken is followed by .1, .2, ..., as pandas
 * does.
 */
#include "data/format_csv.h"

#include "base/memory.h"
#include "base/name_set.h"

#include <stdio.h>

/* Columns that were given a name: how many, and the first. */
struct renaming {
    size_t count, column;
    char *name;
};

static void renaming_add(struct renaming *renaming, size_t column, const char *name)
{
    if (renaming->count++ > 0)
        return;
    renaming->column = column;
    renaming->name = memory_copy_text(name);
}

static void renaming_note(struct csv_layout *layout, struct renaming *renaming, const char *why)
{
    if (renaming->count == 1)
        dataset_note(&layout->notes, "%s: column %zu has %s; it is called '%s' here", layout->path,
                     renaming->column, why, renaming->name);
    else if (renaming->count > 1)
        dataset_note(&layout->notes, "%s: column %zu and %zu more have %s; it is called '%s' here",
                     layout->path, renaming->column, renaming->count - 1, why, renaming->name);
    memory_free(renaming->name);
}

/* A name for feature j, whose column has none. */
static char *name_unnamed(struct name_set *known, size_t j)
{
    char name[DATASET_NAME];
    snprintf(name, sizeof name, "x%zu", j + 1);
    return name_set_has(known, name) ? name_set_extend(known, name_set_add(known, name))
                                     : memory_copy_text(name);
}

static char *name_of(const struct csv_layout *layout, size_t c)
{
    return csv_field_copy(layout->fields[c].text, layout->fields[c].length);
}

/* All names that columns have; that of the label is used. */
static struct name_set names_known(const struct csv_layout *layout)
{
    struct name_set known = {NULL};
    for (size_t c = 0; c < layout->columns; c++) {
        char *name = name_of(layout, c);
        if (*name != '\0' && c == layout->label)
            name_set_add(&known, name)->used = true;
        else if (*name != '\0')
            name_set_add(&known, name);
        memory_free(name);
    }
    return known;
}

char **csv_feature_names(struct csv_layout *layout, size_t features)
{
    char **names = memory_allocate(features, sizeof *names);
    struct renaming unnamed = {0}, repeated = {0};
    struct name_set known = names_known(layout);
    for (size_t c = 0, j = 0; c < layout->columns; c++) {
        if (c == layout->label)
            continue;
        char *name = name_of(layout, c);
        struct name_set_entry *entry = *name != '\0' ? name_set_add(&known, name) : NULL;
        bool is_new = entry != NULL && !entry->used;
        names[j] = is_new          ? memory_copy_text(name)
                   : entry != NULL ? name_set_extend(&known, entry)
                                   : name_unnamed(&known, j);
        name_set_add(&known, names[j])->used = true;
        if (!is_new)
            renaming_add(entry != NULL ? &repeated : &unnamed, c + 1 + layout->left_out, names[j]);
        memory_free(name);
        j++;
    }
    renaming_note(layout, &unnamed, "no name in the header");
    renaming_note(layout, &repeated, "the name of another");
    name_set_clear(&known);
    return names;
}
