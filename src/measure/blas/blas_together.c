/* SPDX-License-Identifier: MIT
 *
 * A product that is long enough to be in progress while others begin, many times over.
 */
#include "measure/blas/blas_together.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "measure/blas/blas_operations.h"

#include <string.h>

enum { TURNS = 40 };

static const struct blas_shape shape = {96, 64, 48, 96};

/* Calls of this thread that went wrong. */
static size_t call_often(const struct blas_operands *operands)
{
    struct blas_operands own = *operands;
    const size_t bytes = operands->results * sizeof *operands->out;
    size_t wrong = 0;
    own.out = memory_allocate(operands->results, sizeof *own.out);
    for (int turn = 0; turn < TURNS; turn++) {
        blas_operands_run(&own);
        wrong += memcmp(own.out, operands->out, bytes) != 0;
    }
    memory_free(own.out);
    return wrong;
}

size_t blas_together_wrong(int threads, size_t *calls)
{
    const struct blas_operation *gemm = (const void *)table_find(&blas_operation_table, "gemm");
    struct blas_operands operands = blas_operands_create(gemm, shape);
    size_t wrong = 0;
    blas_operands_run(&operands);
#pragma omp parallel num_threads(threads) reduction(+ : wrong)
    wrong += call_often(&operands);
    blas_operands_clear(&operands);
    *calls = (size_t)threads * TURNS;
    return wrong;
}
