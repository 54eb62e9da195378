/* SPDX-License-Identifier: MIT
 *
 * A probe trains one example on each of the threads side by side, again and again until its time is
 * over. Short passes are trained whole, several times; of a long one only some epochs are, as many
 * as there is time for, and the rest is multiplied. A pass that is alone is prepared as the runner
 * does it (team.c), which costs more than a short trial itself.
 */
#include "sweep/calibration.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/side_by_side.h"
#include "base/threads.h"
#include "measure/evidence.h"
#include "measure/statistics.h"
#include "solvers/training.h"
#include "sweep/placement.h"

#include <math.h>
#include <stdatomic.h>

enum { ROUNDS = 3 };

/* --- One thread of a probe ----------------------------------------------------------------- */

/* Sums over passes. */
struct tally {
    double passes, setup, train, other; /* seconds of the clocks, and around them */
    double epochs, points, share;
};

struct probe {
    const struct workload *workload;
    const struct smoothness *smoothness;
    const size_t *members; /* (models) */
    size_t models;
    int threads; /* of the pass; 0: its own affair */
    bool alone;  /* in its pass, with none beside it: it is watched with so many threads: */
    int watched;
    double deadline;       /* on the clock */
    struct tally *tallies; /* one for each of those side by side */
};

/* One pass of a probe. */
struct attempt {
    const struct probe *probe;
    atomic_int over; /* the time is */
    struct configuration configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
};

/* One epoch is seen in any case. */
static void look_at_clock(void *context, const struct observation *seen)
{
    struct attempt *attempt = context;
    if (seen->column == 0 && seen->point->epoch > 0 && clock_seconds() >= attempt->probe->deadline)
        atomic_store(&attempt->over, 1);
}

static const struct configuration *planned_of(const struct probe *probe, size_t model)
{
    return &probe->workload->expansion.items[probe->members[model]].configuration;
}

/* Their time limit, of one model's share, is that of the probe. */
static void set_limits(struct attempt *attempt)
{
    const struct probe *probe = attempt->probe;
    double left = fmax(probe->deadline - clock_seconds(), 1e-9) / (double)probe->models;
    for (size_t i = 0; i < probe->models; i++) {
        attempt->configurations[i] = *planned_of(probe, i);
        attempt->configurations[i].seconds = fmin(attempt->configurations[i].seconds, left);
    }
}

static void train(struct attempt *attempt, int64_t epochs)
{
    const struct probe *probe = attempt->probe;
    const struct dataset *data =
        probe->workload->data[probe->workload->expansion.items[*probe->members].source];
    const struct configuration *configurations[GROUP_MOST];
    for (size_t i = 0; i < probe->models; i++) {
        configurations[i] = &attempt->configurations[i];
        if (attempt->configurations[i].epochs > epochs)
            attempt->configurations[i].epochs = epochs;
    }
    const struct training_hooks hooks = {
        .observe = look_at_clock,
        .context = attempt,
        .interrupt = &attempt->over,
        .smoothness = probe->smoothness->samples > 0.0 ? probe->smoothness : NULL,
        .threads = probe->threads,
    };
    training_run(data, configurations, probe->models, &hooks, attempt->trials);
}

static void clear_trials(struct attempt *attempt)
{
    for (size_t i = 0; i < attempt->probe->models; i++)
        trial_clear(&attempt->trials[i]);
}

static void warm_up(struct attempt *attempt)
{
    int64_t epochs = attempt->probe->workload->file->warmup;
    threads_release();
    if (epochs == 0)
        return;
    set_limits(attempt);
    train(attempt, epochs);
    clear_trials(attempt);
    atomic_store(&attempt->over, 0);
}

/* The part of the epochs it may have that a model was trained for, or will be if nothing ends it
 * that has not yet. */
