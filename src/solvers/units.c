/* SPDX-License-Identifier: MIT
 *
 * Multiplying by a power of two changes no bit but the exponent, so where nothing is out of range
 * it is the matrix that is multiplied, once, and not each value on its way into it.
 */
#include "solvers/units.h"

#include "base/memory.h"

#include <math.h>

/* Products of columns outside of this, with weights of samples, come near the ends of doubles. */
static const double smallest = 1e-60, largest = 1e60;

/* Columns whose spread is between these shares of their values are shifted. Others lose few digits
 * in H; and what varies by less is hardly more than rounding in x.w + b. */
static const double least_spread = 1e-12, most_spread = 1e-3;

/* Such values are within a factor of 2 of each other, so that each minus the middle is exact. */
static bool is_shifted(const struct ranges *ranges, size_t f)
{
    const struct range both = ranges_of_both(ranges, f);
    const double far = fmax(fabs(both.least), fabs(both.most)), spread = both.most - both.least;
    return ranges->whole[f] && both.least * both.most > 0.0 && spread > least_spread * far &&
           spread < most_spread * far;
}

static struct units units_of(const struct ranges *ranges, double lambda)
{
    const size_t d = ranges->features;
    struct units units = {.features = d, .lambda = lambda};
    units.scale = memory_allocate(3 * (d + 1), sizeof *units.scale);
    units.column = units.scale + d + 1;
    units.shift = units.column + d + 1;
    units.scale[d] = units.column[d] = 1.0;
    for (size_t f = 0; f < d; f++) {
        const struct range both = ranges_of_both(ranges, f);
        const bool shifted = is_shifted(ranges, f);
        const double column =
            shifted ? both.most - both.least : fmax(fabs(both.least), fabs(both.most));
        units.shift[f] = shifted ? both.least + (both.most - both.least) / 2.0 : 0.0;
        units.shifted = units.shifted || shifted;
        units.column[f] = column;
        const double size = fmax(column, sqrt(lambda));
        units.scale[f] = range_unit(size);
        units.extreme = units.extreme || size > largest || (column > 0.0 && column < smallest);
    }
    return units;
}

struct units units_choose(const struct dataset *data, const struct ranges *ranges, double lambda,
                          int threads)
{
    if (ranges != NULL)
        return units_of(ranges, lambda);
    struct ranges found = ranges_find(data, NULL, threads);
    const struct units units = units_of(&found, lambda);
    ranges_clear(&found);
    return units;
}

void units_clear(struct units *units)
{
    memory_free(units->scale);
}

/* lambda u^2, in range whatever lambda is */
static double regularisation(const struct units *units, size_t f)
{
    const double root = sqrt(units->lambda) * units->scale[f];
    return units->extreme ? root * root : units->lambda * (units->scale[f] * units->scale[f]);
}

void units_matrix(const struct units *units, struct hessian *hessian, double *H)
{
    const size_t length = units->features + 1;
    const double *u = units->scale;
    const struct hessian_units given = {u, units->shifted ? units->shift : NULL};
    const bool as_it_is = !units->extreme && !units->shifted;
    hessian_matrix_in(hessian, as_it_is ? NULL : &given, H);
    for (size_t f = 0; f < length && as_it_is; f++)
        for (size_t g = 0; g < length; g++)
            H[f * length + g] *= u[f] * u[g];
    for (size_t f = 0; f + 1 < length; f++)
        H[f * length + f] += regularisation(units, f);
}

void units_upper(const struct units *units, struct hessian *hessian, double *H)
{
    const size_t length = units->features + 1;
    const double *u = units->scale;
    const struct hessian_units given = {u, units->shifted ? units->shift : NULL};
    const bool as_it_is = !units->extreme && !units->shifted;
    hessian_upper_in(hessian, as_it_is ? NULL : &given, H);
    for (size_t f = 0; f < length && as_it_is; f++)
        for (size_t g = f; g < length; g++)
            H[f * length + g] *= u[f] * u[g];
    for (size_t f = 0; f + 1 < length; f++)
        H[f * length + f] += regularisation(units, f);
}

void units_diagonal(const struct units *units, struct hessian *hessian, double *out)
{
    const struct hessian_units given = {units->scale, units->shifted ? units->shift : NULL};
    hessian_diagonal_in(hessian, &given, out);
    for (size_t f = 0; f < units->features; f++)
        out[f] += regularisation(units, f);
}

void units_multiply(const struct units *units, struct hessian *hessian, const double *v,
                    double *raw, double *out)
{
    units_weights(units, v, raw);
    hessian_multiply(hessian, raw, out);
    for (size_t f = 0; f < units->features; f++)
        out[f] += units->lambda * raw[f];
    units_gradient(units, out, out);
}

/* Where there is no shift nothing is added: a weight that is infinite leaves the bias as it is. */
void units_gradient(const struct units *units, const double *g, double *in_units)
{
    const size_t d = units->features;
    for (size_t f = 0; f <= d; f++) {
        const double of_bias = units->shift[f] != 0.0 ? units->shift[f] * g[d] : 0.0;
        in_units[f] = units->scale[f] * (g[f] - of_bias);
    }
}

void units_weights(const struct units *units, const double *in_units, double *w)
{
    const size_t d = units->features;
    for (size_t f = 0; f <= d; f++)
        w[f] = units->scale[f] * in_units[f];
    for (size_t f = 0; f < d; f++)
        w[d] -= units->shift[f] != 0.0 ? units->shift[f] * w[f] : 0.0;
}

double units_bias(const struct units *units, const double *x)
{
    double bias = x[units->features];
    for (size_t f = 0; f < units->features; f++)
        bias += units->shift[f] != 0.0 ? units->shift[f] * x[f] : 0.0;
    return bias;
}
