/* SPDX-License-Identifier: MIT
 *
 * Columns of a CSV file that a model is to predict. The model knows how many features it has, and
 * perhaps their names, the label's name and place, and the delimiter. So one look at the first line
 * tells what each column is, and a pipe need not be read twice: with as many columns as features
 * there is no label; with one more, it is the column that stands between the features' names, or
 * that has the label's name, or, without names, the one at the label's place in the file that was
 * trained on. Names that are numbers are names where they are the model's.
 */
#include "data/formats/csv/csv.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/name_set.h"
#include "base/text.h"

#include <string.h>

enum { NAME_SHOWN = 60 };

static size_t delimiters_count(const char *line, char delimiter)
{
    size_t count = 0;
    bool quoted = false;
    for (const char *p = line; *p != '\n' && *p != '\0'; p++) {
        quoted = quoted != (*p == '"');
        count += !quoted && *p == delimiter;
    }
    return count;
}

/* The known delimiter counts if it gives as many columns as the model wants. A line without it may
 * be the one feature, or is split by another delimiter, as the next line is. */
char csv_wanted_delimiter(const struct columns_wanted *wanted, const char *line, char detected)
{
    char known = wanted->found->delimiter;
    if (known == '\0')
        return detected;
    size_t columns = delimiters_count(line, known) + 1, others = delimiters_count(line, detected);
    const char *next = line + strcspn(line, "\n");
    if (columns == 1 && others > 0 && *next == '\n' &&
        others == delimiters_count(next + 1, detected))
        return detected;
    bool fits = columns >= wanted->features && columns <= wanted->features + 2; /* row numbers */
    return fits ? known : detected;
}

static bool field_is(const struct csv_layout *layout, size_t c, const char *name)
{
    return name != NULL && csv_field_is(&layout->fields[c], name);
}

/* Are the columns, without `skipped`, called as the features are? */
static bool names_fit(const struct csv_layout *layout, const struct columns_wanted *wanted,
                      size_t skipped)
{
    return layout->columns - (skipped < layout->columns) == wanted->features &&
           csv_names_alike(layout, skipped, wanted->names, wanted->features) == wanted->features;
}

/* The first column that is not called as the feature there. */
static size_t names_interrupted(const struct csv_layout *layout,
                                const struct columns_wanted *wanted)
{
    return csv_names_alike(layout, CSV_NO_LABEL, wanted->names, wanted->features);
}

/* The first column of that name, or CSV_NO_LABEL. A name that is a number may be a value. */
static size_t column_called(const struct csv_layout *layout, const char *name)
{
    for (size_t c = 0; c < layout->columns; c++)
        if (field_is(layout, c, name))
            return csv_field_is_number(layout, &layout->fields[c]) ? CSV_NO_LABEL : c;
    return CSV_NO_LABEL;
}

/* A column that is no feature, is called otherwise than the label, and stands elsewhere. */
static bool refuse_stranger(const struct csv_layout *layout, const struct columns_wanted *wanted,
                            size_t c, struct error *error)
{
    char *name = text_from_csv(layout->fields[c].text, layout->fields[c].length);
    error_at(error, (struct place){layout->path, 1, 0}, NULL,
             "column %zu ('%.*s') is not a feature of the model, whose label is called '%.*s'; "
             "leave the column out, or say what it is: --label %zu if it is the label, --label "
             "none if it is to be passed over",
             csv_place(layout, c) + 1, NAME_SHOWN, name, NAME_SHOWN, wanted->found->label_name,
             csv_place(layout, c) + 1);
    memory_free(name);
    return false;
}

/* Is the label where it was, under its name, between the features' names? Two columns may be called
 * so. */
static bool is_as_trained(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    const struct columns_found *trained = wanted->found;
    return wanted->names != NULL && trained->label > 0 && trained->label <= layout->columns &&
           field_is(layout, trained->label - 1, trained->label_name) &&
           names_fit(layout, wanted, trained->label - 1);
}

/* Is the label's column, if there is one, called as it was? A first row that has the numbers that
 * are the features' names has a class there. */
static bool label_fits(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    const char *name = wanted->found->label_name;
    return layout->label == CSV_NO_LABEL || name == NULL || field_is(layout, layout->label, name);
}

/* Are all fields numbers, without that of column `skipped`? */
static bool is_all_numbers(const struct csv_layout *layout, size_t skipped)
{
    for (size_t c = 0; c < layout->columns; c++)
        if (c != skipped && !csv_field_is_number(layout, &layout->fields[c]))
            return false;
    return true;
}

/* The first line is the features' names and a number elsewhere than the label was, or a row. */
static bool refuse_unsure(const struct csv_layout *layout, struct error *error)
{
    return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "this may be the names of the model's features, with the label in column %zu, "
                    "or a row; say --header yes or --header no",
                    csv_place(layout, layout->label) + 1);
}

