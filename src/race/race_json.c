/* SPDX-License-Identifier: MIT
 *
 * Ratios are of B's time over A's, and of the copy's over A's. What is not known is null.
 */
#include "race/race_json.h"

#include "base/memory.h"
#include "measure/machine/machine_record.h"
#include "race/race_plan.h"
#include "race/race_text.h"
#include "store/json_value.h"

#include <math.h>
#include <string.h>

/* As programs look for them. */
static const char *const sides_as_keys[RACE_SIDES] = {"A", "copy", "B"};

static json_t *interval_json(double low, double high)
{
    const double ends[] = {low, high};
    return json_value_reals(ends, sizeof ends / sizeof *ends);
}

json_t *race_machine_json(void)
{
    json_error_t parsing;
    char *text = machine_json();
    json_t *machine = json_loads(text, 0, &parsing);
    memory_free(text);
    return machine != NULL ? machine : json_null();
}

/* The last word of "descent 0.9.0 1a2b3c4"; NULL: it is not said by a descent. */
static const char *commit_of(const char *version)
{
    static const char name[] = "descent ";
    if (version == NULL || strncmp(version, name, strlen(name)) != 0)
        return NULL;
    const char *blank = strrchr(version + strlen(name), ' ');
    return blank != NULL ? blank + 1 : NULL;
}

json_t *racer_json(const struct racer *racer, enum race_side side)
{
    json_t *object = json_value_object(), *words = json_value_array();
    json_value_set(object, "side", json_value_text(sides_as_keys[side]));
    json_value_set(object, "label", json_value_text(racer->label));
    json_value_set(object, "path", json_value_text(racer->path));
    json_value_set(object, "digest", json_value_text(racer->digest));
    json_value_set(object, "version", json_value_text(racer->version));
    json_value_set(object, "commit",
                   json_value_text(side != RACE_COPY ? commit_of(racer->version) : NULL));
    for (size_t i = 1; i < racer->given; i++)
        json_value_append(words, json_value_text(racer->arguments[i]));
    json_value_set(object, "arguments", words);
    return object;
}

/* --- What sides took ----------------------------------------------------------------------- */

static json_t *samples_json(const struct race *race, size_t task, size_t column)
{
    json_t *samples = json_value_array();
    for (size_t round = 0; round < race->rounds; round++)
        json_value_append(samples,
                          json_value_real(race_sample_of(race, round, task, column)->seconds));
    return samples;
}

static json_t *result_json(const struct race *race, const struct race_verdict *verdict, size_t task,
                           size_t side)
{
    const struct race_side_facts *facts = &verdict->sides[side];
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(verdict->name));
    json_value_set(object, "unit", json_value_text("s"));
    json_value_set(object, "side", json_value_text(sides_as_keys[side]));
    json_value_set(object, "median", json_value_real(facts->median));
    json_value_set(object, "interval", interval_json(facts->low, facts->high));
    json_value_set(object, "n", json_value_integer((int64_t)race->rounds));
    json_value_set(object, "peak_bytes", json_value_real(facts->peak_bytes));
    json_value_set(object, "processors", json_value_real(facts->processors));
    json_value_set(object, "samples", samples_json(race, task, side));
    if (race->options.duet && side == RACE_A)
        json_value_set(object, "samples_beside_b", samples_json(race, task, RACE_AGAIN));
    return object;
}

/* Of the tasks; that of their mean is no measurement of its own. */
static json_t *results_json(const struct race *race, const struct race_verdicts *verdicts)
{
    json_t *results = json_value_array();
    for (size_t task = 0; task < race->tasks; task++)
        for (size_t side = 0; side < race->sides; side++)
            json_value_append(results, result_json(race, &verdicts->list[task], task, side));
    return results;
}

/* --- What it means ------------------------------------------------------------------------- */

