/* SPDX-License-Identifier: MIT
 *
 * Each round of a data set is a queue of passes (runner.c), whose length is simulated (makespan.h).
 * Recording is done by one pass at a time, so that a round is never shorter than all its recording.
 */
#include "sweep/placement_tuning.h"

#include "base/memory.h"
#include "base/threads.h"
#include "solvers/training.h"
#include "sweep/calibration.h"
#include "sweep/makespan.h"
#include "sweep/recording.h"

#include <math.h>
#include <stdlib.h>

/* --- Prediction ---------------------------------------------------------------------------- */

/* A model in its pass: so many epochs as it may have, its time limit considered. */
static double model_seconds(const struct pace *pace, const struct configuration *configuration)
{
    double epochs = pace->share * (double)configuration->epochs;
    if (pace->step * epochs > configuration->seconds)
        epochs = configuration->seconds / pace->step;
    size_t points = training_points(configuration, (int64_t)ceil(epochs));
    return pace->step * epochs + pace->point * (double)points;
}

/* A group as a pass of this pace; recording comes on top. */
static double pass_seconds(const struct workload *workload, const struct groups *groups,
                           size_t group, const struct pace *pace)
{
    double seconds = pace->setup;
    for (size_t i = groups->starts[group]; i < groups->starts[group + 1]; i++)
        seconds +=
            model_seconds(pace, &workload->expansion.items[groups->members[i]].configuration);
    return seconds;
}

/* Groups `begin` to `end` of a layout, which are those of a data set. */
static double round_seconds(const struct calibration *calibration,
                            const struct candidate *candidate, size_t begin, size_t end,
                            double recording)
{
    const struct candidates *candidates = calibration->candidates;
    const struct layout *layout = &candidates->layouts[candidate->layout];
    const int threads = (int)candidate->placement.threads;
    const int places = (int)candidate->placement.side_by_side;
    struct pass_time *passes = memory_allocate(end - begin, sizeof *passes);
    double all_recording = 0.0;
    for (size_t i = begin; i < end; i++) {
        size_t kind = layout->kinds[i];
        double record = recording * (double)candidates->kinds[kind].models;
        const struct pace *alone = calibration_pace(calibration, kind, threads, 1);
        const struct pace *beside = calibration_pace(calibration, kind, threads, places);
        struct pass_time *pass = &passes[i - begin];
        pass->beside = record + pass_seconds(candidates->workload, &layout->groups, i, beside);
        pass->alone = fmin(pass->beside,
                           record + pass_seconds(candidates->workload, &layout->groups, i, alone));
        all_recording += record;
    }
    double seconds = makespan(passes, end - begin, (size_t)places);
    memory_free(passes);
    return fmax(seconds, all_recording);
}

static double sweep_seconds(const struct calibration *calibration,
                            const struct candidate *candidate)
{
    const struct workload *workload = calibration->candidates->workload;
    const struct layout *layout = &calibration->candidates->layouts[candidate->layout];
    const struct groups *groups = &layout->groups;
    double seconds = 0.0;
    size_t end = 0;
    for (size_t begin = 0; begin < groups->count; begin = end) {
        size_t source = workload->expansion.items[groups->members[groups->starts[begin]]].source;
        while (end < groups->count &&
               workload->expansion.items[groups->members[groups->starts[end]]].source == source)
            end++;
        seconds +=
            round_seconds(calibration, candidate, begin, end, calibration->recording[source]);
    }
    return seconds * (double)workload->file->repeats;
}

/* --- All candidates ------------------------------------------------------------------------ */

static int faster_first(const void *a, const void *b)
{
    const struct placement_choice *left = a, *right = b;
    return (left->seconds > right->seconds) - (left->seconds < right->seconds);
}

static void predict(const struct calibration *calibration, struct placement_tuning *tuning)
{
    const struct candidates *candidates = calibration->candidates;
    tuning->count = candidates->count;
    tuning->choices = memory_allocate(tuning->count, sizeof *tuning->choices);
    for (size_t i = 0; i < tuning->count; i++)
        tuning->choices[i] = (struct placement_choice){
            candidates->items[i].placement, sweep_seconds(calibration, &candidates->items[i])};
    qsort(tuning->choices, tuning->count, sizeof *tuning->choices, faster_first);
}

static bool record_best(const struct recording *recording, const struct placement_tuning *tuning,
                        struct error *error)
{
    struct placement_record record = {
        .placement = tuning->choices[0].placement,
        .seconds = tuning->choices[0].seconds,
    };
    digest_of_text(recording->workload->file->text, record.digest);
    return store_set_placement(recording->store, recording->machine, &record, error);
}

static bool tune(const struct recording *recording, const char *folder, double seconds,
                 struct placement_tuning *tuning, struct error *error)
{
    const struct workload *workload = recording->workload;
    struct candidates candidates =
        candidates_create(workload, threads_available(), (double)memory_available());
    struct calibration calibration;
    bool done = calibrate(&calibration, &candidates, folder, seconds, error);
    if (done) {
        predict(&calibration, tuning);
        done = record_best(recording, tuning, error);
    }
    calibration_clear(&calibration);
    candidates_clear(&candidates);
    return done;
}

bool placement_tune(const struct sweep_file *file, const char *results, double seconds, FILE *out,
                    struct placement_tuning *tuning, struct error *error)
{
    *tuning = (struct placement_tuning){0};
    struct workload workload;
    if (!workload_create(file, &workload, error))
        return false;
    tuning->configurations = workload.expansion.count;
    tuning->rounds = file->repeats;
    char *folder = workload_folder(file, results);
    struct recording recording;
    const struct sweep_options options = {.out = out};
    bool done = recording_open(&recording, &workload, folder, &options, error);
    done = done && tune(&recording, folder, seconds, tuning, error);
    recording_close(&recording);
    memory_free(folder);
    workload_clear(&workload);
    return done;
}

void placement_tuning_clear(struct placement_tuning *tuning)
{
    memory_free(tuning->choices);
    *tuning = (struct placement_tuning){0};
}
