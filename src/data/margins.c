/* SPDX-License-Identifier: MIT
 *
 * Where a sum overflows on the way, though all of x and w are finite, it is summed again in long
 * double, whose range the products of all doubles fit into: the sign is right, and so are the
 * probability and the loss, with |z| at most the largest double.
 */
#include "data/margins.h"

#include <float.h>
#include <math.h>

double sample_margin(const struct sample *x, const double *w, double b)
{
    double z = sample_dot(x, w) + b;
    if (isfinite(z))
        return z;
    long double sum = b, most = DBL_MAX;
    for (size_t t = 0; t < x->count; t++)
        sum += (long double)sample_value(x, t) * (long double)w[sample_column(x, t)];
    return (double)fminl(fmaxl(sum, -most), most);
}

void dataset_margins(const struct dataset *data, const double *w, double b, int threads, double *z)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        z[i] = sample_margin(&x, w, b);
    }
}
