/* SPDX-License-Identifier: MIT
 *
 * What a sweep says of the commit that recorded it: for each configuration of the plan, the time of
 * an epoch and the time to the hardest gap that all its trials meet, as medians over the trials
 * that were timed alone and that nothing disturbed (or, if asked for, all that were timed alone),
 * with the interval of the sign test
 * (measure/statistics/paired.h). Where finals timed a configuration again, they are taken.
 *
 * A series is called SWEEP/DATA/solver:NAME/.../time_per_epoch, by the names that the export for
 * Google Benchmark gives. A store is known again by its first trial, so that one which has grown
 * takes the place of what it was.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"
#include "history/batch.h"
#include "measure/machine/comparability.h"
#include "measure/statistics/paired.h"
#include "measure/statistics/statistics.h"
#include "report/opened_store.h"
#include "store/export/export_gbench.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- The trials of a configuration ----------------------------------------------------------- */

static bool is_timed(const struct stored_trial *trial, int64_t machine, bool disturbed)
{
    return trial->machine == machine && stored_trial_is_timed(trial) &&
           (disturbed || *trial->evidence.disturbed == '\0') && trial->epochs > 0 &&
           (trial->status > STATUS_RUNNING || trial->status == STATUS_TIME_LIMIT);
}

/* Trials of one configuration on one machine that have a time. */
struct timed {
    const struct stored_trial **trials; /* (count) */
    size_t count;
};

static void take_trials(struct timed *timed, const struct stored_trial *trials, size_t count,
                        int64_t machine, bool disturbed)
{
    for (size_t i = 0; i < count; i++)
        if (is_timed(&trials[i], machine, disturbed))
            timed->trials[timed->count++] = &trials[i];
}

static struct timed timed_trials(const struct outcome *outcome, int64_t machine, bool disturbed)
{
    struct timed timed = {
        .trials = memory_allocate(outcome->count + outcome->final_count, sizeof *timed.trials)};
    take_trials(&timed, outcome->finals, outcome->final_count, machine, disturbed);
    if (timed.count == 0)
        take_trials(&timed, outcome->trials, outcome->count, machine, disturbed);
    return timed;
}

/* --- Points ---------------------------------------------------------------------------------- */

/* Adds the median of values (count), which are put in order, and its interval. */
static void add_median(struct history_run *run, const char *name, const char *metric,
                       double *values, size_t count)
{
    char *series = NULL;
    const int64_t rank = sign_test_rank(count, 0.05);
    sort_ascending(values, count);
    if (asprintf(&series, "%s/%s", name, metric) < 0)
        memory_exhausted(1, strlen(name));
    batch_add_point(run, series, "s", median(values, count), rank >= 0 ? values[rank] : (double)NAN,
                    rank >= 0 ? values[count - 1 - (size_t)rank] : (double)NAN, (int64_t)count);
}

static void add_epoch(struct history_run *run, const char *name, const struct timed *timed)
{
    double *values = memory_allocate(timed->count, sizeof *values);
    for (size_t i = 0; i < timed->count; i++)
        values[i] = timed->trials[i]->train_seconds / (double)timed->trials[i]->epochs;
    add_median(run, name, "time_per_epoch", values, timed->count);
    memory_free(values);
}

/* When a trial came to each gap, at the recorded epoch that first met it; NaN: it did not. */
static bool read_arrivals(struct store *store, const struct stored_trial *trial,
                          double seconds[static GAP_TARGETS], struct error *error)
{
    struct trace trace = {0};
    size_t target = 0;
    for (size_t g = 0; g < GAP_TARGETS; g++)
        seconds[g] = NAN;
    if (isnan(trial->optimum))
        return true;
    if (!store_read_descent(store, trial->id, &trace, error))
        return false;
    for (size_t p = 0; p < trace.count; p++)
        while (target < GAP_TARGETS &&
               trace.points[p].objective - trial->optimum <= gap_targets[target])
            seconds[target++] = trace.points[p].seconds;
    memory_free(trace.points);
    return true;
}

/* The hardest gap that all met after some time; GAP_TARGETS: none. */
static size_t hardest(const double *seconds, size_t count)
{
    for (size_t g = GAP_TARGETS; g-- > 0;) {
        size_t met = 0;
        for (size_t i = 0; i < count; i++)
            met += seconds[i * GAP_TARGETS + g] > 0.0;
        if (met == count)
            return g;
    }
    return GAP_TARGETS;
}

static bool add_arrival(struct store *store, struct history_run *run, const char *name,
                        const struct timed *timed, struct error *error)
{
    double *seconds = memory_allocate(timed->count * GAP_TARGETS, sizeof *seconds);
    double *values = memory_allocate(timed->count, sizeof *values);
    bool done = true;
    for (size_t i = 0; i < timed->count && done; i++)
        done = read_arrivals(store, timed->trials[i], seconds + i * GAP_TARGETS, error);
    const size_t target = done ? hardest(seconds, timed->count) : GAP_TARGETS;
    for (size_t i = 0; i < timed->count && target < GAP_TARGETS; i++)
        values[i] = seconds[i * GAP_TARGETS + target];
    if (target < GAP_TARGETS) {
        char metric[64], number[TEXT_NUMBER];
        snprintf(metric, sizeof metric, "time_to_gap:%s",
                 text_from_real(number, gap_targets[target]));
        add_median(run, name, metric, values, timed->count);
    }
    memory_free(values);
    memory_free(seconds);
    return done;
}

