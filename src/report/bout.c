/* SPDX-License-Identifier: MIT
 *
 * Rounds are paired by finals, seed and repeat; of two stores, which have no round in common, by
 * seed and repeat alone, and the report says what that is worth.
 */
#include "report/bout.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static bool arrives(const struct entrant *entrant, size_t target)
{
    for (size_t r = 0; r < entrant->count; r++)
        if (isfinite(entrant->runs[r].seconds[target]))
            return true;
    return false;
}

/* What an entrant is chosen by; NaN: it is no candidate. */
static double merit(const struct entrant *entrant, size_t target, bool timed)
{
    if (!entrant->sound || entrant->count == 0)
        return NAN;
    return timed ? entrant_tuned(entrant, target) : entrant_epochs(entrant, target);
}

/* The least first. Where none arrives in most of its trials, the first one stands for its side. */
static const struct entrant *choose(const struct problem *problem, size_t side, size_t target,
                                    bool timed, bool *any)
{
    const struct entrant *best = NULL;
    double least = INFINITY;
    *any = false;
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        double value = entrant->side == side ? merit(entrant, target, timed) : NAN;
        if (isnan(value))
            continue;
        *any = *any || arrives(entrant, target);
        if (best == NULL || value < least) {
            best = entrant;
            least = value;
        }
    }
    return best;
}

static void choose_side(struct side_best *place, const struct problem *problem, size_t side,
                        size_t target)
{
    place->entrant = choose(problem, side, target, true, &place->arrives);
    place->timed = place->entrant != NULL;
    if (!place->timed)
        place->entrant = choose(problem, side, target, false, &place->arrives);
}

static void measure(struct side_best *place, size_t target, enum timing timing)
{
    place->seconds = place->timed ? entrant_seconds(place->entrant, target, timing) : NAN;
    place->epochs = entrant_epochs(place->entrant, target);
    for (size_t r = 0; r < place->entrant->count; r++) {
        const struct lap *run = &place->entrant->runs[r];
        if (place->timed && !lap_is_timed(run, timing))
            continue;
        place->runs++;
        place->arrived += isfinite(run->seconds[target]) ? 1 : 0;
        place->disturbed += run->disturbed;
    }
}

void bout_open(struct bout *bout, const struct field *field, const struct problem *problem,
               size_t target)
{
    double least = INFINITY;
    *bout = (struct bout){.timing = TIMED_IN_FINALS, .ahead = -1};
    for (size_t s = 0; s < field->sides.count; s++) {
        struct side_best *place = &bout->places[s];
        choose_side(place, problem, s, target);
        bout->competing += place->timed;
        bout->arriving += place->timed && place->arrives;
        bout->untimed += !place->timed && place->arrives;
        if (place->timed && place->arrives && !entrant_has(place->entrant, TIMED_IN_FINALS))
            bout->timing = TIMED_IN_SWEEP;
    }
    for (size_t s = 0; s < field->sides.count; s++) {
        struct side_best *place = &bout->places[s];
        if (place->entrant == NULL)
            continue;
        measure(place, target, bout->timing);
        if (place->seconds < least) {
            least = place->seconds;
            bout->ahead = (int)s;
        }
    }
}

size_t bout_comparisons(const struct bout *bout)
{
    return bout->ahead >= 0 ? bout->arriving - 1 : 0;
}

/* The trial of an entrant in the same round; NULL: it was not there. */
static const struct lap *partner(const struct field *field, const struct entrant *entrant,
                                 const struct lap *run, enum timing timing)
{
    bool apart = strcmp(field->sides.by, "store") == 0;
    for (size_t r = 0; r < entrant->count; r++) {
        const struct lap *other = &entrant->runs[r];
        bool together = apart || (other->source == run->source && other->final == run->final);
        if (lap_is_timed(other, timing) && together && other->seed == run->seed &&
            other->repeat == run->repeat)
            return other;
    }
    return NULL;
}

static struct paired_ratio ratio_of(const struct field *field, const struct bout *bout, int side,
                                    size_t target, double alpha)
{
    const struct entrant *ahead = bout->places[bout->ahead].entrant;
    double *a = memory_allocate(ahead->count, sizeof *a);
    double *b = memory_allocate(ahead->count, sizeof *b);
    size_t count = 0;
    for (size_t r = 0; r < ahead->count; r++) {
        const struct lap *run = &ahead->runs[r];
        if (!lap_is_timed(run, bout->timing))
            continue;
        const struct lap *other = partner(field, bout->places[side].entrant, run, bout->timing);
        if (other == NULL)
            continue;
        a[count] = run->seconds[target];
        b[count++] = other->seconds[target];
    }
    struct paired_ratio ratio = paired_ratio(a, b, count, alpha);
    memory_free(a);
    memory_free(b);
    return ratio;
}

void bout_decide(struct bout *bout, const struct field *field, size_t target, double alpha)
{
    if (bout->ahead < 0)
        bout->outcome = bout->untimed > 0 ? BOUT_UNTIMED : BOUT_NOBODY;
    else if (bout->untimed > 0)
        bout->outcome = BOUT_OPEN;
    else
        bout->outcome = bout->arriving == 1 ? BOUT_ONLY : BOUT_FIRST;
    for (size_t s = 0; s < field->sides.count && bout->ahead >= 0; s++) {
        struct side_best *place = &bout->places[s];
        if (!place->timed || !place->arrives || (int)s == bout->ahead)
            continue;
        place->ratio = ratio_of(field, bout, (int)s, target, alpha);
        place->separation = separation_of(&place->ratio);
        if (place->separation != SEPARATION_FIRST)
            bout->outcome = BOUT_OPEN;
    }
}
