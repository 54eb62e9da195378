/* SPDX-License-Identifier: MIT
 *
 * Written under a temporary name in the folder where it will stay, flushed to disk, renamed: at any
 * instant the name belongs to the old content or to all of the new. A name that must be new is
 * given by link(), which refuses one that has come to be in the meantime. Where there are several
 * files, the first ones are exchanged with what they replace, so that they can be put back while
 * the last may still fail.
 */
#include "base/system/output.h"

#include "base/memory.h"
#include "base/output_guard.h"
#include "base/system/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *output_fault(int fault)
{
    if (fault == 0)
        return "the end of it was not written; is the disk full?";
    return fault == EBADF ? "it is closed" : strerror(fault);
}

static bool output_fail(const char *path, struct error *error)
{
    return error_failed(error, "%s: cannot be written: %s%s", path, output_fault(errno),
                        errno == ENOENT ? "; does its folder exist?" : "");
}

/* --- Opening ------------------------------------------------------------------------------- */

/* Bytes of a path that are its folder, with the slash. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (int)(slash + 1 - path) : 0;
}

/* The path from the root on; as it is given, where that cannot be told. Free with memory_free(). */
static char *whole_path(const char *path)
{
    int length = folder_length(path);
    char *folder = NULL, *whole = NULL;
    if (asprintf(&folder, "%.*s", length > 0 ? length : 1, length > 0 ? path : ".") < 0)
        memory_exhausted(strlen(path), 1);
    char *real = realpath(folder, NULL);
    if (asprintf(&whole, "%s/%s", real != NULL ? real : folder, path + length) < 0)
        memory_exhausted(strlen(path), 1);
    memory_free(real);
    memory_free(folder);
    return whole;
}

bool output_is_taken(const char *path)
{
    char *final = whole_path(path);
    bool taken = output_is_open(final);
    memory_free(final);
    return taken;
}

/* Who may read and write it: those who may what it replaces, or what the user lets new files have
 * (mkstemp() lets only the owner). */