static json_t *shift_json(const struct aligned_shift *shift)
{
    json_t *object = json_value_object();
    json_value_set(object, "ratio", json_value_real(exp(shift->estimate)));
    json_value_set(object, "interval", interval_json(exp(shift->low), exp(shift->high)));
    json_value_set(object, "p", json_value_real(shift->p));
    return object;
}

static json_t *difference_json(const struct race_verdict *verdict)
{
    const struct race_difference *difference = &verdict->difference;
    const bool measured = difference->bits && !difference->shape;
    json_t *object = json_value_object();
    json_value_set(object, "same_bits", json_boolean(!difference->bits));
    json_value_set(object, "other", json_boolean(verdict->other_results));
    json_value_set(object, "own_same_bits", json_boolean(!verdict->own.bits));
    json_value_set(object, "ulp", json_value_real(measured ? difference->steps : (double)NAN));
    json_value_set(object, "relative",
                   json_value_real(measured ? difference->relative : (double)NAN));
    json_value_set(object, "objective",
                   json_value_real(measured ? difference->objective : (double)NAN));
    return object;
}

static json_t *verdict_json(const struct race *race, const struct race_verdict *verdict)
{
    const bool against = race->sides > RACE_B;
    json_t *object = json_value_object();
    json_value_set(object, "name", json_value_text(verdict->name));
    json_value_set(object, "outcome", json_value_text(race_outcome_names[verdict->outcome]));
    json_value_set(object, "time", against ? shift_json(&verdict->shift) : json_null());
    json_value_set(object, "confidence", json_value_real(1.0 - verdict->alpha));
    json_value_set(object, "control", shift_json(&verdict->control));
    json_value_set(object, "resolution", json_value_real(verdict->reached));
    json_value_set(object, "layout", json_value_real(verdict->layout));
    json_value_set(object, "results", against ? difference_json(verdict) : json_null());
    return object;
}

static json_t *plan_json(const struct race *race)
{
    const struct race_plan *plan = &race->plan;
    json_t *object = json_value_object();
    json_value_set(object, "pilot", json_value_integer((int64_t)race_pilot(race)));
    json_value_set(object, "scatter", json_value_real(plan->scatter));
    json_value_set(object, "wanted", json_value_integer((int64_t)plan->wanted));
    json_value_set(object, "rounds", json_value_integer((int64_t)plan->rounds));
    json_value_set(object, "limited_by", json_value_text(plan->limited_by));
    return object;
}

json_t *race_json(const struct race *race, const struct race_verdicts *verdicts,
                  const struct racers *racers)
{
    const enum race_outcome outcome = verdicts->list[verdicts->main].outcome;
    char *answer = race_answer(race, verdicts);
    json_t *object = json_value_object(), *sides = json_value_array(), *list = json_value_array();
    for (size_t side = 0; side < race->sides; side++)
        json_value_append(sides, racer_json(&racers->list[side], (enum race_side)side));
    for (size_t i = 0; i < verdicts->count; i++)
        json_value_append(list, verdict_json(race, &verdicts->list[i]));
    json_value_set(object, "race", json_value_integer(RACE_JSON_VERSION));
    json_value_set(object, "outcome", json_value_text(race_outcome_names[outcome]));
    json_value_set(object, "valid", json_boolean(!race_outcome_is_invalid(outcome)));
    json_value_set(object, "answer", json_value_text(answer));
    json_value_set(object, "resolution", json_value_real(race->options.resolution));
    json_value_set(object, "fail_slower", json_value_real(race->options.fail_slower));
    json_value_set(object, "order_seed", json_value_integer((int64_t)race->options.seed));
    json_value_set(object, "duet", json_boolean(race->options.duet));
    json_value_set(object, "orders", json_value_integer((int64_t)race->options.orders));
    json_value_set(object, "seconds", json_value_real(race->seconds));
    json_value_set(object, "plan", plan_json(race));
    json_value_set(object, "machine", race_machine_json());
    json_value_set(object, "sides", sides);
    json_value_set(object, "results", results_json(race, verdicts));
    json_value_set(object, "verdicts", list);
    memory_free(answer);
    return object;
}
