/* SPDX-License-Identifier: MIT
 *
 * The library's product of square matrices, one for each thread at a time: so fast can a pass for
 * several models be. The library is on one thread in each.
 */
#ifndef DESCENT_MEASURE_CEILINGS_GEMM_H
#define DESCENT_MEASURE_CEILINGS_GEMM_H

#include <stddef.h>

enum { GEMM_SIZE = 768 }; /* large enough for the best rate, 20 ms or so a product */

struct gemm {
    int threads, size;
    double *A, *B; /* (size, size) */
    double *C;     /* (threads, size, size) */
};

struct gemm gemm_create(int threads, int size);
void gemm_run(const struct gemm *gemm);     /* C = A B, by every thread */
double gemm_flops(const struct gemm *gemm); /* of one run */
double gemm_bytes(int threads, int size);   /* that the matrices take */
void gemm_clear(struct gemm *gemm);

#endif
