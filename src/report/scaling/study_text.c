/* SPDX-License-Identifier: MIT
 *
 * Cells of tables.
 */
#include "report/scaling/study_text.h"

#include "report/quantity.h"

#include <math.h>

void study_cell_seconds(struct text_table *table, double seconds)
{
    char text[QUANTITY_TEXT];
    text_table_cell(table, "%s", quantity_seconds(text, seconds));
}

void study_cell_number(struct text_table *table, double value, int places)
{
    if (isfinite(value))
        text_table_cell(table, "%.*f", places, value);
    else
        text_table_cell(table, "-");
}

void study_cell_share(struct text_table *table, double share, int places)
{
    char text[QUANTITY_TEXT];
    text_table_cell(table, "%s", quantity_share(text, share, places));
}

void study_print_rest(size_t count, size_t most, FILE *out)
{
    if (count > most)
        fprintf(out, "\n%zu more profile%s not shown (--top)\n", count - most,
                count - most > 1 ? "s are" : " is");
}
