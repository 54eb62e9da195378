/* SPDX-License-Identifier: MIT
 *
 * What the features of a CSV file with a header are called. A model knows its features by their
 * names, so no two have the same, and none has that of the label: a column without a name is x3,
 * where it is the third feature, and a name that is taken is followed by .1, .2, ..., as pandas
 * does.
 */
#include "data/formats/csv/csv.h"

#include "base/memory.h"
#include "base/name_set.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

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

static char *name_of(const struct csv_layout *layout, size_t c)
{
    return text_from_csv(layout->fields[c].text, layout->fields[c].length);
}

/* All names that columns have; that of the label, column `label`, is used. */
static struct name_set names_known(const struct csv_layout *layout, size_t label)
{
    struct name_set known = {NULL};
    for (size_t c = 0; c < layout->columns; c++) {
        char *name = name_of(layout, c);
        if (*name != '\0' && c == label)
            name_set_add(&known, name)->used = true;
        else if (*name != '\0')
            name_set_add(&known, name);
        memory_free(name);
    }
    return known;
}

/* Names for all columns but `label`, and which of them had none, or that of another. */
static char **names_give(const struct csv_layout *layout, size_t label, struct renaming *unnamed,
                         struct renaming *repeated)
{
    char **names = memory_allocate(layout->columns, sizeof *names);
    struct name_set known = names_known(layout, label);
    for (size_t c = 0, j = 0; c < layout->columns; c++) {
        if (c == label)
            continue;
        char *name = name_of(layout, c);
        char fallback[DATASET_NAME];
        snprintf(fallback, sizeof fallback, "x%zu", j + 1);
        names[j] = name_set_give(&known, name, fallback);
        if (strcmp(names[j], name) != 0)
            renaming_add(*name != '\0' ? repeated : unnamed, csv_place(layout, c) + 1, names[j]);
        memory_free(name);
        j++;
    }
    name_set_clear(&known);
    return names;
}

char **csv_column_names(const struct csv_layout *layout, size_t label)
{
    struct renaming unnamed = {0}, repeated = {0};
    char **names = names_give(layout, label, &unnamed, &repeated);
    memory_free(unnamed.name);
    memory_free(repeated.name);
    return names;
}

char **csv_feature_names(struct csv_layout *layout)
{
    struct renaming unnamed = {0}, repeated = {0};
    char **names = names_give(layout, layout->label, &unnamed, &repeated);
    renaming_note(layout, &unnamed, "no name in the header");
    renaming_note(layout, &repeated, "the name of another");
    return names;
}

size_t csv_names_alike(const struct csv_layout *layout, size_t label, char *const *wanted,
                       size_t features)
{
    size_t alike = 0, count = layout->columns - (label < layout->columns);
    char **names = csv_column_names(layout, label);
    while (alike < count && alike < features && strcmp(names[alike], wanted[alike]) == 0)
        alike++;
    for (size_t j = 0; j < count; j++)
        memory_free(names[j]);
    memory_free(names);
    return alike;
}