static mode_t mode_of(const struct output *output)
{
    struct stat status;
    if (output->replace && stat(output->path, &status) == 0 && S_ISREG(status.st_mode))
        return status.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* The temporary name does not grow with the final one, which may have all the bytes it can have. */
static bool temporary_open(struct output *output, const char *final, struct error *error)
{
    if (asprintf(&output->temporary, "%.*s.descent.XXXXXX", folder_length(output->path),
                 output->path) < 0)
        memory_exhausted(strlen(output->path), 1);
    int file = output_temporary_make(output->temporary, final);
    if (file < 0) {
        int fault = errno;
        memory_free(output->temporary);
        output->temporary = NULL;
        errno = fault;
        return output_fail(output->path, error);
    }
    fchmod(file, mode_of(output));
    output->file = fdopen(file, "w");
    if (output->file == NULL)
        close(file);
    return output->file != NULL || output_fail(output->path, error);
}

/* Files of SQLite, which is what stores are, begin so. */
static bool is_store(const char *path)
{
    static const char magic[] = "SQLite format 3";
    char begin[sizeof magic] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool is = file >= 0 && read(file, begin, sizeof begin) == sizeof begin &&
              memcmp(begin, magic, sizeof magic) == 0;
    if (file >= 0)
        close(file);
    return is;
}

/* A link to nothing is a name that is taken, too. */
static bool check_name(const char *path, bool replace, bool *special, struct error *error)
{
    struct stat status;
    *special = false;
    if (*path == '\0')
        return error_usage(error, "the name of the file to write is empty");
    bool exists = stat(path, &status) == 0;
    if (!exists && (errno != ENOENT || lstat(path, &status) != 0))
        return errno == ENOENT || output_fail(path, error);
    if (exists && S_ISDIR(status.st_mode))
        return error_usage(error, "%s: this is a directory; name a file in it", path);
    if (exists && output_is_protected(&status))
        return error_usage(
            error, "%s: the command reads this file, so it is not replaced; name another file",
            path);
    *special = exists && !S_ISREG(status.st_mode);
    if (exists && !*special && is_store(path))
        return error_usage(
            error, "%s: this is a store of trials, so it is not replaced; name another file", path);
    return *special || replace ||
           error_usage(error, "%s: this file exists; --force replaces it", path);
}

/* A regular file: the name that it will have must be one that it can have. */
static bool open_regular(struct output *output, struct error *error)
{
    char *final = whole_path(output->path);
    bool opened =
        output_is_open(final)
            ? error_usage(error, "%s: two files to be written have this name", output->path)
            : temporary_open(output, final, error);
    memory_free(final);
    return opened;
}

/* Also by its other names, which where it is closed or redirected would lead to what it leads to.
 */
static bool is_standard_output(const char *path)
{
    static const char *const names[] = {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(path, names[i]) == 0)
            return true;
    return false;
}

bool output_open(struct output *output, const char *path, bool replace, struct error *error)
{
    bool special;
    *output = (struct output){.replace = replace};
    if (is_standard_output(path)) {
        output->file = terminal_data();
        return true;
    }
    if (!check_name(path, replace, &special, error))
        return false;
    output->path = memory_copy_text(path);
    bool opened;
    if (special) {
        output->file = fopen(path, "w");
        opened = output->file != NULL || output_fail(path, error);
    } else {
        opened = open_regular(output, error);
    }
    if (!opened)
        output_discard(output);
    return opened;
}

/* --- Closing ------------------------------------------------------------------------------- */

static void output_clear(struct output *output)
{
    if (output->temporary != NULL)
        output_temporary_forget(output->temporary);
    memory_free(output->path);
    memory_free(output->temporary);
    *output = (struct output){0};
}

/* All that was written is on disk, or with who reads it, and the stream is closed. */
static bool finish(struct output *output, struct error *error)
{
    const char *name = output->path != NULL ? output->path : "standard output";
    errno = 0;
    bool written = fflush(output->file) == 0 && !ferror(output->file);
    if (output->temporary != NULL)
        written = written && fsync(fileno(output->file)) == 0;
    if (!written)
        return output_fail(name, error);
    if (output->path == NULL)
        return true;
    written = fclose(output->file) == 0;
    output->file = NULL;
    return written || output_fail(name, error);
}

/* Gives it a name that no file has. */
static bool place_first(struct output *output, struct error *error)
{
    struct stat status;
    bool placed = link(output->temporary, output->path) == 0;
    if (placed) {
        unlink(output->temporary);
    } else if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) { /* no links here */
        bool taken = lstat(output->path, &status) == 0;
        errno = EEXIST;
        placed = !taken && rename(output->temporary, output->path) == 0;
    }
    output->place = placed ? OUTPUT_CREATED : OUTPUT_NOT_PLACED;
    if (!placed && errno == EEXIST)
        return error_usage(error, "%s: this file was created in the meantime; --force replaces it",
                           output->path);
    return placed || output_fail(output->path, error);
}

/* `back`: such that it can be taken back, where the file system can do that. */
static bool place(struct output *output, bool back, struct error *error)
{
    struct stat status;
    bool special, exists = lstat(output->path, &status) == 0;
    if (exists && !check_name(output->path, output->replace, &special, error))
        return false;
    if (!output->replace)
        return place_first(output, error);
    if (back && exists &&
        renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path, RENAME_EXCHANGE) == 0)
        output->place = OUTPUT_EXCHANGED;
    else if (rename(output->temporary, output->path) == 0)
        output->place = exists ? OUTPUT_REPLACED : OUTPUT_CREATED;
    return output->place != OUTPUT_NOT_PLACED || output_fail(output->path, error);
}

static void take_back(struct output *output)
{
    if (output->place == OUTPUT_CREATED)
        unlink(output->path);
    else if (output->place == OUTPUT_EXCHANGED)
        renameat2(AT_FDCWD, output->temporary, AT_FDCWD, output->path, RENAME_EXCHANGE);
}

bool output_commit_all(struct output *outputs, size_t count, struct error *error)
{
    bool done = true;
    for (size_t i = 0; i < count && done; i++)
        done = finish(&outputs[i], error);
    output_signals_hold();
    for (size_t i = 0; i < count && done; i++)
        done = outputs[i].temporary == NULL || place(&outputs[i], i + 1 < count, error);
    for (size_t i = 0; i < count && !done; i++)
        take_back(&outputs[i]);
    for (size_t i = 0; i < count; i++)
        output_discard(&outputs[i]); /* of what has its name, only the old content is left */
    output_signals_release();
    return done;
}

bool output_commit(struct output *output, struct error *error)
{
    return output_commit_all(output, 1, error);
}

void output_discard(struct output *output)
{
    if (output->file != NULL && output->path != NULL)
        fclose(output->file);
    if (output->temporary != NULL)
        unlink(output->temporary);
    output_clear(output);
}
