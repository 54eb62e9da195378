/* SPDX-License-Identifier: MIT
 *
 * A link is followed, so that the file it names is replaced and not the link. What is not a regular
 * file (/dev/stdout, a pipe) cannot be replaced and is written directly.
 */
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The permissions that fopen() would give a new file. */
static mode_t default_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Opens the temporary file with the permissions of the file it will replace. */
static FILE *open_temporary(struct file_output *file, mode_t mode)
{
    if (asprintf(&file->temporary, "%s.XXXXXX", file->path) < 0)
        memory_exhausted(1, strlen(file->path));
    int descriptor = mkstemp(file->temporary);
    if (descriptor < 0) {
        free(file->temporary);
        file->temporary = NULL;
        return NULL;
    }
    FILE *stream = fchmod(descriptor, mode) == 0 ? fdopen(descriptor, "w") : NULL;
    if (stream == NULL)
        close(descriptor);
    return stream;
}

bool file_output_begin(struct file_output *file, const char *path, struct error *error)
{
    struct stat facts;
    bool there = stat(path, &facts) == 0;
    char *resolved = there ? realpath(path, NULL) : NULL;
    *file = (struct file_output){.path = memory_copy_text(resolved != NULL ? resolved : path)};
    free(resolved);
    if (there && S_ISDIR(facts.st_mode))
        errno = EISDIR;
    else if (there && !S_ISREG(facts.st_mode))
        file->stream = fopen(path, "w");
    else
        file->stream = open_temporary(file, there ? facts.st_mode & 07777 : default_mode());
    if (file->stream != NULL)
        return true;
    error_failed(error, "cannot write %s: %s", path, strerror(errno));
    file_output_discard(file);
    return false;
}

bool file_output_commit(struct file_output *file, struct error *error)
{
    bool done = fflush(file->stream) == 0 && !ferror(file->stream) &&
                (file->temporary == NULL || fsync(fileno(file->stream)) == 0);
    int reason = errno;
    if (fclose(file->stream) != 0 && done) {
        reason = errno;
        done = false;
    }
    file->stream = NULL;
    if (done && file->temporary != NULL && rename(file->temporary, file->path) != 0) {
        reason = errno;
        done = false;
    }
    if (done) {
        memory_free(file->temporary);
        file->temporary = NULL;
    } else {
        error_failed(error, "cannot write %s: %s", file->path, strerror(reason));
    }
    file_output_discard(file);
    return done;
}

void file_output_discard(struct file_output *file)
{
    if (file->stream != NULL)
        fclose(file->stream);
    if (file->temporary != NULL)
        unlink(file->temporary);
    memory_free(file->temporary);
    memory_free(file->path);
    *file = (struct file_output){0};
}
