/* SPDX-License-Identifier: MIT
 *
 * Comparisons are written so that NaN fails them: fmax() would pass over it.
 */
#include "difference.h"

#include <math.h>
#include <stdio.h>

enum {
    ROWS_MOST = 20000,        /* that are compared */
    REFERENCE_MOST = 20000000 /* n d k that the reference is asked for: a tenth of a second */
};

static const double residual_bound = 1e-10, residual_bound_narrow = 1e-4;

void difference_add(struct difference *difference, const double *values, const double *expected,
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double apart = fabs(values[i] - expected[i]);
        difference->largest = isfinite(apart) ? fmax(difference->largest, apart) : INFINITY;
        difference->scale = fmax(difference->scale, fabs(expected[i]));
    }
}

double difference_relative(const struct difference *difference)
{
    return difference->largest / difference->scale;
}

static bool report_within(struct gbench *row, double residual, double bound)
{
    if (residual <= bound) {
        gbench_counter(row, "residual", residual);
        return true;
    }
    char text[96];
    snprintf(text, sizeof text, "residual %.1e against the reference, more than %.0e", residual,
             bound);
    gbench_error(row, text);
    return false;
}

bool residual_report(struct gbench *row, double residual)
{
    return report_within(row, residual, residual_bound);
}

bool residual_report_narrow(struct gbench *row, double residual)
{
    return report_within(row, residual, residual_bound_narrow);
}

bool finite_report(struct gbench *row, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) {
            gbench_error(row, "the result is not finite");
            return false;
        }
    return true;
}

size_t rows_compared(size_t rows, size_t features, size_t models)
{
    size_t most = REFERENCE_MOST / features / models;
    most = most < ROWS_MOST ? most : ROWS_MOST;
    return rows < most ? rows : most;
}

void label_compared(struct gbench *row, size_t compared, size_t rows)
{
    char text[48];
    snprintf(text, sizeof text, "residual of %zu rows", compared);
    if (compared < rows)
        gbench_label(row, text);
}

bool reference_is_timed(size_t rows, size_t features, size_t models)
{
    return rows * features * models <= REFERENCE_MOST;
}
