/* SPDX-License-Identifier: MIT
 *
 * What a process says of the BLAS library that the dynamic loader has given it: a worker in its
 * hello, and a child of `descent blas` when it is asked.
 */
#ifndef DESCENT_PROGRAMS_BLAS_LIBRARY_JSON_H
#define DESCENT_PROGRAMS_BLAS_LIBRARY_JSON_H

#include "base/json_text.h"

/* Family, version, flavour, threading, core, configuration, path, the function that is missing, and
 * whether it has LAPACK. */
json_t *blas_library_json(void);

#endif
