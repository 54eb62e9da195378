/* SPDX-License-Identifier: MIT
 *
 * change_points: how often do change points (measure/statistics/change_points.h) tell of a change
 * that is none, how often and how soon do they find one, and what does that cost?
 *
 *     false changes   in levels that never change, N of 1,000 runs and 20 N of 50: as many in 1,000
 *                     runs
 *     steps found     a level of B runs, then a step of 3 %: the share found within 5, 10 and 20
 *                     runs after it
 *     cost            10,000 runs judged one by one, with a step in every 500
 *
 * for noise of several kinds. Nothing depends on the machine but the cost.
 *
 *     change_points [--levels N]     a table in Markdown
 */
#include "measure/statistics/change_points.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/system/clock.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RUNS = 1000, SHORT = 50, SERIES = 10000, SEED = 23, EVERY = 500, REPEATS = 20 };
static const double step = 1.03;

/* Draws the noise of a run, of standard deviation 1 where it has one. */
typedef double noise_draw(struct random_stream *stream);

static double normal(struct random_stream *stream)
{
    return random_normal(stream);
}

/* Normal, but one run in twenty was disturbed, and took up to 20 standard deviations longer. */
static double disturbed(struct random_stream *stream)
{
    const double noise = random_normal(stream), luck = random_uniform(stream);
    return luck < 0.05 ? noise + 20.0 * random_uniform(stream) : noise;
}

/* Student's t of 3 degrees of freedom, scaled to the quartiles of a normal one: heavy tails. */
static double heavy(struct random_stream *stream)
{
    double squares = 0.0;
    const double noise = random_normal(stream);
    for (int i = 0; i < 3; i++) {
        const double part = random_normal(stream);
        squares += part * part;
    }
    return noise / sqrt(squares / 3.0) / 1.134;
}

static const struct noise_kind {
    const char *name;
    noise_draw *draw;
} kinds[] = {
    {"normal", normal}, {"one run in 20 disturbed", disturbed}, {"heavy tails (t, 3)", heavy}};

static void draw_runs(struct change_reading *readings, size_t count, size_t from, double level,
                      double scatter, noise_draw *draw, struct random_stream *stream)
{
    for (size_t i = 0; i < count; i++)
        readings[i] =
            (struct change_reading){.value = (i < from ? 1.0 : level) * exp(scatter * draw(stream)),
                                    .low = NAN,
                                    .high = NAN};
}

/* --- False changes --------------------------------------------------------------------------- */

static bool print_false(const struct noise_kind *kind, size_t runs, int64_t levels,
                        struct change_reading *readings)
{
    size_t found = 0;
    levels *= (int64_t)(RUNS / runs);
    for (int64_t i = 0; i < levels; i++) {
        struct random_stream stream = random_open(SEED, RANDOM_START, (uint64_t)i);
        struct change_points changes;
        draw_runs(readings, runs, runs, 1.0, 0.01, kind->draw, &stream);
        change_points_find(readings, runs, &changes);
        found += changes.count;
        change_points_clear(&changes);
    }
    const double all = (double)runs * (double)levels, rate = (double)RUNS * (double)found / all;
    printf("| %s | %zu | %zu in %.0f runs | %.2f | %s |\n", kind->name, runs, found, all, rate,
           rate <= 1.0 ? "holds" : "MISSED");
    return rate <= 1.0;
}

/* --- Steps ----------------------------------------------------------------------------------- */

/* Runs after the step until it is found; SIZE_MAX: it is not. */
static size_t delay(const struct change_reading *readings, size_t before, size_t after)
{
    struct change_points changes;
    size_t found = SIZE_MAX;
    change_points_find(readings, before + after, &changes);
    for (size_t i = 0; i < changes.count && found == SIZE_MAX; i++)
        if (changes.points[i].found >= before && changes.points[i].ratio > 1.0)
            found = changes.points[i].found - before + 1;
    change_points_clear(&changes);
    return found;
}

static void print_steps(const struct noise_kind *kind, double scatter, size_t before,
                        int64_t levels, struct change_reading *readings)
{
    static const size_t within[] = {3, 5, 10, 20};
    size_t found[4] = {0};
    for (int64_t i = 0; i < levels; i++) {
        struct random_stream stream = random_open(SEED + 1, RANDOM_START, (uint64_t)i);
        draw_runs(readings, before + 20, before, step, scatter, kind->draw, &stream);
        const size_t runs = delay(readings, before, 20);
        for (size_t w = 0; w < 4; w++)
            found[w] += runs <= within[w];
    }
    printf("| %s | %.1f %% | %zu |", kind->name, 100.0 * scatter, before);
    for (size_t w = 0; w < 4; w++)
        printf(" %.1f %% |", 100.0 * (double)found[w] / (double)levels);
    printf("\n");
}

/* --- Cost ------------------------------------------------------------------------------------ */

/* The least of some times. */
static double judge_seconds(const struct change_reading *readings, size_t *found)
{
    double least = INFINITY;
    for (int i = 0; i < REPEATS; i++) {
        struct change_points changes;
        const double begin = clock_seconds();
        change_points_find(readings, SERIES, &changes);
        least = fmin(least, clock_seconds() - begin);
        *found = changes.count;
        change_points_clear(&changes);
    }
    return least;
}

static bool print_cost(struct change_reading *readings)
{
    struct random_stream stream = random_open(SEED + 2, RANDOM_START, 0);
    size_t found;
    draw_runs(readings, SERIES, SERIES, 1.0, 0.01, normal, &stream);
    for (size_t i = 0; i < SERIES; i++)
        readings[i].value *= (i / EVERY) % 2 == 1 ? step : 1.0;
    const double seconds = judge_seconds(readings, &found);
    printf(
        "%d runs with %d steps of 3 %%, judged after each: %.1f ms, at most 50 (%s); %zu changes "
        "found.\n",
        SERIES, SERIES / EVERY - 1, 1e3 * seconds, seconds < 0.05 ? "holds" : "MISSED", found);
    return seconds < 0.05;
}

int main(int argc, char **argv)
{
    int64_t levels = 1000;
    if (argc != 1 && (argc != 3 || strcmp(argv[1], "--levels") != 0 ||
                      !text_to_integer(argv[2], &levels) || levels < 1 || levels > 1000000)) {
        fputs("change_points: usage: change_points [--levels N], from 1 to 1000000\n", stderr);
        return 2;
    }
    struct change_reading *readings = memory_allocate(SERIES, sizeof *readings);
    bool holds = true;
    printf(
        "A level that stays, runs that scatter by 1 %%; at most 1 false change in 1,000 runs:\n\n"
        "| noise | runs of a level | false changes | in 1,000 runs | |\n|---|--:|--:|--:|---|\n");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        holds = print_false(&kinds[k], RUNS, levels, readings) && holds;
        holds = print_false(&kinds[k], SHORT, levels, readings) && holds;
    }
    printf("\nA step of 3 %%, found within so many runs after it:\n\n"
           "| noise | scatter | runs before | 3 | 5 | 10 | 20 |\n"
           "|---|--:|--:|--:|--:|--:|--:|\n");
    static const double scatters[] = {0.005, 0.01, 0.015, 0.02};
    static const size_t befores[] = {20, 50, 200};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t s = 0; s < sizeof scatters / sizeof *scatters; s++)
            for (size_t b = 0; b < sizeof befores / sizeof *befores; b++)
                print_steps(&kinds[k], scatters[s], befores[b], levels, readings);
    printf("\n");
    holds = print_cost(readings) && holds;
    memory_free(readings);
    return holds ? 0 : 1;
}
