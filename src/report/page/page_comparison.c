/* SPDX-License-Identifier: MIT
 *
 * What the page has of a comparison beside what descent compare says: colours, and what is drawn.
 *
 * Quartiles of a side's times show how its rounds spread, whatever they have in common; whether
 * two sides differ is not read from them but from the ratio within rounds and its interval.
 */
#include "report/page/page_comparison.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "measure/statistics/statistics.h"
#include "report/comparison/comparison_json.h"
#include "report/comparison/comparison_text.h"
#include "store/json_value.h"

#include <math.h>

json_t *page_ink(const char *name, struct ink ink)
{
    char dark[PALETTE_COLOUR];
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(name));
    json_value_set(object, "colour", json_value_text(ink.colour));
    json_value_set(object, "dark", json_value_text(palette_on_dark(ink.colour, dark)));
    json_value_set(object, "dash", json_value_integer(ink.dash));
    return object;
}

static json_t *colours_json(const struct sides *sides)
{
    json_t *list = json_value_array();
    for (size_t s = 0; s < sides->count; s++)
        json_value_append(list, page_ink(sides->names[s], palette_ink(sides->names[s], s)));
    return list;
}

/* --- Spreads --------------------------------------------------------------------------------- */

/* Fills `seconds` (entrant->count) with the times that count; only those that nothing disturbed,
 * or all of them. */
static size_t times(const struct entrant *entrant, size_t target, enum timing timing, bool quiet,
                    double *seconds)
{
    size_t count = 0;
    for (size_t r = 0; r < entrant->count; r++) {
        const struct lap *lap = &entrant->runs[r];
        if (quiet ? lap_is_quiet(lap, timing) : lap_is_timed(lap, timing))
            seconds[count++] = lap->seconds[target].latest;
    }
    return count;
}

/* [25 %, 75 %]; null where that is not finite, for too many missed the target. */
static json_t *spread_json(const struct entrant *entrant, size_t target, enum timing timing)
{
    double *seconds = memory_allocate(entrant->count, sizeof *seconds);
    size_t count = times(entrant, target, timing, true, seconds);
    if (count == 0)
        count = times(entrant, target, timing, false, seconds);
    const double ends[] = {quantile(seconds, count, 0.25), quantile(seconds, count, 0.75)};
    memory_free(seconds);
    return json_value_reals(ends, 2);
}

static json_t *target_spreads(const struct sides *sides, const struct verdict *verdict,
                              size_t target)
{
    json_t *object = json_value_object();
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        if (place->entrant != NULL && place->timed && place->arrives)
            json_value_set(object, sides->names[s],
                           spread_json(place->entrant, target, verdict->timing));
    }
    return object;
}

static json_t *spreads_json(const struct comparison *comparison, size_t p)
{
    json_t *list = json_value_array();
    for (size_t t = 0; t < comparison->contenders.problems[p].targets; t++)
        json_value_append(list, target_spreads(&comparison->contenders.sides,
                                               &comparison->matches[p].verdicts[t], t));
    return list;
}

/* --- All of it ------------------------------------------------------------------------------- */

static json_t *words_json(const struct comparison *comparison)
{
    struct memory_stream stream;
    comparison_words(comparison, memory_stream_open(&stream));
    char *text = memory_stream_close(&stream);
    json_t *value = json_value_text(text);
    memory_free(text);
    return value;
}

/* Outcomes of one section are of one problem. */
static json_t *problem_of_json(const struct results *results, const struct comparison *comparison)
{
    json_t *list = json_value_array();
    int64_t *problem = memory_allocate(results->section_count, sizeof *problem);
    for (size_t i = 0; i < results->section_count; i++)
        problem[i] = -1;
    for (size_t i = 0; i < results->count; i++) {
        int64_t found = comparison->contenders.memberships[i].problem;
        if (found >= 0 && found < SECTIONS_SHOWN)
            problem[results->outcomes[i].section] = found;
    }
    for (size_t i = 0; i < results->section_count; i++)
        json_value_append(list, json_value_integer(problem[i]));
    memory_free(problem);
    return list;
}

/* The side of each row. */
static json_t *sides_json(const struct results *results, const struct contenders *contenders)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < results->count; i++) {
        const struct membership *seat = &contenders->memberships[i];
        const bool seated = seat->problem >= 0;
        json_value_append(
            list,
            json_value_integer(
                seated ? (int64_t)contenders->problems[seat->problem].entrants[seat->entrant].side
                       : -1));
    }
    return list;
}

json_t *page_comparison(const struct opened_store *opened, const struct comparison *comparison)
{
    json_t *object = comparison_to_json(comparison, SECTIONS_SHOWN);
    json_t *problems = json_object_get(object, "problems");
    const size_t count = comparison->contenders.count, shown = json_array_size(problems);
    for (size_t p = 0; p < shown; p++) {
        char title[COMPARISON_TEXT];
        json_t *problem = json_array_get(problems, p);
        comparison_title(title, &comparison->contenders.problems[p]);
        json_value_set(problem, "title", json_value_text(title));
        json_value_set(problem, "spreads", spreads_json(comparison, p));
    }
    json_value_set(object, "left_out", json_value_integer((int64_t)(count - shown)));
    if (count <= SECTIONS_SHOWN) /* more sentences than that are not read */
        json_value_set(object, "words", words_json(comparison));
    json_value_set(object, "heldout", json_boolean(comparison->contenders.heldout));
    json_value_set(object, "colours", colours_json(&comparison->contenders.sides));
    json_value_set(object, "side_of", sides_json(&opened->results, &comparison->contenders));
    json_value_set(object, "problem_of", problem_of_json(&opened->results, comparison));
    return object;
}
