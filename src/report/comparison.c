/* SPDX-License-Identifier: MIT
 *
 * Bouts are opened first, for their number is what the level of each depends on, and decided then.
 */
#include "report/comparison.h"

#include "base/memory.h"
#include "measure/profile.h"
#include "measure/statistics.h"
#include "measure/tuning.h"

#include <math.h>
#include <string.h>

static void stand(const struct problem *problem, struct standing *standings)
{
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        struct standing *standing = &standings[entrant->side];
        bool timed = entrant_has(entrant, TIMED_IN_SWEEP) || entrant_has(entrant, TIMED_IN_FINALS);
        standing->planned++;
        if (entrant->count == 0)
            standing->pending++;
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

/* The last target that every side with somebody in this problem comes to. */
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

static void tune(const struct problem *problem, size_t sides, struct tuning *tuning)
{
    double *values = memory_allocate(problem->count, sizeof *values);
    size_t most = 0;
    tuning->timed = all_timed(problem);
    tuning->target = common_target(problem, sides, tuning->timed, values);
    for (size_t s = 0; s < sides && tuning->target >= 0; s++) {
        size_t count = efforts(problem, s, (size_t)tuning->target, tuning->timed, values);
        most = count > most ? count : most;
    }
    set_tries(tuning, most);
    for (size_t s = 0; s < sides && tuning->target >= 0; s++) {
        size_t count = efforts(problem, s, (size_t)tuning->target, tuning->timed, values);
        for (size_t i = 0; i < tuning->count; i++)
            tuning->best[i][s] =
                tuning->tried[i] <= count ? best_after(values, count, tuning->tried[i]) : NAN;
    }
    memory_free(values);
}

/* --- The crossover ------------------------------------------------------------------------- */

/* A solver that does not use threads runs on one. */
static int64_t threads_of(const struct configuration *values)
{
    bool used = hyperparameter_applies(hyperparameter_find("threads"), values);
    return used ? values->threads : 1;
}

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

static int leader(const struct problem *problem, int64_t threads, size_t target)
{
    double least = INFINITY;
    int ahead = -1;
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        double seconds = entrant_seconds(entrant, target, TIMED_IN_FINALS);
        if (isnan(seconds))
            seconds = entrant_seconds(entrant, target, TIMED_IN_SWEEP);
        if (entrant->sound && threads_of(&entrant->values) <= threads && seconds < least) {
            least = seconds;
            ahead = (int)entrant->side;
        }
    }
    return ahead;
}

static void cross(struct comparison *comparison)
{
    const struct field *field = &comparison->field;
    struct crossover *crossover = &comparison->crossover;
    size_t capacity = 0;
    for (size_t p = 0; p < field->count; p++)
        for (size_t i = 0; i < field->problems[p].count; i++)
            add_budget(crossover, &capacity, threads_of(&field->problems[p].entrants[i].values));
    crossover->ahead = memory_allocate(field->count * crossover->budgets * TARGETS_MOST + 1,
                                       sizeof *crossover->ahead);
    int *ahead = crossover->ahead;
    for (size_t p = 0; p < field->count; p++)
        for (size_t b = 0; b < crossover->budgets; b++)
            for (size_t t = 0; t < TARGETS_MOST; t++)
                *ahead++ = t < field->problems[p].targets
                               ? leader(&field->problems[p], crossover->threads[b], t)
                               : -1;
}

/* --- All of it ----------------------------------------------------------------------------- */

static size_t count_machines(const struct exhibit *exhibits, size_t count)
{
    size_t machines = 0;
    for (size_t s = 0; s < count; s++)
        machines =
            exhibits[s].results.machines > machines ? exhibits[s].results.machines : machines;
    return machines;
}

static void decide(struct comparison *comparison)
{
    const struct field *field = &comparison->field;
    for (size_t p = 0; p < field->count; p++)
        for (size_t t = 0; t < field->problems[p].targets; t++) {
            struct bout *bout = &comparison->matches[p].bouts[t];
            bout_open(bout, field, &field->problems[p], t);
            comparison->comparisons += bout_comparisons(bout);
        }
    comparison->alpha =
        COMPARISON_ALPHA / (double)(comparison->comparisons > 0 ? comparison->comparisons : 1);
    for (size_t p = 0; p < field->count; p++)
        for (size_t t = 0; t < field->problems[p].targets; t++)
            bout_decide(&comparison->matches[p].bouts[t], field, t, comparison->alpha);
}

bool comparison_create(struct comparison *comparison, const char *by,
                       const struct exhibit *exhibits, size_t count, struct error *error)
{
    *comparison = (struct comparison){.machines = count_machines(exhibits, count)};
    if (!field_create(&comparison->field, by, exhibits, count, error))
        return false;
    const struct field *field = &comparison->field;
    comparison->matches = memory_allocate(field->count, sizeof *comparison->matches);
    decide(comparison);
    for (size_t p = 0; p < field->count; p++) {
        stand(&field->problems[p], comparison->matches[p].standings);
        tune(&field->problems[p], field->sides.count, &comparison->matches[p].tuning);
    }
    cross(comparison);
    return true;
}

void comparison_clear(struct comparison *comparison)
{
    field_clear(&comparison->field);
    memory_free(comparison->matches);
    memory_free(comparison->crossover.threads);
    memory_free(comparison->crossover.ahead);
    *comparison = (struct comparison){0};
}

const double comparison_factors[COMPARISON_FACTORS] = {1.0, 1.1, 1.5,  2.0,
                                                       5.0, 10., 100., INFINITY};

double comparison_profile(const struct comparison *comparison, size_t side, double factor)
{
    const struct field *field = &comparison->field;
    size_t sides = field->sides.count, rows = 0;
    double *seconds = memory_allocate(field->count * TARGETS_MOST * sides, sizeof *seconds);
    for (size_t p = 0; p < field->count; p++)
        for (size_t t = 0; t < field->problems[p].targets; t++, rows++)
            for (size_t s = 0; s < sides; s++) {
                const struct side_best *place = &comparison->matches[p].bouts[t].places[s];
                seconds[rows * sides + s] = place->entrant != NULL ? place->seconds : INFINITY;
            }
    double share = profile_share(seconds, rows, sides, side, factor);
    memory_free(seconds);
    return share;
}
