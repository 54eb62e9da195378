/* SPDX-License-Identifier: MIT
 *
 * What an entrant took, from its laps: medians, and how often it arrives. A clock that was
 * disturbed tells nothing where there is one that was not.
 */
#include "report/comparison/entrant.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <math.h>

bool lap_is_timed(const struct lap *lap, enum timing timing)
{
    return lap->solo && (lap->final > 0) == (timing == TIMED_IN_FINALS);
}

bool lap_is_quiet(const struct lap *lap, enum timing timing)
{
    return lap_is_timed(lap, timing) && !lap->disturbed;
}

bool entrant_has(const struct entrant *entrant, enum timing timing)
{
    for (size_t r = 0; r < entrant->count; r++)
        if (lap_is_timed(&entrant->runs[r], timing))
            return true;
    return false;
}

/* The figure of a lap that an effort is made of; NaN: the lap is not of those. */
static double effort_of(const struct lap *lap, size_t target, enum effort effort)
{
    switch (effort) {
    case EFFORT_EPOCHS:
        return lap->epochs[target];
    case EFFORT_FIRST_EPOCHS:
        return lap->first_epochs[target];
    case EFFORT_SWEPT:
        return lap_is_timed(lap, TIMED_IN_SWEEP) ? lap->seconds[target].latest : (double)NAN;
    case EFFORT_FINAL:
        return lap_is_timed(lap, TIMED_IN_FINALS) ? lap->seconds[target].latest : (double)NAN;
    case EFFORT_SWEPT_AFTER:
        return lap_is_timed(lap, TIMED_IN_SWEEP) ? lap->seconds[target].after : (double)NAN;
    case EFFORT_FINAL_AFTER:
        return lap_is_timed(lap, TIMED_IN_FINALS) ? lap->seconds[target].after : (double)NAN;
    }
    return NAN;
}

/* Most entrants have one trial, and there may be very many of them. */
static double middle_of(const double *values, size_t count)
{
    return count == 1 ? values[0] : median(values, count);
}

static bool is_clocked(enum effort effort)
{
    return effort != EFFORT_EPOCHS && effort != EFFORT_FIRST_EPOCHS;
}

/* Is there a clock that nothing disturbed? */
static bool has_quiet(const struct entrant *entrant, size_t target, enum effort effort)
{
    for (size_t r = 0; r < entrant->count; r++)
        if (!entrant->runs[r].disturbed && !isnan(effort_of(&entrant->runs[r], target, effort)))
            return true;
    return false;
}

enum { FEW = 16 }; /* trials whose figures need no memory of their own */

struct merit entrant_merit(const struct entrant *entrant, size_t target, enum effort effort)
{
    double few[2 * FEW];
    double *values =
        entrant->count <= FEW ? few : memory_allocate_untouched(2 * entrant->count, sizeof *values);
    double *arrived = values + entrant->count;
    const bool quiet = is_clocked(effort) && has_quiet(entrant, target, effort);
    size_t all = 0, there = 0, count = 0, arriving = 0;
    for (size_t r = 0; r < entrant->count; r++) {
        double value = effort_of(&entrant->runs[r], target, effort);
        if (isnan(value))
            continue;
        all++;
        there += isfinite(value) ? 1 : 0;
        if (quiet && entrant->runs[r].disturbed)
            continue;
        values[count++] = value;
        if (isfinite(value))
            arrived[arriving++] = value;
    }
    struct merit merit = {
        .count = count,
        .share = all > 0 ? (double)there / (double)all : 0.0,
        .middle = middle_of(values, count),
        .arriving = arriving > 0 ? middle_of(arrived, arriving) : INFINITY,
    };
    if (values != few)
        memory_free(values);
    return merit;
}

bool merit_is_better(const struct merit *a, const struct merit *b)
{
    if (a->count == 0 || b->count == 0)
        return a->count > 0;
    if (a->share != b->share)
        return a->share > b->share;
    if (a->middle != b->middle)
        return a->middle < b->middle;
    return a->arriving < b->arriving;
}

double entrant_seconds(const struct entrant *entrant, size_t target, enum timing timing)
{
    enum effort effort = timing == TIMED_IN_FINALS ? EFFORT_FINAL : EFFORT_SWEPT;
    return entrant_merit(entrant, target, effort).middle;
}

double entrant_epochs(const struct entrant *entrant, size_t target)
{
    return entrant_merit(entrant, target, EFFORT_EPOCHS).middle;
}

enum effort entrant_timed(const struct entrant *entrant)
{
    return entrant_has(entrant, TIMED_IN_SWEEP) ? EFFORT_SWEPT : EFFORT_FINAL;
}

double entrant_tuned(const struct entrant *entrant, size_t target)
{
    return entrant_merit(entrant, target, entrant_timed(entrant)).middle;
}
