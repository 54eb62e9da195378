/* SPDX-License-Identifier: MIT
 *
 * Everything that precedes the first trial is one transaction: a kill leaves the plan as it was or
 * as it is. Nothing that was recorded is ever overwritten by a changed file or changed data; it
 * stays in the store, out of the plan, and that is said.
 */
#include "sweep/recording.h"

#include "base/host.h"
#include "base/memory.h"
#include "base/ranks.h"
#include "kernels/choice.h"
#include "measure/machine.h"
#include "solvers/solver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool forget_failed(struct store *store, FILE *out, struct error *error)
{
    int64_t count = 0;
    if (!store_forget_failed(store, &count, error))
        return false;
    fprintf(out, "%" PRId64 " failed %s forgotten and will run again\n", count,
            count == 1 ? "trial is" : "trials are");
    return true;
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
                    workload->descriptions[i]);
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

/* `new` counts those that were not in the store; NULL: nobody asks. */
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
    const struct sweep_facts facts = {
        .name = file->name,
        .question = file->question,
        .path = file->path,
        .text = file->text,
        .repeats = file->repeats,
        .finals = sweep_file_finals(file),
    };
    int64_t *data = memory_allocate(file->source_count, sizeof *data);
    bool done = store_begin(recording->store, error) &&
                store_set_sweep(recording->store, &facts, changed, error) &&
                add_machine(recording, error) && keep_placement(recording, error) &&
                add_data(recording, data, error) &&
                add_configurations(recording, data, *changed ? new : NULL, error) &&
                leave_to_others(recording, shard, error) && store_commit(recording->store, error);
    if (!done)
        store_rollback(recording->store);
    memory_free(data);
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
            "%s has changed since it was last run: of its %zu configurations %zu are new; %zu "
            "recorded ones are not in it (kept in the store, not in reports)\n",
            recording->workload->file->path, recording->workload->expansion.count, new, left);
    return true;
}

/* Of this process. */
static struct seat seat_of(const struct ranks *ranks)
{
    struct seat seat = {ranks_index(ranks), ranks_count(ranks), ranks_per_host(ranks), ""};
    if (ranks != NULL)
        snprintf(seat.host, sizeof seat.host, "%s", ranks_host(ranks));
    else
        host_name(seat.host);
    return seat;
}

bool recording_open(struct recording *recording, const struct workload *workload,
                    const char *folder, const struct sweep_options *options, struct error *error)
{
    *recording = (struct recording){.workload = workload, .seat = seat_of(options->ranks)};
    recording->configurations =
        memory_allocate(workload->expansion.count, sizeof *recording->configurations);
    bool changed = false;
    size_t new = 0;
    if (!options->fresh || store_remove(folder, error))
        recording->store = store_open_to_write(folder, error);
    if (recording->store != NULL &&
        (!options->retry_failed || forget_failed(recording->store, options->out, error)) &&
        recording_tell_changed_data(workload, recording->store, options->out, error) &&
        write_plan(recording, &options->shard, &changed, &new, error) &&
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

static struct trial_key key_of(const struct recording *recording, struct turn turn)
{
    return (struct trial_key){recording->configurations[turn.item], turn.final, turn.repeat};
}

bool recording_find(const struct recording *recording, struct turn turn,
                    struct trial_record *record, struct error *error)
{
    return store_find_trial(recording->store, key_of(recording, turn), record, error);
}

bool recording_is_settled(const struct sweep_file *file, const struct trial_record *record)
{
    return record->status != STATUS_RUNNING &&
           (!record->disturbed || record->attempt > file->retries);
}

/* A trial that ended by the clock may end elsewhere next time; a failed one proves nothing. */
static bool is_comparable(enum trial_status status)
{
    return status != STATUS_RUNNING && status != STATUS_TIME_LIMIT && status != STATUS_FAILED;
}

/* Do the bits of its weights or of its trace depend on how many models are trained with it? */
static bool is_mixed(const struct trial *trial, const struct entry *wish)
{
    const struct kernel *ran = kernel_of(table_find(&kernel_table, trial->kernel));
    return ran->mixes_models || kernel_beside(ran, wish, trial->features)->mixes_models;
}

/* Must the bits of a trial be those of a recorded one? Where the same kernels ran they must, in any
 * company, but for the kernels that say otherwise. */
static bool same_computation(const struct trainer *trainer, const struct trial *trial,
                             const struct entry *wish, const struct trial_record *record)
{
    bool alone = trial->group == 1 && record->models == 1;
    return is_comparable(record->status) && record->machine == trainer->machine &&
           strcmp(record->kernel, trial->kernel) == 0 && (alone || !is_mixed(trial, wish));
}

/* Compares a trial with one that is recorded; `*compared` tells whether the two must be equal. */
static bool compare(const struct recording *recording, struct turn other,
                    const struct trainer *trainer, struct trial *trial, bool *compared,
                    struct error *error)
{
    struct trial_record record;
    if (!recording_find(recording, other, &record, error))
        return false;
    const struct planned *item = &recording->workload->expansion.items[other.item];
    *compared = same_computation(trainer, trial, item->configuration.kernel, &record);
    if (!*compared || strcmp(record.digest, trial->digest) == 0)
        return true;
    trial->status = STATUS_FAILED;
    snprintf(trial->message, sizeof trial->message,
             "not the same bits as %s %" PRId64 ": digest %s against %s",
             other.final > 0 ? "round" : "repeat", other.repeat, trial->digest, record.digest);
    return true;
}

/* An earlier attempt at the same counts as another; of finals, rounds that come later are not there
 * yet. */
bool recording_verify(const struct recording *recording, struct turn turn,
                      const struct trainer *trainer, struct trial *trial, struct error *error)
{
    const struct configuration *configuration =
        &recording->workload->expansion.items[turn.item].configuration;
    bool racy = solver_of(configuration->solver)->racy && configuration->threads > 1;
    bool compared = !is_comparable(trial->status) || racy;
    struct turn other = turn;
    for (other.repeat = 1; !compared && turn.final > 0 && other.repeat <= turn.repeat;
         other.repeat++)
        if (!compare(recording, other, trainer, trial, &compared, error))
            return false;
    other.final = 0;
    for (other.repeat = 1; !compared && other.repeat <= recording->workload->file->repeats;
         other.repeat++)
        if (!compare(recording, other, trainer, trial, &compared, error))
            return false;
    return true;
}

/* Of who trained it. */
static struct seat seat_for(const struct recording *recording, const struct trainer *trainer)
{
    struct seat seat = recording->seat;
    seat.rank = trainer->rank;
    if (trainer->rank > 0)
        snprintf(seat.host, sizeof seat.host, "%s", trainer->host);
    return seat;
}

bool recording_add(const struct recording *recording, struct turn turn, int64_t attempt,
                   const struct trainer *trainer, const struct trial *trial, struct sight sight,
                   struct error *error)
{
    const struct trial_origin origin = {
        .key = key_of(recording, turn),
        .attempt = attempt,
        .machine = trainer->machine,
        .models = (int64_t)trial->group,
        .evidence = sight.evidence,
        .counters = sight.counters,
        .seat = seat_for(recording, trainer),
    };
    return store_add_trial(recording->store, &origin, trial, error);
}
