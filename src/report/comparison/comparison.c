/* SPDX-License-Identifier: MIT
 *
 * Bouts are opened first, for their number is what the level of each depends on, and decided then.
 */
#include "report/comparison/comparison.h"

#include "base/memory.h"
#include "measure/statistics/performance_profile.h"
#include "measure/statistics/statistics.h"
#include "measure/statistics/tuning.h"

#include <math.h>
#include <string.h>

static void stand(const struct problem *problem, struct standing *standings)
{
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        struct standing *standing = &standings[entrant->side];
        bool timed = entrant_has(entrant, TIMED_IN_SWEEP) || entrant_has(entrant, TIMED_IN_FINALS);
        standing->planned++;
        standing->cut += entrant->cut;
        if (entrant->count == 0)
            standing->pending++;
        else if (entrant->needless)
            standing->needless++;
        else if (!entrant->sound)
            standing->unfit++;
        else if (!timed)
            standing->untimed++;
    }
}

/* --- The cost of tuning -------------------------------------------------------------------- */

/* Were all configurations that were trained timed in the sweep itself? */
static bool all_timed(const struct problem *problem)
{
    for (size_t i = 0; i < problem->count; i++)
        if (problem->entrants[i].count > 0 && !entrant_has(&problem->entrants[i], TIMED_IN_SWEEP))
            return false;
    return true;
}

/* What each configuration of a side that was trained came to, ascending; one that is unfit has
 * missed. Returns how many. */
static size_t efforts(const struct problem *problem, size_t side, size_t target, bool timed,
                      double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        if (entrant->side != side || entrant->count == 0)
            continue;
        double effort = timed ? entrant_seconds(entrant, target, TIMED_IN_SWEEP)
                              : entrant_epochs(entrant, target);
        values[count++] = entrant->sound ? effort : INFINITY;
    }
    sort_ascending(values, count);
    return count;
}

/* The last target that every side with an entrant in this problem reaches. */
static int common_target(const struct problem *problem, size_t sides, bool timed, double *values)
{
    for (size_t t = problem->targets; t-- > 0;) {
        size_t present = 0, arrived = 0;
        for (size_t s = 0; s < sides; s++) {
            size_t count = efforts(problem, s, t, timed, values);
            present += count > 0;
            arrived += count > 0 && isfinite(values[0]);
        }
        if (present > 1 && arrived == present)
            return (int)t;
    }
    return -1;
}

/* 1, 2, 4, ... and the most. */
static void set_tries(struct tuning *tuning, size_t most)
{
    for (size_t m = 1; m < most && tuning->count < TRIES_MOST - 1; m *= 2)
        tuning->tried[tuning->count++] = m;
    if (most > 0)
        tuning->tried[tuning->count++] = most;
}

static bool has_cuts(const struct problem *problem)
{
    for (size_t i = 0; i < problem->count; i++)
        if (problem->entrants[i].cut)
            return true;
    return false;
}

bool comparison_has_cuts(const struct comparison *comparison)
{
    for (size_t p = 0; p < comparison->contenders.count; p++)
        if (has_cuts(&comparison->contenders.problems[p]))
            return true;
    return false;
}

static void tune(const struct problem *problem, size_t sides, struct tuning *tuning)
{
    double *values = memory_allocate(problem->count, sizeof *values);
    size_t most = 0;
    tuning->timed = all_timed(problem);
    tuning->target = has_cuts(problem) ? -1 : common_target(problem, sides, tuning->timed, values);
    for (size_t s = 0; s < sides && tuning->target >= 0; s++) {
        size_t count = efforts(problem, s, (size_t)tuning->target, tuning->timed, values);
        most = count > most ? count : most;
    }
    set_tries(tuning, most);
    tuning->best = memory_allocate(tuning->count * sides, sizeof *tuning->best);
    for (size_t s = 0; s < sides && tuning->target >= 0; s++) {
        size_t count = efforts(problem, s, (size_t)tuning->target, tuning->timed, values);
        for (size_t i = 0; i < tuning->count; i++)
            tuning->best[i * sides + s] =
                tuning->tried[i] <= count ? best_after(values, count, tuning->tried[i]) : NAN;
    }
    memory_free(values);
}

