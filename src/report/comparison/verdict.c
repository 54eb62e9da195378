/* SPDX-License-Identifier: MIT
 *
 * Rounds are paired by finals, seed and repeat; of two stores, which have no round in common, by
 * seed and repeat alone, and the report says what that is worth; where the sides are seeds, without
 * the seed. Both lists of laps are sorted by their rounds and walked together. A round counts if it
 * was quiet for both.
 */
#include "report/comparison/verdict.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- The best of each side ------------------------------------------------------------------- */

static bool arrives(const struct entrant *entrant, size_t target)
{
    for (size_t r = 0; r < entrant->count; r++)
        if (isfinite(entrant->runs[r].epochs[target]))
            return true;
    return false;
}

static enum effort effort_of(const struct entrant *entrant, bool timed)
{
    return timed ? entrant_timed(entrant) : EFFORT_EPOCHS;
}

/* Chooses among all entrants that are fit, by their time or by their epochs. */
static void choose(struct verdict *verdict, const struct problem *problem, size_t sides,
                   size_t target, bool timed)
{
    struct merit *best = memory_allocate(sides, sizeof *best);
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        struct side_best *place = &verdict->places[entrant->side];
        if (!entrant->sound || entrant->count == 0 || entrant->passed_over[target] ||
            (!timed && place->timed))
            continue;
        struct merit merit = entrant_merit(entrant, target, effort_of(entrant, timed));
        if (merit.count == 0)
            continue;
        place->arrives = place->arrives || arrives(entrant, target);
        if (place->entrant == NULL || merit_is_better(&merit, &best[entrant->side])) {
            place->entrant = entrant;
            best[entrant->side] = merit;
        }
    }
    for (size_t s = 0; s < sides && timed; s++)
        verdict->places[s].timed = verdict->places[s].entrant != NULL;
    memory_free(best);
}

/* The earliest that an entrant may have been, as the one chosen was judged. */
static double earliest(const struct entrant *entrant, size_t target)
{
    bool swept = entrant_timed(entrant) == EFFORT_SWEPT;
    return entrant_merit(entrant, target, swept ? EFFORT_SWEPT_AFTER : EFFORT_FINAL_AFTER).middle;
}

static void find_slack(struct verdict *verdict, const struct problem *problem, size_t target)
{
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        struct side_best *place = &verdict->places[entrant->side];
        if (!entrant->sound || entrant->passed_over[target] || !place->timed ||
            entrant == place->entrant)
            continue;
        double share = entrant_merit(entrant, target, entrant_timed(entrant)).share;
        double best = entrant_merit(place->entrant, target, entrant_timed(place->entrant)).share;
        double slack = earliest(entrant, target) / earliest(place->entrant, target);
        if (share == best && slack < place->slack) /* not where the one chosen has no earlier */
            place->slack = slack;
    }
}

static void measure(struct side_best *place, size_t target, enum timing timing)
{
    bool finals = timing == TIMED_IN_FINALS;
    const struct entrant *entrant = place->entrant;
    place->seconds = place->after = NAN;
    if (place->timed) {
        place->seconds = entrant_seconds(entrant, target, timing);
        place->after =
            entrant_merit(entrant, target, finals ? EFFORT_FINAL_AFTER : EFFORT_SWEPT_AFTER).middle;
    }
    place->epochs = entrant_epochs(entrant, target);
    place->first_epochs = entrant_merit(entrant, target, EFFORT_FIRST_EPOCHS).middle;
    for (size_t r = 0; r < entrant->count; r++) {
        const struct lap *run = &entrant->runs[r];
        if (place->timed && !lap_is_timed(run, timing))
            continue;
        place->runs++;
        place->arrived += isfinite(run->epochs[target]) ? 1 : 0;
        place->disturbed += run->disturbed;
    }
}

static void measure_all(struct verdict *verdict, size_t sides, size_t target)
{
    double least = INFINITY;
    for (size_t s = 0; s < sides; s++) {
        struct side_best *place = &verdict->places[s];
        if (place->entrant == NULL)
            continue;
        measure(place, target, verdict->timing);
        if (place->seconds < least) {
            least = place->seconds;
            verdict->ahead = (int)s;
        }
    }
}

void verdict_open(struct verdict *verdict, const struct contenders *contenders,
                  const struct problem *problem, size_t target, struct side_best *places)
{
    const size_t sides = contenders->sides.count;
    *verdict = (struct verdict){.timing = TIMED_IN_FINALS, .ahead = -1, .places = places};
    for (size_t s = 0; s < sides; s++)
        places[s] = (struct side_best){.slack = 1.0};
    choose(verdict, problem, sides, target, true);
    choose(verdict, problem, sides, target, false);
    if (problem->between)
        find_slack(verdict, problem, target);
    for (size_t s = 0; s < sides; s++) {
        const struct side_best *place = &places[s];
        verdict->competing += place->timed;
        verdict->arriving += place->timed && place->arrives;
        verdict->untimed += !place->timed && place->arrives;
        if (place->timed && place->arrives && !entrant_has(place->entrant, TIMED_IN_FINALS))
            verdict->timing = TIMED_IN_SWEEP;
    }
    measure_all(verdict, sides, target);
}

size_t verdict_comparisons(const struct verdict *verdict)
{
    return verdict->ahead >= 0 ? verdict->arriving - 1 : 0;
}

/* --- Rounds ---------------------------------------------------------------------------------- */

/* A lap and the round that it is of; numbers that do not tell rounds apart are 0. */
struct shared_round {
    int64_t source, final, seed, repeat;
    const struct lap *lap;
};

