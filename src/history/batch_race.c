/* SPDX-License-Identifier: MIT
 *
 * What a race says (descent race --format json): its `sides` with their commits, and its `results`,
 * a median with its interval for each task and side. The second copy of a side, which is there to
 * show what noise does, is no run of its own. An invalid race is none.
 *
 * The text of the file is what it is known by.
 */
#include "base/digest.h"
#include "base/json_text.h"
#include "base/lookup.h"
#include "base/memory.h"
#include "base/output_guard.h"
#include "base/text.h"
#include "history/batch.h"
#include "measure/machine/comparability.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RACE_VERSION = 1, FILE_MOST = 1 << 28 /* bytes */ };

static const char *const control = "copy";

static bool refuse(const char *path, const char *what, struct error *error)
{
    return error_usage(error,
                       "%s: %s; expected the folder of a sweep, or what `descent race --format "
                       "json` wrote",
                       text_shown(path), what);
}

/* The whole file, ended by NUL; NULL on error. Free with memory_free(). */
static char *read_file(const char *path, size_t *length, struct error *error)
{
    output_protect(path);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        refuse(path, strerror(errno), error);
        return NULL;
    }
    char *text = NULL;
    size_t capacity = 0, got;
    *length = 0;
    do {
        text = memory_grow(text, &capacity, *length + 4096 + 1, 1);
        got = fread(text + *length, 1, 4096, file);
        *length += got;
    } while (got > 0 && *length < FILE_MOST);
    text[*length] = '\0';
    if (ferror(file) != 0 || *length >= FILE_MOST) {
        error_usage(error, "%s: %s", text_shown(path),
                    ferror(file) != 0 ? strerror(errno) : "too long to be a race");
        memory_free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* "" where it is none. */
static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static double real_of(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* Whose runs they are. */
struct taken {
    const char *side;   /* NULL: every side whose commit is known */
    const char *commit; /* NULL: what the side says */
};

static bool is_taken(const struct taken *taken, const json_t *side)
{
    const char *name = text_of(side, "side");
    if (taken->side != NULL)
        return strcmp(name, taken->side) == 0;
    return strcmp(name, control) != 0 && *text_of(side, "commit") != '\0';
}

/* One task of one side: its time, and its memory where that is known. */
static void add_result(struct history_run *run, const json_t *result)
{
    const char *name = text_of(result, "name");
    const json_t *interval = json_object_get(result, "interval");
    const int64_t n = json_integer_value(json_object_get(result, "n"));
    char *memory = NULL;
    if (asprintf(&memory, "%s/peak_memory", name) < 0)
        memory_exhausted(1, strlen(name));
    batch_add_point(run, memory_copy_text(name), text_of(result, "unit"),
                    real_of(json_object_get(result, "median")),
                    real_of(json_array_get(interval, 0)), real_of(json_array_get(interval, 1)),
                    n > 0 ? n : 1);
    batch_add_point(run, memory, "bytes", real_of(json_object_get(result, "peak_bytes")), NAN, NAN,
                    n > 0 ? n : 1);
}

/* What is the same of all sides. */
struct race_source {
    const json_t *race;
    char *machine;
    char origin[DIGEST_TEXT];
};

static void add_side(struct history_batch *batch, const struct race_source *source,
                     const json_t *side, const struct taken *taken, const char *date)
{
    const struct history_run facts = {
        .commit = memory_copy_text(taken->commit != NULL ? taken->commit : text_of(side, "commit")),
        .date = memory_copy_text(date),
        .machine = memory_copy_text(source->machine),
        .origin = memory_copy_text(source->origin),
        .side = memory_copy_text(text_of(side, "side")),
    };
    batch_add_run(batch, &facts);
}

/* Gives each result to the run of its side, if that was taken; runs without one go. False: two
 * sides have one name. */
static bool add_results(struct history_batch *batch, const json_t *results)
{
    struct lookup sides = {0};
    for (size_t run = 0; run < batch->count; run++)
        lookup_number(&sides, batch->runs[run].side, strlen(batch->runs[run].side));
    const bool sound = sides.count == batch->count;
    size_t i, kept = 0;
    json_t *result;
    json_array_foreach(results, i, result)
    {
        const char *side = text_of(result, "side");
        const size_t run = lookup_find(&sides, side, strlen(side));
        if (run < batch->count && *text_of(result, "name") != '\0')
            add_result(&batch->runs[run], result);
    }
    for (i = 0; i < batch->count; i++)
        if (batch->runs[i].count > 0)
            batch->runs[kept++] = batch->runs[i];
        else
            history_run_clear(&batch->runs[i]);
    batch->count = kept;
    lookup_clear(&sides);
    return sound;
}

/* Why no side was taken. */
static bool refuse_sides(const char *path, const json_t *sides, const struct taken *taken,
                         struct error *error)
{
    const char *first = text_of(json_array_get(sides, 0), "side");
    const char *last = text_of(json_array_get(sides, json_array_size(sides) - 1), "side");
    if (taken->side != NULL)
        return error_usage(
            error, "%s: side '%s' of this race has no results; its sides are '%s' to '%s'",
            text_shown(path), text_shown(taken->side), text_shown(first), text_shown(last));
    return error_usage(error,
                       "%s: no side of this race says its commit; give --commit ID, which is then "
                       "that of side '%s', or of another that --side names",
                       text_shown(path), text_shown(last));
}

static bool add_sides(struct history_batch *batch, const char *path,
                      const struct race_source *source, const struct batch_options *options,
                      struct error *error)
{
    const json_t *sides = json_object_get(source->race, "sides");
    struct taken taken = {options->side, options->commit};
    if (taken.side == NULL && taken.commit != NULL)
        taken.side = text_of(json_array_get(sides, json_array_size(sides) - 1), "side");
    size_t i;
    json_t *side;
    json_array_foreach(sides, i, side)
    {
        if (!is_taken(&taken, side))
            continue;
        if (taken.commit == NULL && *text_of(side, "commit") == '\0')
            return error_usage(error, "%s: side '%s' does not say its commit; give --commit ID",
                               text_shown(path), text_shown(taken.side));
        add_side(batch, source, side, &taken, options->date);
    }
    if (!add_results(batch, json_object_get(source->race, "results")))
        return refuse(path, "a race of which two sides have one name", error);
    return batch->count > 0 || refuse_sides(path, sides, &taken, error);
}

static bool check_race(const char *path, const json_t *race, struct error *error)
{
    const json_t *version = json_object_get(race, "race");
    if (!json_is_integer(version))
        return refuse(path, "no race: it has no member 'race'", error);
    if (json_integer_value(version) > RACE_VERSION)
        return error_usage(error,
                           "%s: written by a newer descent (version %lld of races; this one reads "
                           "%d); update descent",
                           text_shown(path), (long long)json_integer_value(version), RACE_VERSION);
    if (json_is_false(json_object_get(race, "valid")))
        return error_usage(error, "%s: the race is invalid, so nothing of it is kept: %s",
                           text_shown(path), text_shown(text_of(race, "answer")));
    return json_array_size(json_object_get(race, "sides")) > 0 ||
           refuse(path, "a race without sides", error);
}

bool batch_read_race(struct history_batch *batch, const char *path,
                     const struct batch_options *options, struct error *error)
{
    size_t length;
    json_error_t fault;
    char *text = read_file(path, &length, error), what[256];
    if (text == NULL)
        return false;
    struct race_source source = {0};
    digest_of_bytes(text, length, source.origin);
    json_t *race = json_loadb(text, length, 0, &fault);
    source.race = race;
    bool done = race != NULL;
    if (!done) {
        snprintf(what, sizeof what, "no JSON (line %d, column %d: %s)", fault.line, fault.column,
                 fault.text);
        refuse(path, text_shown(what), error);
    }
    done = done && check_race(path, race, error);
    if (done) {
        const json_t *machine = json_object_get(race, "machine");
        source.machine = json_is_object(machine) ? json_text(machine, JSON_SORT_KEYS | JSON_COMPACT)
                                                 : memory_copy_text("{}");
        done = add_sides(batch, path, &source, options, error);
    }
    memory_free(source.machine);
    json_decref(race);
    memory_free(text);
    return done;
}
