/* SPDX-License-Identifier: MIT
 *
 * Series whose change is known. The numbers drawn are always the same.
 */
#ifndef DESCENT_TESTS_CHANGE_FIXTURE_H
#define DESCENT_TESTS_CHANGE_FIXTURE_H

#include "base/random.h"
#include "measure/statistics/change_points.h"

#include <math.h>

enum { SEED = 23 };

/* Runs (count) that scatter by `scatter` around 1, and from run `step` on around `level`. */
static inline void draw_readings(struct change_reading *readings, size_t count, double scatter,
                                 size_t step, double level, uint64_t index)
{
    struct random_stream stream = random_open(SEED, RANDOM_START, index);
    for (size_t i = 0; i < count; i++)
        readings[i] = (struct change_reading){.value = (i < step ? 1.0 : level) *
                                                       exp(scatter * random_normal(&stream)),
                                              .low = NAN,
                                              .high = NAN};
}

#endif