static double share_of(const struct attempt *attempt, size_t model)
{
    const struct trial *trial = &attempt->trials[model];
    double allowed = (double)planned_of(attempt->probe, model)->epochs;
    bool cut = trial->status == STATUS_TIME_LIMIT || trial->status == STATUS_INTERRUPTED;
    return cut ? 1.0 : (double)trial->epochs / allowed;
}

static struct tally tally_of(const struct attempt *attempt, double wall)
{
    const struct trial *last = &attempt->trials[0];
    struct tally tally = {.passes = 1.0};
    for (size_t i = 0; i < attempt->probe->models; i++) {
        const struct trial *trial = &attempt->trials[i];
        tally.epochs += (double)trial->epochs;
        tally.points += (double)trial->trace.count;
        tally.share += share_of(attempt, i) / (double)attempt->probe->models;
        if (trial->epochs > last->epochs)
            last = trial;
    }
    tally.train = last->train_seconds;
    tally.other = last->evaluate_seconds + last->record_seconds;
    tally.setup = fmax(wall - tally.train - tally.other, 0.0);
    return tally;
}

static struct tally train_once(const struct probe *probe)
{
    struct attempt attempt = {.probe = probe};
    struct watch watch;
    struct evidence evidence;
    double start = clock_seconds();
    if (probe->alone) {
        warm_up(&attempt);
        watch_begin(&watch, probe->watched);
    }
    set_limits(&attempt);
    train(&attempt, INT64_MAX);
    if (probe->alone)
        watch_end(&watch, &evidence);
    struct tally tally = tally_of(&attempt, clock_seconds() - start);
    clear_trials(&attempt);
    return tally;
}

static void tally_add(struct tally *sum, const struct tally *tally)
{
    sum->passes += tally->passes;
    sum->setup += tally->setup;
    sum->train += tally->train;
    sum->other += tally->other;
    sum->epochs += tally->epochs;
    sum->points += tally->points;
    sum->share += tally->share;
}

/* The first pass starts threads and fills caches: it is left out where others have seen as much. */
static void train_until_over(void *context, int index)
{
    const struct probe *probe = context;
    struct tally first = train_once(probe), others = {0};
    while (clock_seconds() < probe->deadline) {
        struct tally tally = train_once(probe);
        tally_add(&others, &tally);
    }
    if (others.epochs < first.epochs)
        tally_add(&others, &first);
    probe->tallies[index] = others;
}

/* --- All of it ----------------------------------------------------------------------------- */

static struct pace pace_of(const struct tally *tally)
{
    return (struct pace){
        .setup = tally->setup / fmax(tally->passes, 1.0),
        .step = tally->train / fmax(tally->epochs, 1.0),
        .point = tally->other / fmax(tally->points, 1.0),
        .share = tally->share / fmax(tally->passes, 1.0),
    };
}

/* Trains a piece for so many seconds. */
static struct pace measure(const struct calibration *calibration, const struct piece *piece,
                           size_t round, double seconds)
{
    const struct workload *workload = calibration->candidates->workload;
    const struct kind *kind = &calibration->candidates->kinds[piece->kind];
    const struct placement placement = {(int64_t)kind->models, piece->threads, piece->side_by_side};
    struct tally sum = {0};
    struct probe probe = {
        .workload = workload,
        .smoothness = &calibration->smoothness[kind->like->source],
        .members = kind->examples[round * kind->count / ROUNDS],
        .models = kind->models,
        .threads = placement_threads(workload->file, &placement, &kind->like->configuration),
        .watched = placement_threads_alone(workload->file, &placement, &kind->like->configuration),
        .alone = kind->models == 1 && piece->side_by_side == 1,
        .deadline = clock_seconds() + seconds,
        .tallies = memory_allocate((size_t)piece->side_by_side, sizeof(struct tally)),
    };
    threads_release();
    side_by_side(piece->side_by_side, train_until_over, &probe);
    for (int i = 0; i < piece->side_by_side; i++)
        tally_add(&sum, &probe.tallies[i]);
    memory_free(probe.tallies);
    return pace_of(&sum);
}

