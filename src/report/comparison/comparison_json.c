/* SPDX-License-Identifier: MIT
 *
 * The comparison as one JSON object: what the Markdown says, every number in full, and null for
 * what is not finite. A ratio beyond all bounds, where a side never arrived, is null with
 * "arrived": 0 beside it.
 */
#include "report/comparison/comparison_json.h"

#include "report/comparison/comparison_text.h"
#include "store/export/trial_json.h"
#include "store/json_value.h"

#include <jansson.h>
#include <math.h>
#include <stdint.h>

static json_t *ratio_json(const struct side_best *place)
{
    static const char *const separations[] = {
        [SEPARATION_TOO_FEW] = "too few rounds",
        [SEPARATION_NONE] = "not significant",
        [SEPARATION_BETWEEN] = "known only between recorded epochs",
        [SEPARATION_FIRST] = "slower",
        [SEPARATION_SECOND] = "faster",
    };
    const struct paired_ratio *ratio = &place->ratio;
    bool few_seeds = place->separation == SEPARATION_TOO_FEW && ratio->seeds > 1;
    bool known = ratio->least == ratio->most;
    json_t *object = json_value_object();
    json_value_set(object, "rounds", json_value_integer((int64_t)ratio->rounds));
    json_value_set(object, "rounds_disturbed",
                   json_value_integer((int64_t)(place->common - place->quiet)));
    json_value_set(object, "withheld", json_boolean(place->withheld));
    json_value_set(object, "missed", json_value_integer((int64_t)ratio->missed));
    json_value_set(object, "tied", json_value_integer((int64_t)ratio->tied));
    json_value_set(object, "between", json_value_integer((int64_t)ratio->between));
    json_value_set(object, "seeds", json_value_integer((int64_t)ratio->seeds));
    json_value_set(object, "draws", json_value_integer((int64_t)ratio->draws));
    json_value_set(object, "ratio", json_value_real(known ? ratio->ratio : (double)NAN));
    json_value_set(object, "ratio_least", json_value_real(ratio->least));
    json_value_set(object, "ratio_most", json_value_real(ratio->most));
    json_value_set(object, "low", json_value_real(ratio->low));
    json_value_set(object, "high", json_value_real(ratio->high));
    json_value_set(object, "confidence", json_value_real(ratio->confidence));
    json_value_set(object, "separation",
                   json_value_text(place->withheld ? "too few undisturbed rounds"
                                   : few_seeds     ? "too few seeds"
                                                   : separations[place->separation]));
    return object;
}

static json_t *place_json(const struct sides *sides, const struct verdict *verdict, size_t side)
{
    const struct side_best *place = &verdict->places[side];
    json_t *object = json_value_object();
    json_value_set(object, "side", json_value_text(sides->names[side]));
    json_value_set(object, "configuration", configuration_to_json(&place->entrant->values));
    json_value_set(object, "epochs", json_value_real(place->epochs));
    json_value_set(object, "seconds_per_epoch", json_value_real(place->seconds / place->epochs));
    json_value_set(object, "seconds", json_value_real(place->seconds));
    json_value_set(object, "first_epochs", json_value_real(place->first_epochs));
    json_value_set(object, "seconds_after", json_value_real(place->after));
    json_value_set(object, "arrived", json_value_integer((int64_t)place->arrived));
    json_value_set(object, "trials", json_value_integer((int64_t)place->runs));
    json_value_set(object, "timed_alone", json_boolean(place->timed));
    json_value_set(object, "disturbed", json_value_integer((int64_t)place->disturbed));
    if (place->timed && place->arrives && (int)side != verdict->ahead && verdict->ahead >= 0)
        json_value_set(object, "times_slower", ratio_json(place));
    return object;
}

static json_t *target_json(const struct sides *sides, const struct problem *problem,
                           const struct verdict *verdict, size_t target)
{
    char text[COMPARISON_TEXT], condition[COMPARISON_TEXT];
    json_t *object = json_value_object(), *places = json_value_array();
    const char *ahead = verdict->ahead >= 0 ? sides->names[verdict->ahead] : NULL;
    for (size_t s = 0; s < sides->count; s++)
        if (verdict->places[s].entrant != NULL)
            json_value_append(places, place_json(sides, verdict, s));
    json_value_set(object, problem->by_gap ? "gap" : "share_of_way",
                   json_value_real(problem->marks[target]));
    json_value_set(object, "objective", json_value_real(problem->objectives[target]));
    json_value_set(object, "times_of",
                   json_value_text(verdict->timing == TIMED_IN_FINALS ? "finals" : "sweep"));
    json_value_set(object, "ahead", json_value_text(ahead));
    json_value_set(object, "outcome", json_value_text(comparison_outcome(verdict)));
    json_value_set(object, "verdict", json_value_text(comparison_verdict(text, sides, verdict)));
    json_value_set(object, "covers", json_value_text(comparison_covers(verdict)));
    json_value_set(object, "seed",
                   verdict->seeds == 1 ? json_value_integer(verdict->seed) : json_value_text(NULL));
    json_value_set(object, "condition", json_value_text(comparison_condition(condition, verdict)));
    json_value_set(object, "places", places);
    return object;
}

