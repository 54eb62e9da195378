/* SPDX-License-Identifier: MIT
 *
 * What a column is, by rules that stand in one table: the first that applies. A column that cannot
 * be used as it is, is refused, with what makes it so and the ways out; all such columns of a file
 * at once, so that one run tells everything.
 *
 *   - Most of its values are numbers, and some are texts: each of these is a mistake, a mark of a
 *     missing value, or the sign that the numbers are codes. Only the user knows.
 *   - Dates and times would become as many categories as there are days.
 *   - More than CSV_TEXTS_MOST distinct texts, or, in more than ROWS_FEW rows, more than half as
 *     many as there are rows, are names and remarks, not categories: a model would learn them by
 *     heart. It stays possible to say that they are categories.
 *   - "1,234" may be a thousand and some, or one and some.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/formats/number_parse.h"

#include <string.h>

enum {
    SHOWN = 40,    /* bytes of a text that are quoted */
    ROWS_FEW = 20, /* so few rows may all have another text */
};

/* --- What applies ------------------------------------------------------------------------------
 */

static bool is_asked(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->asked && !column->full;
}

static bool is_asked_full(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->asked && column->full;
}

static bool is_not_models(const struct csv_layout *layout, const struct csv_column *column)
{
    return layout->wanted != NULL && column->texts > 0;
}

static bool is_empty(const struct csv_layout *layout, const struct csv_column *column)
{
    return layout->wanted == NULL && column->texts == 0 && column->numbers == 0;
}

static bool is_number(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->texts == 0;
}

/* Are all texts numbers, if commas in them are decimals or thousands? */
static bool has_commas(const struct csv_layout *layout, const struct csv_column *column)
{
    const bool said = layout->decimal_told && !layout->decimal_comma; /* as the user said */
    double number;
    size_t commas = 0, numbers = 0;
    for (size_t i = 0; column->values != NULL && i < column->distinct; i++) {
        const char *text = column->values[i];
        commas += csv_text_has_comma(text, strlen(text));
        numbers += number_parse_whole(text, strlen(text), &number);
    }
    return !said && commas > 0 && commas + numbers == column->distinct;
}

static bool is_date(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    size_t dates = 0;
    for (size_t i = 0; column->values != NULL && i < column->distinct; i++)
        dates += csv_text_is_date(column->values[i]);
    return column->values != NULL && dates == column->distinct && column->numbers == 0;
}

static bool is_mixed(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->numbers > 0;
}

static bool is_too_many(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout;
    return column->full || (column->rows > ROWS_FEW && 2 * column->distinct > column->rows);
}

static bool is_rest(const struct csv_layout *layout, const struct csv_column *column)
{
    (void)layout, (void)column;
    return true;
}

/* --- Why it is refused -------------------------------------------------------------------------
 */

static void name_write(const struct csv_layout *layout, const struct csv_column *column, FILE *out)
{
    char name[CSV_COLUMN_NAME];
    fputs(csv_column_name(layout, column->c, name), out);
}

static void cell_write(const struct csv_field *cell, FILE *out)
{
    char *text = text_from_csv(cell->text, cell->length);
    fprintf(out, "'%.*s'", SHOWN, text);
    memory_free(text);
}

static void way_write(const struct csv_layout *layout, const struct csv_column *column,
                      const char *option, FILE *out)
{
    fprintf(out, "--%s ", option);
    csv_column_operand(layout, column->c, out);
}

/* "'a text'; leave it out: --drop age" */
static void drop_write(const struct csv_layout *layout, const struct csv_column *column,
                       const struct csv_field *cell, FILE *out)
{
    cell_write(cell, out);
    fputs("; leave it out: ", out);
    way_write(layout, column, "drop", out);
}

static void refuse_asked(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    fputs(" has more than a million distinct texts, as ", out);
    drop_write(layout, column, cell, out);
}

/* "'abc' in column 3 (age) is not a number" */
static void number_refuse(const struct csv_layout *layout, const struct csv_column *column,
                          const struct csv_field *cell, FILE *out)
{
    double value;
    cell_write(cell, out);
    fputs(" in ", out);
    name_write(layout, column, out);
    if (number_not_finite(cell->text, cell->length))
        fputs(" is not a finite number", out);
    else if (csv_number_read(layout, cell->text, cell->length, &value))
        fputs(" is too large for a double (1.8e308 at most)", out);
    else
        fputs(" is not a number", out);
}