static double median_of(const struct pace *paces, size_t offset)
{
    double values[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++)
        values[i] = *(const double *)(const void *)((const char *)&paces[i] + offset);
    return median(values, ROUNDS);
}

/* Examples may end differently: of the shares it is the mean. */
static struct pace summary_of(const struct pace *paces)
{
    struct pace pace = {
        .setup = median_of(paces, offsetof(struct pace, setup)),
        .step = median_of(paces, offsetof(struct pace, step)),
        .point = median_of(paces, offsetof(struct pace, point)),
    };
    for (size_t i = 0; i < ROUNDS; i++)
        pace.share += paces[i].share / ROUNDS;
    return pace;
}

static void measure_all(struct calibration *calibration, double seconds)
{
    struct pace *paces = memory_allocate(calibration->count * ROUNDS, sizeof *paces);
    double slice = seconds / (double)(calibration->count * ROUNDS);
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < calibration->count; i++)
            paces[i * ROUNDS + round] = measure(calibration, &calibration->pieces[i], round, slice);
    for (size_t i = 0; i < calibration->count; i++)
        calibration->pieces[i].pace = summary_of(&paces[i * ROUNDS]);
    memory_free(paces);
}

static struct piece *find_piece(const struct calibration *calibration, size_t kind, int threads,
                                int side_by_side)
{
    if (!calibration->candidates->kinds[kind].threaded)
        threads = 1;
    for (size_t i = 0; i < calibration->count; i++) {
        struct piece *piece = &calibration->pieces[i];
        if (piece->kind == kind && piece->threads == threads && piece->side_by_side == side_by_side)
            return piece;
    }
    return NULL;
}

static void need_piece(struct calibration *calibration, size_t kind, int threads, int side_by_side)
{
    if (find_piece(calibration, kind, threads, side_by_side) != NULL)
        return;
    if (!calibration->candidates->kinds[kind].threaded)
        threads = 1;
    calibration->pieces = memory_grow(calibration->pieces, &calibration->capacity,
                                      calibration->count + 1, sizeof *calibration->pieces);
    calibration->pieces[calibration->count++] =
        (struct piece){.kind = kind, .threads = threads, .side_by_side = side_by_side};
}

/* Also how long a pass takes with none beside it: so the last ones are. */
static void collect_pieces(struct calibration *calibration)
{
    const struct candidates *candidates = calibration->candidates;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct placement *placement = &candidates->items[i].placement;
        const struct layout *layout = &candidates->layouts[candidates->items[i].layout];
        for (size_t g = 0; g < layout->groups.count; g++) {
            need_piece(calibration, layout->kinds[g], (int)placement->threads, 1);
            need_piece(calibration, layout->kinds[g], (int)placement->threads,
                       (int)placement->side_by_side);
        }
    }
}

bool calibrate(struct calibration *calibration, struct candidates *candidates, const char *folder,
               double seconds, struct error *error)
{
    const struct workload *workload = candidates->workload;
    const size_t sources = workload->file->source_count;
    *calibration = (struct calibration){
        .candidates = candidates,
        .smoothness = memory_allocate(sources, sizeof *calibration->smoothness),
        .recording = memory_allocate(sources, sizeof *calibration->recording),
    };
    if (!calibrate_recording(workload, folder, calibration->recording, error))
        return false;
    for (size_t i = 0; i < sources; i++)
        calibration->smoothness[i] = workload_smoothness(workload, i);
    collect_pieces(calibration);
    measure_all(calibration, seconds);
    return true;
}

void calibration_clear(struct calibration *calibration)
{
    memory_free(calibration->pieces);
    memory_free(calibration->smoothness);
    memory_free(calibration->recording);
    *calibration = (struct calibration){0};
}

const struct pace *calibration_pace(const struct calibration *calibration, size_t kind, int threads,
                                    int side_by_side)
{
    return &find_piece(calibration, kind, threads, side_by_side)->pace;
}
