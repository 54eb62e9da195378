/* SPDX-License-Identifier: MIT
 *
 * "a/.." is not "." where a is a link to a folder elsewhere. So a path that goes up is found
 * between real paths, in which no part is a link; below the last part that exists, names are taken
 * as they are written.
 */
#include "base/system/path.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = memory_copy_text(path);
    if (slash == NULL)
        folder[0] = '\0';
    else
        folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

char *path_in(const char *folder, const char *path)
{
    if (path[0] == '/' || folder[0] == '\0')
        return memory_copy_text(path);
    struct memory_stream joined;
    FILE *out = memory_stream_open(&joined);
    fprintf(out, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", path);
    return memory_stream_close(&joined);
}

char *path_cache(const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && cache[0] == '/')
        return path_in(cache, name);
    if (home == NULL || home[0] != '/')
        return NULL;
    char *folder = path_in(home, ".cache"), *path = path_in(folder, name);
    memory_free(folder);
    return path;
}

/* realpath() gives memory of the C library's own. */
static char *real_of(const char *path)
{
    char *real = realpath(path[0] != '\0' ? path : ".", NULL);
    char *copy = real != NULL ? memory_copy_text(real) : NULL;
    free(real);
    return copy;
}

char *path_real(const char *path)
{
    char *real = real_of(path);
    if (real != NULL)
        return real;
    if (path[0] == '\0' || strcmp(path, "/") == 0) /* a working directory that was removed */
        return memory_copy_text("/");
    char *whole = memory_copy_text(path);
    size_t end = strlen(whole);
    while (end > 1 && whole[end - 1] == '/')
        whole[--end] = '\0';
    char *folder = path_folder(whole), *real_folder = path_real(folder);
    const char *slash = strrchr(whole, '/'), *name = slash != NULL ? slash + 1 : whole;
    if (strcmp(name, "..") == 0)
        real = path_folder(real_folder);
    else
        real = strcmp(name, ".") == 0 ? memory_copy_text(real_folder) : path_in(real_folder, name);
    memory_free(whole);
    memory_free(folder);
    memory_free(real_folder);
    return real;
}

/* The bytes that two real paths have in common, up to the end of a part. */
static size_t common_parts(const char *a, const char *b)
{
    size_t common = 0, i = 0;
    for (; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '/')
            common = i;
    bool ends = (a[i] == '\0' || a[i] == '/') && (b[i] == '\0' || b[i] == '/');
    return ends ? i : common;
}

/* Where a path is named: its last part may be a link, and stays. */
static char *place_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return path_real(path);
    char *folder = path_folder(path), *real = path_real(folder), *place = path_in(real, name);
    memory_free(folder);
    memory_free(real);
    return place;
}

char *path_from(const char *folder, const char *path)
{
    char *from = path_real(folder), *to = place_of(path);
    size_t common = common_parts(from, to);
    const char *down = to + common + (to[common] == '/');
    struct memory_stream relative;
    FILE *out = memory_stream_open(&relative);
    const char *separator = "";
    for (const char *up = from + common; *up != '\0'; up += strcspn(up, "/")) {
        up += *up == '/';
        if (*up == '\0')
            break;
        fprintf(out, "%s..", separator);
        separator = "/";
    }
    fprintf(out, "%s%s", *down != '\0' ? separator : "", down);
    if (*separator == '\0' && *down == '\0')
        putc('.', out);
    memory_free(from);
    memory_free(to);
    return memory_stream_close(&relative);
}

char *path_near(const char *folder)
{
    char *below = path_from("", folder);
    if (strcmp(below, ".") == 0)
        below[0] = '\0';
    if (strcmp(below, "..") != 0 && strncmp(below, "../", 3) != 0)
        return below;
    memory_free(below);
    return path_real(folder);
}

char *path_temporary(const char *name, const char *what, struct error *error)
{
    const char *temporary = getenv("TMPDIR");
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    if (temporary == NULL || temporary[0] == '\0')
        temporary = "/tmp";
    fprintf(out, "%s/%s.XXXXXX", temporary, name);
    char *folder = memory_stream_close(&stream);
    if (mkdtemp(folder) != NULL)
        return folder;
    error_failed(error, "%s: no folder can be made there for %s: %s", text_shown(temporary), what,
                 strerror(errno));
    memory_free(folder);
    return NULL;
}

bool path_create_folder(const char *folder, mode_t mode, struct error *error)
{
    char *path = memory_copy_text(folder);
    bool done = true;
    for (char *end = path + 1; done && end != NULL; end++) {
        end = strchr(end, '/');
        if (end != NULL)
            *end = '\0';
        done = mkdir(path, mode) == 0 || errno == EEXIST;
        if (end == NULL)
            break;
        *end = '/';
    }
    if (!done)
        error_failed(error, "cannot create the folder %s: %s", path, strerror(errno));
    memory_free(path);
    return done;
}
