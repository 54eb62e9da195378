/* SPDX-License-Identifier: MIT
 *
 * From the trials of a study (thread_gather.h) to its points: medians per epoch.
 */
#include "report/scaling/studies.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "report/scaling/study_limit.h"
#include "report/scaling/study_weak.h"
#include "report/scaling/thread_gather.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* --- A point --------------------------------------------------------------------------------- */

/* The trials at one number of threads, and what was seen in those that were profiled. */
struct bench {
    const struct study_member *members; /* (count) */
    size_t count;
    struct phase_totals **totals;            /* (profiled) */
    double (*counters)[COUNTER_VALUE_COUNT]; /* (profiled) */
    double *epochs;                          /* (profiled) of each */
    size_t profiled;
    double *values; /* (count) to take a median of */
};

static double *samples_of(const struct bench *bench)
{
    double *samples = memory_allocate(bench->count, sizeof *samples);
    for (size_t i = 0; i < bench->count; i++)
        samples[i] = study_seconds(bench->members[i].trial);
    return samples;
}

static double wall_of(const struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        const struct stored_trial *trial = bench->members[i].trial;
        bench->values[i] =
            (trial->train_seconds + trial->evaluate_seconds + trial->record_seconds) /
            (double)trial->epochs;
    }
    return median(bench->values, bench->count);
}

static bool read_profiles(struct store *store, struct bench *bench, struct error *error)
{
    for (size_t i = 0; i < bench->count; i++) {
        size_t at = bench->profiled;
        if (!store_read_profile(store, bench->members[i].trial->id, &bench->totals[at],
                                bench->counters[at], error))
            return false;
        bench->epochs[at] = (double)bench->members[i].trial->epochs;
        bench->profiled += bench->totals[at] != NULL;
    }
    return true;
}

static void take_phases(struct bench *bench, struct study_point *point)
{
    const size_t count = bench->profiled;
    double sum = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        struct study_phase *one = &point->phases[phase];
        for (size_t i = 0; i < count; i++)
            bench->values[i] = bench->totals[i]->seconds[phase] / bench->epochs[i];
        one->seconds = median(bench->values, count);
        one->flops = bench->totals[0]->cost[phase].flops / bench->epochs[0];
        one->bytes = bench->totals[0]->cost[phase].bytes / bench->epochs[0];
        sum += one->seconds;
    }
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        point->phases[phase].share = point->phases[phase].seconds / sum;
}

/* Work and wait of one thread, medians per epoch. */
static double thread_median(struct bench *bench, size_t thread, bool work)
{
    for (size_t i = 0; i < bench->profiled; i++) {
        const struct phase_totals *totals = bench->totals[i];
        const struct phase_thread none = {0.0, 0.0};
        const struct phase_thread *one =
            thread < (size_t)totals->threads ? &totals->thread[thread] : &none;
        bench->values[i] = (work ? one->work : one->wait) / bench->epochs[i];
    }
    return median(bench->values, bench->profiled);
}

static void take_threads(struct bench *bench, struct study_point *point)
{
    double epoch = 0.0;
    point->team = (size_t)bench->totals[0]->threads;
    point->regions = bench->totals[0]->regions / bench->epochs[0];
    point->waits = memory_allocate(point->team, sizeof *point->waits);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        epoch += point->phases[phase].seconds;
    for (size_t t = 0; t < point->team; t++) {
        double work = thread_median(bench, t, true);
        point->waits[t] = thread_median(bench, t, false) / epoch;
        point->wait += point->waits[t] / (double)point->team;
        point->work += work / (double)point->team;
        point->longest = fmax(point->longest, work);
        point->working += work > 0.0;
    }
    point->imbalance = point->work > 0.0 ? point->longest / point->work - 1.0 : 0.0;
}

static void take_counters(struct bench *bench, struct study_point *point)
{
    for (size_t c = 0; c < COUNTER_VALUE_COUNT; c++) {
        for (size_t i = 0; i < bench->profiled; i++)
            bench->values[i] = bench->counters[i][c] / bench->epochs[i];
        point->counters[c] = median(bench->values, bench->profiled);
    }
}

static bool point_of(struct store *store, struct bench *bench, struct study_point *point,
                     struct error *error)
{
    *point = (struct study_point){
        .threads = bench->members[0].place,
        .count = bench->count,
        .samples = samples_of(bench),
        .wall = wall_of(bench),
        .processors = bench->members[0].trial->evidence.processors,
    };
    point->seconds = median(point->samples, point->count);
    if (!read_profiles(store, bench, error))
        return false;
    point->profiled = bench->profiled;
    if (point->profiled == 0)
        return true;
    take_phases(bench, point);
    take_threads(bench, point);
    take_counters(bench, point);
    return true;
}

static bool add_point(struct store *store, struct study *study, const struct study_member *members,
                      size_t count, struct error *error)
{
    struct bench bench = {
        .members = members,
        .count = count,
        .totals = memory_allocate(count, sizeof *bench.totals),
        .counters = memory_allocate(count, sizeof *bench.counters),
        .epochs = memory_allocate(count, sizeof *bench.epochs),
        .values = memory_allocate(count, sizeof *bench.values),
    };
    bool done = point_of(store, &bench, &study->points[study->count++], error);
    for (size_t i = 0; i < count; i++)
        phase_totals_free(bench.totals[i]);
    memory_free(bench.totals);
    memory_free(bench.counters);
    memory_free(bench.epochs);
    memory_free(bench.values);
    return done;
}