static json_t *standings_json(const struct sides *sides, const struct match *match)
{
    json_t *list = json_value_array();
    for (size_t s = 0; s < sides->count; s++) {
        const struct standing *standing = &match->standings[s];
        json_t *object = json_value_object();
        json_value_set(object, "side", json_value_text(sides->names[s]));
        json_value_set(object, "configurations", json_value_integer((int64_t)standing->planned));
        json_value_set(object, "not_run", json_value_integer((int64_t)standing->pending));
        json_value_set(object, "needless", json_value_integer((int64_t)standing->needless));
        json_value_set(object, "unfit", json_value_integer((int64_t)standing->unfit));
        json_value_set(object, "not_timed", json_value_integer((int64_t)standing->untimed));
        json_value_set(object, "cut", json_value_integer((int64_t)standing->cut));
        json_value_append(list, object);
    }
    return list;
}

static json_t *tuning_json(const struct sides *sides, const struct tuning *tuning)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < tuning->count && tuning->target >= 0; i++) {
        json_t *object = json_value_object(), *best = json_value_object();
        for (size_t s = 0; s < sides->count; s++)
            json_value_set(best, sides->names[s],
                           json_value_real(tuning->best[i * sides->count + s]));
        json_value_set(object, "tried", json_value_integer((int64_t)tuning->tried[i]));
        json_value_set(object, tuning->timed ? "seconds" : "epochs", best);
        json_value_append(list, object);
    }
    return list;
}

static json_t *problem_json(const struct comparison *comparison, size_t p)
{
    const struct problem *problem = &comparison->contenders.problems[p];
    const struct match *match = &comparison->matches[p];
    const struct sides *sides = &comparison->contenders.sides;
    bool found = problem->optimum.status == OPTIMUM_FOUND;
    json_t *object = json_value_object(), *targets = json_value_array();
    for (size_t t = 0; t < problem->targets; t++)
        json_value_append(targets, target_json(sides, problem, &match->verdicts[t], t));
    json_value_set(object, "data", json_value_text(problem->data));
    json_value_set(object, "data_digest", json_value_text(problem->digest));
    json_value_set(object, "rows", json_value_integer(problem->rows));
    json_value_set(object, "features", json_value_integer(problem->features));
    json_value_set(object, "lambda", json_value_real(problem->lambda));
    json_value_set(object, "optimum",
                   json_value_real(found ? problem->optimum.objective : (double)NAN));
    json_value_set(object, "timed_elsewhere", json_value_integer((int64_t)problem->elsewhere));
    json_value_set(object, "continued", json_value_integer((int64_t)problem->in_parts));
    json_value_set(object, "targets", targets);
    json_value_set(object, "tuning", tuning_json(sides, &match->tuning));
    json_value_set(object, "sides", standings_json(sides, match));
    return object;
}

static json_t *performance_profile_json(const struct comparison *comparison)
{
    const struct sides *sides = &comparison->contenders.sides;
    json_t *list = json_value_array();
    for (size_t i = 0; i < COMPARISON_FACTORS; i++) {
        json_t *object = json_value_object(), *shares = json_value_object();
        for (size_t s = 0; s < sides->count; s++)
            json_value_set(shares, sides->names[s],
                           json_value_real(comparison_performance_profile(comparison, s,
                                                                          comparison_factors[i])));
        json_value_set(object, "within", json_value_real(comparison_factors[i]));
        json_value_set(object, "shares", shares);
        json_value_append(list, object);
    }
    return list;
}

static json_t *crossover_json(const struct comparison *comparison)
{
    const struct crossover *crossover = &comparison->crossover;
    const struct sides *sides = &comparison->contenders.sides;
    const int *ahead = crossover->ahead;
    json_t *list = json_value_array();
    for (size_t p = 0; p < comparison->contenders.count; p++)
        for (size_t b = 0; b < crossover->budgets; b++, ahead += TARGETS_MOST) {
            json_t *object = json_value_object(), *leaders = json_value_array();
            for (size_t t = 0; t < comparison->contenders.problems[p].targets; t++)
                json_value_append(leaders,
                                  json_value_text(ahead[t] >= 0 ? sides->names[ahead[t]] : NULL));
            json_value_set(object, "problem", json_value_integer((int64_t)p));
            json_value_set(object, "threads", json_value_integer(crossover->threads[b]));
            json_value_set(object, "ahead", leaders);
            json_value_append(list, object);
        }
    return list;
}

