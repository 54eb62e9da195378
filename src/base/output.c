/* SPDX-License-Identifier: MIT
 *
 * Written under a temporary name in the folder where it will stay, flushed to disk, renamed: at any
 * instant the name belongs to the old content or to all of the new.
 */
#include "base/output.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool output_fail(const char *path, struct error *error)
{
    return error_failed(error, "%s: cannot be written: %s", path, strerror(errno));
}

/* "folder/.name.XXXXXX" for "folder/name". */
static char *temporary_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash != NULL ? (int)(slash + 1 - path) : 0;
    char *name = NULL;
    if (asprintf(&name, "%.*s.%s.XXXXXX", folder, path, path + folder) < 0)
        memory_exhausted(strlen(path), 1);
    return name;
}

static bool temporary_open(struct output *output, struct error *error)
{
    output->temporary = temporary_name(output->path);
    int file = mkstemp(output->temporary);
    if (file < 0) {
        memory_free(output->temporary);
        output->temporary = NULL;
        return output_fail(output->path, error);
    }
    mode_t mask = umask(0);
    umask(mask);
    fchmod(file, 0666 & ~mask); /* mkstemp() lets only the owner read */
    output->file = fdopen(file, "w");
    return output->file != NULL || output_fail(output->path, error);
}

static void output_clear(struct output *output)
{
    memory_free(output->path);
    memory_free(output->temporary);
    *output = (struct output){0};
}

bool output_open(struct output *output, const char *path, bool replace, struct error *error)
{
    *output = (struct output){0};
    if (strcmp(path, "-") == 0) {
        output->file = stdout;
        return true;
    }
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return error_usage(error, "%s: this is a directory; name a file in it", path);
    if (exists && S_ISREG(status.st_mode) && !replace)
        return error_usage(error, "%s: this file exists; --force replaces it", path);

    output->path = memory_copy_text(path);
    bool opened;
    if (exists && !S_ISREG(status.st_mode)) {
        output->file = fopen(path, "w");
        opened = output->file != NULL || output_fail(path, error);
    } else {
        opened = temporary_open(output, error);
    }
    if (!opened)
        output_discard(output);
    return opened;
}

bool output_commit(struct output *output, struct error *error)
{
    const char *name = output->path != NULL ? output->path : "standard output";
    bool written = fflush(output->file) == 0 && !ferror(output->file);
    if (output->temporary != NULL)
        written = written && fsync(fileno(output->file)) == 0;
    if (!written)
        output_fail(name, error);
    if (written && output->temporary != NULL && rename(output->temporary, output->path) != 0)
        written = output_fail(name, error);
    if (!written) {
        output_discard(output);
        return false;
    }
    if (output->path != NULL)
        fclose(output->file);
    output_clear(output);
    return true;
}

void output_discard(struct output *output)
{
    if (output->file != NULL && output->path != NULL)
        fclose(output->file);
    if (output->temporary != NULL)
        unlink(output->temporary);
    output_clear(output);
}
