/* SPDX-License-Identifier: MIT
 *
 * The table of formats. CSV is the last resort of format_of_path(): text with one row a line is
 * what files ending in .txt, .data, .tsv, or in nothing at all, are.
 */
#include "data/format.h"

#include "data/format_csv.h"
#include "data/format_libsvm.h"
#include "data/format_npy.h"

#include <string.h>
#include <strings.h>

static const struct entry *const rows[] = {
    &format_csv.entry,
    &format_libsvm.entry,
    &format_npy.entry,
};

const struct table format_table = TABLE("format", rows);

static bool format_claims(const struct format *format, const char *ending)
{
    for (const char *const *extension = format->extensions; *extension != NULL; extension++)
        if (strcasecmp(*extension, ending) == 0)
            return true;
    return false;
}

const struct format *format_of_path(const char *path)
{
    const char *point = strrchr(path, '.');
    for (size_t i = 0; point != NULL && i < format_table.count; i++) {
        const struct format *format = (const struct format *)format_table.entries[i];
        if (format_claims(format, point + 1))
            return format;
    }
    return &format_csv;
}
