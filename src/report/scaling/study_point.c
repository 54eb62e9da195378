/* SPDX-License-Identifier: MIT
 *
 * Of each quantity there is a function that reads it from a profile, per epoch, and its median over
 * the profiles at one place is the point's.
 */
#include "report/scaling/study_point.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <math.h>

/* --- Profiles -------------------------------------------------------------------------------- */

/* Of one trial. */
struct study_profile {
    struct phase_totals *totals;
    double counters[COUNTER_VALUE_COUNT];
    double epochs;
};

/* The trials at one place. */
struct bench {
    const struct study_member *members; /* (count) */
    size_t count;
    size_t profiled;
    struct study_profile *profiles; /* (profiled) */
    double *values;                 /* (count) to take a median of */
};

static bool read_profiles(struct store *store, struct bench *bench, struct error *error)
{
    for (size_t i = 0; i < bench->count; i++) {
        const struct stored_trial *trial = bench->members[i].trial;
        struct study_profile *profile = &bench->profiles[bench->profiled];
        if (!store_read_profile(store, trial->id, &profile->totals, profile->counters, error))
            return false;
        profile->epochs = (double)trial->epochs;
        bench->profiled += profile->totals != NULL;
    }
    return true;
}

/* A quantity of a profile, `which` of several. */
typedef double profile_quantity(const struct study_profile *profile, size_t which);

static double median_of(struct bench *bench, profile_quantity *quantity, size_t which)
{
    for (size_t i = 0; i < bench->profiled; i++)
        bench->values[i] = quantity(&bench->profiles[i], which);
    return median(bench->values, bench->profiled);
}

static double phase_seconds(const struct study_profile *profile, size_t phase)
{
    return profile->totals->seconds[phase] / profile->epochs;
}

static double thread_work(const struct study_profile *profile, size_t thread)
{
    const struct phase_totals *totals = profile->totals;
    return thread < (size_t)totals->threads ? totals->thread[thread].work / profile->epochs : 0.0;
}

static double thread_wait(const struct study_profile *profile, size_t thread)
{
    const struct phase_totals *totals = profile->totals;
    return thread < (size_t)totals->threads ? totals->thread[thread].wait / profile->epochs : 0.0;
}

static double counted_value(const struct study_profile *profile, size_t counter)
{
    return profile->counters[counter] / profile->epochs;
}

static double exchange_share(const struct study_profile *profile, size_t which)
{
    (void)which;
    return profile->totals->seconds[PHASE_EXCHANGE] / profile->totals->wall;
}

enum { SUMS, SUM_BYTES, MESSAGES, BYTES };

static double traffic_value(const struct study_profile *profile, size_t which)
{
    const struct ranks_traffic *traffic = &profile->totals->traffic;
    const double values[] = {
        [SUMS] = traffic->sums / profile->epochs,
        [SUM_BYTES] = traffic->sum_bytes / traffic->sums,
        [MESSAGES] = traffic->messages / profile->epochs,
        [BYTES] = traffic->bytes / profile->epochs,
    };
    return traffic->sums > 0.0 ? values[which] : NAN;
}

/* --- A point --------------------------------------------------------------------------------- */

static void take_times(struct bench *bench, struct study_point *point)
{
    point->samples = memory_allocate(bench->count, sizeof *point->samples);
    for (size_t i = 0; i < bench->count; i++) {
        const struct stored_trial *trial = bench->members[i].trial;
        point->samples[i] = trial->train_seconds / (double)trial->epochs;
        bench->values[i] =
            (trial->train_seconds + trial->evaluate_seconds + trial->record_seconds) /
            (double)trial->epochs;
    }
    point->seconds = median(point->samples, bench->count);
    point->wall = median(bench->values, bench->count);
}

/* Returns the seconds of all. */
static double take_phases(struct bench *bench, struct study_point *point)
{
    const struct study_profile *first = &bench->profiles[0];
    double sum = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        struct study_phase *one = &point->phases[phase];
        one->seconds = median_of(bench, phase_seconds, phase);
        one->flops = first->totals->cost[phase].flops / first->epochs;
        one->bytes = first->totals->cost[phase].bytes / first->epochs;
        sum += one->seconds;
    }
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        point->phases[phase].share = point->phases[phase].seconds / sum;
    return sum;
}

/* `epoch`: its seconds. */
static void take_threads(struct bench *bench, double epoch, struct study_point *point)
{
    const struct study_profile *first = &bench->profiles[0];
    point->team = (size_t)first->totals->threads;
    point->regions = first->totals->regions / first->epochs;
    point->waits = memory_allocate(point->team, sizeof *point->waits);
    for (size_t t = 0; t < point->team; t++) {
        double work = median_of(bench, thread_work, t);
        point->waits[t] = median_of(bench, thread_wait, t) / epoch;
        point->wait += point->waits[t] / (double)point->team;
        point->work += work / (double)point->team;
        point->longest = fmax(point->longest, work);
        point->working += work > 0.0;
    }
    point->imbalance = point->work > 0.0 ? point->longest / point->work - 1.0 : 0.0;
}

