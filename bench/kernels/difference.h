/* SPDX-License-Identifier: MIT
 *
 * The verdict of a row: how far its result is from the reference's. A row that is further than its
 * bound, or not finite, is an error and gets no rate: a wrong result has no speed.
 */
#ifndef DESCENT_BENCH_DIFFERENCE_H
#define DESCENT_BENCH_DIFFERENCE_H

#include "gbench.h"

/* The difference of two results, over all of their parts; starts as {0}. */
struct difference {
    double largest; /* |value - expected|; infinite when one of them is not finite */
    double scale;   /* largest |expected| */
};

/* Takes in one part, of `count` numbers. */
void difference_add(struct difference *difference, const double *values, const double *expected,
                    size_t count);

/* The largest difference over the largest number expected. */
double difference_relative(const struct difference *difference);

/* The counter "residual" if it is at most 1e-10; otherwise makes the row an error and returns
 * false. */
bool residual_report(struct gbench *row, double residual);

/* The same for products of floats, which may be 1e-4 from the reference over what is stored. */
bool residual_report_narrow(struct gbench *row, double residual);

/* Makes the row an error and returns false when one of `count` values is not finite. */
bool finite_report(struct gbench *row, const double *values, size_t count);

/* The reference is slow: so many of n rows are compared, 20,000 at most, fewer for many models. */
size_t rows_compared(size_t rows, size_t features, size_t models);

/* Labels the row with the number of rows compared when that is not all of them. */
void label_compared(struct gbench *row, size_t compared, size_t rows);

/* Is the reference fast enough here to be timed itself? */
bool reference_is_timed(size_t rows, size_t features, size_t models);

#endif
