/* SPDX-License-Identifier: MIT
 *
 * The folder of the library itself follows, for libraries that it needs and that lie beside it: the
 * loader takes $ORIGIN from the link.
 */
#include "programs/blas/blas_environment.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/path.h"
#include "base/text.h"
#include "kernels/blas_library.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 256 };

static bool make_link(struct blas_environment *environment, const char *name, const char *path,
                      struct error *error)
{
    char *real = path_real(path), *link = path_in(environment->folder, name);
    const bool made = symlink(real, link) == 0;
    if (made)
        environment->link = memory_copy_text(link);
    else
        error_failed(error, "%s: the link cannot be made: %s", text_shown(link), strerror(errno));
    memory_free(real);
    memory_free(link);
    return made;
}

static char *compose(const struct blas_environment *environment, const char *path,
                     const char *folders)
{
    struct memory_stream stream;
    char *real = path_real(path), *beside = path_folder(real);
    FILE *out = memory_stream_open(&stream);
    fprintf(out, "LD_LIBRARY_PATH=%s:%s", environment->folder, beside);
    if (folders != NULL && folders[0] != '\0')
        fprintf(out, ":%s", folders);
    memory_free(beside);
    memory_free(real);
    return memory_stream_close(&stream);
}

bool blas_environment_open(struct blas_environment *environment, const char *path,
                           const char *folders, struct error *error)
{
    char name[NAME];
    *environment = (struct blas_environment){0};
    if (!blas_library_needed(name, sizeof name))
        return error_failed(error, "this build of descent has BLAS in itself, and cannot be given "
                                   "another; build it with a shared library");
    if (access(path, R_OK) != 0)
        return error_usage(error, "%s: the library cannot be read: %s", text_shown(path),
                           strerror(errno));
    environment->folder = path_temporary("descent-blas", "a link to a library", error);
    if (environment->folder == NULL || !make_link(environment, name, path, error)) {
        blas_environment_close(environment);
        return false;
    }
    environment->variable = compose(environment, path, folders);
    environment->variables[0] = environment->variable;
    return true;
}

void blas_environment_close(struct blas_environment *environment)
{
    if (environment->link != NULL)
        unlink(environment->link);
    if (environment->folder != NULL)
        rmdir(environment->folder);
    memory_free(environment->link);
    memory_free(environment->folder);
    memory_free(environment->variable);
    *environment = (struct blas_environment){0};
}
