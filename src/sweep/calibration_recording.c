/* SPDX-License-Identifier: MIT
 *
 * What recording costs is tried in a store beside the real one, on the same disk, by the functions
 * that the runner calls, with trials that were never trained: what is in a trial does not matter,
 * only how many points its trace has. A long trace takes as long as its points.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "kernels/kernel.h"
#include "solvers/training.h"
#include "sweep/calibration.h"
#include "sweep/recording.h"

#include <stdio.h>
#include <string.h>

enum { TRIALS = 12, POINTS_MOST = 1000 };

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

/* The first of them is not counted: its statements are prepared. */
static bool record_trials(const struct recording *recording, size_t item, struct trial *trial,
                          double *seconds, struct error *error)
{
    double start = 0.0;
    for (int64_t repeat = 1; repeat <= 1 + TRIALS; repeat++) {
        struct trial_record before;
        const struct turn turn = {item, 0, repeat};
        if (repeat == 2)
            start = clock_seconds();
        if (!recording_find(recording, turn, &before, error) ||
            !recording_verify(recording, turn, trial, error) ||
            !recording_add(recording, turn, 1, trial, NULL, error))
            return false;
    }
    *seconds = (clock_seconds() - start) / TRIALS;
    return true;
}

static bool record_source(const struct recording *recording, size_t source, double *seconds,
                          struct error *error)
{
    const struct workload *workload = recording->workload;
    size_t item = workload->starts[source];
    const struct configuration *configuration = &workload->expansion.items[item].configuration;
    size_t points = training_points(configuration, configuration->epochs);
    size_t few = points < POINTS_MOST ? points : POINTS_MOST;
    struct trial trial = made_trial(workload->data[source], few);
    bool done = record_trials(recording, item, &trial, seconds, error);
    *seconds *= (double)points / (double)few;
    trial_clear(&trial);
    return done;
}

bool calibrate_recording(const struct workload *workload, const char *folder, double *seconds,
                         struct error *error)
{
    char *scratch = NULL;
    const struct sweep_options options = {.fresh = true, .quiet = true, .out = stderr};
    if (asprintf(&scratch, "%s/calibration", folder) < 0)
        memory_exhausted(1, strlen(folder));
    struct recording recording;
    bool done = recording_open(&recording, workload, scratch, &options, error);
    for (size_t i = 0; done && i < workload->file->source_count; i++)
        done = record_source(&recording, i, &seconds[i], error);
    recording_close(&recording);
    done = store_remove_folder(scratch, error) && done;
    memory_free(scratch);
    return done;
}
