/* SPDX-License-Identifier: MIT
 *
 * The two products of one row with the weights of models that lie side by side, `stride` from one
 * weight of a model to its next:
 *
 *     z = x W            W = W + x' c
 *
 * A sum has several chains of additions, or the latency of one would be what a row costs. How many
 * models there are changes no order of additions: the bits of a model are the same in any company.
 * That number is a constant where a caller inlines these for one model, which leaves plain numbers
 * in registers.
 */
#ifndef DESCENT_KERNELS_ROW_SUMS_H
#define DESCENT_KERNELS_ROW_SUMS_H

#include "data/dataset.h"
#include "kernels/vector.h"
#include "neuron/activation.h"

enum {
    ROW_WIDEST = 64, /* models at once, at most */
    SPARSE_CHAINS = 4,
    DENSE_CHAINS = 8, /* a vector of them where there is one model */
};

/* A row of data that are known to be sparse, with the values that were given. */
INLINED struct sample sparse_sample(const struct dataset *data, size_t i)
{
    size_t start = data->starts[i];
    return (struct sample){.count = data->ends[i] - start,
                           .values = data->values + start,
                           .columns = data->columns + start};
}

/* Its value t. `single`, a constant where this is inlined: it is one of float32. */
INLINED double sparse_value(const struct sample *x, bool single, size_t t)
{
    return single ? (double)x->singles[t] : x->values[t];
}

INLINED void sparse_sum_of(const struct sample *x, bool single, const double *W, size_t stride,
                           size_t models, double *restrict z)
{
    double chains[SPARSE_CHAINS][ROW_WIDEST];
    for (size_t p = 0; p < SPARSE_CHAINS; p++)
        for (size_t j = 0; j < models; j++)
            chains[p][j] = 0.0;
    size_t t = 0;
    for (; t + SPARSE_CHAINS <= x->count; t += SPARSE_CHAINS) {
        UNROLLED_LOOP
        for (size_t p = 0; p < SPARSE_CHAINS; p++) {
            const double *w = W + x->columns[t + p] * stride,
                         value = sparse_value(x, single, t + p);
#pragma omp simd
            for (size_t j = 0; j < models; j++)
                chains[p][j] = multiply_add(value, w[j], chains[p][j]);
        }
    }
    for (; t < x->count; t++) {
        const double *w = W + x->columns[t] * stride, value = sparse_value(x, single, t);
#pragma omp simd
        for (size_t j = 0; j < models; j++)
            chains[0][j] = multiply_add(value, w[j], chains[0][j]);
    }
#pragma omp simd
    for (size_t j = 0; j < models; j++)
        z[j] = (chains[0][j] + chains[1][j]) + (chains[2][j] + chains[3][j]);
}

INLINED void sparse_sum(const struct sample *x, const double *W, size_t stride, size_t models,
                        double *restrict z)
{
    sparse_sum_of(x, false, W, stride, models, z);
}

INLINED void sparse_add_of(const struct sample *x, bool single, double *W, size_t stride,
                           size_t models, const double *restrict c)
{
    for (size_t t = 0; t < x->count; t++) {
        double *restrict w = W + x->columns[t] * stride;
        const double value = sparse_value(x, single, t);
#pragma omp simd
        for (size_t j = 0; j < models; j++)
            w[j] = multiply_add(value, c[j], w[j]);
    }
}

INLINED void sparse_add(const struct sample *x, double *W, size_t stride, size_t models,
                        const double *restrict c)
{
    sparse_add_of(x, false, W, stride, models, c);
}

/* chains[p] of one model -> their sum */
INLINED double dense_chains(const double *chains, size_t step)
{
    const double *c = chains;
    return ((c[0] + c[step]) + (c[2 * step] + c[3 * step])) +
           ((c[4 * step] + c[5 * step]) + (c[6 * step] + c[7 * step]));
}

/* x.w, feature f in chain f mod DENSE_CHAINS. */
INLINED double dense_sum_one(const double *restrict x, const double *restrict w, size_t d)
{
    double chains[DENSE_CHAINS] = {0.0};
    size_t f = 0;
    for (; f + DENSE_CHAINS <= d; f += DENSE_CHAINS) {
#pragma omp simd
        for (size_t p = 0; p < DENSE_CHAINS; p++)
            chains[p] = multiply_add(x[f + p], w[f + p], chains[p]);
    }
    for (size_t p = 0; f + p < d; p++)
        chains[p] = multiply_add(x[f + p], w[f + p], chains[p]);
    return dense_chains(chains, 1);
}

/* The same of a row of singles, with the same bits. */
INLINED double singles_sum_one(const float *restrict x, const double *restrict w, size_t d)
{
    double chains[DENSE_CHAINS] = {0.0};
    for (size_t f = 0; f < d; f += DENSE_CHAINS) {
        double wide[DENSE_CHAINS] = {0.0}; /* gcc 14 does not see that it is filled */
        const size_t count = d - f < DENSE_CHAINS ? d - f : DENSE_CHAINS;
        for (size_t p = 0; p < count; p++)
            wide[p] = (double)x[f + p];
        for (size_t p = 0; p < count; p++)
            chains[p] = multiply_add(wide[p], w[f + p], chains[p]);
    }
    return dense_chains(chains, 1);
}

INLINED void dense_sum_many(const double *restrict x, const double *restrict W, size_t stride,
                            size_t models, size_t d, double *restrict z)
{
    double chains[DENSE_CHAINS][ROW_WIDEST];
    for (size_t p = 0; p < DENSE_CHAINS; p++)
        for (size_t j = 0; j < models; j++)
            chains[p][j] = 0.0;
    for (size_t f = 0; f < d; f++) {
        double *restrict chain = chains[f % DENSE_CHAINS];
#pragma omp simd
        for (size_t j = 0; j < models; j++)
            chain[j] = multiply_add(x[f], W[f * stride + j], chain[j]);
    }
    for (size_t j = 0; j < models; j++)
        z[j] = dense_chains(&chains[0][j], ROW_WIDEST);
}

#endif
