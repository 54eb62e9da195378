/* SPDX-License-Identifier: MIT
 *
 * Everything that precedes the first trial is one transaction: a kill leaves the plan as it was or
 * as it is. Nothing that was recorded is ever overwritten by a changed file or changed data; it
 * stays in the store, out of the plan, and that is said.
 */
#include "sweep/run/recording.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "base/system/host.h"
#include "base/system/path.h"
#include "base/text.h"
#include "measure/machine/machine_record.h"
#include "store/store_rungs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool forget_failed(struct store *store, FILE *out, struct error *error)
{
    int64_t count = 0;
    if (!store_forget(store, STATUS_FAILED, &count, error))
        return false;
    fprintf(out, "%" PRId64 " failed %s forgotten and will run again\n", count,
            count == 1 ? "trial is" : "trials are");
    return true;
}

/* Another sweep file may have other targets, and more time. */
static bool forget_needless(struct store *store, struct error *error)
{
    int64_t count = 0;
    return store_forget(store, STATUS_NEEDLESS, &count, error);
}

bool recording_tell_changed_data(const struct workload *workload, struct store *store, FILE *out,
                                 struct error *error)
{
    for (size_t i = 0; i < workload->file->source_count; i++) {
        bool changed = false;
        if (!store_data_changed(store, workload->descriptions[i], workload->data[i]->digest,
                                &changed, error))
            return false;
        if (changed)
            fprintf(out,
                    "%s is recorded with other contents as well: its trials on those are kept "
                    "apart, and not in reports\n",
                    text_shown(workload->descriptions[i]));
    }
    return true;
}

/* --- The plan ------------------------------------------------------------------------------ */

/* Is this configuration not in the store yet? */
static bool is_new(const struct recording *recording, const struct planned *item, bool *new,
                   struct error *error)
{
    char key[DIGEST_TEXT];
    int64_t id;
    configuration_key(&item->configuration, recording->workload->data[item->source]->digest, key);
    bool done = store_find_configuration(recording->store, key, &id, error);
    *new = done &&id == 0;
    return done;
}

/* `new` counts those that were not in the store; NULL: not asked for. */
static bool add_configurations(struct recording *recording, const int64_t *data, size_t *new,
                               struct error *error)
{
    const struct workload *workload = recording->workload;
    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        bool added = false;
        if (new != NULL && !is_new(recording, item, &added, error))
            return false;
        if (!store_add_configuration(recording->store, data[item->source],
                                     workload->data[item->source]->digest, &item->configuration,
                                     &recording->configurations[i], error))
            return false;
        if (new != NULL)
            *new += added;
    }
    return store_set_plan(recording->store, recording->configurations, workload->expansion.count,
                          error);
}

/* Which of the plan are of later grids. */
static bool mark_zoom(const struct recording *recording, struct error *error)
{
    const struct expansion *expansion = &recording->workload->expansion;
    for (size_t i = 0; i < expansion->count; i++)
        if (!store_set_zoom(recording->store, recording->configurations[i],
                            expansion->items[i].zoom, error))
            return false;
    return true;
}

/* The whole plan is in the store of a shard, which runs a part of it. */
static bool leave_to_others(const struct recording *recording, const struct shard *shard,
                            struct error *error)
{
    const struct groups *groups = &recording->workload->groups;
    for (size_t g = 0; g < groups->count; g++)
        for (size_t m = groups->starts[g]; m < groups->starts[g + 1]; m++)
            if (!shard_has(shard, g) &&
                !store_leave_to_others(recording->store,
                                       recording->configurations[groups->members[m]], error))
                return false;
    return true;
}

static bool add_data(const struct recording *recording, int64_t *data, struct error *error)
{
    const struct workload *workload = recording->workload;
    for (size_t i = 0; i < workload->file->source_count; i++)
        if (!store_add_data(recording->store, workload->data[i], workload->descriptions[i],
                            &data[i], error))
            return false;
    return true;
}

static bool add_machine(struct recording *recording, struct error *error)
{
    char *json = machine_json();
    bool done = store_add_machine(recording->store, json, &recording->machine, error);
    memory_free(json);
    return done;
}

/* What tune-placement found stays when everything else is removed. */
static bool keep_placement(const struct recording *recording, struct error *error)
{
    const struct sweep_file *file = recording->workload->file;
    return file->execution != &execution_placed ||
           store_set_placement(recording->store, recording->machine, &file->placed, error);
}