static int by_round(const void *a, const void *b)
{
    const struct shared_round *left = a, *right = b;
    const int64_t differences[][2] = {{left->source, right->source},
                                      {left->final, right->final},
                                      {left->seed, right->seed},
                                      {left->repeat, right->repeat}};
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
        if (differences[i][0] != differences[i][1])
            return differences[i][0] < differences[i][1] ? -1 : 1;
    return 0;
}

/* The laps of an entrant that are timed, by their rounds. */
static struct shared_round *turns_of(const struct sides *sides, const struct entrant *entrant,
                                     enum timing timing, size_t *count)
{
    struct shared_round *turns = memory_allocate(entrant->count, sizeof *turns);
    bool apart = strcmp(sides->by, "store") == 0;
    *count = 0;
    for (size_t r = 0; r < entrant->count; r++) {
        const struct lap *lap = &entrant->runs[r];
        if (lap_is_timed(lap, timing))
            turns[(*count)++] =
                (struct shared_round){.source = apart ? 0 : (int64_t)lap->source,
                                      .final = apart ? 0 : lap->final,
                                      .seed = sides_are_seeds(sides) ? 0 : lap->seed,
                                      .repeat = lap->repeat,
                                      .lap = lap};
    }
    if (*count > 1)
        qsort(turns, *count, sizeof *turns, by_round);
    return turns;
}

/* An arrival of a side at the target, as early as it may be. */
static struct arrival arrival_of(const struct side_best *place, const struct lap *lap,
                                 size_t target)
{
    struct arrival arrival = lap->seconds[target];
    if (isfinite(arrival.after))
        arrival.after *= place->slack;
    return arrival;
}

/* Rounds that two sides have in common, those that nothing disturbed first. */
struct common_rounds {
    size_t count, quiet; /* all, and the first of them */
    struct paired_round *rounds;
};

static void add_round(struct common_rounds *common, bool quiet, struct paired_round round)
{
    common->rounds[common->count] = round;
    if (quiet) {
        common->rounds[common->count] = common->rounds[common->quiet];
        common->rounds[common->quiet++] = round;
    }
    common->count++;
}

static struct common_rounds common_rounds(const struct sides *sides, const struct verdict *verdict,
                                          size_t side, size_t target)
{
    const struct side_best *ahead = &verdict->places[verdict->ahead],
                           *place = &verdict->places[side];
    size_t left_count, right_count;
    struct shared_round *left = turns_of(sides, ahead->entrant, verdict->timing, &left_count);
    struct shared_round *right = turns_of(sides, place->entrant, verdict->timing, &right_count);
    struct common_rounds common = {.rounds = memory_allocate(left_count, sizeof *common.rounds)};
    for (size_t i = 0, j = 0; i < left_count; i++) {
        while (j < right_count && by_round(&right[j], &left[i]) < 0)
            j++;
        if (j < right_count && by_round(&right[j], &left[i]) == 0)
            add_round(&common, !left[i].lap->disturbed && !right[j].lap->disturbed,
                      (struct paired_round){left[i].seed, arrival_of(ahead, left[i].lap, target),
                                            arrival_of(place, right[j].lap, target)});
    }
    memory_free(left);
    memory_free(right);
    return common;
}

static void find_ratio(const struct sides *sides, const struct verdict *verdict, size_t side,
                       size_t target, double alpha)
{
    struct side_best *place = &verdict->places[side];
    struct common_rounds common = common_rounds(sides, verdict, side, target);
    place->ratio = paired_rounds(common.rounds, common.quiet, alpha);
    place->separation = separation_of(&place->ratio);
    place->common = common.count;
    place->quiet = common.quiet;
    if (place->separation == SEPARATION_TOO_FEW && common.quiet < common.count) {
        struct paired_ratio all = paired_rounds(common.rounds, common.count, alpha);
        place->withheld = separation_of(&all) != SEPARATION_TOO_FEW || place->ratio.draws == 0;
    }
    memory_free(common.rounds);
}

/* --- Verdicts -------------------------------------------------------------------------------- */

void verdict_decide(struct verdict *verdict, const struct contenders *contenders,
                    const struct problem *problem, size_t target, double alpha)
{
    if (verdict->ahead < 0)
        verdict->outcome = verdict->untimed > 0 ? VERDICT_UNTIMED : VERDICT_NOBODY;
    else if (verdict->untimed > 0)
        verdict->outcome = VERDICT_OPEN;
    else
        verdict->outcome = verdict->arriving == 1 ? VERDICT_ONLY : VERDICT_FIRST;
    verdict->seeds = problem->seeds; /* where one side is the only one, all that were tried */
    verdict->seed = problem->seed;
    for (size_t s = 0; s < contenders->sides.count && verdict->ahead >= 0; s++) {
        struct side_best *place = &verdict->places[s];
        if (!place->timed || !place->arrives || (int)s == verdict->ahead)
            continue;
        find_ratio(&contenders->sides, verdict, s, target, alpha);
        if (place->withheld)
            verdict->outcome = VERDICT_DISTURBED;
        else if (place->separation != SEPARATION_FIRST && verdict->outcome != VERDICT_DISTURBED)
            verdict->outcome = VERDICT_OPEN;
        if (place->ratio.seeds > 0 && place->ratio.seeds < verdict->seeds) {
            verdict->seeds = place->ratio.seeds;
            verdict->seed = place->ratio.seed;
        }
    }
    if (sides_are_seeds(&contenders->sides))
        verdict->seeds = 0;
}