/* A header was asked for now, or for the file trained on, and the label is not called as it was. */
static bool refuse_row(const struct csv_layout *layout, const char *name, struct error *error)
{
    return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "this is read as a header (header: yes), and its label in column %zu is "
                    "not called '%.*s', as in the model; if it is a row: --header no; else "
                    "call the label so",
                    csv_place(layout, layout->label) + 1, NAME_SHOWN, name);
}

/* The label's column, where it stands between the features' names. */
static bool label_between(struct csv_layout *layout, const struct source *source, bool ignored,
                          struct error *error)
{
    const struct columns_found *trained = source->wanted->found;
    bool moved = layout->label + 1 != trained->label;
    if (moved && source->header != &header_yes && is_all_numbers(layout, CSV_NO_LABEL))
        return refuse_unsure(layout, error);
    if (source->header == &header_yes && is_all_numbers(layout, layout->label) &&
        !label_fits(layout, source->wanted))
        return refuse_row(layout, trained->label_name, error);
    bool strange = trained->label_name != NULL && moved &&
                   !field_is(layout, layout->label, trained->label_name);
    return ignored || !strange || refuse_stranger(layout, source->wanted, layout->label, error);
}

static bool extra_column_find(struct csv_layout *layout, const struct source *source, bool ignored,
                              struct error *error)
{
    const struct columns_wanted *wanted = source->wanted;
    size_t trained = wanted->found->label, last = layout->columns - 1;
    size_t place = trained > 0 && trained <= layout->columns ? trained - 1 : last;
    layout->label = place;
    if (source->header == &header_no || is_as_trained(layout, wanted))
        return true;
    if (wanted->names != NULL) {
        layout->label = names_interrupted(layout, wanted);
        if (names_fit(layout, wanted, layout->label))
            return label_between(layout, source, ignored, error);
    }
    size_t called = column_called(layout, wanted->found->label_name);
    layout->label = called != CSV_NO_LABEL ? called : place;
    return true;
}

/* The columns of these names (features); false: one is not there, or all are numbers, which may be
 * a row. */
static bool names_find(const struct csv_layout *layout, const struct columns_wanted *wanted,
                       size_t *found)
{
    bool all = true, words = false;
    struct lookup known = {0};
    char **names = csv_column_names(layout, CSV_NO_LABEL);
    for (size_t c = 0; c < layout->columns; c++)
        lookup_number(&known, names[c], strlen(names[c])); /* no two are the same */
    for (size_t j = 0; j < wanted->features && all; j++) {
        found[j] = lookup_find(&known, wanted->names[j], strlen(wanted->names[j]));
        all = found[j] != SIZE_MAX;
        words = words || (all && !csv_field_is_number(layout, &layout->fields[found[j]]));
    }
    for (size_t c = 0; c < layout->columns; c++)
        memory_free(names[c]);
    memory_free(names);
    lookup_clear(&known);
    return all && words;
}

/* The label's column among those that are no features, which are 0 in `taken`. False: it was asked
 * for, and is none of them. */
static bool label_beside(struct csv_layout *layout, const struct source *source, const bool *taken)
{
    int64_t position = 0;
    const char *asked = source->label,
               *name = asked != NULL ? asked : source->wanted->found->label_name;
    bool placed = asked != NULL && text_to_integer(asked, &position);
    layout->label = CSV_NO_LABEL;
    layout->label_ignored = asked != NULL && strcmp(asked, "none") == 0;
    if (layout->label_ignored || name == NULL)
        return true;
    for (size_t c = 0; c < layout->columns && layout->label == CSV_NO_LABEL; c++) {
        bool meant =
            placed ? (int64_t)csv_place(layout, c) + 1 == position : field_is(layout, c, name);
        if (meant && !taken[c])
            layout->label = c;
    }
    return asked == NULL || layout->label != CSV_NO_LABEL;
}

/* Keeps the features and the label, and notes what was left alone. */
static void wanted_keep(struct csv_layout *layout, const size_t *found, size_t features,
                        bool *taken)
{
    size_t others = 0, first = 0;
    size_t *targets = memory_allocate(layout->columns, sizeof *targets);
    for (size_t c = 0; c < layout->columns; c++)
        targets[c] = CSV_NO_LABEL;
    for (size_t j = 0; j < features; j++)
        targets[found[j]] = j;
    if (layout->label != CSV_NO_LABEL)
        taken[layout->label] = true;
    for (size_t c = 0, kept = 0; c < layout->columns; c++) {
        if (taken[c])
            targets[kept++] = targets[c];
        else if (others++ == 0)
            first = c;
    }
    if (others > 0) {
        char column[CSV_COLUMN_NAME];
        layout->header = true;
        dataset_note(&layout->notes, "%s: %s%s %s no feature of the model and left alone",
                     layout->path, csv_column_name(layout, first, column),
                     others > 1 ? " and others" : "", others > 1 ? "are" : "is");
    }
    csv_columns_keep(layout, taken);
    layout->targets = targets;
}

