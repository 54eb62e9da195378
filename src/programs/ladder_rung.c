/* SPDX-License-Identifier: MIT
 *
 * A ladder is known by a fingerprint of its configurations without the parameter.
 */
#include "programs/ladder_rung.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/words.h"
#include "programs/parameter_word.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

struct ladder_rung ladder_rung_of(const struct configuration *configuration)
{
    struct memory_stream stream;
    struct ladder_rung rung = {.value = NAN, .ladder = ""};
    if (!configuration_is_rung(configuration))
        return rung;
    struct parting parting = {configuration->ladder->name, memory_stream_open(&stream), true, NAN};
    parameter_word_read(configuration->parameters->name, part, &parting);
    char *rest = memory_stream_close(&stream);
    struct configuration others = *configuration;
    others.parameters = word_of(rest);
    memory_free(rest);
    configuration_fingerprint(&others, "", rung.ladder);
    rung.value = parting.value;
    return rung;
}