static void refuse_not_models(const struct csv_layout *layout, const struct csv_column *column,
                              const struct csv_field *cell, FILE *out)
{
    number_refuse(layout, column, cell, out);
    fputs(", and the model was trained on numbers there", out);
    double value;
    if (layout->decimal_comma && number_parse_whole(cell->text, cell->length, &value))
        fputs("; they had commas for decimals; if these have points: --decimal point", out);
    else if (!layout->decimal_comma && csv_text_has_comma(cell->text, cell->length))
        fputs("; if commas are decimals: --decimal comma", out);
}

static void refuse_empty(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    (void)cell;
    name_write(layout, column, out);
    fputs(" has no value in any row; leave it out: ", out);
    way_write(layout, column, "drop", out);
}

/* What a comma is, and what to do: a point that follows it is the sign of decimals, one before it
 * is the sign of thousands. */
static void thousands_write(const struct csv_layout *layout, const struct csv_field *cell,
                            FILE *out)
{
    const char *comma = memchr(cell->text, ',', cell->length);
    const char *point = memchr(cell->text, '.', cell->length);
    const char *sed = layout->delimiter == ','
                          ? "sed -E ':a; s/(\"[-+]?[0-9]+),([0-9]{3})/\\1\\2/; ta' < FILE > OUT"
                          : "tr -d , < FILE > OUT";
    if (comma != NULL && point != NULL && point < comma)
        fputs(" has points for its thousands and a comma for its decimals; take the points out of "
              "the file: tr -d . < FILE > OUT",
              out);
    else if ((comma != NULL && point != NULL) || layout->decimal_told)
        fprintf(out, " has commas for its thousands; take them out of the file: %s", sed);
    else
        fprintf(out,
                " is a number with a comma for its decimals or its thousands; say --decimal comma "
                "for decimals, or take the commas of thousands out of the file: %s",
                sed);
}

static void refuse_commas(const struct csv_layout *layout, const struct csv_column *column,
                          const struct csv_field *cell, FILE *out)
{
    cell_write(cell, out);
    fputs(" in ", out);
    name_write(layout, column, out);
    thousands_write(layout, cell, out);
}

static void refuse_date(const struct csv_layout *layout, const struct csv_column *column,
                        const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    fputs(" has dates or times, as ", out);
    drop_write(layout, column, cell, out);
}

static void refuse_mixed(const struct csv_layout *layout, const struct csv_column *column,
                         const struct csv_field *cell, FILE *out)
{
    number_refuse(layout, column, cell, out);
    fprintf(out, ", and %zu of %zu values are; if it marks a missing value: --missing-tokens ",
            column->numbers, column->numbers + column->texts);
    char *text = text_from_csv(cell->text, cell->length);
    csv_item_write_word(text, out);
    memory_free(text);
    fputs("; if these are categories: ", out);
    way_write(layout, column, "category", out);
    fputs("; else ", out);
    way_write(layout, column, "drop", out);
}

static void refuse_too_many(const struct csv_layout *layout, const struct csv_column *column,
                            const struct csv_field *cell, FILE *out)
{
    name_write(layout, column, out);
    if (column->full)
        fprintf(out, " has more than %d distinct texts, as ", CSV_TEXTS_MOST);
    else
        fprintf(out, " has %zu distinct texts in %zu rows, as ", column->distinct, column->rows);
    drop_write(layout, column, cell, out);
    fputs("; if they are categories all the same: ", out);
    way_write(layout, column, "category", out);
}

/* --- The table ---------------------------------------------------------------------------------
 */

static const struct csv_kind kinds[] = {
    {"category", true, is_asked, "category, as was said", NULL},
    {"too many texts", false, is_asked_full, NULL, refuse_asked},
    {"text", false, is_not_models, NULL, refuse_not_models},
    {"empty", false, is_empty, NULL, refuse_empty},
    {"number", false, is_number, "number", NULL},
    {"commas", false, has_commas, NULL, refuse_commas},
    {"date or time", false, is_date, NULL, refuse_date},
    {"mixed", false, is_mixed, NULL, refuse_mixed},
    {"too many texts", false, is_too_many, NULL, refuse_too_many},
    {"category", true, is_rest, "category", NULL},
};

const struct csv_kind *csv_kind_of(const struct csv_layout *layout, const struct csv_column *column)
{
    const struct csv_kind *kind = kinds;
    while (!kind->applies(layout, column))
        kind++;
    return kind;
}
