/* SPDX-License-Identifier: MIT
 *
 * Lipschitz constants of gradients. The largest curvature comes from below, so that of the mean is
 * taken larger by what it may miss; it never needs to be larger than the largest sample's.
 */
#include "solvers/smoothness.h"

#include "solvers/configuration.h"
#include "solvers/curvature.h"

#include <math.h>

static double largest_sample(const struct dataset *data)
{
    double largest = 0.0;
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double square = 1.0; /* of the bias */
        for (size_t t = 0; t < x.count; t++)
            square += sample_value(&x, t) * sample_value(&x, t);
        largest = fmax(largest, class_weight(data, data->y[i]) * square);
    }
    return ranks_allreduce_max(data->ranks, largest) / 4.0;
}

struct smoothness smoothness_of(const struct dataset *data, int threads)
{
    double largest = largest_sample(data);
    double mean = (1.0 + CURVATURE_TOLERANCE) * curvature_largest(data, threads);
    return (struct smoothness){(double)dataset_samples(data), fmin(mean, largest), largest};
}

double rate_auto_batch(const struct smoothness *smoothness,
                       const struct configuration *configuration)
{
    return 1.0 / (smoothness->mean + configuration->lambda);
}

static double of_batch(const struct smoothness *smoothness, double batch)
{
    double n = smoothness->samples;
    if (batch >= n)
        return smoothness->mean;
    return n / batch * (batch - 1.0) / (n - 1.0) * smoothness->mean +
           (n - batch) / (n - 1.0) / batch * smoothness->largest;
}

double rate_auto_minibatch(const struct smoothness *smoothness,
                           const struct configuration *configuration)
{
    double L = of_batch(smoothness, (double)configuration->batch);
    return 0.5 / (L + configuration->lambda);
}

double rate_auto_sample(const struct smoothness *smoothness,
                        const struct configuration *configuration)
{
    return 0.5 / (smoothness->largest + configuration->lambda);
}

double rate_auto_reduced(const struct smoothness *smoothness,
                         const struct configuration *configuration)
{
    return 1.0 / (3.0 * (smoothness->largest + configuration->lambda));
}
