/* SPDX-License-Identifier: MIT
 *
 * A child of this program with a BLAS of its own, that is asked about it (blas_answers.h).
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_PROCESS_H
#define DESCENT_PROGRAMS_BLAS_BLAS_PROCESS_H

#include "base/error.h"
#include "base/json_text.h"

#include <stdbool.h>

struct blas_process;

/* `program`: descent; `path`: the library's file. `passive`: threads of OpenMP that wait sleep at
 * once, so that those that work can be told from those that spin. NULL with an error; stop with
 * blas_process_stop(). Which library it has is seen by asking. */
struct blas_process *blas_process_start(const char *program, const char *path, bool passive,
                                        struct error *error);
void blas_process_stop(struct blas_process *process); /* NULL is allowed */

/* Asks, and returns the answer, an object; NULL, with an error, when there is none. After that it
 * is of no more use. Free with json_decref(). */
json_t *blas_process_ask(struct blas_process *process, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
