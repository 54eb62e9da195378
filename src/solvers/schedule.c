/* SPDX-License-Identifier: MIT
 *
 * The formulas, with eta0 = rate:
 *
 *     constant       eta0
 *     inverse        eta0 / (1 + decay t)            Robbins and Monro 1951
 *     inverse-sqrt   eta0 / sqrt(1 + decay t)
 *     exponential    eta0 exp(-decay t)
 *     step           eta0 factor^floor(t / period)
 *     cosine         eta0 (floor + (1 - floor) (1 + cos(pi t / epochs)) / 2)
 *                                                    Loshchilov and Hutter 2017, without restarts
 */
#include "solvers/schedule.h"

#include <math.h>

/* A share of the initial rate, or of 1 if that is larger. A step with less is lost when it is added
 * to a weight, and on the way its products with residuals are denormal numbers, which take
 * processors many times as long. A rate that is small from the start is meant: features may be
 * large. */
static const double least_share = 0x1p-640;

static double rate_constant(const struct configuration *configuration, double t)
{
    (void)t;
    return configuration->rate;
}

static double rate_inverse(const struct configuration *configuration, double t)
{
    return configuration->rate / (1.0 + configuration->decay * t);
}

static double rate_inverse_sqrt(const struct configuration *configuration, double t)
{
    return configuration->rate / sqrt(1.0 + configuration->decay * t);
}

static double rate_exponential(const struct configuration *configuration, double t)
{
    return configuration->rate * exp(-configuration->decay * t);
}

static double rate_step(const struct configuration *configuration, double t)
{
    return configuration->rate *
           pow(configuration->factor, floor(t / (double)configuration->period));
}

static double rate_cosine(const struct configuration *configuration, double t)
{
    double share = (1.0 + cos(3.141592653589793 * t / (double)configuration->epochs)) / 2.0;
    return configuration->rate * (configuration->floor + (1.0 - configuration->floor) * share);
}

const struct schedule schedule_constant = {
    .entry = {"constant", "the rate never changes"},
    .rate = rate_constant,
};

static const struct schedule schedule_inverse = {
    .entry = {"inverse", "rate / (1 + decay t)"},
    .uses = USES_DECAY,
    .rate = rate_inverse,
};

static const struct schedule schedule_inverse_sqrt = {
    .entry = {"inverse-sqrt", "rate / sqrt(1 + decay t)"},
    .uses = USES_DECAY,
    .rate = rate_inverse_sqrt,
};

static const struct schedule schedule_exponential = {
    .entry = {"exponential", "rate exp(-decay t)"},
    .uses = USES_DECAY,
    .rate = rate_exponential,
};

static const struct schedule schedule_step = {
    .entry = {"step", "rate times factor after every period of epochs"},
    .uses = USES_STEPS,
    .rate = rate_step,
};

static const struct schedule schedule_cosine = {
    .entry = {"cosine",
              "half a cosine from rate down to floor times rate, where the last epoch ends"},
    .uses = USES_FLOOR,
    .rate = rate_cosine,
};

static const struct entry *const rows[] = {
    &schedule_constant.entry,    &schedule_inverse.entry, &schedule_inverse_sqrt.entry,
    &schedule_exponential.entry, &schedule_step.entry,    &schedule_cosine.entry,
};

const struct table schedule_table = TABLE("schedule", rows);

const struct schedule *schedule_of(const struct entry *entry)
{
    return (const struct schedule *)(const void *)entry; /* the entry is its first member */
}

double schedule_rate(const struct configuration *configuration, double t)
{
    double rate = schedule_of(configuration->schedule)->rate(configuration, t);
    return rate >= least_share * fmin(1.0, configuration->rate) ? rate : 0.0;
}
