/* SPDX-License-Identifier: MIT
 *
 * What recording costs is tried in a store beside the real one, on the same disk, by the functions
 * that the runner calls, with trials that were never trained: what is in a trial does not matter,
 * only how many points its trace has. A long trace takes as long as its points. Passes side by side
 * take turns at the store, which is slower than one pass alone: what was in the caches of one
 * processor is wanted by another.
 */
#include "base/memory.h"
#include "base/parallel/side_by_side.h"
#include "base/system/clock.h"
#include "kernels/kernel.h"
#include "measure/statistics/statistics.h"
#include "solvers/training/training.h"
#include "sweep/placement/calibration.h"
#include "sweep/run/recording.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum {
    TRIALS = 24, /* of each pass, in a round */
    ROUNDS = 5,
    POINTS_MOST = 1000, /* of a trace */
};

static struct trial made_trial(const struct dataset *data, size_t points)
{
    struct trial trial = {
        .status = STATUS_EPOCHS,
        .epochs = (int64_t)points - 1,
        .features = data->features,
        .w = memory_allocate(data->features, sizeof(double)),
        .group = 1,
        .kernel = kernel_reference.entry.name,
    };
    for (size_t i = 0; i < points; i++)
        trace_append(&trial.trace, (struct trace_point){.epoch = (int64_t)i, .seconds = 1e-3});
    trial_seal(&trial);
    return trial;
}

/* What the passes side by side share. */
struct desk {
    const struct recording *recording;
    size_t item;
    struct trial *trial;
    pthread_mutex_t lock;
    int64_t last; /* repeat that was recorded */
    int64_t most; /* to be */
    bool failed;
    struct error *error;
};

static bool record_next(struct desk *desk)
{
    struct trial_record before;
    const struct turn turn = {.item = desk->item, .repeat = ++desk->last};
    const struct trainer here = {.machine = desk->recording->machine};
    return recording_find(desk->recording, turn, &before, desk->error) &&
           recording_verify(desk->recording, turn, &here, desk->trial, desk->error) &&
           recording_add(desk->recording, turn, 1, &here, desk->trial, (struct sight){NULL, NULL},
                         desk->error);
}

static void record_in_turns(void *context, int index)
{
    struct desk *desk = context;
    bool more = true;
    (void)index;
    while (more) {
        pthread_mutex_lock(&desk->lock);
        more = !desk->failed && desk->last < desk->most;
        desk->failed = desk->failed || (more && !record_next(desk));
        pthread_mutex_unlock(&desk->lock);
    }
}

/* Seconds a trial: the median of some rounds, after one trial for which statements are prepared. */
static bool record_trials(struct desk *desk, int passes, double *seconds)
{
    double rounds[ROUNDS];
    desk->most = 1;
    record_in_turns(desk, 0);
    for (int i = 0; i < ROUNDS; i++) {
        double start = clock_seconds();
        desk->most += TRIALS * passes;
        side_by_side(passes, record_in_turns, desk);
        rounds[i] = (clock_seconds() - start) / (TRIALS * passes);
    }
    *seconds = median(rounds, ROUNDS);
    return !desk->failed;
}

static bool measure(const struct recording *recording, struct recording_time *time,
                    struct error *error)
{
    const struct workload *workload = recording->workload;
    size_t item = workload->starts[time->source];
    const struct configuration *configuration = &workload->expansion.items[item].configuration;
    size_t points = training_points(configuration, configuration->epochs);
    size_t few = points < POINTS_MOST ? points : POINTS_MOST;
    struct trial trial = made_trial(workload->data[time->source], few);
    struct desk desk = {
        .recording = recording,
        .item = item,
        .trial = &trial,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .error = error,
    };
    bool done = record_trials(&desk, time->side_by_side, &time->seconds);
    time->seconds *= (double)points / (double)few;
    trial_clear(&trial);
    return done;
}

bool calibrate_recording(struct calibration *calibration, const char *folder, struct error *error)
{
    const struct workload *workload = calibration->candidates->workload;
    char *scratch = NULL;
    const struct sweep_options options = {.fresh = true, .quiet = true, .out = stderr};
    if (asprintf(&scratch, "%s/calibration", folder) < 0)
        memory_exhausted(1, strlen(folder));
    struct recording recording;
    const bool made = !store_exists(scratch);
    const bool opened = recording_open(&recording, workload, scratch, &options, error);
    bool done = opened;
    for (size_t i = 0; done && i < calibration->recording_count; i++)
        done = measure(&recording, &calibration->recording[i], error);
    recording_close(&recording);
    if (made || opened) /* what was there and is not ours stays */
        done = store_remove_folder(scratch, error) && done;
    memory_free(scratch);
    return done;
}
