/* SPDX-License-Identifier: MIT
 *
 * What it costs to record a trial: a store in a temporary folder, one trial after the other with a
 * trace of 100 points, each in a transaction of its own, as a sweep does it. Afterwards as many
 * trials must be there, or there is no time.
 */
#include "families.h"
#include "gbench.h"

#include "base/memory.h"
#include "data/sources/source_load.h"
#include "measure/machine/machine_record.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { POINTS = 100 };

/* A trial that went well, on data of two features. */
static struct trial made_trial(void)
{
    struct trial trial = {.status = STATUS_EPOCHS, .epochs = POINTS - 1, .features = 2};
    trial.w = memory_allocate(trial.features, sizeof *trial.w);
    for (int64_t epoch = 0; epoch < POINTS; epoch++) {
        double left = 1.0 / (double)(epoch + 1);
        trace_append(&trial.trace, (struct trace_point){.epoch = epoch,
                                                        .seconds = 1e-3 * (double)epoch,
                                                        .loss = 0.7 * left,
                                                        .objective = 0.8 * left,
                                                        .gradient_norm = left / 3.0,
                                                        .accuracy = 1.0 - left / 3.0});
    }
    trial_seal(&trial);
    return trial;
}

/* What a trial refers to. */
struct numbers {
    int64_t machine, configuration;
};

/* Records a sweep of one configuration, and what it stands on. */
static bool record_plan(struct store *store, struct numbers *numbers, struct error *error)
{
    const struct sweep_facts facts = {
        "bench", "What does a trial cost?", "", "objective", "bench.yaml", "", 1, 0, ""};
    struct configuration configuration = configuration_default();
    struct source source = {0};
    bool changed;
    int64_t id;
    if (!source_parse(&source, "pets", error))
        return false;
    struct dataset *data = source_load(&source, true, 1, error);
    char *machine = machine_json();
    bool recorded = data != NULL && store_set_sweep(store, &facts, &changed, error) &&
                    store_add_machine(store, machine, &numbers->machine, error) &&
                    store_add_data(store, data, "pets", &id, error) &&
                    store_add_configuration(store, id, data->digest, &configuration,
                                            &numbers->configuration, error) &&
                    store_set_plan(store, &numbers->configuration, 1, error);
    memory_free(machine);
    dataset_free(data);
    source_clear(&source);
    return recorded;
}

/* The loop; how many trials were added, in *count. */
static bool add_trials(struct gbench *bench, struct store *store, size_t *count,
                       struct error *error)
{
    struct numbers numbers;
    if (!record_plan(store, &numbers, error))
        return false;
    struct trial trial = made_trial();
    bool added = true;
    while (gbench_next(bench))
        if (added) {
            ++*count;
            added = store_add_trial(
                store,
                &(struct trial_origin){.key = {numbers.configuration, 0, (int64_t)*count},
                                       .attempt = 1,
                                       .machine = numbers.machine,
                                       .models = 1},
                &trial, error);
        }
    trial_clear(&trial);
    return added;
}

/* Are there so many trials, the last of them with all of its points? */
static bool trials_are_there(struct store *store, size_t count, struct error *error)
{
    struct stored_trials list;
    struct trace trace = {0};
    if (!store_read_trials(store, false, &list, error))
        return false;
    bool there = list.count == count && count > 0 &&
                 store_read_trace(store, list.rows[count - 1].id, &trace, error) &&
                 trace.count == POINTS;
    memory_free(trace.points);
    stored_trials_clear(&list);
    return there || error_failed(error, "trials are missing in the store");
}

static void remove_folder(const char *folder)
{
    struct error error = {0};
    char *lock = NULL;
    store_remove(folder, &error);
    if (asprintf(&lock, "%s/lock", folder) > 0)
        unlink(lock);
    free(lock);
    rmdir(folder);
}

static void run(struct gbench *bench, void *context)
{
    (void)context;
    const char *parent = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    char folder[512];
    struct error error = {0};
    snprintf(folder, sizeof folder, "%s/descent-bench-XXXXXX", parent);
    if (mkdtemp(folder) == NULL) {
        gbench_error(bench, "no temporary folder can be made");
        return;
    }
    size_t count = 0;
    struct store *store = store_open_to_write(folder, &error);
    if (store != NULL && add_trials(bench, store, &count, &error) &&
        trials_are_there(store, count, &error))
        gbench_counter(bench, "seconds_per_trial", gbench_seconds(bench));
    else
        gbench_error(bench, error.message);
    store_close(store);
    remove_folder(folder);
}

void store_register(void)
{
    char name[64];
    snprintf(name, sizeof name, "store/add_trial/points:%d", POINTS);
    gbench_register(name, run, "", 0);
}