static bool read_point(struct store *store, struct bench *bench, struct study_point *point,
                       struct error *error)
{
    const struct stored_trial *first = bench->members[0].trial;
    *point = (struct study_point){
        .place = bench->members[0].place,
        .rows = first->rows,
        .count = bench->count,
        .processors = first->evidence.processors,
    };
    take_times(bench, point);
    if (!read_profiles(store, bench, error))
        return false;
    point->exchange_share = median_of(bench, exchange_share, 0);
    point->counted = (struct study_traffic){
        .sums = median_of(bench, traffic_value, SUMS),
        .sum_bytes = median_of(bench, traffic_value, SUM_BYTES),
        .messages = median_of(bench, traffic_value, MESSAGES),
        .bytes = median_of(bench, traffic_value, BYTES),
    };
    point->profiled = bench->profiled;
    if (point->profiled == 0)
        return true;
    take_threads(bench, take_phases(bench, point), point);
    for (size_t c = 0; c < COUNTER_VALUE_COUNT; c++)
        point->counters[c] = median_of(bench, counted_value, c);
    return true;
}

static bool add_point(struct store *store, struct study *study, const struct study_member *members,
                      size_t count, struct error *error)
{
    struct bench bench = {
        .members = members,
        .count = count,
        .profiles = memory_allocate(count, sizeof *bench.profiles),
        .values = memory_allocate(count, sizeof *bench.values),
    };
    bool done = read_point(store, &bench, &study->points[study->count++], error);
    for (size_t i = 0; i < count; i++)
        phase_totals_free(bench.profiles[i].totals);
    memory_free(bench.profiles);
    memory_free(bench.values);
    return done;
}

/* --- Points ---------------------------------------------------------------------------------- */

/* Those that nothing disturbed, in front of the others; returns how many they are. */
static size_t quiet_first(const struct study_member *members, size_t count,
                          struct study_member *sorted)
{
    size_t quiet = 0, at;
    for (size_t i = 0; i < count; i++)
        quiet += *members[i].trial->evidence.disturbed == '\0';
    at = quiet;
    for (size_t i = 0, first = 0; i < count; i++) {
        bool disturbed = *members[i].trial->evidence.disturbed != '\0';
        sorted[disturbed ? at++ : first++] = members[i];
    }
    return quiet;
}

/* The point of those at one place. */
static bool add_quiet_point(struct store *store, struct study *study,
                            const struct study_member *members, size_t count, struct error *error)
{
    struct study_member *sorted = memory_allocate(count, sizeof *sorted);
    const size_t quiet = quiet_first(members, count, sorted);
    struct study_point *point = &study->points[study->count];
    bool done = add_point(store, study, sorted, quiet > 0 ? quiet : count, error);
    point->noisy = quiet == 0;
    point->disturbed = quiet > 0 ? count - quiet : 0;
    memory_free(sorted);
    return done;
}

bool study_read_points(struct store *store, const struct study_gathering *gathering,
                       struct study *study, struct error *error)
{
    bool done = true;
    study->points = memory_allocate(gathering->count, sizeof *study->points);
    for (size_t i = 0, next; i < gathering->count && done; i = next) {
        next = study_next_place(gathering, i);
        done = add_quiet_point(store, study, gathering->members + i, next - i, error);
        study->trials += study->points[study->count - 1].count;
        study->profiled += study->points[study->count - 1].profiled;
    }
    return done;
}

struct speedup_sample *study_samples(const struct study *study)
{
    size_t at = 0;
    struct speedup_sample *samples = memory_allocate(study->trials, sizeof *samples);
    for (const struct study_point *point = study->points; at < study->trials; point++)
        for (size_t i = 0; i < point->count; i++)
            samples[at++] = (struct speedup_sample){(size_t)point->place, point->samples[i]};
    return samples;
}

bool study_is_noisy(const struct study *study)
{
    for (size_t i = 0; i < study->count; i++)
        if (study->points[i].noisy)
            return true;
    return false;
}

double study_serial(const struct study *study, const struct study_point *point)
{
    double serial = study_count(study, point)->serial;
    return serial <= 1.0 ? serial : (double)NAN;
}

const struct speedup_count *study_count(const struct study *study, const struct study_point *point)
{
    static const struct speedup_count none = {.speedup = NAN, .efficiency = NAN, .serial = NAN};
    const bool known = study->counts.count > 0 && !point->noisy && !study->points[0].noisy;
    return known ? &study->counts.rows[point - study->points] : &none;
}
