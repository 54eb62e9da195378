/* SPDX-License-Identifier: MIT
 *
 * A member of its own, `baseline`, beside those of the race: how the build is started, and what it
 * is.
 */
#include "race/baseline.h"

#include "base/memory.h"
#include "base/output_guard.h"
#include "base/text.h"
#include "race/race_json.h"
#include "store/json_value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define NO_EVIDENCE                                                                                \
    "a stored time is no evidence, so there is nothing to race against; record a baseline of a "   \
    "build that stays where it is (--save-baseline), or give both sides"

json_t *baseline_json(json_t *race, const struct racers *racers)
{
    json_value_set(race, "baseline", racer_json(&racers->list[RACE_A], RACE_A));
    return race;
}

/* --- Reading ------------------------------------------------------------------------------- */

static json_t *read_file(const char *path, struct error *error)
{
    json_error_t parsing;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        error_usage(error, "%s: it cannot be read: %s", text_shown(path), strerror(errno));
        return NULL;
    }
    output_protect(path);
    json_t *object = json_loadf(file, JSON_REJECT_DUPLICATES, &parsing);
    fclose(file);
    if (object == NULL)
        error_usage(error, "%s:%d:%d: it is no baseline: %s", text_shown(path), parsing.line,
                    parsing.column, parsing.text);
    return object;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* "arguments", behind the path. */
static bool take_words(const json_t *recorded, struct baseline *baseline)
{
    const json_t *arguments = json_object_get(recorded, "arguments");
    const size_t count = json_array_size(arguments) + 1;
    const char **words = memory_allocate(count, sizeof *words);
    baseline->words = (struct side_words){count, words};
    words[0] = text_of(recorded, "path");
    bool sound = words[0] != NULL && json_is_array(arguments);
    for (size_t i = 1; i < count && sound; i++) {
        words[i] = json_string_value(json_array_get(arguments, i - 1));
        sound = words[i] != NULL;
    }
    return sound;
}

/* The file of the same bytes? */
static bool check_build(const char *file, const char *path, const char *digest, struct error *error)
{
    struct error why = {.kind = ERROR_NONE};
    char now[DIGEST_TEXT];
    char *found = racer_find(path, &why);
    const bool there = found != NULL && racer_digest(found, now, &why);
    memory_free(found);
    if (!there)
        return error_usage(error, "%s: the build of this baseline is gone (%.400s); " NO_EVIDENCE,
                           text_shown(file), why.message);
    return strcmp(now, digest) == 0 ||
           error_usage(error, "%s: %s is another build than that of this baseline; " NO_EVIDENCE,
                       text_shown(file), text_shown(path));
}

/* What makes the machine, whatever build of descent has asked it. */
static bool check_machine(const char *file, const json_t *then, struct error *error)
{
    static const char *const facts[] = {"processor", "topology", "memory_bytes", "system",
                                        "release"};
    json_t *now = race_machine_json();
    const char *other = NULL;
    for (size_t i = 0; other == NULL && i < sizeof facts / sizeof *facts; i++)
        if (!json_equal(json_object_get(then, facts[i]), json_object_get(now, facts[i])))
            other = facts[i];
    json_decref(now);
    return other == NULL ||
           error_usage(error, "%s: this baseline is of another machine (%s); " NO_EVIDENCE,
                       text_shown(file), other);
}

bool baseline_read(const char *path, struct baseline *baseline, struct error *error)
{
    *baseline = (struct baseline){.object = read_file(path, error)};
    if (baseline->object == NULL)
        return false;
    const json_t *recorded = json_object_get(baseline->object, "baseline");
    const char *digest = text_of(recorded, "digest");
    if (!take_words(recorded, baseline) || digest == NULL ||
        !json_is_object(json_object_get(baseline->object, "machine")))
        return error_usage(error, "%s: it is no baseline that --save-baseline has written",
                           text_shown(path));
    return check_build(path, baseline->words.words[0], digest, error) &&
           check_machine(path, json_object_get(baseline->object, "machine"), error);
}

void baseline_clear(struct baseline *baseline)
{
    memory_free((void *)baseline->words.words);
    json_decref(baseline->object);
    *baseline = (struct baseline){.object = NULL};
}
