/* SPDX-License-Identifier: MIT
 *
 * What is to be trained comes from the candidates, each piece once, and is then trained in rounds.
 */
#include "sweep/placement/calibration.h"

#include "base/memory.h"
#include "base/parallel/side_by_side.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "measure/statistics/statistics.h"
#include "sweep/placement/calibration_probe.h"
#include "sweep/workload/placement.h"
#include "sweep/workload/rows_together.h"

#include <math.h>

enum { ROUNDS = 3 };

/* --- Training ------------------------------------------------------------------------------ */

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
        .optima = calibration->optima,
        .members = kind->examples[round * kind->count / ROUNDS],
        .models = kind->models,
        .threads = placement_threads(workload->file, &placement, &kind->like->configuration),
        .watched = placement_threads_alone(workload->file, &placement, &kind->like->configuration),
        .alone = kind->models == 1 && piece->side_by_side == 1,
        .deadline = clock_seconds() + seconds,
        .tallies = memory_allocate((size_t)piece->side_by_side, sizeof(struct tally)),
    };
    threads_release();
    side_by_side(piece->side_by_side, probe_train, &probe);
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

/* Examples may end differently: of their shares it is the mean. */
static struct pace summary_of(const struct pace *paces)
{
    struct pace pace = {
        .setup = median_of(paces, offsetof(struct pace, setup)),
        .step = median_of(paces, offsetof(struct pace, step)),
        .point = median_of(paces, offsetof(struct pace, point)),
    };
    for (size_t i = 0; i < ROUNDS; i++)
        pace.share += paces[i].share / (double)ROUNDS;
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

/* --- Shares -------------------------------------------------------------------------------- */

/* The share of a kind: the least that any of its pieces saw, for one that is cut short sees fewer
 * ends. */
static double share_of(const struct calibration *calibration, size_t kind)
{
    double share = 1.0;
    for (size_t i = 0; i < calibration->count; i++)
        if (calibration->pieces[i].kind == kind)
            share = fmin(share, calibration->pieces[i].pace.share);
    return share;
}

/* The mean over all models that are alike and were watched, in whatever groups. */
static double pooled_share(const struct candidates *candidates, const double *shares, size_t kind)
{
    double sum = 0.0, weight = 0.0;
    for (size_t i = 0; i < candidates->kind_count; i++) {
        const struct kind *other = &candidates->kinds[i];
        double seen = (double)(other->models * (other->count < ROUNDS ? other->count : ROUNDS));
        if (!workload_is_alike(other->like, candidates->kinds[kind].like))
            continue;
        sum += seen * shares[i];
        weight += seen;
    }
    return sum / weight;
}

/* What ends a model early does not depend on its placement, and must not speak for or against one.
 */
static void pool_shares(struct calibration *calibration)
{
    const struct candidates *candidates = calibration->candidates;
    double *shares = memory_allocate(candidates->kind_count, sizeof *shares);
    for (size_t i = 0; i < candidates->kind_count; i++)
        shares[i] = share_of(calibration, i);
    for (size_t i = 0; i < calibration->count; i++)
        calibration->pieces[i].pace.share =
            pooled_share(candidates, shares, calibration->pieces[i].kind);
    memory_free(shares);
}

/* --- All of it ----------------------------------------------------------------------------- */

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

static struct recording_time *find_recording(const struct calibration *calibration, size_t source,
                                             int side_by_side)
{
    for (size_t i = 0; i < calibration->recording_count; i++) {
        struct recording_time *time = &calibration->recording[i];
        if (time->source == source && time->side_by_side == side_by_side)
            return time;
    }
    return NULL;
}

static void collect_recording(struct calibration *calibration)
{
    const struct candidates *candidates = calibration->candidates;
    for (size_t i = 0; i < candidates->count; i++) {
        const int side_by_side = (int)candidates->items[i].placement.side_by_side;
        if (find_recording(calibration, 0, side_by_side) != NULL)
            continue;
        for (size_t source = 0; source < candidates->workload->file->source_count; source++) {
            calibration->recording =
                memory_grow(calibration->recording, &calibration->recording_capacity,
                            calibration->recording_count + 1, sizeof *calibration->recording);
            calibration->recording[calibration->recording_count++] =
                (struct recording_time){.source = source, .side_by_side = side_by_side};
        }
    }
}

bool calibrate(struct calibration *calibration, struct candidates *candidates, const char *folder,
               const double *optima, double seconds, struct error *error)
{
    const struct workload *workload = candidates->workload;
    const size_t sources = workload->file->source_count;
    *calibration = (struct calibration){
        .candidates = candidates,
        .smoothness = memory_allocate(sources, sizeof *calibration->smoothness),
        .optima = optima,
    };
    collect_pieces(calibration);
    collect_recording(calibration);
    if (!calibrate_recording(calibration, folder, error))
        return false;
    for (size_t i = 0; i < sources; i++)
        calibration->smoothness[i] = rows_together_find_smoothness(workload, i);
    measure_all(calibration, seconds);
    pool_shares(calibration);
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

double calibration_recording(const struct calibration *calibration, size_t source, int side_by_side)
{
    return find_recording(calibration, source, side_by_side)->seconds;
}
