/* SPDX-License-Identifier: MIT
 *
 * Which format a file has, by its ending: of a compressed file the one before, as in data.csv.gz;
 * of an archive of zip whose name tells nothing, that of the file in it; and what formats write
 * alike.
 */
#include "data/formats/format.h"

#include "base/memory.h"
#include "base/name_set.h"
#include "data/compression/compression.h"

#include <string.h>
#include <strings.h>

/* A part of a path. */
struct ending {
    const char *text;
    size_t length;
};

/* What follows the last point of a file's name, without that of a compressed file: "csv" of
 * "a.csv.gz"; of length 0 where it has none. */
static struct ending ending_of(const char *path)
{
    size_t end = compression_stem(path), begin = end;
    while (begin > 0 && path[begin - 1] != '.' && path[begin - 1] != '/')
        begin--;
    bool has_point = begin > 0 && path[begin - 1] == '.';
    return (struct ending){path + begin, has_point ? end - begin : 0};
}

static bool same(struct ending ending, struct ending other)
{
    return ending.length == other.length &&
           strncasecmp(ending.text, other.text, ending.length) == 0;
}

static bool format_claims(const struct format *format, struct ending ending)
{
    for (const char *const *extension = format->extensions; *extension != NULL; extension++)
        if (same(ending, (struct ending){*extension, strlen(*extension)}))
            return true;
    return false;
}

static const struct format *format_claiming(struct ending ending)
{
    for (size_t i = 0; i < format_table.count; i++) {
        const struct format *format = (const struct format *)format_table.entries[i];
        if (format_claims(format, ending))
            return format;
    }
    return NULL;
}

/* The name whose ending counts: the path or, where that says nothing and it is an archive of zip,
 * what the file in it is called. Free with memory_free(). */
static char *name_telling(const char *path)
{
    char *member = format_claiming(ending_of(path)) == NULL ? input_member_name(path) : NULL;
    return member != NULL ? member : memory_copy_text(path);
}

static const struct format *format_told(const char *path)
{
    char *name = name_telling(path);
    const struct format *format = format_claiming(ending_of(name));
    memory_free(name);
    return format;
}

const struct format *format_of_path(const char *path)
{
    const struct format *format = format_told(path);
    return format != NULL ? format : format_last_resort;
}

bool format_is_told(const char *path)
{
    return format_told(path) != NULL;
}

bool format_has_ending(const char *path)
{
    char *name = name_telling(path);
    bool has = ending_of(name).length > 0;
    memory_free(name);
    return has;
}

bool format_same_ending(const char *path, const char *other)
{
    char *name = name_telling(path), *other_name = name_telling(other);
    bool are = same(ending_of(name), ending_of(other_name));
    memory_free(name);
    memory_free(other_name);
    return are;
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
