/* SPDX-License-Identifier: MIT
 *
 * First all tasks are held against 1 (Holm), then each has its interval and is judged.
 */
#include "race/race_verdict.h"

#include "base/memory.h"
#include "measure/statistics/paired.h"
#include "measure/statistics/statistics.h"
#include "race/race_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const race_outcome_names[RACE_OUTCOMES] = {
    "recorded", "not apart", "faster", "less time", "more time", "slower", "copies apart", "noisy",
};

/* --- The sides by themselves --------------------------------------------------------------- */

/* The interval of a median at 95 %, of values (count) that are sorted; NaN: too few. */
static void find_interval(const double *sorted, size_t count, struct race_side_facts *facts)
{
    const int64_t rank = sign_test_rank(count, 0.05);
    facts->low = rank >= 0 ? sorted[rank] : NAN;
    facts->high = rank >= 0 ? sorted[count - 1 - (size_t)rank] : NAN;
}

/* Of a task, or of the geometric mean of all, from its logarithms (rounds, sides). */
static void describe_times(const struct race *race, const double *logarithms, size_t side,
                           struct race_side_facts *facts)
{
    double *seconds = memory_allocate(race->rounds, sizeof *seconds);
    for (size_t i = 0; i < race->rounds; i++)
        seconds[i] = exp(logarithms[i * race_columns(race) + side]);
    sort_ascending(seconds, race->rounds);
    facts->median = median(seconds, race->rounds);
    find_interval(seconds, race->rounds, facts);
    memory_free(seconds);
}

static double peak_of(const struct race_sample *sample)
{
    return sample->peak_bytes;
}

static double processors_of(const struct race_sample *sample)
{
    return sample->processors;
}

/* Of all runs of the tasks from `first` to before `beyond`; NaN where one is not known. */
static double median_of(const struct race *race, size_t first, size_t beyond, size_t side,
                        double (*value)(const struct race_sample *sample))
{
    double *values = memory_allocate(race->rounds * (beyond - first), sizeof *values);
    size_t count = 0;
    for (size_t round = 0; round < race->rounds; round++)
        for (size_t task = first; task < beyond; task++)
            values[count++] = value(race_sample_of(race, round, task, side));
    const double middle = median(values, count);
    memory_free(values);
    return middle;
}

static void describe_sides(const struct race *race, size_t task, const double *logarithms,
                           struct race_verdict *verdict)
{
    const bool mean = task == race->tasks;
    const size_t first = mean ? 0 : task, beyond = mean ? race->tasks : task + 1;
    for (size_t side = 0; side < race->sides; side++) {
        struct race_side_facts *facts = &verdict->sides[side];
        describe_times(race, logarithms, side, facts);
        facts->peak_bytes = median_of(race, first, beyond, side, peak_of);
        facts->processors = median_of(race, first, beyond, side, processors_of);
    }
}

/* --- Results ------------------------------------------------------------------------------- */

static void widen(struct race_difference *all, const struct race_difference *one)
{
    all->bits = all->bits || one->bits;
    all->shape = all->shape || one->shape;
    all->steps = fmax(all->steps, one->steps);
    all->relative = fmax(all->relative, one->relative);
    all->objective = fmax(all->objective, one->objective);
}

static void compare_results(const struct race *race, size_t task, struct race_verdict *verdict)
{
    widen(&verdict->own, race_difference_of(race, task, RACE_A));
    widen(&verdict->own, race_difference_of(race, task, RACE_COPY));
    if (race->sides == RACE_B)
        return;
    verdict->difference = *race_difference_of(race, task, RACE_B);
    verdict->other_results = race_difference_exceeds(&verdict->difference, &verdict->own);
}

/* Of all tasks, which have been compared. */
static void join_results(const struct race_verdict *tasks, size_t count, struct race_verdict *mean)
{
    for (size_t i = 0; i < count; i++) {
        widen(&mean->own, &tasks[i].own);
        widen(&mean->difference, &tasks[i].difference);
        mean->other_results = mean->other_results || tasks[i].other_results;
    }
}

/* --- Times --------------------------------------------------------------------------------- */

/* What is compared: logarithms of rounds, or of orders of links. */
struct values {
    size_t count;
    double *list; /* (count, race_columns()) */
};

