/* SPDX-License-Identifier: MIT
 *
 * Entrants of a comparison, what each of their trials took to each target, and which of two is the
 * better.
 */
#ifndef DESCENT_REPORT_COMPARISON_ENTRANT_H
#define DESCENT_REPORT_COMPARISON_ENTRANT_H

#include "measure/statistics/paired.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TARGETS_MOST = 6 };

/* A lap: one trial of an entrant. */
struct lap {
    int64_t trial; /* its number in the store of `source` */
    size_t source;
    int64_t final, seed, repeat; /* its round: who else has it ran beside it */
    const struct seat *seat;
    bool solo; /* its time counts: it was timed alone, and on the host that times are taken from */
    bool disturbed;
    double start, best; /* objective: at the start, the least */
    struct arrival seconds[TARGETS_MOST];
    double epochs[TARGETS_MOST];       /* of the first point that met; INFINITY: not reached */
    double first_epochs[TARGETS_MOST]; /* the first that may have: where all are recorded, equal */
};

struct entrant {
    size_t side;
    struct configuration values;    /* with the first of its seeds */
    size_t planned, pending;        /* seeds, and those of them without a trial */
    bool sound;                     /* no trial diverged, failed or was needless */
    bool needless;                  /* a looser rung of its ladder tells: it was not run */
    bool passed_over[TARGETS_MOST]; /* a looser rung of its ladder reaches the target (ladders.h) */
    bool cut; /* a trial was cut at a rung: what it did not reach it had no epochs for */
    size_t count, capacity;
    struct lap *runs; /* (count) */
};

/* Trials that a time is taken from. */
enum timing { TIMED_IN_SWEEP, TIMED_IN_FINALS };

/* Was the lap timed alone, in the sweep or the finals? */
bool lap_is_timed(const struct lap *lap, enum timing timing);

/* Was it, and nothing disturbed it? */
bool lap_is_quiet(const struct lap *lap, enum timing timing);

/* Has the entrant trials of one of the two that were timed alone? */
bool entrant_has(const struct entrant *entrant, enum timing timing);

/* Medians over its trials: seconds to a target over those of one of the two, NaN when there are
 * none; epochs over all. */
double entrant_seconds(const struct entrant *entrant, size_t target, enum timing timing);
double entrant_epochs(const struct entrant *entrant, size_t target);

/* What it is chosen by: seconds of the sweep or, where the sweep did not time it, of the finals;
 * NaN: it was never timed. */
double entrant_tuned(const struct entrant *entrant, size_t target);

/* Which of its trials, and which of their figures. */
enum effort {
    EFFORT_EPOCHS,      /* of all */
    EFFORT_SWEPT,       /* seconds of those timed in the sweep */
    EFFORT_FINAL,       /* of those timed in the finals */
    EFFORT_SWEPT_AFTER, /* the earliest that the seconds may be; likewise: */
    EFFORT_FINAL_AFTER,
    EFFORT_FIRST_EPOCHS,
};

/* How it does at a target: how often it arrives and how soon. The best arrives most often, and of
 * those that arrive as often soonest; so that one of which few trials arrive early is not before
 * one of which all do. Seconds are those of trials that nothing disturbed, where there are any: how
 * often it arrives does not depend on noise. */
struct merit {
    size_t count;    /* trials; 0: it is no candidate */
    double share;    /* of them, those that arrive */
    double middle;   /* median; infinite where most miss the target */
    double arriving; /* of those that arrive */
};
struct merit entrant_merit(const struct entrant *entrant, size_t target, enum effort effort);
bool merit_is_better(const struct merit *a, const struct merit *b);

/* Seconds of the sweep, or, where the sweep did not time it, of the finals. */
enum effort entrant_timed(const struct entrant *entrant);

#endif
