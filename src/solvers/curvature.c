/* SPDX-License-Identifier: MIT
 *
 * The power method on A'CA with A = [X 1] and C the weights of classes, mostly 1:
 * v <- A'CA v / ||A'CA v||. The Rayleigh quotient of v rises towards lambda_max(A'CA) and never
 * passes it, so 4 n / quotient never calls a rate unstable that is not.
 *
 * A pass at any models gives X' (p - y), but A'(A v) is linear and needs none of the neuron; it is
 * written out here, with the chunks and the tree of a pass.
 */
#include "solvers/curvature.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "data/chunks.h"

#include <math.h>
#include <string.h>

/* out += A' C A v over the rows [begin, end), v and out (d + 1), the bias last; C are the weights
 * of classes. */
static void multiply_rows(const struct dataset *data, size_t begin, size_t end, const double *v,
                          double *out)
{
    size_t d = data->features;
    for (size_t i = begin; i < end; i++) {
        const struct sample x = dataset_sample(data, i);
        double weight = data->y == NULL ? 1.0 : class_weight(data, data->y[i]);
        double z = weight * (sample_dot(&x, v) + v[d]);
        sample_add(&x, z, out);
        out[d] += z;
    }
}

/* out = A' C A v; partial (chunks, d + 1) is workspace. */
static void multiply(const struct dataset *data, const double *v, double *out, double *partial,
                     int threads)
{
    size_t length = data->features + 1;
    const struct chunking cut = chunking_of(data, data->rows);
#pragma omp parallel num_threads(threads)
    {
        threads_enter();
#pragma omp for schedule(static)
        for (size_t chunk = 0; chunk < cut.count; chunk++) {
            double *sums = partial + chunk * length;
            memset(sums, 0, length * sizeof *sums);
            multiply_rows(data, chunking_begin(&cut, chunk), chunking_begin(&cut, chunk + 1), v,
                          sums);
        }
        chunks_add(partial, length, cut.count, length);
    }
    ranks_sum(data->ranks, partial, length);
    memcpy(out, partial, length * sizeof *out);
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
    double *partial =
        memory_allocate_untouched(chunking_of(data, data->rows).count * length, sizeof *partial);
    struct random_stream stream = random_open(0, RANDOM_START, 0);
    for (size_t i = 0; i < length; i++)
        v[i] = random_normal(&stream);
    normalise(v, length);

    double largest = 0.0;
    for (int pass = 0; pass < passes; pass++) {
        multiply(data, v, Av, partial, chunk_threads(data, threads));
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
    memory_free(partial);
    return largest / (4.0 * (double)dataset_samples(data));
}