/* Column b against column a. */
static struct aligned_shift compare(const struct race *race, struct values values, size_t a,
                                    size_t b, double alpha)
{
    const size_t columns = race_columns(race);
    double *both = memory_allocate(2 * values.count, sizeof *both);
    for (size_t i = 0; i < values.count; i++) {
        both[2 * i] = values.list[i * columns + a];
        both[2 * i + 1] = values.list[i * columns + b];
    }
    const struct aligned_shift shift = aligned_shift(both, values.count, 2, 1, alpha);
    memory_free(both);
    return shift;
}

/* B against A and its copy together; in a duet against the A that ran beside it. Without B, it is
 * the copy that is the last side. */
static struct aligned_shift compare_last(const struct race *race, struct values values,
                                         double alpha)
{
    if (race->options.duet)
        return compare(race, values, RACE_AGAIN, RACE_B, alpha);
    return aligned_shift(values.list, values.count, race->sides, race->sides - 1, alpha);
}

/* An interval without an end is as wide as can be. */
static double half_width(const struct aligned_shift *shift)
{
    return 0.5 * (shift->high - shift->low);
}

static enum race_outcome outcome_of(const struct race *race, const struct race_verdict *verdict)
{
    const struct aligned_shift *shift = &verdict->shift;
    if (verdict->reached > race->options.resolution)
        return RACE_NOISY;
    if (race->sides == RACE_B)
        return RACE_RECORDED;
    if (shift->p > verdict->alpha || (shift->low <= 0.0 && shift->high >= 0.0))
        return RACE_NOT_APART;
    if (shift->estimate < 0.0)
        return verdict->other_results ? RACE_LESS_TIME : RACE_FASTER;
    return shift->estimate > log1p(race->options.fail_slower) ? RACE_SLOWER : RACE_MORE_TIME;
}

/* `alpha`: of the control. */
static void judge(const struct race *race, struct values values, double alpha,
                  struct race_verdict *verdict)
{
    verdict->control = compare(race, values, RACE_A, RACE_COPY, alpha);
    double half = half_width(&verdict->control);
    if (race->sides > RACE_B) {
        verdict->shift = compare_last(race, values, verdict->alpha);
        half = fmax(half, half_width(&verdict->shift));
    }
    verdict->reached = expm1(half);
    const bool apart = verdict->control.p <= alpha;
    const double distance = fabs(verdict->control.estimate);
    if (apart) {
        verdict->shift.low -= distance;
        verdict->shift.high += distance;
    }
    verdict->outcome = apart && distance > 0.5 * log1p(race->options.resolution)
                           ? RACE_COPIES_APART
                           : outcome_of(race, verdict);
}

/* --- Orders of links ----------------------------------------------------------------------- */

/* Means of the rounds (rounds, sides) of each order (orders, sides). */
static double *means_of_orders(const struct race *race, const double *rounds)
{
    const size_t orders = race->options.orders, sides = race->sides;
    double *means = memory_allocate(orders * sides, sizeof *means);
    for (size_t round = 0; round < race->rounds; round++)
        for (size_t side = 0; side < sides; side++)
            means[round % orders * sides + side] +=
                rounds[round * sides + side] * (double)orders / (double)race->rounds;
    return means;
}

/* Each row of values (count, sides) loses its mean: of the variance of noise, or of orders, the
 * share (sides - 1) / sides is left. */
static void leave_out_levels(double *values, size_t count, size_t sides)
{
    for (size_t i = 0; i < count; i++) {
        double level = 0.0;
        for (size_t j = 0; j < sides; j++)
            level += values[i * sides + j] / (double)sides;
        for (size_t j = 0; j < sides; j++)
            values[i * sides + j] -= level;
    }
}

/* The squares of values (count, sides), summed up, each column around its mean. */
static double squares_of(const double *values, size_t count, size_t sides)
{
    double sum = 0.0;
    for (size_t j = 0; j < sides; j++) {
        double mean = 0.0;
        for (size_t i = 0; i < count; i++)
            mean += values[i * sides + j] / (double)count;
        for (size_t i = 0; i < count; i++)
            sum += pow(values[i * sides + j] - mean, 2.0);
    }
    return sum;
}

/* One-way analysis of variance with random effects: the means of m rounds each scatter by the
 * orders' variance, and by 1 / m of the rounds'. */
