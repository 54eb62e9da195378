/* SPDX-License-Identifier: MIT
 *
 * Columns of a CSV file that a model is to predict. The model knows how many features it has, and
 * perhaps their names, the label's name and place, and the delimiter. So one look at the first line
 * tells what each column is, and a pipe need not be read twice: with as many columns as features
 * there is no label; with one more, it is the column that stands between the features' names, or
 * that has the label's name, or, without names, the one at the label's place in the file that was
 * trained on. Names that are numbers are names where they are the model's.
 */
#include "data/format_csv.h"

#include "base/memory.h"

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

char csv_wanted_delimiter(const struct columns_wanted *wanted, const char *line, char detected)
{
    char known = wanted->found->delimiter;
    if (known == '\0')
        return detected;
    size_t columns = delimiters_count(line, known) + 1;
    bool fits = columns >= wanted->features && columns <= wanted->features + 2; /* row numbers */
    return fits ? known : detected;
}

static bool field_is(const struct csv_layout *layout, size_t c, const char *name)
{
    return name != NULL && csv_field_is(&layout->fields[c], name);
}

/* Are the fields of the first line, without that of column `skipped`, the names of the features? */
static bool names_fit(const struct csv_layout *layout, const struct columns_wanted *wanted,
                      size_t skipped)
{
    size_t j = 0;
    for (size_t c = 0; c < layout->columns; c++)
        if (c != skipped && (j == wanted->features || !field_is(layout, c, wanted->names[j++])))
            return false;
    return j == wanted->features;
}

/* The first column that is not called as the feature there. */
static size_t names_interrupted(const struct csv_layout *layout,
                                const struct columns_wanted *wanted)
{
    size_t c = 0;
    while (c < wanted->features && c < layout->columns && field_is(layout, c, wanted->names[c]))
        c++;
    return c;
}

/* The first column of that name, or CSV_NO_LABEL. */
static size_t column_called(const struct csv_layout *layout, const char *name)
{
    for (size_t c = 0; c < layout->columns; c++)
        if (field_is(layout, c, name))
            return c;
    return CSV_NO_LABEL;
}

/* A column that is no feature, is called otherwise than the label, and stands elsewhere. */
static bool refuse_stranger(const struct csv_layout *layout, const struct columns_wanted *wanted,
                            size_t c, struct error *error)
{
    char *name = csv_field_copy(layout->fields[c].text, layout->fields[c].length);
    error_at(
        error, (struct place){layout->path, 1, 0}, NULL,
        "column %zu ('%.*s') is no feature of the model, and its label is called '%.*s'; leave "
        "the column out, or say what it is: --label %zu if it is the label, --label none if "
        "it is to be passed over",
        layout->left_out + c + 1, NAME_SHOWN, name, NAME_SHOWN, wanted->found->label_name,
        layout->left_out + c + 1);
    memory_free(name);
    return false;
}

static bool extra_column_find(struct csv_layout *layout, const struct columns_wanted *wanted,
                              bool ignored, struct error *error)
{
    const struct columns_found *trained = wanted->found;
    size_t between = wanted->names != NULL ? names_interrupted(layout, wanted) : 0;
    size_t called =
        trained->label_name != NULL ? column_called(layout, trained->label_name) : CSV_NO_LABEL;
    if (wanted->names != NULL && names_fit(layout, wanted, between)) {
        layout->label = between;
        bool strange = trained->label_name != NULL && between + 1 != trained->label &&
                       !field_is(layout, between, trained->label_name);
        return ignored || !strange || refuse_stranger(layout, wanted, between, error);
    }
    layout->label = trained->label > 0 ? trained->label - 1 : layout->columns - 1;
    if (called != CSV_NO_LABEL)
        layout->label = called;
    return true;
}

bool csv_wanted_label(struct csv_layout *layout, const struct columns_wanted *wanted, bool ignored,
                      struct error *error)
{
    size_t features = wanted->features;
    layout->label = CSV_NO_LABEL;
    layout->label_ignored = ignored;
    if (layout->columns == features)
        return true;
    if (layout->columns == features + 1)
        return extra_column_find(layout, wanted, ignored, error);
    return error_at(error, (struct place){layout->path, 1, 0}, NULL,
                    "the model has %zu feature%s, and the data have %zu column%s; give the "
                    "features' columns alone, or with one more for the label",
                    features, features == 1 ? "" : "s", layout->columns,
                    layout->columns == 1 ? "" : "s");
}

bool csv_wanted_header(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    return wanted->names != NULL && names_fit(layout, wanted, layout->label);
}

bool csv_wanted_names(const struct csv_layout *layout, const struct columns_wanted *wanted)
{
    return wanted->names != NULL && (names_fit(layout, wanted, CSV_NO_LABEL) ||
                                     names_fit(layout, wanted, names_interrupted(layout, wanted)));
}
