/* SPDX-License-Identifier: MIT
 *
 * A race: is B slower than A? Both run in fresh processes, round after round, and with them a
 * second copy of A, the control: in each round each side once, in the order of a cyclic Latin
 * square with fresh permutations (sweep/workload/rounds.h), so that no side has the better place.
 *
 * What is timed is a list of tasks: trainings, or one command as a whole process. Here are the
 * numbers that come of it, whoever runs the sides (race_runner): race_run() takes them,
 * race_verdict.h says what they mean.
 */
#ifndef DESCENT_RACE_RACE_H
#define DESCENT_RACE_RACE_H

#include "base/error.h"
#include "race/race_output.h"

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A and its copy are there in every race; B is not where a baseline is recorded. */
enum race_side { RACE_A, RACE_COPY, RACE_B, RACE_SIDES };

/* What is measured in a round: each side, and in duets A once more, beside B. */
enum { RACE_AGAIN = RACE_SIDES, RACE_COLUMNS };
extern const char *const race_side_names[RACE_SIDES];

/* Of 100 races between equal sides, one tells them apart: half of those call B slower. */
#define RACE_ALPHA 0.01

/* Of 20 races with a difference as large as the resolution, 19 find it. */
#define RACE_MISSED 0.05

enum { RACE_REASON = 2048 };

struct race_options {
    double resolution;   /* the difference that is to be found: 0.02 */
    double fail_slower;  /* that much slower is not allowed: 0.05 */
    int64_t rounds_most; /* not more of them */
    double seconds_most; /* nor longer, as far as is known when the number is chosen */
    uint64_t seed;       /* of the orders */
    bool same_results;   /* other results than A's are not allowed */
    size_t orders;       /* in which the objects of each side are linked; 0: in its own only */
    bool duet;           /* two sides at a time, each on half of the processors */
};

/* What one run of a side took. NaN: not known. */
struct race_sample {
    double seconds;
    double peak_bytes; /* of memory */
    double processors; /* that it kept busy */
};

/* What is to be run, and on which half of the processors: 0 or 1; -1: on all of them. */
struct race_turn {
    size_t task;
    enum race_side side;
    int half;
};

/* Who runs a side, in a duet two at a time: false, with why, where it failed. `output` is to be
 * cleared in any case. */
struct race_runner {
    bool (*run)(void *context, struct race_turn turn, struct race_sample *sample,
                struct race_output *output, char reason[static RACE_REASON]);
    /* Before a round: from now on sides are linked in that order, from 0. NULL: there is one.
     * False, with why, where that cannot be. */
    bool (*relink)(void *context, size_t order, char reason[static RACE_REASON]);
    void *context;
};

/* How the number of rounds came about (race_plan.h). */
struct race_plan {
    double scatter;         /* standard deviation of a run's logarithm, robust; of the worst task */
    size_t wanted;          /* rounds, for the resolution */
    size_t rounds;          /* that are run, with those that the plan was made from */
    double seconds;         /* that all of them take */
    const char *limited_by; /* "--rounds", "--time"; NULL: they are as many as are wanted */
};

struct race {
    struct race_options options;
    size_t sides; /* RACE_SIDES, or without B */
    size_t tasks;
    const char *const *names; /* (tasks) */
    struct race_plan plan;
    size_t rounds;                       /* that are complete */
    struct race_sample *samples;         /* (rounds, tasks, race_columns()) */
    struct race_output *first;           /* (tasks) A's, of the round that does not count */
    struct race_difference *differences; /* (tasks, sides) of every other one from that */
    double seconds;                      /* of all rounds */
};

/* That half of the processors that this process may run on. */
void race_half(int half, cpu_set_t *processors);

/* Runs it: a round that does not count, those of the pilot, and as many more as they ask for, which
 * nothing that comes after changes. What is going on is told to `out`; NULL: to nobody. False, with
 * an error, where a side failed (ERROR_USAGE) or it was interrupted; the complete rounds are there
 * then, too. `options`, `sides`, `tasks` and `names` are given, all else is 0; clear it in any
 * case. */
bool race_run(struct race *race, const struct race_runner *runner, FILE *out, struct error *error);
void race_clear(struct race *race);

static inline size_t race_columns(const struct race *race)
{
    return race->options.duet ? RACE_COLUMNS : race->sides;
}

static inline struct race_sample *race_sample_at(const struct race *race, size_t round, size_t task,
                                                 size_t column)
{
    return &race->samples[(round * race->tasks + task) * race_columns(race) + column];
}

static inline const struct race_sample *race_sample_of(const struct race *race, size_t round,
                                                       size_t task, size_t column)
{
    return race_sample_at(race, round, task, column);
}

static inline const struct race_difference *race_difference_of(const struct race *race, size_t task,
                                                               size_t side)
{
    return &race->differences[task * race->sides + side];
}

#endif