static double layout_of(const struct race *race, const double *rounds, const double *means)
{
    const size_t orders = race->options.orders, sides = race->sides;
    const size_t each = race->rounds / orders;
    const double free = (double)(sides - 1);
    double *middles = memory_allocate(orders * sides, sizeof *middles);
    double *left = memory_allocate(race->rounds * sides, sizeof *left);
    memcpy(middles, means, orders * sides * sizeof *middles);
    leave_out_levels(middles, orders, sides);
    memcpy(left, rounds, race->rounds * sides * sizeof *left);
    leave_out_levels(left, race->rounds, sides);
    for (size_t i = 0; i < race->rounds * sides; i++)
        left[i] -= middles[i % (orders * sides)];
    const double between = squares_of(middles, orders, sides) / (double)(orders - 1) / free;
    const double within =
        squares_of(left, race->rounds, sides) / (double)(race->rounds - orders) / free;
    memory_free(middles);
    memory_free(left);
    return sqrt(fmax(between - within / (double)each, 0.0));
}

/* What sides took, and what is compared of it. */
static struct values describe(const struct race *race, size_t task, struct race_verdict *verdict)
{
    double *rounds = race_logarithms(race, task);
    describe_sides(race, task, rounds, verdict);
    verdict->layout = NAN;
    if (race->options.orders == 0)
        return (struct values){race->rounds, rounds};
    double *means = means_of_orders(race, rounds);
    verdict->layout = layout_of(race, rounds, means);
    memory_free(rounds);
    return (struct values){race->options.orders, means};
}

/* --- All of them --------------------------------------------------------------------------- */

struct probability {
    double p;
    size_t verdict;
};

static int by_p(const void *a, const void *b)
{
    const struct probability *left = a, *right = b;
    return (left->p > right->p) - (left->p < right->p);
}

/* What each is held against, by how probable it is that B is as fast. */
static void share_alpha(const struct race *race, const struct values *values,
                        struct race_verdicts *verdicts)
{
    const size_t count = verdicts->count;
    struct probability *all = memory_allocate(count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (struct probability){compare_last(race, values[i], RACE_ALPHA).p, i};
    qsort(all, count, sizeof *all, by_p);
    double alpha = RACE_ALPHA / (double)count;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && all[i - 1].p <= alpha)
            alpha = RACE_ALPHA / (double)(count - i);
        verdicts->list[all[i].verdict].alpha = alpha;
    }
    memory_free(all);
}

/* What is worst comes first: an invalid race has no verdict, and one slower task is enough. Else it
 * is the last, which is of all. */
static size_t main_of(const struct race_verdicts *verdicts)
{
    size_t worst = verdicts->count - 1;
    for (size_t i = 0; i < verdicts->count; i++) {
        const enum race_outcome outcome = verdicts->list[i].outcome,
                                before = verdicts->list[worst].outcome;
        const bool slower = outcome == RACE_SLOWER && before == RACE_SLOWER &&
                            verdicts->list[i].shift.estimate > verdicts->list[worst].shift.estimate;
        if ((outcome >= RACE_SLOWER && outcome > before) || slower)
            worst = i;
    }
    return worst;
}

struct race_verdicts race_judge(const struct race *race)
{
    struct race_verdicts verdicts = {.count = race_verdict_count(race)};
    struct values *values = memory_allocate(verdicts.count, sizeof *values);
    verdicts.list = memory_allocate(verdicts.count, sizeof *verdicts.list);
    for (size_t i = 0; i < verdicts.count; i++)
        values[i] = describe(race, i, &verdicts.list[i]);
    share_alpha(race, values, &verdicts);
    for (size_t i = 0; i < verdicts.count; i++) {
        struct race_verdict *verdict = &verdicts.list[i];
        verdict->name = i < race->tasks ? race->names[i] : "all";
        if (i < race->tasks)
            compare_results(race, i, verdict);
        else
            join_results(verdicts.list, race->tasks, verdict);
        judge(race, values[i], RACE_ALPHA / (double)verdicts.count, verdict);
        memory_free(values[i].list);
    }
    memory_free(values);
    verdicts.main = main_of(&verdicts);
    return verdicts;
}

void race_verdicts_clear(struct race_verdicts *verdicts)
{
    memory_free(verdicts->list);
    *verdicts = (struct race_verdicts){.count = 0};
}

double race_resolution(const struct race *race)
{
    struct race_verdicts verdicts = race_judge(race);
    double reached = 0.0;
    for (size_t i = 0; i < verdicts.count; i++)
        reached = fmax(reached, verdicts.list[i].reached);
    race_verdicts_clear(&verdicts);
    return reached;
}

bool race_has_other_results(const struct race_verdicts *verdicts)
{
    return verdicts->list[verdicts->count - 1].other_results;
}