static json_t *stores_json(const struct contenders *contenders)
{
    json_t *list = json_value_array();
    for (size_t s = 0; s < contenders->opened_count; s++) {
        const struct results *results = &contenders->opened[s].results;
        json_t *object = json_value_object();
        json_value_set(object, "store", json_value_text(contenders->opened[s].name));
        json_value_set(object, "sweep", json_value_text(results->sweep.name));
        json_value_set(object, "question", json_value_text(results->sweep.question));
        json_value_set(object, "trials", json_value_integer((int64_t)results->done));
        json_value_set(object, "planned", json_value_integer((int64_t)results->planned));
        json_value_append(list, object);
    }
    return list;
}

static json_t *noise_json(const struct noise *noise)
{
    char words[NOISE_TEXT];
    json_t *object = json_value_object();
    json_value_set(object, "trials", json_value_integer((int64_t)noise->trials));
    json_value_set(object, "disturbed", json_value_integer((int64_t)noise->disturbed));
    json_value_set(object, "share", json_value_real(noise_share(noise)));
    json_value_set(object, "words", json_value_text(noise_words(words, noise)));
    return object;
}

static json_t *index_json(size_t index)
{
    return index == SIZE_MAX ? json_value_text(NULL) : json_value_integer((int64_t)index);
}

static json_t *answer_json(const struct comparison *comparison)
{
    const struct comparison_answer answer = comparison_answer_of(comparison);
    const struct sides *sides = &comparison->contenders.sides;
    const bool compared = answer.other >= 0;
    const int ahead = answer.verdict != NULL && answer.trusted ? answer.verdict->ahead : -1;
    const struct paired_ratio *ratio =
        compared ? &answer.verdict->places[answer.other].ratio : NULL;
    json_t *object = json_value_object();
    json_value_set(object, "words", json_value_text(answer.words));
    json_value_set(object, "trusted", json_boolean(answer.trusted));
    json_value_set(object, "problem", index_json(answer.problem));
    json_value_set(object, "target", index_json(answer.target));
    json_value_set(object, "side", json_value_text(ahead >= 0 ? sides->names[ahead] : NULL));
    json_value_set(object, "other", json_value_text(compared ? sides->names[answer.other] : NULL));
    json_value_set(object, "ratio", json_value_real(compared ? ratio->ratio : (double)NAN));
    json_value_set(object, "low", json_value_real(compared ? ratio->low : (double)NAN));
    json_value_set(object, "high", json_value_real(compared ? ratio->high : (double)NAN));
    return object;
}

json_t *comparison_to_json(const struct comparison *comparison, size_t count)
{
    const struct contenders *contenders = &comparison->contenders;
    json_t *object = json_value_object(), *sides = json_value_array(),
           *problems = json_value_array();
    for (size_t s = 0; s < contenders->sides.count; s++)
        json_value_append(sides, json_value_text(contenders->sides.names[s]));
    for (size_t p = 0; p < contenders->count && p < count; p++)
        json_value_append(problems, problem_json(comparison, p));
    json_value_set(object, "question",
                   json_value_text(contenders->opened_count == 1
                                       ? contenders->opened[0].results.sweep.question
                                       : NULL));
    json_value_set(object, "answer", answer_json(comparison));
    json_value_set(object, "trusted", json_boolean(comparison->withheld == 0));
    json_value_set(object, "noise", noise_json(&comparison->noise));
    json_value_set(object, "disturbed_count", json_boolean(contenders->opened[0].results.busy));
    json_value_set(object, "stores", stores_json(contenders));
    json_value_set(object, "by", json_value_text(contenders->sides.by));
    json_value_set(object, "sides", sides);
    json_value_set(object, "confidence", json_value_real(1.0 - COMPARISON_ALPHA));
    json_value_set(object, "comparisons", json_value_integer((int64_t)comparison->comparisons));
    json_value_set(object, "alpha_each", json_value_real(comparison->alpha));
    json_value_set(object, "machines", json_value_integer((int64_t)comparison->machines.count));
    json_value_set(object, "machines_differ", json_value_text(comparison->machines.differences));
    json_value_set(object, "problems", problems);
    json_value_set(object, "performance_profile", performance_profile_json(comparison));
    return object;
}

void comparison_json(const struct comparison *comparison, FILE *out)
{
    json_t *object = comparison_to_json(comparison, SIZE_MAX);
    json_value_set(object, "crossover", crossover_json(comparison));
    json_text_write(object, JSON_VALUE_FLAGS | JSON_INDENT(2), out);
    fputc('\n', out);
    json_decref(object);
}
