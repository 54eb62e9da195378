/* SPDX-License-Identifier: MIT
 *
 * Two-sum and two-product, and what grows of them.
 */
#include "solvers/optimum/exact_sign.h"

#include <math.h>

/* The error of a product in between is a double. */
static const double least_product = 0x1p-900, most_product = 0x1p+900;

/* Adds one double; parts that have become 0 leave. */
static void grow(struct expansion *expansion, double term)
{
    size_t count = 0;
    double sum = term;
    for (size_t i = 0; i < expansion->count; i++) {
        const double part = expansion->parts[i], total = sum + part;
        const double of_part = total - sum;
        const double error = (sum - (total - of_part)) + (part - of_part);
        if (error != 0.0)
            expansion->parts[count++] = error;
        sum = total;
    }
    if (sum != 0.0)
        expansion->parts[count++] = sum;
    expansion->count = count;
}

void expansion_add(struct expansion *expansion, double a, double b)
{
    const double product = a * b, size = fabs(product);
    if (a == 0.0 || b == 0.0)
        return;
    if (!(size >= least_product && size <= most_product)) {
        expansion->unknown = 1;
        return;
    }
    grow(expansion, fma(a, b, -product));
    grow(expansion, product);
}

int expansion_sign(const struct expansion *expansion)
{
    if (expansion->unknown)
        return EXACT_SIGN_UNKNOWN;
    if (expansion->count == 0)
        return 0;
    return expansion->parts[expansion->count - 1] > 0.0 ? 1 : -1;
}