/* --- The crossover ------------------------------------------------------------------------- */

/* A solver that does not use threads runs on one. */
static void add_budget(struct crossover *crossover, size_t *capacity, int64_t threads)
{
    size_t at = 0;
    while (at < crossover->budgets && crossover->threads[at] < threads)
        at++;
    if (at < crossover->budgets && crossover->threads[at] == threads)
        return;
    crossover->threads =
        memory_grow(crossover->threads, capacity, crossover->budgets + 1, sizeof(int64_t));
    memmove(&crossover->threads[at + 1], &crossover->threads[at],
            (crossover->budgets - at) * sizeof(int64_t));
    crossover->threads[at] = threads;
    crossover->budgets++;
}

/* What is left of a problem when no entrant uses more threads; its entrants are the caller's. */
static struct problem within_budget(const struct problem *problem, int64_t threads)
{
    struct problem within = *problem;
    within.entrants = memory_allocate(problem->count, sizeof *within.entrants);
    within.count = 0;
    for (size_t i = 0; i < problem->count; i++)
        if (configuration_threads(&problem->entrants[i].values) <= threads)
            within.entrants[within.count++] = problem->entrants[i];
    return within;
}

/* Who is ahead, and whether that is sure. */
static void note_lead(const struct verdict *verdict, int *ahead, enum verdict_outcome *outcome)
{
    bool alone = verdict->outcome == VERDICT_ONLY && verdict->competing < 2;
    *ahead = verdict->ahead;
    *outcome = alone ? VERDICT_UNTIMED : verdict->outcome;
}

/* The same at each target. Where the budget leaves no entrant out, the verdict is the one that the
 * match has; only fewer entrants are another match. */
static void lead(const struct comparison *comparison, size_t p, int64_t threads, int *ahead,
                 enum verdict_outcome *outcomes)
{
    const struct contenders *contenders = &comparison->contenders;
    struct problem within = within_budget(&contenders->problems[p], threads);
    const bool whole = within.count == contenders->problems[p].count;
    struct side_best *places = memory_allocate(contenders->sides.count, sizeof *places);
    for (size_t t = 0; t < TARGETS_MOST; t++) {
        struct verdict verdict = {.ahead = -1};
        if (t < within.targets && whole) {
            verdict = comparison->matches[p].verdicts[t];
        } else if (t < within.targets) {
            verdict_open(&verdict, contenders, &within, t, places);
            verdict_decide(&verdict, contenders, &within, t, comparison->alpha);
        }
        note_lead(&verdict, &ahead[t], &outcomes[t]);
    }
    memory_free(places);
    memory_free(within.entrants);
}

static void cross(struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    struct crossover *crossover = &comparison->crossover;
    size_t capacity = 0;
    for (size_t p = 0; p < contenders->count; p++)
        for (size_t i = 0; i < contenders->problems[p].count; i++)
            add_budget(crossover, &capacity,
                       configuration_threads(&contenders->problems[p].entrants[i].values));
    const size_t cells = contenders->count * crossover->budgets * TARGETS_MOST;
    crossover->ahead = memory_allocate(cells + 1, sizeof *crossover->ahead);
    crossover->outcomes = memory_allocate(cells + 1, sizeof *crossover->outcomes);
    for (size_t i = 0; i * TARGETS_MOST < cells; i++)
        lead(comparison, i / crossover->budgets, crossover->threads[i % crossover->budgets],
             crossover->ahead + i * TARGETS_MOST, crossover->outcomes + i * TARGETS_MOST);
}

/* --- All of it ----------------------------------------------------------------------------- */

/* Where sides are stores another commit is what is compared; within a store it is a mixture. */
static void find_machines(struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    const struct results **results = memory_allocate(contenders->opened_count, sizeof *results);
    bool builds = strcmp(contenders->sides.by, "store") != 0;
    for (size_t s = 0; s < contenders->opened_count; s++) {
        results[s] = &contenders->opened[s].results;
        struct machines own = machines_of(&results[s], 1, true);
        builds = builds || own.count > 1;
        machines_clear(&own);
    }
    comparison->machines = machines_of(results, contenders->opened_count, builds);
    memory_free(results);
}

