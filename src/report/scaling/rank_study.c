/* SPDX-License-Identifier: MIT
 *
 * From the trials of a gathering (rank_gather.h) to its points, and on to more ranks than it has.
 *
 * How many sums over ranks an epoch needs, and of how many bytes, is what was counted. For gradient
 * descent it is known without counting: one, of the sums of a pass and what travels with them.
 */
#include "report/scaling/rank_study.h"

#include "base/memory.h"
#include "data/chunks.h"
#include "kernels/pass.h"
#include "measure/statistics/statistics.h"
#include "report/scaling/rank_gather.h"

#include <math.h>
#include <string.h>

const int rank_predictions[RANK_PREDICTIONS] = {10, 100, 1000};

/* --- A point --------------------------------------------------------------------------------- */

/* What profiles of the trials at one number of ranks say, an epoch; NaN: nothing. */
enum { EXCHANGE, SHARE, OWN, SUMS, SUM_BYTES, MESSAGES, BYTES, READINGS };

struct bench {
    const struct study_member *members; /* (count) */
    size_t count;
    double *values;             /* (count) to take a median of */
    double *readings[READINGS]; /* (profiled) */
    size_t profiled;
};

static void take_profile(struct bench *bench, const struct phase_totals *totals, double epochs)
{
    const size_t at = bench->profiled++;
    const bool counted = totals->traffic.sums > 0.0;
    bench->readings[EXCHANGE][at] = totals->seconds[PHASE_EXCHANGE] / epochs;
    bench->readings[SHARE][at] = totals->seconds[PHASE_EXCHANGE] / totals->wall;
    bench->readings[OWN][at] = totals->seconds[PHASE_UPDATE] / epochs;
    bench->readings[SUMS][at] = counted ? totals->traffic.sums / epochs : NAN;
    bench->readings[SUM_BYTES][at] =
        counted ? totals->traffic.sum_bytes / totals->traffic.sums : NAN;
    bench->readings[MESSAGES][at] = counted ? totals->traffic.messages / epochs : NAN;
    bench->readings[BYTES][at] = counted ? totals->traffic.bytes / epochs : NAN;
}

static bool read_profiles(struct store *store, struct bench *bench, struct error *error)
{
    for (size_t i = 0; i < bench->count; i++) {
        struct phase_totals *totals = NULL;
        double counters[COUNTER_VALUE_COUNT];
        if (!store_read_profile(store, bench->members[i].trial->id, &totals, counters, error))
            return false;
        if (totals != NULL)
            take_profile(bench, totals, (double)bench->members[i].trial->epochs);
        phase_totals_free(totals);
    }
    return true;
}

static double seconds_of(const struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        bench->values[i] = study_seconds(bench->members[i].trial);
    return median(bench->values, bench->count);
}

static struct rank_point point_of(const struct bench *bench)
{
    double told[READINGS];
    for (int i = 0; i < READINGS; i++)
        told[i] = median(bench->readings[i], bench->profiled);
    return (struct rank_point){
        .ranks = bench->members[0].place,
        .rows = bench->members[0].trial->rows,
        .count = bench->count,
        .seconds = seconds_of(bench),
        .exchange = told[EXCHANGE],
        .share = told[SHARE],
        .own = told[OWN],
        .sums = told[SUMS],
        .sum_bytes = told[SUM_BYTES],
        .messages_counted = told[MESSAGES],
        .bytes_counted = told[BYTES],
    };
}

static bool add_point(struct store *store, struct rank_study *study,
                      const struct study_member *members, size_t count, struct error *error)
{
    struct bench bench = {.members = members, .count = count};
    bench.values = memory_allocate(count, sizeof *bench.values);
    for (int i = 0; i < READINGS; i++)
        bench.readings[i] = memory_allocate(count, sizeof *bench.readings[i]);
    bool done = read_profiles(store, &bench, error);
    if (done)
        study->points[study->count++] = point_of(&bench);
    for (int i = 0; i < READINGS; i++)
        memory_free(bench.readings[i]);
    memory_free(bench.values);
    return done;
}

/* --- What is sent ---------------------------------------------------------------------------- */

/* What an epoch adds up over ranks, on any number of them. */
static void find_sums(struct rank_study *study)
{
    bool gd = strcmp(study->values->solver->name, "gd") == 0;
    size_t length =
        pass_sums_length((size_t)study->features, (size_t)study->models) + AGREEMENT_NOTES;
    study->sums = gd ? 1.0 : NAN;
    study->sum_bytes = gd ? (double)(length * sizeof(double)) : NAN;
    for (size_t i = 0; i < study->count; i++)
        if (isfinite(study->points[i].sums)) {
            study->sums = study->points[i].sums;
            study->sum_bytes = study->points[i].sum_bytes;
        }
}

