/* SPDX-License-Identifier: MIT
 *
 * The BLAS libraries of this machine: files that have the name of one in the folder of the library
 * that this program is linked with, in the folder above it, or in one beside it (Debian has a
 * folder for each alternative: openblas-pthread/, blis-openmp/, atlas/, blas/). What each is, is
 * read back from a child process that has been given it, never taken from its name.
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_LIST_H
#define DESCENT_PROGRAMS_BLAS_BLAS_LIST_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { BLAS_NAME = 96 };

struct blas_listed {
    char name[BLAS_NAME]; /* "openblas-openmp", "atlas"; with "-VERSION" where two have one name */
    char *path;           /* of its file, without links */
    char *family, *version, *flavour, *threading, *core, *configuration; /* NULL: unknown */
    int threads;  /* that a matrix product of 256 rows really used, lent all; 0: unknown */
    bool lapack;  /* it has LAPACK's factors too: newton and F* need them */
    bool linked;  /* the one that this program is linked with */
    char *reason; /* why it cannot be used; NULL: it can, and all of the above is told */
};

struct blas_list {
    size_t count;
    struct blas_listed *libraries; /* the linked one first, then by name, then those of no use */
};

/* Those of this machine and of files `paths` (count), each once. `program`: descent
 * ("/proc/self/exe" in itself). False, with an error, where no child can be asked at all; a file of
 * `paths` that is of no use is in the list with its reason. Free with blas_list_clear(). */
bool blas_list_find(const char *program, const char *const *paths, size_t count,
                    struct blas_list *list, struct error *error);
void blas_list_clear(struct blas_list *list);

/* The library that a word means: a name of the list; a family ("openblas"), of which it is the
 * linked one or the first; or a path of a file. NULL, with an error that says which there are and
 * what could be installed. */
const struct blas_listed *blas_list_choose(const struct blas_list *list, const char *word,
                                           struct error *error);

/* The Debian packages of families or flavours that are not in the list, as a command that installs
 * them; NULL: all are. Free with memory_free(). */
char *blas_list_advice(const struct blas_list *list);

#endif
