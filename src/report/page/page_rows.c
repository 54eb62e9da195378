/* SPDX-License-Identifier: MIT
 *
 * The long lists of the page, a column each: configurations with what came of them, and when each
 * came to the targets.
 *
 * Times to targets are the comparison's own (report/comparison/contenders.h), of entrants:
 * configurations whatever their seed. An entrant's number counts those of the problems before its
 * own.
 */
#include "report/page/page_data.h"

#include "base/memory.h"
#include "report/comparison/comparison_text.h"
#include "report/heading.h"
#include "report/ranking.h"
#include "store/export/trial_json.h"
#include "store/json_value.h"

#include <math.h>
#include <string.h>

/* --- Axes ---------------------------------------------------------------------------------- */

static bool varies(const struct hyperparameter *row, const struct results *results)
{
    const struct configuration *first = NULL;
    for (size_t i = 0; i < results->count; i++) {
        const struct configuration *values = outcome_values(&results->outcomes[i]);
        if (!hyperparameter_applies(row, values))
            continue;
        if (first != NULL && !hyperparameter_equal(row, first, values))
            return true;
        first = values;
    }
    return false;
}

/* The names of a table; an open one has those that are met. */
static json_t *names_of(const struct hyperparameter *row)
{
    json_t *names = json_value_array();
    for (size_t i = 0; row->type == TYPE_CHOICE && i < row->choices->count; i++)
        json_value_append(names, json_value_text(row->choices->entries[i]->name));
    return names;
}

/* The place of a name in the list, to which that of an open table is added. */
static size_t place_of(const char *name, json_t *names)
{
    size_t i = 0;
    while (i < json_array_size(names) &&
           strcmp(json_string_value(json_array_get(names, i)), name) != 0)
        i++;
    if (i == json_array_size(names))
        json_value_append(names, json_value_text(name));
    return i;
}

/* A choice is the number of its name in the list of names; "auto" and its kin are texts; null: it
 * does not apply, or sets no limit. */
static json_t *axis_value(const struct hyperparameter *row,
                          const struct configuration *configuration, json_t *names)
{
    struct value value = hyperparameter_get(row, configuration);
    bool choice = row->type == TYPE_CHOICE && hyperparameter_applies(row, configuration);
    return choice ? json_value_integer((int64_t)place_of(value.choice->name, names))
                  : hyperparameter_to_json(row, configuration);
}

static json_t *axis_json(const struct hyperparameter *row, const struct results *results)
{
    char name[HYPERPARAMETER_TEXT];
    json_t *object = json_value_object(), *values = json_value_array(), *names = names_of(row);
    for (size_t i = 0; i < results->count; i++)
        json_value_append(values, axis_value(row, outcome_values(&results->outcomes[i]), names));
    json_value_set(object, "name", json_value_text(hyperparameter_column(row, name, sizeof name)));
    json_value_set(object, "help", json_value_text(row->entry.summary));
    json_value_set(object, "choice", json_boolean(row->type == TYPE_CHOICE));
    json_value_set(object, "names", names);
    json_value_set(object, "values", values);
    return object;
}

/* Which grid around the best each row is of. */
static json_t *zoom_json(const struct results *results)
{
    json_t *object = json_value_object(), *values = json_value_array();
    for (size_t i = 0; i < results->count; i++)
        json_value_append(values, json_value_integer(results->outcomes[i].trials[0].zoom));
    json_value_set(object, "name", json_value_text("zoom"));
    json_value_set(object, "help",
                   json_value_text("the grid around the best that it is of; 0: the first grid"));
    json_value_set(object, "choice", json_false());
    json_value_set(object, "names", json_value_array());
    json_value_set(object, "values", values);
    return object;
}

/* Those that differ; the solver always, for colours go by it. */
static json_t *axes_json(const struct results *results)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (strcmp(hyperparameters[i].entry.name, "solver") == 0 ||
            varies(&hyperparameters[i], results))
            json_value_append(list, axis_json(&hyperparameters[i], results));
    if (results->zoomed > 0)
        json_value_append(list, zoom_json(results));
    return list;
}

/* A whole number as one: of 17 digits most of the time of a long page goes to writing. */
static json_t *number_json(double value)
{
    static const double exact_below = 0x1p53;
    return fabs(value) < exact_below && value == rint(value) ? json_value_integer((int64_t)value)
                                                             : json_value_real(value);
}

/* --- Rows ---------------------------------------------------------------------------------- */

static json_t *sections_json(const struct results *results)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < results->section_count; i++) {
        const struct section *section = &results->sections[i];
        const struct optimum *optimum = &section->optimum;
        json_t *object = json_value_object();
        json_value_set(object, "data", json_value_text(section->data));
        json_value_set(object, "rows", json_value_integer(section->rows));
        json_value_set(object, "features", json_value_integer(section->features));
        if (section->regularised)
            json_value_set(object, "lambda", json_value_real(section->lambda));
        if (section->fold > 0)
            json_value_set(object, "fold", json_value_integer(section->fold));
        if (optimum->status == OPTIMUM_FOUND)
            json_value_set(object, "optimum", json_value_real(optimum->objective));
        else if (*optimum->reason != '\0')
            json_value_set(object, "reason", json_value_text(optimum->reason));
        if (heading_precision(section) != NULL)
            json_value_set(object, "precision", json_value_text(heading_precision(section)));
        json_value_append(list, object);
    }
    return list;
}