/* --- Runs ------------------------------------------------------------------------------------ */

/* What a store is known by: the bits and the time of the trial that it recorded first. */
static bool find_origin(struct store *store, char origin[static DIGEST_TEXT], struct error *error)
{
    struct stored_trials all = {0};
    const struct stored_trial *first = NULL;
    struct digest *digest = digest_create();
    bool done = store_read_trials(store, true, &all, error);
    for (size_t i = 0; i < all.count && done; i++)
        if (all.rows[i].id != 0 && (first == NULL || all.rows[i].id < first->id))
            first = &all.rows[i];
    if (first != NULL) {
        digest_add_text(digest, first->digest);
        digest_add(digest, &first->train_seconds, sizeof first->train_seconds);
        digest_add(digest, &first->evidence.wall_seconds, sizeof first->evidence.wall_seconds);
    }
    digest_finish(digest, origin);
    stored_trials_clear(&all);
    return done;
}

/* All points of one machine. */
static bool add_points(const struct opened_store *opened, int64_t machine, bool disturbed,
                       struct history_run *run, struct error *error)
{
    const struct results *results = &opened->results;
    struct gbench_data_names names;
    bool done = true;
    gbench_data_names_read(&names, &results->list);
    for (size_t i = 0; i < results->count && done; i++) {
        struct timed timed = timed_trials(&results->outcomes[i], machine, disturbed);
        if (timed.count > 0) {
            char *label = gbench_configuration_name(&names, timed.trials[0]), *name = NULL;
            if (asprintf(&name, "%s/%s", results->sweep.name, label) < 0)
                memory_exhausted(1, strlen(label));
            add_epoch(run, name, &timed);
            done = add_arrival(opened->store, run, name, &timed, error);
            memory_free(name);
            memory_free(label);
        }
        memory_free(timed.trials);
    }
    gbench_data_names_clear(&names);
    return done;
}

/* Configurations that no machine has timed. */
static size_t count_untimed(const struct results *results, bool disturbed)
{
    size_t untimed = 0;
    for (size_t i = 0; i < results->count; i++) {
        size_t count = 0;
        for (size_t m = 0; m < results->machines; m++) {
            struct timed timed =
                timed_trials(&results->outcomes[i], results->machine[m], disturbed);
            count += timed.count;
            memory_free(timed.trials);
        }
        untimed += count == 0;
    }
    return untimed;
}

static bool find_commit(const struct opened_store *opened, size_t machine,
                        const struct batch_options *options, char **commit, struct error *error)
{
    const struct results *results = &opened->results;
    if (options->commit != NULL && results->machines > 1)
        return error_usage(error,
                           "--commit %s: %s was recorded by %zu machines or builds; leave --commit "
                           "out, and each run has the commit of its own",
                           text_shown(options->commit), text_shown(opened->name),
                           results->machines);
    *commit = options->commit != NULL ? memory_copy_text(options->commit)
                                      : comparability_commit(results->records[machine]);
    return **commit != '\0' ||
           error_usage(error,
                       "%s: the build that recorded it does not know its commit; give --commit ID",
                       text_shown(opened->name));
}

static bool add_run(struct history_batch *batch, const struct opened_store *opened, size_t machine,
                    const char *origin, const struct batch_options *options, struct error *error)
{
    char *commit = NULL;
    if (!find_commit(opened, machine, options, &commit, error)) {
        memory_free(commit);
        return false;
    }
    const struct history_run facts = {
        .commit = commit,
        .date = memory_copy_text(options->date),
        .machine = memory_copy_text(opened->results.records[machine]),
        .origin = memory_copy_text(origin),
        .side = memory_copy_text(""),
    };
    struct history_run *run = batch_add_run(batch, &facts);
    if (!add_points(opened, opened->results.machine[machine], options->disturbed, run, error))
        return false;
    if (run->count == 0)
        history_run_clear(&batch->runs[--batch->count]);
    return true;
}

bool batch_read_store(struct history_batch *batch, const char *folder,
                      const struct batch_options *options, struct error *error)
{
    struct opened_store opened = {0};
    char origin[DIGEST_TEXT];
    if (options->side != NULL)
        return error_usage(error,
                           "--side %s: %s is what a sweep recorded, and has no sides; a race "
                           "has",
                           text_shown(options->side), text_shown(folder));
    bool done =
        opened_store_open(&opened, folder, error) && find_origin(opened.store, origin, error);
    for (size_t m = 0; done && m < opened.results.machines; m++)
        done = add_run(batch, &opened, m, origin, options, error);
    batch->untimed = done ? count_untimed(&opened.results, options->disturbed) : 0;
    if (done && batch->count == 0)
        done = error_usage(error,
                           "%s: there is no time to add: trials that share their time have none of "
                           "their own (`execution: solo` times them alone), and those that "
                           "something disturbed are taken only with --disturbed",
                           text_shown(folder));
    opened_store_close(&opened);
    return done;
}
