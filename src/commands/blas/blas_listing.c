/* SPDX-License-Identifier: MIT
 *
 * What a library does not tell of itself is shown as "-".
 */
#include "commands/blas/blas_listing.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/text_table.h"

static const struct text_column columns[] = {
    {"library", COLUMN_TEXT, false, NULL},   {"version", COLUMN_TEXT, false, NULL},
    {"threading", COLUMN_TEXT, false, NULL}, {"core", COLUMN_TEXT, false, NULL},
    {"threads", COLUMN_NUMBER, false, NULL}, {"LAPACK", COLUMN_TEXT, false, NULL},
    {"file", COLUMN_TEXT, false, NULL},
};

static void add_text(struct text_table *table, const char *text)
{
    text_table_cell(table, "%s", text != NULL ? text_shown(text) : "-");
}

static void add_row(struct text_table *table, const struct blas_listed *library)
{
    text_table_cell(table, "%s%s", library->name, library->linked ? " (linked)" : "");
    add_text(table, library->version);
    add_text(table, library->threading);
    add_text(table, library->core);
    text_table_cell(table, "%d", library->threads);
    text_table_cell(table, "%s", library->lapack ? "yes" : "no");
    add_text(table, library->path);
}

void blas_listing_write(const struct blas_list *list, FILE *out)
{
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < list->count; i++)
        if (list->libraries[i].reason == NULL)
            add_row(table, &list->libraries[i]);
    text_table_print(table, 0, out);
    text_table_free(table);
    fprintf(out, "threads: that a matrix product really used; LAPACK: newton and F* need it\n");
    for (size_t i = 0; i < list->count; i++)
        if (list->libraries[i].reason != NULL)
            fprintf(out, "not usable: %s: %s\n", text_shown(list->libraries[i].path),
                    list->libraries[i].reason);
    char *advice = blas_list_advice(list);
    if (advice != NULL)
        fprintf(out, "%s: %s\n",
                list->count > 1 ? "not installed" : "only one is installed; for others", advice);
    memory_free(advice);
}

bool blas_listing_print(struct error *error)
{
    struct blas_list list;
    if (!blas_list_find("/proc/self/exe", NULL, 0, &list, error))
        return false;
    blas_listing_write(&list, stdout);
    blas_list_clear(&list);
    return true;
}