static bool write_plan(struct recording *recording, const struct shard *shard, bool *changed,
                       size_t *new, struct error *error)
{
    const struct sweep_file *file = recording->workload->file;
    char *folder = path_real(file->folder);
    const struct sweep_facts facts = {
        .name = file->name,
        .question = file->question,
        .by = file->by,
        .metric = file->metric->name,
        .path = file->path,
        .text = file->text,
        .repeats = file->repeats,
        .finals = sweep_file_finals(file),
        .folder = folder,
        .targets = file->targets,
    };
    int64_t *data = memory_allocate(file->source_count, sizeof *data);
    bool done = store_begin(recording->store, error) &&
                store_set_sweep(recording->store, &facts, changed, error) &&
                add_machine(recording, error) && keep_placement(recording, error) &&
                add_data(recording, data, error) &&
                add_configurations(recording, data, *changed ? new : NULL, error) &&
                (!*changed || forget_needless(recording->store, error)) &&
                mark_zoom(recording, error) && leave_to_others(recording, shard, error) &&
                (sweep_file_halves(file) || store_clear_rungs(recording->store, error)) &&
                store_commit(recording->store, error);
    if (!done)
        store_rollback(recording->store);
    memory_free(data);
    memory_free(folder);
    return done;
}

/* Configurations with trials that the plan no longer names; a configuration's rows are side by
 * side. */
static bool count_left(struct store *store, size_t *count, struct error *error)
{
    struct stored_trials list;
    if (!store_read_trials(store, false, &list, error))
        return false;
    int64_t last = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_trial *row = &list.rows[i];
        *count += row->position == 0 && row->id != 0 && row->configuration != last;
        last = row->configuration;
    }
    stored_trials_clear(&list);
    return true;
}

static bool tell_changed_file(const struct recording *recording, size_t new, FILE *out,
                              struct error *error)
{
    size_t left = 0;
    if (!count_left(recording->store, &left, error))
        return false;
    fprintf(out,
            "%s has changed since it was last run: it has %zu configurations, of which %zu are "
            "new; %zu recorded ones are no longer in it (kept in the store, not in reports)\n",
            text_shown(recording->workload->file->path), recording->workload->expansion.count, new,
            left);
    return true;
}

/* --- Another default number of threads ------------------------------------------------------ */

/* Is a configuration that takes the default number of threads not recorded yet, in whatever state
 * the others are? */
static bool has_new_threads(const struct recording *recording, bool *new, struct error *error)
{
    const struct expansion *expansion = &recording->workload->expansion;
    const struct hyperparameter *threads = hyperparameter_find("threads");
    size_t i = 0;
    *new = false;
    if (sweep_file_gives(recording->workload->file, threads->entry.name))
        return true;
    while (i < expansion->count &&
           !hyperparameter_applies(threads, &expansion->items[i].configuration))
        i++;
    return i == expansion->count || is_new(recording, &expansion->items[i], new, error);
}

/* The number of threads is part of a configuration, since its time is. Where a file leaves it open,
 * it is this machine's, or OMP_NUM_THREADS, and may have been another when it was last run. */
static bool tell_other_threads(const struct recording *recording, FILE *out, struct error *error)
{
    const struct hyperparameter *threads = hyperparameter_find("threads");
    struct stored_trials list;
    int64_t other = 0;
    if (!store_read_trials(recording->store, false, &list, error))
        return false;
    for (size_t i = 0; i < list.count && other == 0; i++) {
        const struct stored_trial *row = &list.rows[i];
        if (row->position == 0 && row->id != 0 && hyperparameter_applies(threads, &row->values) &&
            row->values.threads != threads_default())
            other = row->values.threads;
    }
    stored_trials_clear(&list);
    if (other != 0)
        fprintf(out,
                "threads is %d by default here, but there are trials with %" PRId64
                ": those are different configurations (kept in the store, not in reports); "
                "'threads: %" PRId64 "' in the file continues them\n",
                threads_default(), other, other);
    return true;
}

/* The seat of this process. */
static struct seat seat_of(const struct ranks *ranks)
{
    struct seat seat = {ranks_index(ranks), ranks_count(ranks), ranks_per_host(ranks), ""};
    if (ranks != NULL)
        snprintf(seat.host, sizeof seat.host, "%s", ranks_host(ranks));
    else
        host_name(seat.host);
    return seat;
}

/* A store that may only be read does for a sweep that is finished. */
static bool is_read_only(const char *folder, const struct sweep_options *options)
{
    return !options->fresh && !options->retry_failed && ranks_count(options->ranks) == 1 &&
           store_exists(folder) && !store_is_writable(folder);
}

static bool refuse_read_only(const char *folder, const char *why, struct error *error)
{
    return error_failed(error,
                        "%s: %s, but this store is read-only; copy the folder to a place where you "
                        "can write, and name that with --results",
                        folder, why);
}

static bool find_configurations(struct recording *recording, bool *all, struct error *error)
{
    const struct workload *workload = recording->workload;
    *all = true;
    for (size_t i = 0; i < workload->expansion.count && *all; i++) {
        const struct planned *item = &workload->expansion.items[i];
        char key[DIGEST_TEXT];
        configuration_key(&item->configuration, workload->data[item->source]->digest, key);
        if (!store_find_configuration(recording->store, key, &recording->configurations[i], error))
            return false;
        *all = recording->configurations[i] != 0;
    }
    return true;
}

