/* SPDX-License-Identifier: MIT
 *
 * A process that is asked about its own BLAS, which is the one that the dynamic loader was given
 * (blas_environment.h): each line is a question, and is answered with one line of JSON.
 *
 *     library                          which library this is, and what a call of it really uses
 *     use THREADS                      calls are to use so many
 *     operands OPERATION N D K BLOCK   what the next four are about (measure/blas/)
 *     threads                          how many threads a call really uses
 *     digest                           its bits, and whether they repeat
 *     error                            its largest error
 *     time SECONDS                     seconds of a call, the median of calls for so long
 *     alone N D                        bits of one row or column alone
 *     together THREADS                 calls by so many threads at the same time
 *     specials                         NaN, infinity and nothing
 */
#ifndef DESCENT_PROGRAMS_BLAS_BLAS_ANSWERS_H
#define DESCENT_PROGRAMS_BLAS_BLAS_ANSWERS_H

#include <stdbool.h>
#include <stdio.h>

/* Answers until the input ends. */
void blas_answers_serve(FILE *in, FILE *out);

#endif
