/* SPDX-License-Identifier: MIT
 *
 * A description names the generator, then what differs from its own settings, in the order of their
 * table; rows that are the generator's own are not named, so nothing may be left in their place.
 */
#include "report/scaling/data_family.h"

#include "base/memory.h"
#include "data/generators/generator.h"

#include <stdio.h>
#include <string.h>

/* Is the description that of a generator, with settings or preparation behind its name, or alone?
 */
static bool is_generated(const char *description)
{
    char name[64];
    size_t length = strcspn(description, ": ");
    if (length >= sizeof name)
        return false;
    memcpy(name, description, length);
    name[length] = '\0';
    return table_find(&generator_table, name) != NULL;
}

/* Cuts "rows=500" with one of the signs around it. */
static void cut_rows(char *text)
{
    static const char name[] = "rows=";
    char *rows = strstr(text, name);
    while (rows != NULL && (rows == text || strchr(":,", rows[-1]) == NULL))
        rows = strstr(rows + 1, name);
    if (rows == NULL)
        return;
    char *end = rows + strcspn(rows, ", ");
    if (*end == ',')
        end++;
    else
        rows--;
    memmove(rows, end, strlen(end) + 1);
}

char *data_family(const char *description, const char *digest)
{
    char *family = NULL;
    if (!is_generated(description)) {
        if (asprintf(&family, "%s %s", description, digest) < 0)
            memory_exhausted(1, 1);
        return family;
    }
    family = memory_copy_text(description);
    cut_rows(family);
    return family;
}
