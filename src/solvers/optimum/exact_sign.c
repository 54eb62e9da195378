/* SPDX-License-Identifier: MIT
 *
 * Two-sum and two-product, and what grows of them.
 */
#include "solvers/optimum/exact_sign.h"

#include <math.h>

/* The error of a product in between is a double. */
static const double least_product = 0x1p-900, most_product = 0x1p+900;

/* Adds one double; parts that have become 0 leave. */
static void grow(struct exact_sum *exact_sum, double term)
{
    size_t count = 0;
    double sum = term;
    for (size_t i = 0; i < exact_sum->count; i++) {
        const double part = exact_sum->parts[i], total = sum + part;
        const double of_part = total - sum;
        const double error = (sum - (total - of_part)) + (part - of_part);
        if (error != 0.0)
            exact_sum->parts[count++] = error;
        sum = total;
    }
    if (sum != 0.0)
        exact_sum->parts[count++] = sum;
    exact_sum->count = count;
}

void exact_sum_add(struct exact_sum *exact_sum, double a, double b)
{
    const double product = a * b, size = fabs(product);
    if (a == 0.0 || b == 0.0)
        return;
    if (!(size >= least_product && size <= most_product)) {
        exact_sum->unknown = 1;
        return;
    }
    grow(exact_sum, fma(a, b, -product));
    grow(exact_sum, product);
}

int exact_sum_sign(const struct exact_sum *exact_sum)
{
    if (exact_sum->unknown)
        return EXACT_SIGN_UNKNOWN;
    if (exact_sum->count == 0)
        return 0;
    return exact_sum->parts[exact_sum->count - 1] > 0.0 ? 1 : -1;
}
