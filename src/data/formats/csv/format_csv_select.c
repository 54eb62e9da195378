/* SPDX-License-Identifier: MIT
 *
 * Which columns of a CSV file are read: all, but for those that the attributes `columns` and `drop`
 * leave out. The label is never left out by a pattern or a range, and naming it is an error. What
 * remains is numbered anew, from 0, and layout->places says where it stands in a line.
 */
#include "data/formats/csv/csv.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/csv/format_csv_list.h"

#include <string.h>

enum { NAME_SHOWN = 60 };

static char *name_of(const struct csv_layout *layout, size_t c)
{
    return text_from_csv(layout->fields[c].text, layout->fields[c].length);
}

/* The names of all columns (columns), as they stand in the first line. */
static char **names_of(const struct csv_layout *layout)
{
    char **names = memory_allocate(layout->columns, sizeof *names);
    for (size_t c = 0; c < layout->columns; c++)
        names[c] = name_of(layout, c);
    return names;
}

static void names_free(const struct csv_layout *layout, char **names)
{
    for (size_t c = 0; c < layout->columns; c++)
        memory_free(names[c]);
    memory_free(names);
}

/* An item that no column is meant by. Those that a model brings along may be of columns that this
 * file does not have. */
static bool refuse_unknown(const struct csv_layout *layout, const char *attribute,
                           const struct csv_item *item, char **names, struct error *error)
{
    const char *nearest = text_nearest(item->text, (const char *const *)names, layout->columns);
    int64_t position;
    if (!item->quoted && text_to_integer(item->text, &position))
        return error_usage(error, "%s: %s: there is no column %s; the columns are 1 to %zu",
                           layout->path, attribute, item->text, layout->width);
    if (nearest != NULL)
        return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                        "%s: no column is named '%.*s'; did you mean '%.*s'?", attribute,
                        NAME_SHOWN, item->text, NAME_SHOWN, nearest);
    return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "%s: no column is named '%.*s'; give names of this line, positions from 1 to "
                    "%zu, ranges (2-5) or patterns (x*)",
                    attribute, NAME_SHOWN, item->text, layout->width);
}

/* Marks the columns that a list means (columns), with how they are meant. Names prove that there is
 * a header. */
static bool list_mark(struct csv_layout *layout, const struct source *source, const char *attribute,
                      const char *text, unsigned char *marks, struct error *error)
{
    if (text == NULL)
        return true;
    struct csv_list list = csv_list_parse(text);
    char **names = names_of(layout);
    bool known = true;
    for (size_t i = 0; i < list.count && known; i++) {
        struct csv_item *item = &list.items[i];
        for (size_t c = 0; c < layout->columns; c++) {
            enum csv_match match =
                csv_item_match(item, names[c], csv_place(layout, c) + 1, layout->width);
            item->used = item->used || match != CSV_MATCH_NONE;
            layout->header = layout->header || (match == CSV_MATCH_NAME && source->wanted == NULL);
            marks[c] = match > marks[c] ? (unsigned char)match : marks[c];
        }
        known = item->used || source->wanted != NULL ||
                (layout->left_out > 0 && csv_item_match(item, "", 1, layout->width) != 0) ||
                refuse_unknown(layout, attribute, item, names, error);
    }
    names_free(layout, names);
    csv_list_clear(&list);
    return known;
}

/* The label's column was named among those to leave out. */
static bool refuse_label(const struct csv_layout *layout, const struct source *source,
                         struct error *error)
{
    char *name = name_of(layout, layout->label);
    error_usage(error,
                "%s: drop: column %zu ('%.*s') is the label%s; choose another with --label COLUMN, "
                "or --label none",
                layout->path, csv_place(layout, layout->label) + 1, NAME_SHOWN, name,
                source->label == NULL ? ", which is the last column unless it is told" : "");
    memory_free(name);
    return false;
}

