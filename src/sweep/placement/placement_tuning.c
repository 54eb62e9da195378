/* SPDX-License-Identifier: MIT
 *
 * Each round of a data set is a queue of passes (runner.c), whose length is simulated (makespan.h).
 * Recording is done by one pass at a time, so that a round is never shorter than all its recording.
 * F* is looked for first, as the sweep would, and kept: models that stop by their gap are seen to.
 */
#include "sweep/placement/placement_tuning.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "solvers/training/training.h"
#include "sweep/placement/calibration.h"
#include "sweep/placement/makespan.h"
#include "sweep/run/optima.h"
#include "sweep/run/recording.h"
#include "sweep/workload/rounds.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS_MOST = 100 }; /* simulated */

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

/* The groups of a data set as passes (count), under a placement. */
struct predicted_queue {
    size_t count;
    struct pass_time *passes; /* (count), in the order of the plan */
    double recording;         /* seconds of it, in all of them */
    size_t places;
};

static void queue_fill(struct predicted_queue *queue, const struct calibration *calibration,
                       const struct candidate *candidate, size_t begin, size_t source)
{
    const struct candidates *candidates = calibration->candidates;
    const struct workload *workload = candidates->workload;
    const struct layout *layout = &candidates->layouts[candidate->layout];
    const int threads = (int)candidate->placement.threads, places = (int)queue->places;
    const double recording = calibration_recording(calibration, source, places);
    for (size_t i = 0; i < queue->count; i++) {
        size_t kind = layout->kinds[begin + i];
        double record = recording * (double)candidates->kinds[kind].models;
        double beside = pass_seconds(workload, &layout->groups, begin + i,
                                     calibration_pace(calibration, kind, threads, places));
        double alone = pass_seconds(workload, &layout->groups, begin + i,
                                    calibration_pace(calibration, kind, threads, 1));
        queue->passes[i] = (struct pass_time){fmin(alone, beside) + record, beside + record};
        queue->recording += record;
    }
}

/* All rounds, each in its order. With many, the first tell how long the others take. */
static double queue_seconds(const struct predicted_queue *queue, const struct sweep_file *file)
{
    const int64_t simulated = file->repeats < ROUNDS_MOST ? file->repeats : ROUNDS_MOST;
    struct pass_time *ordered = memory_allocate(queue->count, sizeof *ordered);
    uint32_t *turns = memory_allocate(queue->count, sizeof *turns);
    double seconds = 0.0;
    for (int64_t round = 1; round <= simulated; round++) {
        round_turns(file->order, (uint64_t)file->seed, round, queue->count, turns);
        for (size_t i = 0; i < queue->count; i++)
            ordered[i] = queue->passes[turns[i]];
        seconds += fmax(makespan(ordered, queue->count, queue->places), queue->recording);
    }
    memory_free(ordered);
    memory_free(turns);
    return seconds * (double)file->repeats / (double)simulated;
}

static double sweep_seconds(const struct calibration *calibration,
                            const struct candidate *candidate)
{
    const struct workload *workload = calibration->candidates->workload;
    const struct groups *groups = &calibration->candidates->layouts[candidate->layout].groups;
    double seconds = 0.0;
    size_t end = 0;
    for (size_t begin = 0; begin < groups->count; begin = end) {
        size_t source = workload->expansion.items[groups->members[groups->starts[begin]]].source;
        while (end < groups->count &&
               workload->expansion.items[groups->members[groups->starts[end]]].source == source)
            end++;
        struct predicted_queue queue = {
            .count = end - begin,
            .passes = memory_allocate(end - begin, sizeof(struct pass_time)),
            .places = (size_t)candidate->placement.side_by_side,
        };
        queue_fill(&queue, calibration, candidate, begin, source);
        seconds += queue_seconds(&queue, workload->file);
        memory_free(queue.passes);
    }
    return seconds;
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

static bool find_optima(const struct recording *recording, double *optima, FILE *out,
                        struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < recording->workload->file->source_count; i++)
        done = optima_find(recording, i, optima, true, out, error);
    return done;
}

static bool tune(const struct recording *recording, const char *folder, const double *optima,
                 double seconds, struct placement_tuning *tuning, struct error *error)
{
    const struct workload *workload = recording->workload;
    struct candidates candidates =
        candidates_create(workload, threads_default(), (double)memory_available());
    struct calibration calibration;
    bool done = calibrate(&calibration, &candidates, folder, optima, seconds, error);
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
    if (file->path_axis != NULL)
        return error_usage(error,
                           "%s: path: %s: what is placed begins as usual, and trials of a path do "
                           "not; leave it out",
                           file->path, file->path_key);
    if (sweep_file_has_programs(file))
        return error_usage(error,
                           "%s: what is placed are passes over the data, and other programs have "
                           "none of ours; leave their runs out",
                           file->path);
    *tuning = (struct placement_tuning){0};
    struct workload workload;
    if (!workload_create(file, &workload, error))
        return false;
    tuning->configurations = workload.expansion.count;
    tuning->rounds = file->repeats;
    char *folder = sweep_file_folder(file, results);
    struct recording recording;
    const struct sweep_options options = {.out = out};
    double *optima = memory_allocate(workload.expansion.count, sizeof *optima);
    bool done = recording_open(&recording, &workload, folder, &options, error) &&
                find_optima(&recording, optima, out, error) &&
                tune(&recording, folder, optima, seconds, tuning, error);
    recording_close(&recording);
    memory_free(optima);
    memory_free(folder);
    workload_clear(&workload);
    return done;
}

void placement_tuning_clear(struct placement_tuning *tuning)
{
    memory_free(tuning->choices);
    *tuning = (struct placement_tuning){0};
}