bool csv_wanted_find(struct csv_layout *layout, const struct source *source)
{
    const struct columns_wanted *wanted = source->wanted;
    if (wanted->names == NULL || source->header == &header_no ||
        layout->columns < wanted->features || csv_wanted_names(layout, wanted))
        return false;
    size_t *found = memory_allocate(wanted->features, sizeof *found);
    bool *taken = memory_allocate(layout->columns, sizeof *taken);
    bool all = names_find(layout, wanted, found);
    for (size_t j = 0; j < wanted->features && all; j++)
        taken[found[j]] = true;
    all = all && label_beside(layout, source, taken);
    if (all) {
        wanted_keep(layout, found, wanted->features, taken);
        layout->header = true;
    }
    memory_free(found);
    memory_free(taken);
    return all;
}

/* The first name that the model knows and the first line does not have, where it has others of
 * them, which are words; or NULL. */
static const char *name_missing(const struct csv_layout *layout,
                                const struct columns_wanted *wanted)
{
    struct lookup known = {0};
    const char *missing = NULL;
    size_t found = 0;
    char **names = csv_column_names(layout, CSV_NO_LABEL);
    for (size_t c = 0; c < layout->columns; c++) {
        lookup_number(&known, names[c], strlen(names[c]));
        memory_free(names[c]);
    }
    memory_free(names);
    for (size_t j = 0; wanted->names != NULL && j < wanted->features; j++) {
        size_t c = lookup_find(&known, wanted->names[j], strlen(wanted->names[j]));
        found += c != SIZE_MAX && !csv_field_is_number(layout, &layout->fields[c]);
        missing = c == SIZE_MAX && missing == NULL ? wanted->names[j] : missing;
    }
    lookup_clear(&known);
    return found > 0 ? missing : NULL;
}

bool csv_wanted_whole(const struct csv_layout *layout, const struct source *source,
                      struct error *error)
{
    const struct columns_wanted *wanted = source->wanted;
    if (wanted->names == NULL || source->header == &header_no || csv_wanted_names(layout, wanted) ||
        is_as_trained(layout, wanted))
        return true;
    const char *missing = name_missing(layout, wanted);
    return missing == NULL ||
           error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "there is no column '%.*s', which the model was trained with; columns are "
                    "found by name, in any order (or leave out the header, if only names differ)",
                    NAME_SHOWN, missing);
}

/* "; features are age, port, ...", or nothing where the model knows no names; free with
 * memory_free(). */
static char *names_list(const struct columns_wanted *wanted)
{
    enum { NAMES = 12 };
    struct memory_stream stream;
    FILE *list = memory_stream_open(&stream);
    size_t count = wanted->names != NULL ? wanted->features : 0;
    for (size_t i = 0; i < count && i < NAMES; i++)
        fprintf(list, "%s%.*s", i == 0 ? "; features are " : ", ", NAME_SHOWN,
                text_shown(wanted->names[i]));
    if (count > NAMES)
        fputs(", ...", list);
    return memory_stream_close(&stream);
}

static bool refuse_count(const struct csv_layout *layout, const struct columns_wanted *wanted,
                         struct error *error)
{
    size_t features = wanted->features;
    char *names = names_list(wanted);
    error_at(error, (struct place){layout->path, 1, 0}, NULL,
             "the model has %zu feature%s, and the data have %zu column%s%s; give the features' "
             "columns alone, or with one more for the label",
             features, features == 1 ? "" : "s", layout->columns, layout->columns == 1 ? "" : "s",
             names);
    memory_free(names);
    return false;
}

bool csv_wanted_label(struct csv_layout *layout, const struct source *source, bool ignored,
                      struct error *error)
{
    size_t features = source->wanted->features;
    layout->label = CSV_NO_LABEL;
    layout->label_ignored = ignored;
    if (layout->columns == features)
        return true;
    if (layout->columns == features + 1)
        return extra_column_find(layout, source, ignored, error);
    return refuse_count(layout, source->wanted, error);
}

/* Are all features among the columns, in another order? */
static bool names_permuted(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    size_t found = 0;
    struct name_set names = {NULL};
    for (size_t j = 0; j < wanted->features; j++)
        name_set_add(&names, wanted->names[j]);
    for (size_t c = 0; c < layout->columns; c++) {
        char *name = text_from_csv(layout->fields[c].text, layout->fields[c].length);
        struct name_set_entry *entry =
            name_set_has(&names, name) ? name_set_add(&names, name) : NULL;
        found += entry != NULL && !entry->used;
        if (entry != NULL)
            entry->used = true;
        memory_free(name);
    }
    name_set_clear(&names);
    return found == wanted->features && found > 1;
}

bool csv_wanted_header(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    return wanted->names != NULL && label_fits(layout, wanted) &&
           (names_fit(layout, wanted, layout->label) || names_permuted(layout, wanted));
}

bool csv_wanted_names(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    return wanted->names != NULL && (names_fit(layout, wanted, CSV_NO_LABEL) ||
                                     names_fit(layout, wanted, names_interrupted(layout, wanted)));
}

bool csv_wanted_unnamed(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    return wanted->names != NULL && names_interrupted(layout, wanted) > 0 &&
           csv_wanted_names(layout, wanted);
}
