/* SPDX-License-Identifier: MIT
 *
 * The roofline of a phase: the longer of the times that its bytes and its operations take at the
 * ceilings of the same number of threads. The product of matrices that is measured is one of
 * doubles. What a kernel that multiplies floats can do at most is not known; but where memory takes
 * longer than doubles would, it takes longer than floats, too.
 */
#include "report/scaling/study_limit.h"

#include "data/chunks.h"
#include "kernels/kernel.h"
#include "report/scaling/study_point.h"

#include <math.h>
#include <string.h>

static const char gemm_name[] = "GEMM";
static const char *const level_names[] = {"memory", "L1", "L2", "L3", "L4"};

/* Seconds that so many operations and bytes of a working set (bytes) take at least, and what binds
 * them; NaN and NULL where nothing is declared, or no ceiling known. */
static double limit_of(const struct ceilings *ceilings, double flops, double bytes,
                       double working_set, const char **bound)
{
    *bound = NULL;
    if (ceilings == NULL || !(flops + bytes > 0.0))
        return NAN;
    size_t at = 0;
    while (at + 1 < ceilings->read_count && ceilings->reads[at].bytes < working_set)
        at++;
    int level = ceilings->reads[at].cache_level;
    double memory = bytes / ceilings_read_rate(ceilings, working_set),
           products = flops / ceilings->gemm_rate;
    *bound = products > memory ? gemm_name : level_names[level >= 0 && level <= 4 ? level : 0];
    return fmax(memory, products);
}

/* Bytes that the passes of an epoch go over again and again: the data, as far as it is known how
 * they are stored. */
static double working_set(const struct study *study, const struct study_point *point)
{
    double dense = 8.0 * (double)study->base->rows * (double)(study->base->features + 1),
           declared = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        declared += phase != PHASE_REDUCE ? point->phases[phase].bytes : 0.0;
    return declared > 0.0 ? fmin(declared, dense) : dense;
}

/* Are products floats? */
static bool multiplies_floats(const struct study *study)
{
    const struct entry *kernel = table_find(&kernel_table, study->base->kernel);
    return kernel != NULL && kernel_of(kernel)->pass != NULL &&
           kernel_of(kernel)->takes == TAKES_NARROW;
}

/* A phase goes over all data, or over a chunk of them that it has just seen, or over sums. */
static double phase_set(const struct study *study, const struct study_phase *one, enum phase phase,
                        double data)
{
    const struct entry *kernel = table_find(&kernel_table, study->base->kernel);
    if (phase == PHASE_REDUCE)
        return one->bytes;
    if (phase == PHASE_GRADIENT && kernel != NULL && kernel_of(kernel)->rereads)
        return data /
               (double)chunk_count_dense((size_t)study->base->rows, (size_t)study->base->features);
    return data;
}

static void set_limits(const struct studies *studies, const struct study *study,
                       struct study_point *point)
{
    for (size_t i = 0; i < studies->ceiling_count; i++)
        if (studies->ceilings[i].threads == point->place)
            point->ceilings = &studies->ceilings[i];
    double data = working_set(study, point);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        struct study_phase *one = &point->phases[phase];
        one->limit = limit_of(point->ceilings, one->flops, one->bytes,
                              phase_set(study, one, phase, data), &one->bound);
        if (one->bound == gemm_name && multiplies_floats(study)) {
            one->bound = NULL;
            one->limit = NAN;
        }
    }
}

void study_set_limits(const struct studies *studies, struct study *study)
{
    for (size_t i = 0; i < study->count; i++)
        set_limits(studies, study, &study->points[i]);
}

struct study_phase study_point_sum(const struct study_point *point)
{
    struct study_phase sum = {.limit = 0.0};
    double longest = 0.0;
    bool unknown = false;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        const struct study_phase *one = &point->phases[phase];
        sum.seconds += one->seconds;
        sum.share += one->share;
        sum.flops += one->flops;
        sum.bytes += one->bytes;
        unknown |= isnan(one->limit) && one->flops + one->bytes > 0.0;
        if (isnan(one->limit))
            continue;
        sum.limit += one->limit;
        if (one->limit > longest)
            sum.bound = one->bound;
        longest = fmax(longest, one->limit);
    }
    if (unknown)
        sum.bound = NULL;
    if (sum.bound == NULL)
        sum.limit = NAN;
    return sum;
}

/* The longest phase of those in which threads work together or one works alone. */
static enum phase hottest(const struct study_point *point)
{
    enum phase hottest = 0;
    for (enum phase phase = 1; phase < PHASE_EVALUATE; phase++)
        if (point->phases[phase].seconds > point->phases[hottest].seconds)
            hottest = phase;
    return hottest;
}

/* Seconds of work of all threads together, an epoch: on one thread there are no regions, and what
 * would be in them is counted by its phases. */
static double study_point_work(const struct study_point *point)
{
    double work = point->work * (double)point->team;
    for (enum phase phase = 0; phase < PHASE_WAIT && point->place == 1; phase++)
        work += phase != PHASE_ORDER ? point->phases[phase].seconds : 0.0;
    return work;
}

/* How much faster the data could be read by another number of threads that was measured. */
static double headroom(const struct studies *studies, const struct study *study,
                       const struct study_point *point)
{
    double most = 1.0;
    for (size_t i = 0; i < studies->ceiling_count && point->ceilings != NULL; i++)
        most = fmax(most, ceilings_read_rate(&studies->ceilings[i], working_set(study, point)) /
                              ceilings_read_rate(point->ceilings, working_set(study, point)));
    return most;
}

struct diagnosis study_diagnose(const struct studies *studies, const struct study *study,
                                const struct study_point *point)
{
    const struct study_point *first = &study->points[0];
    const struct speedup_count *count = study_count(study, point);
    const bool alone = point == first || isnan(count->speedup);
    const enum phase hot = hottest(point);
    const struct ceilings *ceilings = point->ceilings;
    struct diagnosis_facts facts = {
        .threads = (int)point->place,
        .working = point->working > 0 ? (int)point->working : 1,
        .seconds = point->seconds,
        .alone = point->phases[PHASE_UPDATE].seconds + point->phases[PHASE_ORDER].seconds,
        .work = point->work * (double)point->team,
        .longest = point->longest,
        .forks = NAN,
        .exchange = point->phases[PHASE_EXCHANGE].seconds,
        .base_work = alone || first->profiled == 0 || first->noisy ? NAN : study_point_work(first),
        .efficiency = alone ? NAN : count->efficiency,
        .serial = alone ? NAN : study_serial(study, point),
        .hottest = phases[hot].name,
        .hottest_share = point->phases[hot].share,
    };
    if (ceilings != NULL)
        facts.forks = point->regions * (ceilings->fork_join_seconds + ceilings->barrier_seconds);
    if (strcmp(study->base->kernel, kernel_blas.entry.name) == 0 && study->base->models == 1 &&
        study->base->rows * study->base->features < studies->gemv_elements)
        facts.gemv_elements = studies->gemv_elements;
    const struct study_phase all = study_point_sum(point);
    facts.limit = all.limit;
    facts.bound = all.bound;
    facts.headroom = headroom(studies, study, point);
    return diagnose(&facts);
}
