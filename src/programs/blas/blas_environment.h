/* SPDX-License-Identifier: MIT
 *
 * How the dynamic loader is given another BLAS for a child process of this program.
 *
 * The program asks for its BLAS by a name, libopenblas.so.0. The loader looks for that name in the
 * folders of LD_LIBRARY_PATH first: so a folder is made that holds a link of that name to the
 * library, and the child finds it there. LD_PRELOAD would not do: it puts a library before the one
 * that is linked, which is loaded all the same with its own threads, and answers for functions
 * that the first one lacks. Here there is one BLAS in a process, and what it lacks is missing.
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_ENVIRONMENT_H
#define DESCENT_PROGRAMS_BLAS_BLAS_ENVIRONMENT_H

#include "base/error.h"

#include <stdbool.h>

struct blas_environment {
    char *folder, *link;      /* that were made */
    char *variable;           /* "LD_LIBRARY_PATH=..." */
    const char *variables[2]; /* it, and NULL: for struct process_command */
};

/* For the library in the file `path`. `folders` is the LD_LIBRARY_PATH that the child would have
 * otherwise, and follows; NULL: none. On success close with blas_environment_close(), once no
 * process is to be started with it any more; those that run do not need it. It stays where it is:
 * `variables` points into it. */
bool blas_environment_open(struct blas_environment *environment, const char *path,
                           const char *folders, struct error *error);
void blas_environment_close(struct blas_environment *environment); /* all zeros are allowed */

#endif
