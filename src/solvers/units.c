/* SPDX-License-Identifier: MIT
 *
 * Multiplying by a power of two changes no bit but the exponent, so where nothing is out of range
 * it is the matrix that is multiplied, once, and not each value on its way into it.
 */
#include "solvers/units.h"

#include "base/memory.h"
#include "data/ranges.h"

#include <math.h>

/* Products of columns outside of this, with weights of samples, come near the ends of doubles. */
static const double smallest = 1e-60, largest = 1e60;

struct units units_choose(const struct dataset *data, double lambda, int threads)
{
    const size_t d = data->features;
    struct units units = {.features = d, .lambda = lambda};
    struct ranges ranges = ranges_find(data, NULL, threads);
    units.scale = memory_allocate(2 * (d + 1), sizeof *units.scale);
    units.column = units.scale + d + 1;
    units.scale[d] = units.column[d] = 1.0;
    for (size_t f = 0; f < d; f++) {
        const struct range both = ranges_of_both(&ranges, f);
        const double column = fmax(fabs(both.least), fabs(both.most));
        units.column[f] = column;
        const double size = fmax(column, sqrt(lambda));
        units.scale[f] = range_unit(size);
        units.extreme = units.extreme || size > largest || (column > 0.0 && column < smallest);
    }
    ranges_clear(&ranges);
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
    const struct hessian_units given = {u, NULL};
    hessian_matrix_in(hessian, units->extreme ? &given : NULL, H);
    for (size_t f = 0; f < length && !units->extreme; f++)
        for (size_t g = 0; g < length; g++)
            H[f * length + g] *= u[f] * u[g];
    for (size_t f = 0; f + 1 < length; f++)
        H[f * length + f] += regularisation(units, f);
}

void units_diagonal(const struct units *units, struct hessian *hessian, double *out)
{
    const struct hessian_units given = {units->scale, NULL};
    hessian_diagonal_in(hessian, &given, out);
    for (size_t f = 0; f < units->features; f++)
        out[f] += regularisation(units, f);
}
