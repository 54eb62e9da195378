/* SPDX-License-Identifier: MIT
 *
 * Rungs are gathered with a key of their ladder, and each is compared with the others that have it.
 */
#include "report/comparison/ladders.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "programs/ladder_rung.h"

#include <math.h>
#include <string.h>

struct ladder_rung_seat {
    struct entrant *entrant;
    size_t ladder; /* its number */
    double value;  /* NaN: it is on none */
};

static struct ladder_rung_seat seat_of(struct entrant *entrant, struct lookup *ladders)
{
    struct {
        uint64_t side;
        char ladder[DIGEST_TEXT + 7];
    } key = {entrant->side, ""};
    struct configuration seedless = entrant->values;
    seedless.seed = 0;
    const struct ladder_rung rung = ladder_rung_of(&seedless);
    memcpy(key.ladder, rung.ladder, sizeof rung.ladder);
    return (struct ladder_rung_seat){entrant, lookup_number(ladders, &key, sizeof key), rung.value};
}

static bool reaches(const struct entrant *entrant, size_t target)
{
    return entrant->sound && isfinite(entrant_epochs(entrant, target));
}

static void compare(const struct ladder_rung_seat *rung, const struct ladder_rung_seat *other,
                    size_t targets)
{
    if (rung->ladder != other->ladder || !(other->value > rung->value))
        return;
    for (size_t t = 0; t < targets; t++)
        if (reaches(other->entrant, t))
            rung->entrant->passed_over[t] = true;
}

void ladders_climb(struct problem *problem)
{
    struct ladder_rung_seat *rungs = memory_allocate(problem->count + 1, sizeof *rungs);
    struct lookup ladders = {0};
    size_t count = 0;
    for (size_t i = 0; i < problem->count; i++)
        if (configuration_is_rung(&problem->entrants[i].values))
            rungs[count++] = seat_of(&problem->entrants[i], &ladders);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            compare(&rungs[i], &rungs[j], problem->targets);
    lookup_clear(&ladders);
    memory_free(rungs);
}
