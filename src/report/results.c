/* SPDX-License-Identifier: MIT
 *
 * The store's list is ordered by position in the plan, then by repeat, so that an outcome is a run
 * of neighbours in it. Trials of configurations that the sweep file no longer names, or of repeats
 * beyond those it asks for now, are counted and left out.
 */
#include "report/results.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "report/hosts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct configuration *outcome_values(const struct outcome *outcome)
{
    return &outcome->trials[0].values;
}

/* Was it timed, and did nothing disturb it? */
static bool is_quiet(const struct stored_trial *trial)
{
    return stored_trial_is_timed(trial) && *trial->evidence.disturbed == '\0';
}

/* Is it one of those that the outcome's time is taken from? */
static bool tells_time(const struct outcome *outcome, const struct stored_trial *trial)
{
    return outcome->quiet > 0 ? is_quiet(trial) : stored_trial_is_timed(trial);
}

/* A quantile of a column over the trials of an outcome; `timed`: of those that its time is taken
 * from. */
static double trials_quantile(const struct outcome *outcome, size_t offset, bool timed, double q)
{
    double *values = memory_allocate(outcome->count, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < outcome->count; i++)
        if (!timed || tells_time(outcome, &outcome->trials[i]))
            memcpy(&values[count++], (const char *)&outcome->trials[i] + offset, sizeof *values);
    double value = quantile(values, count, q);
    memory_free(values);
    return value;
}

static void outcome_count(struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++) {
        outcome->diverged += outcome->trials[i].status == STATUS_DIVERGED;
        outcome->failed += outcome->trials[i].status == STATUS_FAILED;
        outcome->needless += outcome->trials[i].status == STATUS_NEEDLESS;
        outcome->solo += stored_trial_is_timed(&outcome->trials[i]);
        outcome->quiet += is_quiet(&outcome->trials[i]);
        outcome->led += stored_trial_is_led(&outcome->trials[i]);
        outcome->elsewhere +=
            stored_trial_is_solo(&outcome->trials[i]) && outcome->trials[i].elsewhere;
        outcome->in_parts += stored_trial_is_in_parts(&outcome->trials[i]);
    }
}

static void outcome_measure(struct outcome *outcome)
{
    const size_t seconds = offsetof(struct stored_trial, train_seconds);
    double *epochs = memory_allocate(outcome->count, sizeof *epochs);
    for (size_t i = 0; i < outcome->count; i++)
        epochs[i] = (double)outcome->trials[i].epochs;
    outcome->epochs = median(epochs, outcome->count);
    memory_free(epochs);
    outcome->objective =
        trials_quantile(outcome, offsetof(struct stored_trial, last.objective), false, 0.5);
    outcome->loss = trials_quantile(outcome, offsetof(struct stored_trial, last.loss), false, 0.5);
    outcome->accuracy =
        trials_quantile(outcome, offsetof(struct stored_trial, last.accuracy), false, 0.5);
    outcome->seconds = trials_quantile(outcome, seconds, true, 0.5);
    outcome->range = (outcome->quiet > 0 ? outcome->quiet : outcome->solo) < 2
                         ? NAN
                         : (trials_quantile(outcome, seconds, true, 1.0) -
                            trials_quantile(outcome, seconds, true, 0.0)) /
                               outcome->seconds;
    outcome->heldout_accuracy =
        trials_quantile(outcome, offsetof(struct stored_trial, last.heldout_accuracy), false, 0.5);
    outcome->gap = outcome->count > 0 ? outcome->objective - outcome->trials[0].optimum : NAN;
    outcome->sound = outcome->count > 0 && outcome->diverged == 0 && outcome->failed == 0 &&
                     outcome->needless == 0 && isfinite(outcome->objective);
}

