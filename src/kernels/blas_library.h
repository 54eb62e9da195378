/* SPDX-License-Identifier: MIT
 *
 * Which BLAS library is in this process. The program is linked with OpenBLAS, but the dynamic
 * loader may have been given another library in its place (programs/blas/blas_environment.h), so
 * everything beside BLAS itself, how to ask its version or to set its threads, is looked up by name
 * when it is needed, and may be missing.
 */
#ifndef DESCENT_KERNELS_BLAS_LIBRARY_H
#define DESCENT_KERNELS_BLAS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

enum { BLAS_PATH = 4096, BLAS_VERSION = 32 };

struct blas_library {
    const char *family;         /* "openblas", "blis", "atlas", "reference", "unknown" */
    const char *threading;      /* "OpenMP", "pthreads", "sequential"; NULL: it cannot be asked */
    const char *core;           /* the processor whose kernels it chose; NULL: likewise */
    const char *configuration;  /* all that it says of itself; NULL: likewise */
    char version[BLAS_VERSION]; /* its own word, or its file's; "": neither tells */
    char path[BLAS_PATH];       /* of its file, without links; "": unknown */
};

void blas_library_read(struct blas_library *library);

/* As in names and in packages: "openmp", "pthread", "serial"; NULL where `threading` is. */
const char *blas_library_flavour(const struct blas_library *library);

/* How many threads its calls are to use. Where the library has no function for it, OpenMP and the
 * environment decide. */
void blas_library_set_threads(int threads);

/* How many they would use, by its own word; 0: it has none. */
int blas_library_threads(void);

/* The name under which this program asks the dynamic loader for its BLAS: "libopenblas.so.0". False
 * where it asks for none, because BLAS is a part of the program. */
bool blas_library_needed(char *name, size_t size);

/* The first function of BLAS that descent calls and this library lacks; NULL: it has all. */
const char *blas_library_missing(void);

/* Whether it has LAPACK's factors too (solvers/cholesky.c), as OpenBLAS has. Where it has not,
 * whatever factors a matrix ends the process. */
bool blas_library_has_lapack(void);

#endif
