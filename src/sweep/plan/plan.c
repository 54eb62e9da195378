/* SPDX-License-Identifier: MIT
 *
 * What there is to do: a line for each data set and solver, memory, time, and the check of learning
 * rates. The store is only opened if there is one, and only to read.
 */
#include "sweep/plan/plan.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/text.h"
#include "solvers/solver.h"
#include "store/store.h"
#include "sweep/plan/plan_parts.h"
#include "sweep/run/recording.h"
#include "sweep/workload/placement.h"

#include <math.h>
#include <string.h>

/* --- What is recorded ---------------------------------------------------------------------- */

/* Repeats of an item that the sweep would run; all of them without a store. */
static bool count_remaining(const struct plan *plan, struct store *store, size_t item,
                            struct error *error)
{
    const struct workload *workload = plan->workload;
    const struct planned *planned = &workload->expansion.items[item];
    plan->remaining[item] = (size_t)workload->file->repeats;
    int64_t id = 0;
    char key[DIGEST_TEXT];
    configuration_key(&planned->configuration, workload->data[planned->source]->digest, key);
    if (store == NULL)
        return true;
    if (!store_find_configuration(store, key, &id, error))
        return false;
    for (int64_t repeat = 1; id != 0 && repeat <= workload->file->repeats; repeat++) {
        struct trial_record record;
        if (!store_find_trial(store, (struct trial_key){id, 0, repeat}, &record, error))
            return false;
        plan->remaining[item] -= recording_is_settled(workload->file, &record);
    }
    return true;
}

/* The class of a recorded trial, by the description of its data; false when the file has none. */
static bool find_class(const struct workload *workload, const struct stored_trial *row,
                       size_t *class)
{
    for (size_t i = 0; i < workload->file->source_count; i++)
        if (strcmp(workload->descriptions[i], row->data) == 0) {
            *class = workload_class(workload,
                                    &(struct planned){.source = i, .configuration = row->values});
            return true;
        }
    return false;
}

int64_t plan_warmup(const struct sweep_file *file, const struct configuration *configuration)
{
    if (solver_of(configuration->solver)->outside) /* once for all its trials on a data set */
        return 0;
    return file->warmup < configuration->epochs ? file->warmup : configuration->epochs;
}

/* What a trial took that was timed alone, its warm-up, which is on none of its clocks, included. */
static double seconds_of(const struct sweep_file *file, const struct stored_trial *row)
{
    double seconds = row->train_seconds + row->evaluate_seconds + row->record_seconds;
    double warmup = (double)plan_warmup(file, &row->values) / fmax((double)row->epochs, 1.0);
    return seconds * (1.0 + warmup);
}