/* --- Studies --------------------------------------------------------------------------------- */

static bool is_profiled(const struct study *study)
{
    for (size_t i = 0; i < study->count; i++)
        if (study->points[i].profiled > 0)
            return true;
    return false;
}

static void study_free(struct study *study)
{
    for (size_t i = 0; i < study->count; i++) {
        memory_free(study->points[i].samples);
        memory_free(study->points[i].waits);
    }
    memory_free(study->points);
    if (study->scaled)
        speedup_free(&study->speedup);
}

/* Threads of the hardware: all that the machine had, or, where it does not say, the most that a
 * ceiling was measured at. */
static size_t hardware_threads(const struct studies *studies)
{
    size_t most = studies->machine_threads;
    for (size_t i = 0; i < studies->ceiling_count; i++)
        if ((size_t)studies->ceilings[i].threads > most)
            most = (size_t)studies->ceilings[i].threads;
    return most;
}

static void scale(const struct studies *studies, struct study *study)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < study->count; i++)
        count += study->points[i].count;
    struct speedup_sample *samples = memory_allocate(count, sizeof *samples);
    for (size_t i = 0; i < study->count; i++)
        for (size_t j = 0; j < study->points[i].count; j++)
            samples[at++] = (struct speedup_sample){(size_t)study->points[i].threads,
                                                    study->points[i].samples[j]};
    struct error error = {.kind = ERROR_NONE};
    study->scaled = study->count > 1 && speedup_analyse(samples, count, hardware_threads(studies),
                                                        &study->speedup, &error);
    memory_free(samples);
}

static struct study study_of(const struct stored_trial *trial)
{
    return (struct study){
        .data = trial->data,
        .data_digest = trial->data_digest,
        .rows = trial->rows,
        .features = trial->features,
        .values = &trial->values,
        .kernel = trial->kernel,
        .models = trial->models,
        .seat = &trial->seat,
    };
}

static bool complete(struct store *store, const struct study_gathering *gathering,
                     struct studies *studies, struct error *error)
{
    struct study made = study_of(gathering->first), *study = &made;
    study->points = memory_allocate(gathering->count, sizeof *study->points);
    bool done = true;
    for (size_t i = 0, next; i < gathering->count && done; i = next) {
        next = study_next_place(gathering, i);
        done = add_point(store, study, gathering->members + i, next - i, error);
    }
    if (!done || !is_profiled(study)) {
        study_free(study);
        return done;
    }
    for (size_t i = 0; i < study->count; i++)
        study_set_limits(studies, study, &study->points[i]);
    scale(studies, study);
    studies->studies[studies->count++] = *study;
    return true;
}

/* What `threads: all` meant there, and from how many elements on BLAS has threads of its own
 * (measure/machine/machine.h). */
static bool read_facts(struct store *store, int64_t machine, struct studies *studies,
                       struct error *error)
{
    studies->machine_threads = 1;
    if (machine == 0)
        return true;
    char *text = store_read_machine(store, machine, error);
    json_t *facts = text != NULL ? json_loads(text, 0, NULL) : NULL;
    json_int_t count = json_integer_value(json_object_get(facts, "threads"));
    if (count > 0)
        studies->machine_threads = (size_t)count;
    studies->gemv_elements = (int64_t)json_integer_value(
        json_object_get(json_object_get(facts, "blas_gemv"), "forks_from_elements"));
    json_decref(facts);
    memory_free(text);
    return text != NULL;
}

static bool read_machine(struct store *store, const struct results *results,
                         struct studies *studies, struct error *error)
{
    int64_t machine = results->list.count > 0 ? results->list.rows[0].machine : 0;
    for (size_t i = 0; i < results->list.count; i++)
        if (results->list.rows[i].machine > machine)
            machine = results->list.rows[i].machine; /* the last that recorded something */
    bool done =
        store_read_ceilings(store, machine, &studies->ceilings, &studies->ceiling_count, error);
    ceilings_raise(studies->ceilings, studies->ceiling_count);
    return done &&
           store_read_remarks(store, machine, &studies->remarks, &studies->remark_count, error) &&
           read_facts(store, machine, studies, error);
}

bool studies_read(struct store *store, const struct results *results, struct studies *studies,
                  struct error *error)
{
    struct study_gatherings all = {0};
    *studies = (struct studies){0};
    bool any = false, done = store_has_profiles(store, &any, error) &&
                             read_machine(store, results, studies, error);
    if (any && done)
        done = thread_gather(store, results, &all, error);
    studies->studies = memory_allocate(all.count, sizeof *studies->studies);
    for (size_t i = 0; i < all.count && done; i++)
        done = complete(store, &all.items[i], studies, error);
    study_gatherings_free(&all);
    if (done)
        studies_find_weak(studies);
    return done;
}

void studies_free(struct studies *studies)
{
    for (size_t i = 0; i < studies->count; i++)
        study_free(&studies->studies[i]);
    for (size_t i = 0; i < studies->weak_count; i++)
        speedup_counts_free(&studies->weak[i].counts);
    memory_free(studies->studies);
    memory_free(studies->weak);
    memory_free(studies->ceilings);
    memory_free(studies->remarks);
    *studies = (struct studies){0};
}
