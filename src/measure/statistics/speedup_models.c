/* SPDX-License-Identifier: MIT
 *
 * Every formula stands here twice: as it is read, of the parameters, and as it is fitted, the
 * logarithm with its derivatives. Tests hold the two against each other.
 */
#include "measure/statistics/speedup_models.h"

#include <math.h>

/* The tolerance of a ratio of times: smaller differences do not count, so that q = 4 (1 + 1e-16) is
 * 4 threads. */
static const double rounding = 1e-9;

#define PARAMETER_T1                                                                               \
    {                                                                                              \
        "t1", "seconds on one thread", SPEEDUP_LOGARITHM, -INFINITY, INFINITY                      \
    }

static double amdahl_seconds(double p, const double *parameter)
{
    double t1 = parameter[0], s = parameter[1];
    return t1 * (s + (1.0 - s) / p);
}

static double amdahl_curve(double p, const double *x, double regime, double *slope)
{
    (void)regime;
    double share = x[1] + (1.0 - x[1]) / p;
    slope[0] = 1.0;
    slope[1] = (1.0 - 1.0 / p) / share;
    return x[0] + log(share);
}

/* All serial: all numbers of threads are alike, and one is the least. */
static double amdahl_best(const double *parameter)
{
    return parameter[1] < 1.0 ? INFINITY : 1.0;
}

static double usl_seconds(double p, const double *parameter)
{
    double t1 = parameter[0], alpha = parameter[1], beta = parameter[2];
    return t1 * (1.0 + alpha * (p - 1.0) + beta * p * (p - 1.0)) / p;
}

static double usl_curve(double p, const double *x, double regime, double *slope)
{
    (void)regime;
    double load = 1.0 + x[1] * (p - 1.0) + x[2] * p * (p - 1.0);
    slope[0] = 1.0;
    slope[1] = (p - 1.0) / load;
    slope[2] = p * (p - 1.0) / load;
    return x[0] + log(load / p);
}

/* dt/dp = 0 at p^2 = (1 - alpha) / beta. */
static double usl_best(const double *parameter)
{
    double alpha = parameter[1], beta = parameter[2];
    if (alpha >= 1.0)
        return 1.0;
    return beta > 0.0 ? fmax(sqrt((1.0 - alpha) / beta), 1.0) : INFINITY;
}

/* The same with x[2] = 1 / p*: beta = (1 - alpha) x[2]^2. */
static double usl_curve_by_best(double p, const double *x, double regime, double *slope)
{
    double square = x[2] * x[2], by_beta;
    const double plain[] = {x[0], x[1], (1.0 - x[1]) * square};
    double curve = usl_curve(p, plain, regime, slope);
    by_beta = slope[2];
    slope[1] -= by_beta * square;
    slope[2] = by_beta * 2.0 * (1.0 - x[1]) * x[2];
    return curve;
}

/* t(n) = t(n + 1) where n (n + 1) = p*^2: the least n that is not below that. */
static double usl_whole(double best)
{
    double square = best * best * (1.0 - rounding);
    return fmax(ceil((sqrt(1.0 + 4.0 * square) - 1.0) / 2.0), 1.0);
}

static double bandwidth_seconds(double p, const double *parameter)
{
    double t1 = parameter[0], q = parameter[1];
    return t1 * fmax(1.0 / p, 1.0 / q);
}

/* x[1] = 1 / q. */
static double bandwidth_curve(double p, const double *x, double regime, double *slope)
{
    bool saturated = p >= regime;
    slope[0] = 1.0;
    slope[1] = saturated ? 1.0 / x[1] : 0.0;
    return x[0] + (saturated ? log(x[1]) : -log(p));
}

static double bandwidth_best(const double *parameter)
{
    return parameter[1];
}

static double least_above(double best)
{
    return fmax(ceil(best * (1.0 - rounding)), 1.0);
}

const struct speedup_model speedup_amdahl = {
    .entry = {"amdahl", "a share of the work is serial, the rest scales"},
    .parameters = 2,
    .parameter = {PARAMETER_T1, {"s", "serial share", SPEEDUP_ITSELF, 0.0, 1.0}},
    .seconds = amdahl_seconds,
    .curve = amdahl_curve,
    .best = amdahl_best,
    .whole = least_above,
};

const struct speedup_model speedup_usl = {
    .entry = {"usl", "threads wait for each other, and exchange data in pairs"},
    .parameters = 3,
    .parameter = {PARAMETER_T1,
                  {"alpha", "contention", SPEEDUP_ITSELF, 0.0, INFINITY},
                  {"beta", "coherency", SPEEDUP_ITSELF, 0.0, INFINITY}},
    .seconds = usl_seconds,
    .curve = usl_curve,
    .best = usl_best,
    .curve_by_best = usl_curve_by_best,
    .whole = usl_whole,
};

const struct speedup_model speedup_bandwidth = {
    .entry = {"bandwidth", "scales until the memory is saturated, and no further"},
    .parameters = 2,
    .parameter = {PARAMETER_T1,
                  {"q", "threads that saturate the memory", SPEEDUP_RECIPROCAL, 0.0, 1.0}},
    .seconds = bandwidth_seconds,
    .curve = bandwidth_curve,
    .bends = true,
    .best = bandwidth_best,
    .whole = least_above,
};

static const struct entry *const rows[SPEEDUP_MODELS] = {&speedup_amdahl.entry, &speedup_usl.entry,
                                                         &speedup_bandwidth.entry};

const struct table speedup_table = TABLE("scaling model", rows);

double speedup_parameter_value(const struct speedup_parameter *parameter, double coordinate)
{
    switch (parameter->coordinate) {
    case SPEEDUP_LOGARITHM:
        return exp(coordinate);
    case SPEEDUP_RECIPROCAL:
        return 1.0 / coordinate;
    case SPEEDUP_ITSELF:
        break;
    }
    return coordinate;
}
