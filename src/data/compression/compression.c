/* SPDX-License-Identifier: MIT
 *
 * The table of compressed streams. A new one is a file with its row, and its name here.
 */
#include "data/compression/compression.h"

#include <string.h>
#include <strings.h>

#define COMPRESSIONS(X)                                                                            \
    X(gzip)                                                                                        \
    X(bzip2)                                                                                       \
    X(xz)                                                                                          \
    X(zstd)                                                                                        \
    X(lz4)

#define DECLARE(name_) extern const struct compression compression_##name_;
COMPRESSIONS(DECLARE)
#undef DECLARE

#define ROW(name_) &compression_##name_.entry,
static const struct entry *const rows[] = {COMPRESSIONS(ROW)};
#undef ROW

const struct table compression_table = TABLE("compression", rows);

static const struct compression *row(size_t i)
{
    return (const struct compression *)(const void *)rows[i];
}

const struct compression *compression_find(const char *bytes, size_t size)
{
    for (size_t i = 0; i < compression_table.count; i++)
        if (row(i)->begins(bytes, size))
            return row(i);
    return NULL;
}

static bool is_ending(const char *ending)
{
    if (strcasecmp(ending, "zip") == 0)
        return true;
    for (size_t i = 0; i < compression_table.count; i++)
        for (const char *const *own = row(i)->endings; *own != NULL; own++)
            if (strcasecmp(ending, *own) == 0)
                return true;
    return false;
}

size_t compression_stem(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *point = strrchr(name, '.');
    return point != NULL && is_ending(point + 1) ? (size_t)(point - path) : strlen(path);
}

char *compression_library_version(const char *library, char text[static COMPRESSION_VERSION])
{
    *text = '\0';
    for (size_t i = 0; i < compression_table.count; i++)
        if (strcmp(row(i)->library, library) == 0)
            row(i)->version(text);
    return text;
}