/* What becomes of each column (columns). */
struct marks {
    unsigned char *chosen, *dropped, *categories;
};

static bool is_kept(const struct csv_layout *layout, const struct source *source,
                    const struct marks *marks, size_t c)
{
    bool chosen = source->columns == NULL || marks->chosen[c] != CSV_MATCH_NONE;
    return c == layout->label || (chosen && marks->dropped[c] == CSV_MATCH_NONE);
}

void csv_columns_keep(struct csv_layout *layout, const bool *kept)
{
    size_t count = 0, label = CSV_NO_LABEL;
    size_t *places = memory_allocate(layout->columns, sizeof *places);
    struct csv_field *fields = memory_allocate(layout->columns, sizeof *fields);
    for (size_t c = 0; c < layout->columns; c++) {
        if (!kept[c])
            continue;
        places[count] = csv_place(layout, c);
        fields[count] = layout->fields[c];
        if (layout->categories != NULL)
            layout->categories[count] = layout->categories[c];
        label = c == layout->label ? count : label;
        count++;
    }
    memory_free(layout->places);
    memory_free(layout->own_fields);
    layout->places = places;
    layout->fields = layout->own_fields = fields;
    layout->columns = count;
    layout->label = label;
}

/* Leaves out what is marked so. */
static bool marks_apply(struct csv_layout *layout, const struct source *source,
                        const struct marks *marks, struct error *error)
{
    bool *kept = memory_allocate(layout->columns, sizeof *kept);
    size_t features = 0;
    for (size_t c = 0; c < layout->columns; c++) {
        kept[c] = is_kept(layout, source, marks, c);
        features += kept[c] && c != layout->label;
    }
    if (features > 0 && (source->columns != NULL || source->drop != NULL))
        csv_columns_keep(layout, kept);
    memory_free(kept);
    return features > 0 ||
           error_usage(error, "%s: all columns but the label are left out; keep a feature",
                       layout->path);
}

bool csv_columns_select(struct csv_layout *layout, const struct source *source, struct error *error)
{
    struct marks marks = {
        .chosen = memory_allocate(layout->columns, 1),
        .dropped = memory_allocate(layout->columns, 1),
        .categories = memory_allocate(layout->columns, 1),
    };
    bool sound = list_mark(layout, source, "columns", source->columns, marks.chosen, error) &&
                 list_mark(layout, source, "drop", source->drop, marks.dropped, error) &&
                 list_mark(layout, source, "category", source->category, marks.categories, error);
    if (sound && layout->label != CSV_NO_LABEL &&
        marks.dropped[layout->label] >= CSV_MATCH_POSITION)
        sound = refuse_label(layout, source, error);
    if (source->category != NULL)
        layout->categories = marks.categories;
    else
        memory_free(marks.categories);
    sound = sound && (source->columns == NULL && source->drop == NULL
                          ? true
                          : marks_apply(layout, source, &marks, error));
    memory_free(marks.chosen);
    memory_free(marks.dropped);
    return sound;
}

bool csv_columns_named(const struct csv_layout *layout, const struct source *source,
                       struct error *error)
{
    static const char *const advice = "give positions, or --header yes if it has names";
    const char *const lists[] = {source->columns, source->drop, source->category};
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !layout->header; i++) {
        struct csv_list list = csv_list_parse(lists[i]);
        for (size_t k = 0; k < list.count; k++) {
            const char *text = list.items[k].text;
            int64_t position;
            bool names = list.items[k].quoted || !text_to_integer(text, &position);
            if (!names || strspn(text, "0123456789-") == strlen(text) || source->wanted != NULL)
                continue;
            error_at(error, (struct place){layout->path, 1, 0}, NULL,
                     "the first line is read as a row, so that '%.*s' names no column; %s",
                     NAME_SHOWN, text, advice);
            csv_list_clear(&list);
            return false;
        }
        csv_list_clear(&list);
    }
    return true;
}
