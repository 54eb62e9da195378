/* SPDX-License-Identifier: MIT
 *
 * The questions of blas_answers.h, each as a function. All return false, with an error, where there
 * is no answer.
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_ASK_H
#define DESCENT_PROGRAMS_BLAS_BLAS_ASK_H

#include "measure/blas/blas_columns.h"
#include "measure/blas/blas_operations.h"
#include "measure/blas/blas_specials.h"
#include "programs/blas/blas_process.h"

enum { BLAS_SPECIALS = 9 }; /* rows of blas_special_table */

bool blas_ask_use(struct blas_process *process, int threads, struct error *error);
bool blas_ask_operands(struct blas_process *process, const struct blas_operation *operation,
                       struct blas_shape shape, struct error *error);

/* About these operands: */
bool blas_ask_threads(struct blas_process *process, int *threads, struct error *error);
bool blas_ask_digest(struct blas_process *process, char digest[static DIGEST_TEXT], bool *repeats,
                     struct error *error);
bool blas_ask_error(struct blas_process *process, double *epsilons, struct error *error);

struct blas_time {
    double seconds;    /* of one product */
    double processors; /* processor time over time */
    int threads;       /* that had processor time */
};
bool blas_ask_time(struct blas_process *process, double seconds, struct blas_time *time,
                   struct error *error);

/* And without any: */
bool blas_ask_alone(struct blas_process *process, struct blas_shape shape, struct blas_alone *alone,
                    struct error *error);
bool blas_ask_together(struct blas_process *process, int threads, size_t *wrong, size_t *calls,
                       struct error *error);
bool blas_ask_specials(struct blas_process *process,
                       char words[static BLAS_SPECIALS][SPECIAL_WORDS], struct error *error);

#endif
