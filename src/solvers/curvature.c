/* SPDX-License-Identifier: MIT
 *
 * The power method on A'A with A = [X 1]: v <- A'(A v) / ||A'(A v)||. The Rayleigh quotient
 * ||A v||^2 / ||v||^2 rises towards lambda_max(A'A) and never passes it, so 4 n / quotient never
 * calls a rate unstable that is not.
 *
 * A pass at any models gives X' (p - y), but A'(A v) is linear and needs none of the neuron; it is
 * written out here, rows cut and added up as in kernels/pass.c would be more than an estimate
 * needs, so the threads' sums are simply added.
 */
#include "solvers/curvature.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>

/* out += A'(A v) over all rows, v and out (d + 1), the bias last. */
static void multiply(const struct dataset *data, const double *v, double *out, int threads)
{
    size_t d = data->features;
#pragma omp parallel for num_threads(threads) reduction(+ : out[:d + 1]) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        const double *x = data->X + i * d;
        double z = v[d];
        for (size_t f = 0; f < d; f++)
            z += x[f] * v[f];
        for (size_t f = 0; f < d; f++)
            out[f] += z * x[f];
        out[d] += z;
    }
}

static double normalise(double *v, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += v[i] * v[i];
    double norm = sqrt(sum);
    for (size_t i = 0; i < length; i++)
        v[i] /= norm;
    return norm;
}

double curvature_largest(const struct dataset *data, int passes, int threads)
{
    size_t length = data->features + 1;
    double *v = memory_allocate(length, sizeof *v), *Av = memory_allocate(length, sizeof *Av);
    struct random_stream stream = random_open(0, RANDOM_START, 0);
    for (size_t i = 0; i < length; i++)
        v[i] = random_normal(&stream);
    normalise(v, length);

    double largest = 0.0;
    for (int pass = 0; pass < passes; pass++) {
        for (size_t i = 0; i < length; i++)
            Av[i] = 0.0;
        multiply(data, v, Av, threads);
        double quotient = 0.0; /* v' A'A v, with ||v|| = 1 */
        for (size_t i = 0; i < length; i++)
            quotient += v[i] * Av[i];
        bool settled = quotient - largest <= 1e-5 * quotient;
        largest = quotient;
        if (settled)
            break;
        double *swap = v;
        v = Av;
        Av = swap;
        normalise(v, length);
    }
    memory_free(v);
    memory_free(Av);
    return largest / (4.0 * (double)data->rows);
}
