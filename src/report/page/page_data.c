/* SPDX-License-Identifier: MIT
 *
 * The heads of the page, what ended badly, machines and noise.
 */
#include "report/page/page_data.h"

#include "base/memory.h"
#include "kernels/phases/phase_totals.h"
#include "measure/machine/evidence.h"
#include "report/heading.h"
#include "report/machines.h"
#include "report/noise.h"
#include "report/page/page_comparison.h"
#include "report/page/page_folds.h"
#include "report/page/page_halving.h"
#include "report/page/page_profile.h"
#include "store/json_value.h"

#include <string.h>

/* --- Colours ------------------------------------------------------------------------------- */

/* In the order of their list. */
static json_t *solver_colours(void)
{
    const struct table *solvers = hyperparameter_find("solver")->choices;
    json_t *list = json_value_array();
    for (size_t i = 0; i < solvers->count; i++)
        json_value_append(
            list, page_ink(solvers->entries[i]->name, palette_ink(solvers->entries[i]->name, i)));
    return list;
}

/* The scale of heat maps, the best first. */
static json_t *shades_json(void)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < PALETTE_SHADES; i++)
        json_value_append(list, json_value_text(palette_shades[i]));
    return list;
}

/* --- Heads --------------------------------------------------------------------------------- */

/* Is it a sweep of 'descent profile', and not one that was profiled beside its own question? */
static bool is_profile(const char *question)
{
    return question != NULL && strncmp(question, PHASES_QUESTION, strlen(PHASES_QUESTION)) == 0;
}

static json_t *sweep_json(const struct opened_store *opened)
{
    const struct results *results = &opened->results;
    json_t *object = json_value_object();
    char *command = heading_sweep_command(results, opened->name);
    json_value_set(object, "name", json_value_text(results->sweep.name));
    json_value_set(object, "question", json_value_text(results->sweep.question));
    json_value_set(object, "metric", json_value_text(results->sweep.metric));
    json_value_set(object, "is_profile", json_boolean(is_profile(results->sweep.question)));
    json_value_set(object, "text", json_value_text(results->sweep.text));
    json_value_set(object, "store", json_value_text(opened->name));
    json_value_set(object, "command", json_value_text(command));
    json_value_set(object, "configurations", json_value_integer((int64_t)results->count));
    json_value_set(object, "planned", json_value_integer((int64_t)results->planned));
    json_value_set(object, "done", json_value_integer((int64_t)results->done));
    json_value_set(object, "superfluous", json_value_integer((int64_t)results->left_out));
    memory_free(command);
    return object;
}

/* --- What ended badly ---------------------------------------------------------------------- */

static json_t *end_json(size_t row, const struct stored_trial *trial)
{
    json_t *object = json_value_object();
    json_value_set(object, "row", json_value_integer((int64_t)row));
    json_value_set(object, "repeat", json_value_integer(trial->repeat));
    json_value_set(object, "status", json_value_text(trial_status_name(trial->status)));
    json_value_set(object, "epochs", json_value_integer(trial->epochs));
    json_value_set(object, "objective", json_value_real(trial->last.objective));
    json_value_set(object, "limit", json_value_real(trial->values.divergence));
    json_value_set(object, "message",
                   json_value_text(*trial->message != '\0' ? trial->message : NULL));
    return object;
}

static json_t *ends_json(const struct results *results)
{
    json_t *object = json_value_object(), *list = json_value_array();
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (trial->status != STATUS_DIVERGED && trial->status != STATUS_FAILED)
                continue;
            if (count++ < PAGE_ENDS)
                json_value_append(list, end_json(i, trial));
        }
    json_value_set(object, "count", json_value_integer((int64_t)count));
    json_value_set(object, "trials", list);
    return object;
}

/* --- Machines and noise -------------------------------------------------------------------- */

static json_t *limits_json(const struct noise *noise)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < evidence_limit_table.count; i++) {
        const struct entry *entry = evidence_limit_table.entries[i];
        const struct evidence_limit *limit = (const struct evidence_limit *)(const void *)entry;
        json_t *object = json_value_object();
        json_value_set(object, "name", json_value_text(entry->name));
        json_value_set(object, "what", json_value_text(entry->summary));
        json_value_set(object, "most", json_value_real(limit->most));
        json_value_set(object, "trials", json_value_integer((int64_t)noise->passed[i]));
        json_value_append(list, object);
    }
    return list;
}

static json_t *noise_json(const struct results *results)
{
    struct noise noise = {0};
    noise_add(&noise, results);
    json_t *object = json_value_object();
    json_value_set(object, "solo", json_value_integer((int64_t)noise.trials));
    json_value_set(object, "watched", json_value_integer((int64_t)noise.watched));
    json_value_set(object, "disturbed", json_value_integer((int64_t)noise.disturbed));
    json_value_set(object, "limits", limits_json(&noise));
    return object;
}

/* What was recorded as JSON goes out as JSON; a text that is not, as a text. */
static json_t *machines_json(const struct results *results)
{
    json_t *list = json_value_array();
    for (size_t i = 0; i < results->machines; i++) {
        json_t *facts = json_loads(results->records[i], 0, NULL);
        json_value_append(list, facts != NULL ? facts : json_value_text(results->records[i]));
    }
    return list;
}

/* Why their times must not be compared; "": they may. */
static json_t *machines_differ_json(const struct results *results)
{
    struct machines machines = machines_of(&results, 1, true);
    json_t *text = json_value_text(machines.differences);
    machines_clear(&machines);
    return text;
}

bool page_data(const struct opened_store *opened, const struct comparison *comparisons,
               size_t count, json_t **data, struct error *error)
{
    json_t *list = json_value_array();
    *data = json_value_object();
    for (size_t i = 0; i < count; i++)
        json_value_append(list, page_comparison(opened, &comparisons[i]));
    json_value_set(*data, "sweep", sweep_json(opened));
    json_value_set(*data, "comparisons", list);
    json_value_set(*data, "solvers", solver_colours());
    json_value_set(*data, "shades", shades_json());
    page_add_rows(*data, opened, &comparisons[0]);
    json_value_set(*data, "cross_validation", page_folds(&opened->results));
    json_value_set(*data, "ends", ends_json(&opened->results));
    json_value_set(*data, "noise", noise_json(&opened->results));
    json_value_set(*data, "machines", machines_json(&opened->results));
    json_value_set(*data, "machines_differ", machines_differ_json(&opened->results));
    return page_add_halving(*data, opened, error) && page_add_profile(*data, opened, error);
}
