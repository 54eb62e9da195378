/* SPDX-License-Identifier: MIT
 *
 * Evidence of noise: what else went on while a trial was timed, as far as the system tells. It is
 * stored with the trial, and says whether its time can be believed: a trial over one of the limits
 * is `disturbed`, is kept with that mark, and is run again.
 *
 *     struct watch watch;
 *     watch_begin(&watch, threads);
 *     ... the trial ...
 *     watch_end(&watch, &evidence);
 *
 * The rule looks at what disturbs and never at how long the trial took: leaving out slow trials
 * because they are slow would be choosing a result.
 */
#ifndef DESCENT_MEASURE_MACHINE_EVIDENCE_H
#define DESCENT_MEASURE_MACHINE_EVIDENCE_H

#include "base/system/system_facts.h"
#include "base/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVIDENCE_TEXT = 128, EVIDENCE_THREADS = 256 };

/* For the time from watch_begin() to watch_end(); NaN: the system does not tell.
 *
 * wall_seconds          its length
 * cpu_seconds           processor time of all threads of this process
 * waiting_seconds       threads of the trial were ready to run, and did not
 * switches              times a thread of this process was made to give up its processor
 * migrations            times a thread was found on another processor than before
 * steal_per_cent        of the time of all processors, given to others by the host
 * pressure_per_cent     of the time, some thread on this machine waited for a processor
 * load                  threads that ran or wanted to, mean of the last minute
 * clock_drift_per_cent  change of the processor's speed from the beginning to the end
 * clock_slew_ppm        parts in a million by which the system's clock was being corrected */
#define EVIDENCE_VALUES(X)                                                                         \
    X(wall_seconds)                                                                                \
    X(cpu_seconds)                                                                                 \
    X(waiting_seconds)                                                                             \
    X(switches)                                                                                    \
    X(migrations)                                                                                  \
    X(steal_per_cent) X(pressure_per_cent) X(load) X(clock_drift_per_cent) X(clock_slew_ppm)

struct evidence {
#define FIELD(name_) double name_;
    EVIDENCE_VALUES(FIELD)
#undef FIELD
    char processors[EVIDENCE_TEXT]; /* that threads were bound to, read back: "0-3,8"; "": free */
    char disturbed[EVIDENCE_TEXT];  /* the limits that were passed: "steal, waiting"; "": none */
};

enum {
#define COUNT(name_) +1
    EVIDENCE_VALUE_COUNT = 0 EVIDENCE_VALUES(COUNT)
#undef COUNT
};
extern const char *const evidence_value_names[EVIDENCE_VALUE_COUNT];

/* The i-th of the numbers, to be read or set. */
double *evidence_value(struct evidence *evidence, size_t i);
double evidence_value_of(const struct evidence *evidence, size_t i);

/* All of it unknown, nothing disturbed. */
struct evidence evidence_unknown(void);

/* Fills evidence->processors with those of threads 0 to count - 1, in that order and in the
 * system's way of listing them; "" where one of them is free (-1). A list that is too long ends in
 * "...". */
void evidence_set_processors(struct evidence *evidence, const int *processors, int count);

/* A limit: a row of evidence_limit_table. */
struct evidence_limit {
    struct entry entry; /* what it is called in `disturbed`, and what it is of */
    double most;        /* per cent */
    double (*value)(const struct evidence *evidence, int threads); /* NaN is below every limit */
};
extern const struct table evidence_limit_table;

/* Fills evidence->disturbed from the rest, for a trial of so many threads. */
void evidence_judge(struct evidence *evidence, int threads);

/* What the machine as a whole says at one moment. */
struct watch_look {
    double wall; /* the moment */
    struct processor_ticks ticks;
    struct system_load load; /* its pressure is a sum since the machine started */
    double speed;            /* of the processor, steps per second */
};

/* Counters at the beginning, to be subtracted. */
struct watch {
    int threads;
    double wall, raw, cpu; /* on three clocks */
    double switches;
    int64_t migrations;
    double waiting[EVIDENCE_THREADS]; /* (threads) seconds, of each thread of the team */
    struct watch_look look;
};

/* Watches a trial of so many threads, which this thread begins. Takes some 40 microseconds before
 * and after the trial, none of which the trial's clocks see; where trials follow each other at
 * once, the look after one is the look before the next. */
void watch_begin(struct watch *watch, int threads);
void watch_end(const struct watch *watch, struct evidence *evidence);

/* Replaces what watch_end() says, for tests; NULL restores it. */
void watch_replace(void (*source)(struct evidence *evidence));

#endif
