/* SPDX-License-Identifier: MIT
 *
 * Times of known models on chosen numbers of threads, with noise or without.
 */
#ifndef DESCENT_TESTS_SPEEDUP_FIXTURE_H
#define DESCENT_TESTS_SPEEDUP_FIXTURE_H

#include "base/random.h"
#include "measure/statistics/speedup.h"
#include "testing.h"

#include <math.h>
#include <stdbool.h>

enum { SPEEDUP_SAMPLES = 256 };

struct made_times {
    struct speedup_sample samples[SPEEDUP_SAMPLES];
    size_t count;
};

/* `repeats` samples on each number of threads (counts, ended by 0), each exp(noise N(0, 1)) times
 * what the model says of its parameters. */
static inline struct made_times make_times(const struct speedup_model *model,
                                           const double *parameters, const size_t *counts,
                                           size_t repeats, double noise, uint64_t seed)
{
    struct made_times made = {.count = 0};
    struct random_stream stream = random_open(seed, RANDOM_START, 0);
    for (size_t i = 0; counts[i] != 0; i++)
        for (size_t j = 0; j < repeats; j++) {
            double seconds = model->seconds((double)counts[i], parameters);
            made.samples[made.count++] =
                (struct speedup_sample){counts[i], seconds * exp(noise * random_normal(&stream))};
        }
    return made;
}

static inline struct speedup analyse_times(const struct made_times *made, size_t maximum)
{
    struct speedup speedup;
    struct error error = {0};
    if (!speedup_analyse(made->samples, made->count, maximum, &speedup, &error))
        fail_msg("%s", error.message);
    return speedup;
}

static inline bool holds(const struct speedup_interval *interval, double truth)
{
    return interval->low <= truth && truth <= interval->high;
}

static inline bool near_to(double value, double expected, double tolerance)
{
    return value == expected || fabs(value - expected) <= tolerance * fabs(expected);
}

#endif
