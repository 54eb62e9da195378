/* SPDX-License-Identifier: MIT
 *
 * The median of absolute deviations is 0.6745 standard deviations where noise is normal, and a
 * difference of two runs scatters sqrt(2) times as far as one.
 */
#include "race/race_plan.h"

#include "base/duration.h"
#include "base/memory.h"
#include "measure/statistics/aligned_ranks.h"
#include "measure/statistics/normal.h"
#include "measure/statistics/statistics.h"
#include "race/race_verdict.h"

#include <math.h>

/* Rounds that belong together: those of a Latin square or, as orders are a multiple of that, those
 * in which each order of links is run once; those in which duets have all of their places. */
static size_t step_of(const struct race *race)
{
    enum { DUET_PLACES = 4 };
    if (race->options.duet)
        return DUET_PLACES;
    return race->options.orders > 0 ? race->options.orders : race->sides;
}

static size_t rounded_up(double rounds, size_t step)
{
    return (size_t)ceil(rounds / (double)step) * step;
}

static size_t rounded_down(double rounds, size_t step)
{
    return (size_t)floor(rounds / (double)step) * step;
}

/* Of the first, which has to do with all of the errors allowed (race_verdict.h). */
static double critical(const struct race *race)
{
    return normal_critical(0.5 * RACE_ALPHA / (double)race_verdict_count(race));
}

size_t race_values_least(const struct race *race)
{
    const size_t least = aligned_rounds_needed(RACE_ALPHA / (double)race_verdict_count(race));
    return rounded_up((double)least, race->options.duet ? step_of(race) : race->sides);
}

size_t race_pilot(const struct race *race)
{
    return race->options.orders > 0 ? 2 * race->options.orders : race_values_least(race);
}

double *race_logarithms(const struct race *race, size_t task)
{
    const bool mean = task == race->tasks;
    const size_t first = mean ? 0 : task, beyond = mean ? race->tasks : task + 1;
    const size_t columns = race_columns(race);
    double *values = memory_allocate(race->rounds * columns, sizeof *values);
    for (size_t round = 0; round < race->rounds; round++)
        for (size_t column = 0; column < columns; column++)
            for (size_t t = first; t < beyond; t++)
                values[round * columns + column] +=
                    log(race_sample_of(race, round, t, column)->seconds) / (double)(beyond - first);
    return values;
}

/* Deviations (rounds) of the differences of two sides from their median. */
static void add_deviations(const double *values, size_t rounds, size_t sides, size_t a, size_t b,
                           double *deviations)
{
    for (size_t i = 0; i < rounds; i++)
        deviations[i] = values[i * sides + b] - values[i * sides + a];
    const double middle = median(deviations, rounds);
    for (size_t i = 0; i < rounds; i++)
        deviations[i] = fabs(deviations[i] - middle);
}

/* In a duet only what ran at the same time. */
static bool are_compared(const struct race *race, size_t a, size_t b)
{
    return !race->options.duet || (a == RACE_A && b == RACE_COPY) ||
           (a == RACE_B && b == RACE_AGAIN);
}

static double scatter_of(const struct race *race, size_t task)
{
    static const double normal = 0.6744897501960817; /* P(|Z| < it) = 1/2 */
    const size_t columns = race_columns(race);
    double *values = race_logarithms(race, task);
    double *deviations = memory_allocate(columns * columns * race->rounds, sizeof *deviations);
    size_t pairs = 0;
    for (size_t a = 0; a < columns; a++)
        for (size_t b = a + 1; b < columns; b++)
            if (are_compared(race, a, b))
                add_deviations(values, race->rounds, columns, a, b,
                               deviations + race->rounds * pairs++);
    const double scatter = median(deviations, pairs * race->rounds) / normal / sqrt(2.0);
    memory_free(values);
    memory_free(deviations);
    return scatter;
}

static double rounds_for(const struct race *race, double scatter)
{
    static const double found_too_small = 1.25;
    const double z = critical(race) + normal_critical(RACE_MISSED);
    const double sides = race->options.duet ? 2.0 : (double)race->sides; /* compared at a time */
    const double share = sides / (sides - 1.0);
    return pow(z * found_too_small * scatter / log1p(race->options.resolution), 2.0) * share;
}

/* Where intervals of the rounds that there are hide what is to be told, though runs scatter by
 * less: rounds until they are as wide as they should be, by the root of their number. The orders of
 * links are as many as they are. */
static double rounds_for_width(const struct race *race)
{
    static const double enough = 0.75;
    const double allowed = log1p(race->options.resolution);
    const double half = log1p(race_resolution(race));
    if (race->options.orders > 0 || !(half > allowed) || isinf(half))
        return 0.0;
    return (double)race->rounds * pow(half / (enough * allowed), 2.0);
}

/* Those that are run already stay. */
static void limit(struct race *race, double most, const char *by)
{
    struct race_plan *plan = &race->plan;
    const size_t allowed = rounded_down(most, step_of(race));
    if (plan->rounds <= allowed || plan->rounds <= race->rounds)
        return;
    plan->rounds = allowed > race->rounds ? allowed : race->rounds;
    plan->limited_by = by;
}

void race_plan_make(struct race *race)
{
    static const double most = 1e9;
    const double each = race->seconds / (double)race->rounds;
    struct race_plan *plan = &race->plan;
    *plan = (struct race_plan){.limited_by = NULL};
    for (size_t task = 0; task < race->tasks; task++)
        plan->scatter = fmax(plan->scatter, scatter_of(race, task));
    const double wanted = fmax(rounds_for(race, plan->scatter), rounds_for_width(race));
    plan->wanted = rounded_up(fmin(wanted, most), step_of(race));
    if (plan->wanted < race->rounds)
        plan->wanted = race->rounds;
    plan->rounds = plan->wanted;
    limit(race, (double)race->options.rounds_most, "--rounds");
    if (each > 0.0)
        limit(race, race->options.seconds_most / each, "--time");
    plan->seconds = each * (double)plan->rounds;
}

void race_plan_tell(const struct race *race, FILE *out)
{
    const struct race_plan *plan = &race->plan;
    char seconds[DURATION_TEXT];
    fprintf(out, "plan: %zu rounds in %s: runs of one side scatter by %.3g %%", plan->rounds,
            duration_text(plan->seconds, seconds), 100.0 * expm1(plan->scatter));
    if (plan->limited_by != NULL)
        fprintf(out, "; to find %.3g %%, %zu rounds are wanted, and %s allows no more",
                100.0 * race->options.resolution, plan->wanted, plan->limited_by);
    fputc('\n', out);
}
