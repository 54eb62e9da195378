/* SPDX-License-Identifier: MIT
 *
 * Whether a library may be called by several threads at the same time, each on its own result: as a
 * pass over the data calls it. One that keeps what it works on in one place for all callers
 * computes something else then.
 */
#ifndef DESCENT_MEASURE_BLAS_BLAS_TOGETHER_H
#define DESCENT_MEASURE_BLAS_BLAS_TOGETHER_H

#include <stddef.h>

/* Calls with results of other bits than the same call alone, of *calls; the library is to be on one
 * thread. */
size_t blas_together_wrong(int threads, size_t *calls);

#endif