/* Takes the rows of one configuration from `first` on; returns the row after them. */
static size_t outcome_take(struct results *results, size_t first)
{
    const struct stored_trial *rows = results->list.rows;
    struct outcome outcome = {.trials = &rows[first]};
    size_t next = first;
    for (; next < results->list.count && rows[next].configuration == rows[first].configuration;
         next++) {
        if (rows[next].id == 0 || rows[next].status == STATUS_WAITING)
            continue;
        if (rows[next].final > 0) {
            outcome.finals = outcome.final_count++ == 0 ? &rows[next] : outcome.finals;
            continue;
        }
        if (rows[next].position > 0 && rows[next].repeat <= results->sweep.repeats)
            outcome.count++;
        else
            results->left_out++;
    }
    if (rows[first].position == 0)
        return next;
    results->outcomes[results->count++] = outcome;
    results->zoomed += rows[first].zoom > 0;
    results->planned += (size_t)results->sweep.repeats;
    results->done += outcome.count;
    return next;
}

static bool lambda_applies(const struct outcome *outcome)
{
    return hyperparameter_applies(hyperparameter_find("lambda"), outcome_values(outcome));
}

static bool lambda_varies(const struct results *results)
{
    const struct outcome *first = NULL;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        if (!lambda_applies(outcome))
            continue;
        if (first != NULL && outcome_values(outcome)->lambda != outcome_values(first)->lambda)
            return true;
        first = outcome;
    }
    return false;
}

/* What sections are told apart by: the content of the data, and lambda where it differs. */
static size_t section_number(struct lookup *numbers, const struct outcome *outcome,
                             const struct section *section)
{
    struct {
        char digest[DIGEST_TEXT + 7]; /* so that there are no gaps */
        int64_t regularised;
        double lambda;
    } key = {.regularised = section->regularised,
             .lambda = section->regularised ? section->lambda : 0.0};
    snprintf(key.digest, sizeof key.digest, "%s", outcome->trials[0].data_digest);
    return lookup_number(numbers, &key, sizeof key);
}

/* Gives each outcome its section. A solver without regularisation shares the section of the others
 * as long as there is only one lambda to share. */
static void find_sections(struct results *results)
{
    struct lookup numbers = {0};
    size_t capacity = 0;
    results->lambda_varies = lambda_varies(results);
    for (size_t i = 0; i < results->count; i++) {
        struct outcome *outcome = &results->outcomes[i];
        bool applies = lambda_applies(outcome);
        struct section section = {
            .data = outcome->trials[0].data,
            .rows = outcome->trials[0].rows,
            .features = outcome->trials[0].features,
            .fold = outcome_values(outcome)->fold,
            .regularised = results->lambda_varies && applies,
            .lambda = applies ? outcome_values(outcome)->lambda : (double)NAN,
        };
        outcome->section = section_number(&numbers, outcome, &section);
        if (outcome->section == results->section_count) {
            results->sections = memory_grow(results->sections, &capacity,
                                            results->section_count + 1, sizeof section);
            results->sections[results->section_count++] = section;
        } else if (applies) {
            results->sections[outcome->section].lambda = section.lambda;
        }
    }
    lookup_clear(&numbers);
}

/* --- Hosts ----------------------------------------------------------------------------------- */

/* The hosts of an outcome's trials that were timed alone; finals do not choose. */
static void add_hosts(const struct outcome *outcome, struct hosts *hosts)
{
    for (size_t j = 0; j < outcome->count; j++)
        if (stored_trial_is_solo(&outcome->trials[j]))
            hosts_add(hosts, &outcome->trials[j].seat);
}

/* Marks those of an outcome, finals too, that ran elsewhere. */
static void mark_elsewhere(const struct results *results, const struct outcome *outcome,
                           const struct seat *chosen)
{
    const struct stored_trial *first = outcome->trials;
    struct stored_trial *rows = results->list.rows + (first - results->list.rows);
    for (; rows < results->list.rows + results->list.count &&
           rows->configuration == first->configuration;
         rows++)
        rows->elsewhere = !seat_is_alike(&rows->seat, chosen);
}

