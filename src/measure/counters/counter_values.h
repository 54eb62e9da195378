/* SPDX-License-Identifier: MIT
 *
 * What hardware counters count: the one list of values, which the counters (counters.h), their
 * source (counter_source.h), the store and the reports walk.
 */
#ifndef DESCENT_MEASURE_MACHINE_COUNTER_VALUES_H
#define DESCENT_MEASURE_MACHINE_COUNTER_VALUES_H

enum { COUNTER_REASON = 240, COUNTER_VERSION = 48 };

/* cycles        in which a thread ran, at whatever speed the processor had
 * instructions  completed
 * cache_misses  of the last level of cache: lines that came from memory
 * flops         floating point operations; a vector of 8 numbers counts as 8 */
#define COUNTER_VALUES(X) X(cycles) X(instructions) X(cache_misses) X(flops)

enum {
#define COUNT(name_) +1
    COUNTER_VALUE_COUNT = 0 COUNTER_VALUES(COUNT)
#undef COUNT
};
extern const char *const counter_value_names[COUNTER_VALUE_COUNT];

#endif