static void decide(struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    struct side_best *places = comparison->places;
    for (size_t p = 0; p < contenders->count; p++)
        for (size_t t = 0; t < contenders->problems[p].targets; t++) {
            struct verdict *verdict = &comparison->matches[p].verdicts[t];
            verdict_open(verdict, contenders, &contenders->problems[p], t, places);
            comparison->comparisons += verdict_comparisons(verdict);
            places += contenders->sides.count;
        }
    comparison->alpha =
        COMPARISON_ALPHA / (double)(comparison->comparisons > 0 ? comparison->comparisons : 1);
    for (size_t p = 0; p < contenders->count; p++)
        for (size_t t = 0; t < contenders->problems[p].targets; t++) {
            struct verdict *verdict = &comparison->matches[p].verdicts[t];
            verdict_decide(verdict, contenders, &contenders->problems[p], t, comparison->alpha);
            comparison->withheld += verdict->outcome == VERDICT_DISTURBED;
        }
}

static size_t count_bouts(const struct contenders *contenders)
{
    size_t verdicts = 0;
    for (size_t p = 0; p < contenders->count; p++)
        verdicts += contenders->problems[p].targets;
    return verdicts;
}

static void note_times(struct comparison *comparison)
{
    const size_t sides = comparison->contenders.sides.count;
    comparison->times = memory_allocate(comparison->verdicts * sides, sizeof *comparison->times);
    comparison->best = memory_allocate(comparison->verdicts, sizeof *comparison->best);
    for (size_t i = 0; i < comparison->verdicts * sides; i++) {
        const struct side_best *place = &comparison->places[i];
        comparison->times[i] = place->entrant != NULL ? place->seconds : INFINITY;
    }
    performance_profile_find_best(comparison->times, comparison->verdicts, sides, comparison->best);
}

bool comparison_create(struct comparison *comparison, const char *by,
                       const struct opened_store *opened, size_t count, struct error *error)
{
    *comparison = (struct comparison){0};
    if (!contenders_create(&comparison->contenders, by, opened, count, error))
        return false;
    find_machines(comparison);
    const struct contenders *contenders = &comparison->contenders;
    const size_t sides = contenders->sides.count;
    for (size_t s = 0; s < count; s++)
        noise_add(&comparison->noise, &opened[s].results);
    comparison->verdicts = count_bouts(contenders);
    comparison->matches = memory_allocate(contenders->count, sizeof *comparison->matches);
    comparison->places = memory_allocate(comparison->verdicts * sides, sizeof *comparison->places);
    comparison->standings =
        memory_allocate(contenders->count * sides, sizeof *comparison->standings);
    decide(comparison);
    note_times(comparison);
    for (size_t p = 0; p < contenders->count; p++) {
        struct match *match = &comparison->matches[p];
        match->standings = comparison->standings + p * sides;
        stand(&contenders->problems[p], match->standings);
        tune(&contenders->problems[p], sides, &match->tuning);
    }
    cross(comparison);
    return true;
}

void comparison_clear(struct comparison *comparison)
{
    for (size_t p = 0; p < comparison->contenders.count && comparison->matches != NULL; p++)
        memory_free(comparison->matches[p].tuning.best);
    contenders_clear(&comparison->contenders);
    machines_clear(&comparison->machines);
    memory_free(comparison->matches);
    memory_free(comparison->places);
    memory_free(comparison->standings);
    memory_free(comparison->times);
    memory_free(comparison->best);
    memory_free(comparison->crossover.threads);
    memory_free(comparison->crossover.ahead);
    memory_free(comparison->crossover.outcomes);
    *comparison = (struct comparison){0};
}

const double comparison_factors[COMPARISON_FACTORS] = {1.0, 1.1, 1.5,  2.0,
                                                       5.0, 10., 100., INFINITY};

double comparison_performance_profile(const struct comparison *comparison, size_t side,
                                      double factor)
{
    return performance_profile_share_of(comparison->times, comparison->best, comparison->verdicts,
                                        comparison->contenders.sides.count, side, factor);
}