/* Settles whose times count in each section. */
static void choose_hosts(struct results *results)
{
    struct hosts *hosts = memory_allocate(results->section_count, sizeof *hosts);
    for (size_t i = 0; i < results->count; i++)
        add_hosts(&results->outcomes[i], &hosts[results->outcomes[i].section]);
    for (size_t i = 0; i < results->count; i++) {
        const struct hosts *those = &hosts[results->outcomes[i].section];
        if (those->count > 1)
            mark_elsewhere(results, &results->outcomes[i], hosts_chosen(those));
    }
    for (size_t s = 0; s < results->section_count; s++)
        hosts_clear(&hosts[s]);
    memory_free(hosts);
}

static void measure_outcomes(struct results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        outcome_count(&results->outcomes[i]);
        outcome_measure(&results->outcomes[i]);
        results->elsewhere += results->outcomes[i].elsewhere;
        results->in_parts += results->outcomes[i].in_parts;
        results->timed += results->outcomes[i].solo + results->outcomes[i].elsewhere;
    }
}

static void add_machine(struct results *results, struct lookup *seen, size_t *capacity,
                        const struct stored_trial *trial)
{
    if (lookup_number(seen, &trial->machine, sizeof trial->machine) < results->machines)
        return;
    results->machine =
        memory_grow(results->machine, capacity, results->machines + 1, sizeof *results->machine);
    results->machine[results->machines++] = trial->machine;
}

/* Finals too: what a comparison tells is mostly of them. */
static void find_machines(struct results *results)
{
    struct lookup seen = {0};
    size_t capacity = 0;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        for (size_t j = 0; j < outcome->count; j++)
            add_machine(results, &seen, &capacity, &outcome->trials[j]);
        for (size_t j = 0; j < outcome->final_count; j++)
            add_machine(results, &seen, &capacity, &outcome->finals[j]);
    }
    lookup_clear(&seen);
}

static bool read_records(struct store *store, struct results *results, struct error *error)
{
    results->records = memory_allocate(results->machines, sizeof *results->records);
    for (size_t i = 0; i < results->machines; i++) {
        results->records[i] = store_read_machine(store, results->machine[i], error);
        if (results->records[i] == NULL)
            return false;
    }
    return true;
}

/* A section is of one data set and one lambda: that of its first solver with an L2 term. */
static bool find_optima(struct store *store, struct results *results, struct error *error)
{
    bool *found = memory_allocate(results->section_count, sizeof *found), done = true;
    for (size_t i = 0; i < results->count && done; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        struct section *section = &results->sections[outcome->section];
        if (found[outcome->section] || !lambda_applies(outcome))
            continue;
        done = store_find_optimum_of(store, &outcome->trials[0], section->lambda, &section->optimum,
                                     error);
        found[outcome->section] = true;
    }
    memory_free(found);
    return done;
}

bool results_read(struct store *store, struct results *results, struct error *error)
{
    *results = (struct results){0};
    if (!store_read_sweep(store, &results->sweep, error) ||
        !store_read_trials(store, false, &results->list, error))
        return false;
    results->outcomes = memory_allocate(results->list.count, sizeof *results->outcomes);
    for (size_t i = 0; i < results->list.count;)
        i = outcome_take(results, i);
    find_sections(results);
    choose_hosts(results);
    measure_outcomes(results);
    find_machines(results);
    return read_records(store, results, error) && find_optima(store, results, error);
}

void results_clear(struct results *results)
{
    for (size_t i = 0; results->records != NULL && i < results->machines; i++)
        memory_free(results->records[i]);
    memory_free(results->records);
    memory_free(results->outcomes);
    memory_free(results->sections);
    memory_free(results->machine);
    stored_trials_clear(&results->list);
    stored_sweep_clear(&results->sweep);
    *results = (struct results){0};
}

size_t results_largest_section(const struct results *results)
{
    size_t best = 0;
    for (size_t i = 1; i < results->section_count; i++) {
        const struct section *section = &results->sections[i], *other = &results->sections[best];
        if ((double)section->rows * (double)section->features >
            (double)other->rows * (double)other->features)
            best = i;
    }
    return best;
}

size_t results_sections_shown(const struct results *results)
{
    return results->section_count < SECTIONS_SHOWN ? results->section_count : SECTIONS_SHOWN;
}
