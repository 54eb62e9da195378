/* SPDX-License-Identifier: MIT
 *
 * What may be said of a file beside its path and its label. One row each: from these come the
 * options of commands, the keys of sweep files and their checks.
 */
#include "base/text.h"
#include "data/format.h"
#include "data/source.h"

#include <stdio.h>
#include <string.h>

const struct format *source_format(const struct source *source)
{
    return source->format != NULL ? source->format : format_of_path(source->path);
}

static bool set_format(struct source *source, const char *text, char *reason, size_t size)
{
    source->format = (const struct format *)(const void *)table_find(&format_table, text);
    if (source->format == NULL)
        table_unknown(&format_table, text, reason, size);
    return source->format != NULL;
}

static bool set_first_index(struct source *source, const char *text, char *reason, size_t size)
{
    source->from_zero = strcmp(text, "0") == 0;
    if (source->from_zero || strcmp(text, "1") == 0)
        return true;
    snprintf(reason, size, "'%s' is no first index; give 0 or 1", text);
    return false;
}

static bool set_features(struct source *source, const char *text, char *reason, size_t size)
{
    int64_t number;
    if (text_to_integer(text, &number) && number >= 1 && number < UINT32_MAX) {
        source->features = (size_t)number;
        return true;
    }
    snprintf(reason, size, "'%s' is no number of features; give an integer from 1 to %lu", text,
             (unsigned long)UINT32_MAX - 1);
    return false;
}

const struct file_attribute file_attributes[] = {
    {{"format", "format of the file (default: told by its ending)"},
     "the name of a format",
     set_format},
    {{"first_index", "number of the first column in a LIBSVM file: 0 or 1 (default 1)"},
     "0 or 1",
     set_first_index},
    {{"features", "how many features a LIBSVM file has (default: its largest index)"},
     "a number of features",
     set_features},
};
const size_t file_attribute_count = sizeof file_attributes / sizeof *file_attributes;

bool source_file_check(const struct source *source, char *reason, size_t size)
{
    const struct format *format = source_format(source);
    if (format->indexed || (!source->from_zero && source->features == 0))
        return true;
    snprintf(reason, size,
             "'%s' is for LIBSVM files, and this is read as %s; 'format' says otherwise",
             source->from_zero ? "first_index" : "features", format->entry.name);
    return false;
}
