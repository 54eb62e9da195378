/* SPDX-License-Identifier: MIT
 *
 * The best bias is where the mean residual is 0. That grows with the bias, so Newton's method with
 * a bracket finds it from anywhere; places begin with the bias of their neighbour.
 */
#include "report/plots/lesson/surface.h"

#include "base/memory.h"
#include "neuron/activation.h"

#include <math.h>

/* The mean loss at a bias, and its first two derivatives by it. */
struct at_bias {
    double loss, slope, curvature;
};

static struct at_bias look(const struct dataset *data, const double *z, double b)
{
    struct at_bias at = {0};
    const double share = 1.0 / (double)data->rows;
    for (size_t i = 0; i < data->rows; i++) {
        const double y = data->y[i], part = share * class_weight(data, y);
        const struct neuron_terms terms = neuron_terms(z[i] + b, y);
        at.loss += part * (terms.hinge + neuron_log1p(terms.e));
        at.slope += part * terms.residual;
        at.curvature += part * terms.e / ((1.0 + terms.e) * (1.0 + terms.e));
    }
    return at;
}

/* Moves *b to the least loss for these sums z (n), and returns it. */
static double least_loss(const struct dataset *data, const double *z, double *b)
{
    enum { STEPS = 200 };
    const double flat = 1e-10;
    double low = -INFINITY, high = INFINITY, stride = 1.0;
    struct at_bias at = look(data, z, *b);
    for (int i = 0; i < STEPS && fabs(at.slope) > flat; i++) {
        if (at.slope > 0.0)
            high = *b;
        else
            low = *b;
        double next = *b - at.slope / at.curvature;
        bool tame = at.curvature > 0.0 && next > low && next < high && fabs(next - *b) <= stride;
        if (!tame && isfinite(low) && isfinite(high))
            next = 0.5 * (low + high);
        else if (!tame)
            next = *b - copysign(stride, at.slope);
        stride *= 2.0;
        *b = next;
        at = look(data, z, *b);
    }
    return at.loss;
}

static double value_at(const struct dataset *data, double lambda, const double w[static 2],
                       double *z, double *b)
{
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        z[i] = 0.0;
        for (size_t t = 0; t < x.count; t++)
            z[i] += sample_value(&x, t) * (sample_column(&x, t) == 0 ? w[0] : w[1]);
    }
    return least_loss(data, z, b) + 0.5 * lambda * (w[0] * w[0] + w[1] * w[1]);
}

double surface_at(const struct dataset *data, double lambda, const double w[static 2])
{
    double *z = memory_allocate(data->rows, sizeof *z), b = 0.0;
    double value = value_at(data, lambda, w, z, &b);
    memory_free(z);
    return value;
}

double surface_place(const struct surface *surface, int k, size_t i)
{
    double share = (double)i / (SURFACE_SIZE - 1);
    return surface->low[k] + share * (surface->high[k] - surface->low[k]);
}

void surface_fill(struct surface *surface, const struct dataset *data, double lambda)
{
    double *z = memory_allocate(data->rows, sizeof *z), b = 0.0;
    surface->least = INFINITY;
    surface->most = -INFINITY;
    surface->finite = true;
    for (size_t row = 0; row < SURFACE_SIZE; row++)
        for (size_t i = 0; i < SURFACE_SIZE; i++) {
            size_t column = row % 2 == 0 ? i : SURFACE_SIZE - 1 - i; /* to and fro */
            const double w[2] = {surface_place(surface, 0, column), surface_place(surface, 1, row)};
            double value = value_at(data, lambda, w, z, &b);
            surface->values[row][column] = value;
            surface->least = fmin(surface->least, value);
            surface->most = fmax(surface->most, value);
            surface->finite = surface->finite && isfinite(value);
        }
    memory_free(z);
}
