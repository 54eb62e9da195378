/* SPDX-License-Identifier: MIT
 *
 * Which format a file has, by its ending, and what formats write alike.
 */
#include "data/formats/format.h"

#include "base/memory.h"
#include "base/name_set.h"

#include <string.h>
#include <strings.h>

static bool format_claims(const struct format *format, const char *ending)
{
    for (const char *const *extension = format->extensions; *extension != NULL; extension++)
        if (strcasecmp(*extension, ending) == 0)
            return true;
    return false;
}

/* What follows the last point of a file's name; "" where it has none. */
static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *point = strrchr(name, '.');
    return point != NULL ? point + 1 : "";
}

static const struct format *format_claiming(const char *ending)
{
    for (size_t i = 0; i < format_table.count; i++) {
        const struct format *format = (const struct format *)format_table.entries[i];
        if (format_claims(format, ending))
            return format;
    }
    return NULL;
}

const struct format *format_of_path(const char *path)
{
    const struct format *format = format_claiming(ending_of(path));
    return format != NULL ? format : format_last_resort;
}

bool format_is_told(const char *path)
{
    return format_claiming(ending_of(path)) != NULL;
}

bool format_has_ending(const char *path)
{
    return *ending_of(path) != '\0';
}

bool format_same_ending(const char *path, const char *other)
{
    return strcasecmp(ending_of(path), ending_of(other)) == 0;
}

const struct format *source_format(const struct source *source)
{
    return source->format != NULL ? source->format : format_of_path(source->path);
}

char *format_label_name(const struct dataset *data)
{
    char buffer[DATASET_NAME];
    struct name_set names = {NULL};
    for (size_t j = 0; j < data->features; j++)
        name_set_add(&names, dataset_feature_name(data, j, buffer));
    char *name = name_set_has(&names, "label")
                     ? name_set_extend(&names, name_set_add(&names, "label"))
                     : memory_copy_text("label");
    name_set_clear(&names);
    return name;
}
