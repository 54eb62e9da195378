/* SPDX-License-Identifier: MIT
 *
 * Among all draws of m from n values t(1) <= ... <= t(n), those that avoid the i least ones have a
 * share of
 *
 *     P(best > t(i)) = C(n - i, m) / C(n, m) = product over j = 0 .. i - 1 of 1 - m / (n - j)
 *
 * (hypergeometric), and the median is where that comes to a half.
 */
#include "measure/statistics/tuning.h"

#include "measure/statistics/statistics.h"

#include <assert.h>
#include <math.h>

/* A share so near to a half is a half: it is a product of up to n rounded factors. */
static const double rounding = 1e-9;

double best_after(const double *sorted, size_t count, size_t tried)
{
    assert(tried >= 1 && tried <= count);
    double later = 1.0; /* P(best > sorted[i]) */
    size_t i = 0;
    for (;; i++) {
        later = later * (double)(count - i - tried) / (double)(count - i);
        if (later <= 0.5 + rounding)
            break;
    }
    return later < 0.5 - rounding ? sorted[i] : median(sorted + i, 2);
}
