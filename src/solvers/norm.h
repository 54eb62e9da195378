/* SPDX-License-Identifier: MIT
 *
 * Euclidean norms of any numbers that are finite: the sum of squares where it is in range, which
 * leaves the bits of ordinary norms alone, and otherwise in units of the largest number.
 */
#ifndef DESCENT_SOLVERS_NORM_H
#define DESCENT_SOLVERS_NORM_H

#include <math.h>
#include <stddef.h>

/* The norm of x[0], x[stride], ... (count of them) and `last`. */
static inline double norm_with(const double *x, size_t count, size_t stride, double last)
{
    double sum = 0.0, largest = fabs(last);
    for (size_t i = 0; i < count; i++)
        sum += x[i * stride] * x[i * stride];
    sum += last * last;
    if ((sum > 1e-280 && sum < 1e300) || isnan(sum))
        return sqrt(sum);
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(x[i * stride]));
    if (largest == 0.0 || isinf(largest))
        return largest;
    sum = last / largest * (last / largest);
    for (size_t i = 0; i < count; i++)
        sum += x[i * stride] / largest * (x[i * stride] / largest);
    return largest * sqrt(sum);
}

static inline double norm_of(const double *x, size_t count)
{
    return norm_with(x, count, 1, 0.0);
}

/* lambda/2 ||w||^2 of w = W[0], W[stride], ... (d of them); a lambda of 0 makes it 0 however large
 * w is. */
static inline double norm_penalty(const double *W, size_t d, size_t stride, double lambda)
{
    double sum = 0.0;
    if (lambda == 0.0)
        return 0.0;
    for (size_t f = 0; f < d; f++)
        sum += W[f * stride] * W[f * stride];
    if (isfinite(sum))
        return 0.5 * lambda * sum;
    double root = sqrt(lambda) * norm_with(W, d, stride, 0.0);
    return 0.5 * root * root;
}

#endif