static void complete_point(const struct rank_study *study, struct rank_point *point)
{
    const struct rank_point *base = &study->points[0];
    const double times = (double)point->ranks / (double)base->ranks;
    point->speedup = base->seconds / point->seconds * (study->weak ? times : 1.0);
    point->efficiency = point->speedup / times;
    if (isnan(point->sums)) {
        point->sums = point->ranks > 1 ? study->sums : 0.0;
        point->sum_bytes = point->ranks > 1 ? study->sum_bytes : NAN;
    }
    const struct ranks_cost cost = ranks_allreduce_cost((int)point->ranks, point->sum_bytes / 8.0);
    point->messages = point->ranks > 1 ? point->sums * cost.messages : 0.0;
    point->bytes = point->ranks > 1 ? point->sums * cost.bytes : 0.0;
    point->expected = NAN;
    if (study->model.fitted && point->ranks > 1)
        point->expected =
            point->sums * exchange_seconds(&study->model, (int)point->ranks, point->sum_bytes);
}

/* --- Predictions ----------------------------------------------------------------------------- */

/* The least n that is cut into so many blocks; NaN of sparse rows, whose entries decide. */
static double rows_for_blocks(const struct rank_study *study, size_t blocks)
{
    const struct entry *kernel = table_find(&kernel_table, study->kernel);
    size_t low = 0, high = (size_t)1 << 40, features = (size_t)study->features;
    if (kernel == NULL || (kernel_of(kernel)->takes & TAKES_DENSE) == 0 ||
        chunk_count_dense(high, features) < blocks)
        return NAN;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(chunk_count_dense(middle, features) < blocks ? &low : &high) = middle;
    }
    return (double)high;
}

static void predict(struct rank_study *study)
{
    const struct rank_point *one = &study->points[0];
    const double own = isfinite(one->own) ? one->own : 0.0;
    const struct exchange_work work = {
        .rows = (double)one->rows,
        .rows_seconds = one->seconds - own,
        .own_seconds = own,
        .sums = study->sums,
        .bytes = study->sum_bytes,
    };
    study->predicted =
        !study->weak && study->model.fitted && one->ranks == 1 && isfinite(work.sums * work.bytes);
    for (size_t i = 0; i < RANK_PREDICTIONS && study->predicted; i++)
        study->predictions[i] =
            (struct rank_prediction){exchange_predict(&study->model, &work, rank_predictions[i]),
                                     rows_for_blocks(study, (size_t)rank_predictions[i])};
}

/* --- Studies --------------------------------------------------------------------------------- */

static void study_free(struct rank_study *study)
{
    memory_free(study->points);
    memory_free(study->samples);
}

static bool add_points(struct store *store, const struct study_gathering *gathering,
                       struct rank_study *study, struct error *error)
{
    bool done = true;
    for (size_t i = 0, next; i < gathering->count && done; i = next) {
        next = study_next_place(gathering, i);
        done = add_point(store, study, gathering->members + i, next - i, error);
    }
    return done;
}

static bool add_study(struct store *store, const struct study_gathering *gathering, bool weak,
                      struct rank_studies *studies, struct error *error)
{
    const struct stored_trial *base = gathering->members[0].trial;
    struct rank_study *study = &studies->studies[studies->count++];
    *study = (struct rank_study){
        .weak = weak,
        .data = base->data,
        .rows = base->rows,
        .features = base->features,
        .values = &base->values,
        .kernel = base->kernel,
        .models = base->models,
        .machine = base->machine,
        .points = memory_allocate(gathering->count, sizeof *study->points),
    };
    if (!add_points(store, gathering, study, error) ||
        !store_read_exchange(store, study->machine, &study->samples, &study->sample_count, error))
        return false;
    exchange_fit(study->samples, study->sample_count, &study->model);
    find_sums(study);
    for (size_t i = 0; i < study->count; i++)
        complete_point(study, &study->points[i]);
    predict(study);
    return true;
}

bool rank_studies_read(struct store *store, const struct results *results,
                       struct rank_studies *studies, struct error *error)
{
    struct study_gatherings found[2]; /* strong, weak */
    bool done = true;
    for (int weak = 0; weak <= 1; weak++)
        rank_gather(results, weak != 0, &found[weak]);
    *studies = (struct rank_studies){
        .studies = memory_allocate(found[0].count + found[1].count, sizeof *studies->studies)};
    for (int weak = 0; weak <= 1; weak++) {
        for (size_t i = 0; i < found[weak].count && done; i++)
            if (found[weak].items[i].count > 0)
                done = add_study(store, &found[weak].items[i], weak != 0, studies, error);
        study_gatherings_free(&found[weak]);
    }
    return done;
}

void rank_studies_free(struct rank_studies *studies)
{
    for (size_t i = 0; i < studies->count; i++)
        study_free(&studies->studies[i]);
    memory_free(studies->studies);
    *studies = (struct rank_studies){0};
}