static const char *const measure_names[] = {"objective",    "gap",     "accuracy",
                                            "heldout_loss", "heldout", "seconds"};
enum { MEASURES = sizeof measure_names / sizeof *measure_names };

static void measures(const struct outcome *outcome, double values[static MEASURES])
{
    const double all[MEASURES] = {
        outcome->objective,        outcome->gap,
        outcome->accuracy,         ranking_value(outcome, &metric_heldout_loss),
        outcome->heldout_accuracy, outcome->seconds};
    memcpy(values, all, sizeof all);
}

static void add_measures(json_t *object, const struct results *results)
{
    json_t *columns[MEASURES];
    for (size_t m = 0; m < MEASURES; m++)
        json_value_set(object, measure_names[m], columns[m] = json_value_array());
    for (size_t i = 0; i < results->count; i++) {
        double values[MEASURES];
        measures(&results->outcomes[i], values);
        for (size_t m = 0; m < MEASURES; m++)
            json_value_append(columns[m], json_value_real(values[m]));
    }
}

static void add_counts(json_t *object, const struct results *results)
{
    json_t *section = json_value_array(), *trials = json_value_array();
    json_t *diverged = json_value_array(), *failed = json_value_array();
    json_t *epochs = json_value_array();
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        json_value_append(section, json_value_integer((int64_t)outcome->section));
        json_value_append(trials, json_value_integer((int64_t)outcome->count));
        json_value_append(diverged, json_value_integer((int64_t)outcome->diverged));
        json_value_append(failed, json_value_integer((int64_t)outcome->failed));
        json_value_append(epochs, number_json(outcome->epochs));
    }
    json_value_set(object, "section", section);
    json_value_set(object, "trials", trials);
    json_value_set(object, "diverged", diverged);
    json_value_set(object, "failed", failed);
    json_value_set(object, "epochs", epochs);
}

/* --- Entrants ------------------------------------------------------------------------------ */

static json_t *seats_json(const struct contenders *contenders, size_t count)
{
    json_t *list = json_value_array();
    size_t *first = memory_allocate(contenders->count, sizeof *first);
    for (size_t p = 0; p < contenders->count; p++)
        first[p] = p == 0 ? 0 : first[p - 1] + contenders->problems[p - 1].count;
    for (size_t i = 0; i < count; i++) {
        const struct membership *seat = &contenders->memberships[i];
        json_value_append(
            list, json_value_integer(
                      seat->problem < 0 ? -1 : (int64_t)(first[seat->problem] + seat->entrant)));
    }
    memory_free(first);
    return list;
}

static json_t *problems_json(const struct contenders *contenders)
{
    json_t *list = json_value_array();
    for (size_t p = 0; p < contenders->count; p++) {
        const struct problem *problem = &contenders->problems[p];
        json_t *marks = json_value_array();
        for (size_t t = 0; t < problem->targets; t++) {
            char text[QUANTITY_TEXT];
            json_value_append(marks, json_value_text(comparison_mark(text, problem, t)));
        }
        json_value_append(list, marks);
    }
    return list;
}

/* Infinite, for a target that most trials miss, is -1; never timed is null. */
static json_t *arrival_json(double value)
{
    return isinf(value) ? json_value_integer(-1) : number_json(value);
}

static void add_arrivals(json_t *seconds, json_t *epochs, const struct problem *problem,
                         const struct entrant *entrant)
{
    json_t *second = json_value_array(), *epoch = json_value_array();
    for (size_t t = 0; t < problem->targets; t++) {
        json_value_append(second, arrival_json(entrant_tuned(entrant, t)));
        json_value_append(epoch, arrival_json(entrant_epochs(entrant, t)));
    }
    json_value_append(seconds, second);
    json_value_append(epochs, epoch);
}

static json_t *entrants_json(const struct contenders *contenders)
{
    json_t *object = json_value_object(), *problems = json_value_array();
    json_t *seconds = json_value_array(), *epochs = json_value_array();
    for (size_t p = 0; p < contenders->count; p++)
        for (size_t i = 0; i < contenders->problems[p].count; i++) {
            const struct entrant *entrant = &contenders->problems[p].entrants[i];
            json_value_append(problems, json_value_integer((int64_t)p));
            add_arrivals(seconds, epochs, &contenders->problems[p], entrant);
        }
    json_value_set(object, "problem", problems);
    json_value_set(object, "seconds", seconds);
    json_value_set(object, "epochs", epochs);
    return object;
}

void page_add_rows(json_t *data, const struct opened_store *opened,
                   const struct comparison *comparison)
{
    const struct results *results = &opened->results;
    json_t *rows = json_value_object();
    add_counts(rows, results);
    add_measures(rows, results);
    json_value_set(rows, "entrant", seats_json(&comparison->contenders, results->count));
    json_value_set(data, "axes", axes_json(results));
    json_value_set(data, "sections", sections_json(results));
    json_value_set(data, "problems", problems_json(&comparison->contenders));
    json_value_set(data, "entrants", entrants_json(&comparison->contenders));
    json_value_set(data, "rows", rows);
}
