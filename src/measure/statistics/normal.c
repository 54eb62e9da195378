/* SPDX-License-Identifier: MIT
 *
 * The critical value is found by halving: the tail falls strictly, and 40 is beyond what a double
 * can tell from 0.
 */
#include "measure/statistics/normal.h"

#include <assert.h>
#include <math.h>

double normal_tail(double z)
{
    return 0.5 * erfc(z * M_SQRT1_2);
}

double normal_critical(double tail)
{
    assert(tail > 0.0 && tail < 1.0);
    double low = -40.0, high = 40.0;
    for (int i = 0; i < 100; i++) {
        const double middle = 0.5 * (low + high);
        if (normal_tail(middle) > tail)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}