static bool sum_recorded(struct plan *plan, struct store *store, struct error *error)
{
    const struct sweep_file *file = plan->workload->file;
    struct stored_trials list;
    if (!store_read_trials(store, false, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_trial *row = &list.rows[i];
        size_t class;
        bool alone = file->execution == &execution_solo && stored_trial_is_solo(row);
        plan->finals += row->final > 0;
        if (row->id == 0 || row->final > 0 || !alone || !find_class(plan->workload, row, &class))
            continue;
        plan->classes[class].recorded++;
        plan->classes[class].recorded_seconds += seconds_of(file, row);
    }
    stored_trials_clear(&list);
    return true;
}

static bool compare_with_store(struct plan *plan, struct store *store, struct error *error)
{
    const struct workload *workload = plan->workload;
    for (size_t i = 0; i < workload->expansion.count; i++) {
        if (!count_remaining(plan, store, i, error))
            return false;
        size_t repeats = (size_t)workload->file->repeats;
        struct class_plan *class =
            &plan->classes[workload_class(workload, &workload->expansion.items[i])];
        class->configurations++;
        class->trials += repeats;
        class->done += repeats - plan->remaining[i];
    }
    return store == NULL || sum_recorded(plan, store, error);
}

/* The same that the sweep will say when it finds the file or the data changed. */
static bool tell_changes(const struct workload *workload, struct store *store, FILE *out,
                         struct error *error)
{
    struct stored_sweep sweep;
    if (!store_read_sweep(store, &sweep, error))
        return false;
    if (strcmp(sweep.text, workload->file->text) != 0)
        fprintf(out, "%s has changed since it was last run\n", text_shown(workload->file->path));
    stored_sweep_clear(&sweep);
    return recording_tell_changed_data(workload, store, out, error);
}

static bool read_store(struct plan *plan, const char *results, FILE *out, struct error *error)
{
    char *folder = sweep_file_folder(plan->workload->file, results);
    bool recorded = store_exists(folder);
    struct store *store = recorded ? store_open(folder, error) : NULL;
    bool done = (store != NULL || !recorded) && (store == NULL || store_begin(store, error)) &&
                compare_with_store(plan, store, error) &&
                (store == NULL || tell_changes(plan->workload, store, out, error));
    if (store != NULL)
        store_rollback(store); /* all of it was of one instant, also while a sweep runs */
    store_close(store);
    memory_free(folder);
    return done;
}

/* --- Printing ------------------------------------------------------------------------------ */

/* Of the first two columns. */
struct widths {
    size_t data, solver;
};

static void widen(size_t *width, const char *text)
{
    if (strlen(text) > *width)
        *width = strlen(text);
}

static struct widths widths_of(const struct plan *plan)
{
    const struct workload *workload = plan->workload;
    struct widths widths = {strlen("data set"), 18};
    for (size_t i = 0; i < workload->file->source_count; i++)
        widen(&widths.data, text_shown(workload->descriptions[i]));
    for (size_t i = 0; i < workload_class_count(workload); i++)
        if (plan->classes[i].configurations > 0)
            widen(&widths.solver, workload_class_name(workload, i));
    return widths;
}

static void print_line(FILE *out, struct widths widths, const char *data, const char *solver,
                       const struct class_plan *class, int64_t repeats)
{
    char seconds[DURATION_TEXT];
    fprintf(out, "%-*s  %-*s  %14zu  %7lld  %8zu  %8zu  %8zu  %s\n", (int)widths.data, data,
            (int)widths.solver, solver, class->configurations, (long long)repeats, class->trials,
            class->done, class->trials - class->done, duration_text(class->seconds, seconds));
}

static void print_table(const struct plan *plan, const struct class_plan *total, FILE *out)
{
    const struct workload *workload = plan->workload;
    const struct widths widths = widths_of(plan);
    fprintf(out, "%-*s  %-*s  %14s  %7s  %8s  %8s  %8s  %s\n", (int)widths.data, "data set",
            (int)widths.solver, "solver", "configurations", "repeats", "trials", "done", "to do",
            "expected");
    for (size_t i = 0; i < workload_class_count(workload); i++)
        if (plan->classes[i].configurations > 0)
            print_line(
                out, widths, text_shown(workload->descriptions[workload_class_source(workload, i)]),
                workload_class_name(workload, i), &plan->classes[i], workload->file->repeats);
    print_line(out, widths, "total", "", total, workload->file->repeats);
}

/* Classes of unknown duration (NaN) are left out of the sum; `*known` tells whether there are. */
static struct class_plan sum_classes(const struct plan *plan, bool *known)
{
    struct class_plan total = {0};
    *known = true;
    for (size_t i = 0; i < workload_class_count(plan->workload); i++) {
        const struct class_plan *class = &plan->classes[i];
        total.configurations += class->configurations;
        total.trials += class->trials;
        total.done += class->done;
        total.seconds += isnan(class->seconds) ? 0.0 : class->seconds;
        *known = *known && !isnan(class->seconds);
    }
    return total;
}

/* That of `placed` belongs to this file; another may have been recorded for one not placed. */
static void print_placement(const struct plan *plan, FILE *out)
{
    const struct sweep_file *file = plan->workload->file;
    const struct placement_record *record = &plan->placement;
    char digest[DIGEST_TEXT], text[PLACEMENT_TEXT], seconds[DURATION_TEXT];
    const bool placed = file->execution == &execution_placed;
    if (record->placement.models == 0)
        return;
    digest_of_text(file->text, digest);
    fprintf(out, "%s: %s; %s expected in all, without finals%s\n",
            placed ? "placed" : "tune-placement found",
            placement_describe(&record->placement, text), duration_text(record->seconds, seconds),
            strcmp(digest, record->digest) == 0 ? "" : " before the file was changed");
    if (!placed)
        fprintf(out, "    (--execution placed uses it)\n");
}

/* Nothing is said of what is usual. */
static void print_execution(const struct plan *plan, FILE *out)
{
    const struct workload *workload = plan->workload;
    const struct placement placement = placement_of(workload->file);
    if (sweep_file_is_batched(workload->file)) {
        fprintf(out,
                "\nbatched: %zu groups of at most %lld configurations; their times are shared\n",
                workload->groups.count, (long long)placement.models);
    }
    if (workload->expansion.paths > 0)
        fprintf(out, "\npaths: %zu along %s, from the %s value %s; each trial begins %s\n",
                workload->expansion.paths, workload->file->path_key,
                workload->file->path_axis->path == PATH_FALLING ? "largest" : "smallest",
                workload->file->path_axis->path == PATH_FALLING ? "down" : "up",
                workload->file->predict == &predict_line
                    ? "on the line through the solutions of the two before"
                    : "with the solution of the one before");
    print_placement(plan, out);
    if (placement.side_by_side > 1)
        fprintf(out, "passes: %lld side by side; their times are not comparable\n",
                (long long)placement.side_by_side);
}

/* How the folds multiply the work. */
static void print_folds(const struct workload *workload, FILE *out)
{
    const struct expansion *expansion = &workload->expansion;
    size_t whole = 0, folded = 0;
    for (size_t i = 0; i < expansion->count; i++) {
        folded += expansion->items[i].configuration.fold > 0;
        whole += expansion->items[i].configuration.fold == 1;
    }
    if (whole > 0)
        fprintf(
            out,
            "\nfolds: %zu configurations, each trained without each fold in turn: %zu trainings "
            "a round\n",
            whole, folded);
}

/* In which order trials are run, and what precedes each. */
static void print_rounds(const struct workload *workload, FILE *out)
{
    const struct sweep_file *file = workload->file;
    fprintf(out, "rounds: %lld", (long long)file->repeats);
    if (workload->groups.count > 1)
        fprintf(out, "; order: %s", file->order->name);
    if (!sweep_file_is_batched(file) && file->warmup > 0)
        fprintf(out, "; warm-up: %lld %s before each trial", (long long)file->warmup,
                file->warmup == 1 ? "epoch" : "epochs");
    fputc('\n', out);
}

/* They do not keep the others from being run. */
static void print_refused(const struct workload *workload, FILE *out)
{
    size_t refused = workload_count_beyond(workload, (double)memory_available());
    if (refused > 0)
        fprintf(out,
                "        %zu of the %zu configurations need more than is free: they will not be "
                "started\n",
                refused, workload->expansion.count);
}

/* What is kept of data files outside the results. */
static void print_caches(const struct workload *workload, FILE *out)
{
    for (size_t i = 0; i < workload->file->source_count; i++)
        if (workload->data[i]->cache != NULL)
            fprintf(out, "cache:  %s\n", text_shown(workload->data[i]->cache));
}

static void print_needs(const struct plan *plan, const struct class_plan *total, bool known,
                        FILE *out)
{
    char seconds[DURATION_TEXT], data[TEXT_NUMBER], training[TEXT_NUMBER], left[TEXT_NUMBER];
    fprintf(out, "\nmemory: %s of data and %s for training; %s more are free\n",
            text_from_bytes(data, workload_data_bytes(plan->workload)),
            text_from_bytes(training, workload_training_bytes(plan->workload)),
            text_from_bytes(left, (double)memory_available()));
    print_refused(plan->workload, out);
    print_caches(plan->workload, out);
    sweep_file_tell_threads(plan->workload->file, out);
    print_rounds(plan->workload, out);
    if (total->done == total->trials) {
        fprintf(out, "time:   nothing to do\n");
        return;
    }
    fprintf(out, "time:   %s %s, an estimate from %s\n", known ? "about" : "at least",
            duration_text(total->seconds, seconds),
            plan->trained ? "training a few epochs of what is not recorded yet"
                          : "the trials that are recorded");
}

static void print_all(const struct plan *plan, size_t targets, FILE *out)
{
    const struct sweep_file *file = plan->workload->file;
    bool known;
    struct class_plan total = sum_classes(plan, &known);
    fprintf(out, "sweep %s\n", file->name);
    if (*file->question != '\0')
        fprintf(out, "%s\n", file->question);
    fputc('\n', out);
    expansion_tell_shortage(file, &plan->workload->expansion, out);
    duplicates_tell(&plan->workload->expansion.duplicates, file, out);
    fputs(plan->told, out);
    print_table(plan, &total, out);
    print_folds(plan->workload, out);
    print_execution(plan, out);
    plan_print_rungs(plan, known ? total.seconds : (double)NAN, out);
    print_needs(plan, &total, known, out);
    plan_print_zoom(plan, out);
    plan_print_finals(plan, targets, out);
    plan_print_rates(plan->workload, out);
}

bool plan_print(const struct sweep_file *file, const char *results, size_t targets, FILE *out,
                struct error *error)
{
    struct workload workload;
    if (!workload_create(file, &workload, error))
        return false;
    struct plan plan;
    bool found, open = false;
    char *told;
    bool done = plan_extend(&workload, results, &told, &open, error);
    plan_open(&plan, &workload);
    plan.zoom = open;
    plan.told = told;
    done = done && placement_find(file, results, &plan.placement, &found, error) &&
           read_store(&plan, results, out, error);
    if (done) {
        plan_estimate(&plan);
        print_all(&plan, targets, out);
    }
    plan_close(&plan);
    memory_free(told);
    workload_clear(&workload);
    return done;
}
