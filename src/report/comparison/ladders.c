/* SPDX-License-Identifier: MIT
 *
 * Rungs are gathered with a key of their ladder, and each is compared with the others that have it.
 */
#include "report/comparison/ladders.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/words.h"
#include "programs/parameter_word.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct ladder_rung {
    struct entrant *entrant;
    size_t ladder; /* its number */
    double value;  /* NaN: it is on none */
};

/* A word in two: the value of the ladder's parameter, and all others. */
struct parting {
    const char *name;
    FILE *rest;
    bool first;
    double value;
};

static bool part(void *context, const char *name, const char *value)
{
    struct parting *parting = context;
    if (strcmp(name, parting->name) == 0)
        return text_to_real(value, &parting->value);
    parameter_word_write(parting->rest, parting->first, name, value);
    parting->first = false;
    return true;
}

static struct ladder_rung rung_of(struct entrant *entrant, struct lookup *ladders)
{
    struct memory_stream stream;
    struct {
        uint64_t side;
        char configuration[DIGEST_TEXT + 7];
    } key = {entrant->side, ""};
    struct parting parting = {entrant->values.ladder->name, memory_stream_open(&stream), true, NAN};
    parameter_word_read(entrant->values.parameters->name, part, &parting);
    char *rest = memory_stream_close(&stream);
    struct configuration others = entrant->values;
    others.seed = 0;
    others.parameters = word_of(rest);
    memory_free(rest);
    configuration_fingerprint(&others, "", key.configuration);
    return (struct ladder_rung){entrant, lookup_number(ladders, &key, sizeof key), parting.value};
}

static bool reaches(const struct entrant *entrant, size_t target)
{
    return entrant->sound && isfinite(entrant_epochs(entrant, target));
}

static void compare(const struct ladder_rung *rung, const struct ladder_rung *other, size_t targets)
{
    if (rung->ladder != other->ladder || !(other->value > rung->value))
        return;
    for (size_t t = 0; t < targets; t++)
        if (reaches(other->entrant, t))
            rung->entrant->passed_over[t] = true;
}

void ladders_climb(struct problem *problem)
{
    struct ladder_rung *rungs = memory_allocate(problem->count + 1, sizeof *rungs);
    struct lookup ladders = {0};
    size_t count = 0;
    for (size_t i = 0; i < problem->count; i++)
        if (*problem->entrants[i].values.ladder->name != '\0')
            rungs[count++] = rung_of(&problem->entrants[i], &ladders);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            compare(&rungs[i], &rungs[j], problem->targets);
    lookup_clear(&ladders);
    memory_free(rungs);
}