static bool open_to_read(struct recording *recording, const char *folder, struct error *error)
{
    bool changed = false, all = false;
    char *machine = machine_json();
    recording->read_only = true;
    recording->store = store_open(folder, error);
    bool done =
        recording->store != NULL &&
        store_sweep_changed(recording->store, recording->workload->file->text, &changed, error) &&
        store_find_machine(recording->store, machine, &recording->machine, error) &&
        find_configurations(recording, &all, error);
    memory_free(machine);
    if (done && changed)
        return refuse_read_only(folder, "the sweep file has changed since it was last run", error);
    return done && (all || refuse_read_only(folder, "configurations are to be run", error));
}

bool recording_open(struct recording *recording, const struct workload *workload,
                    const char *folder, const struct sweep_options *options, struct error *error)
{
    *recording = (struct recording){.workload = workload, .seat = seat_of(options->ranks)};
    recording->configurations =
        memory_allocate(workload->expansion.count, sizeof *recording->configurations);
    bool changed = false, threads = false;
    size_t new = 0;
    if (is_read_only(folder, options)) {
        if (open_to_read(recording, folder, error))
            return true;
        recording_close(recording);
        return false;
    }
    const bool began = !options->fresh && store_exists(folder); /* else nothing is recorded yet */
    if (!options->fresh || store_remove(folder, error))
        recording->store = store_open_to_write(folder, error);
    if (recording->store != NULL &&
        (!options->retry_failed || forget_failed(recording->store, options->out, error)) &&
        recording_tell_changed_data(workload, recording->store, options->out, error) &&
        has_new_threads(recording, &threads, error) &&
        write_plan(recording, &options->shard, &changed, &new, error) &&
        (!threads || !began || tell_other_threads(recording, options->out, error)) &&
        (!changed || tell_changed_file(recording, new, options->out, error)))
        return true;
    recording_close(recording);
    return false;
}

void recording_close(struct recording *recording)
{
    store_close(recording->store);
    memory_free(recording->configurations);
    *recording = (struct recording){0};
}

/* --- Trials -------------------------------------------------------------------------------- */

struct trial_key recording_key(const struct recording *recording, struct turn turn)
{
    return (struct trial_key){recording->configurations[turn.item], turn.final, turn.repeat};
}

bool recording_find(const struct recording *recording, struct turn turn,
                    struct trial_record *record, struct error *error)
{
    return store_find_trial(recording->store, recording_key(recording, turn), record, error);
}

bool recording_find_solution(const struct recording *recording, struct turn turn, double *weights,
                             double *bias, bool *found, struct error *error)
{
    const size_t source = recording->workload->expansion.items[turn.item].source;
    return store_read_solution(recording->store, recording_key(recording, turn),
                               recording->workload->data[source]->features, weights, bias, found,
                               error);
}

bool recording_find_start(const struct recording *recording, struct turn turn,
                          char start[static START_TEXT], struct error *error)
{
    return store_find_start(recording->store, recording_key(recording, turn), start, error);
}

bool recording_is_settled(const struct sweep_file *file, const struct trial_record *record)
{
    if (record->status == STATUS_CUT) /* without rungs it is to be trained to its end */
        return sweep_file_halves(file);
    return record->status != STATUS_RUNNING && record->status != STATUS_WAITING &&
           (!record->disturbed || record->attempt > file->retries);
}

/* The seat of the process that trained it. */
static struct seat seat_for(const struct recording *recording, const struct trainer *trainer)
{
    struct seat seat = recording->seat;
    seat.rank = trainer->rank;
    if (trainer->rank > 0)
        snprintf(seat.host, sizeof seat.host, "%s", trainer->host);
    return seat;
}

/* Where a trial that was trained just now comes from. */
static struct trial_origin origin_of(const struct recording *recording, struct turn turn,
                                     int64_t attempt, const struct trainer *trainer,
                                     const struct trial *trial, struct sight sight)
{
    return (struct trial_origin){
        .key = recording_key(recording, turn),
        .attempt = attempt,
        .machine = trainer->machine,
        .models = (int64_t)trial->group,
        .evidence = sight.evidence,
        .counters = sight.counters,
        .seat = seat_for(recording, trainer),
    };
}

static bool data_are_unchanged(const struct recording *recording, struct turn turn,
                               struct error *error)
{
    const size_t source = recording->workload->expansion.items[turn.item].source;
    return dataset_is_unchanged(recording->workload->data[source], error);
}

bool recording_add(const struct recording *recording, struct turn turn, int64_t attempt,
                   const struct trainer *trainer, const struct trial *trial, struct sight sight,
                   struct error *error)
{
    const struct trial_origin origin = origin_of(recording, turn, attempt, trainer, trial, sight);
    return data_are_unchanged(recording, turn, error) &&
           store_add_trial(recording->store, &origin, trial, error);
}

bool recording_forget(const struct recording *recording, struct turn turn, struct error *error)
{
    return store_forget_trial(recording->store, recording_key(recording, turn), error);
}
