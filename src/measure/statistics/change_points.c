/* SPDX-License-Identifier: MIT
 *
 * Sums over runs of a level are differences of running sums, so that a window costs the same
 * however long it is. What a run counts as, clipped, depends on the level that it met; when a
 * change is found the runs of the new level are clipped anew, around their own median.
 *
 * The numbers below were chosen by simulation (results/change-points.md): CLIP trades what is lost
 * of a step against outliers, WINDOW small steps against the threshold, THRESHOLD false changes
 * against late ones.
 */
#include "measure/statistics/change_points.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    WINDOW_LEAST = 3, /* one run is never a change, nor are two */
    WINDOW = 32,      /* the most last runs that are compared with those before */
    BEFORE_LEAST = 4, /* runs of the level before */
    DIFFERENCES = 200 /* the last, from which the scatter is found */
};
static const double CLIP = 3.0, THRESHOLD = 4.05, SHORTAGE = 2.3;
static const double NORMAL_95 = 1.959963984540054;
/* Median of |z|, and mean of min(z^2, 9), of a standard normal z. */
static const double NORMAL_MEDIAN = 0.6744897501960817, NORMAL_CLIPPED = 0.9950,
                    DIFFERENCE_CLIP = 3.0;

/* The series as far as it was read. */
struct series {
    size_t start;               /* of the level that holds */
    double *logs, *variance;    /* (count) log of the value; of its own interval, 0: none */
    double *sum, *weight;       /* (count + 1) running sums over the runs before */
    double scatter;             /* NaN: not known yet */
    size_t seen;                /* differences */
    double last[DIFFERENCES];   /* the last of them, by seen modulo DIFFERENCES */
    double sorted[DIFFERENCES]; /* the same, ascending */
};

/* --- Scatter -------------------------------------------------------------------------------- */

/* The first place in values (count), ascending, that is not below `value`. */
static size_t place_of(const double *values, size_t count, double value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void take_difference(struct series *series, double difference)
{
    size_t count = series->seen < DIFFERENCES ? series->seen : DIFFERENCES;
    double *slot = &series->last[series->seen++ % DIFFERENCES], *sorted = series->sorted;
    if (count == DIFFERENCES) {
        size_t gone = place_of(sorted, count--, *slot);
        memmove(sorted + gone, sorted + gone + 1, (count - gone) * sizeof *sorted);
    }
    *slot = fabs(difference);
    size_t at = place_of(sorted, count, *slot);
    memmove(sorted + at + 1, sorted + at, (count - at) * sizeof *sorted);
    sorted[at] = *slot;
}

static void find_scatter(struct series *series)
{
    const size_t count = series->seen < DIFFERENCES ? series->seen : DIFFERENCES;
    const double *sorted = series->sorted;
    if (count + 1 < CHANGE_RUNS_LEAST)
        return;
    const double middle = (sorted[count / 2] + sorted[(count - 1) / 2]) / 2.0;
    const double most = DIFFERENCE_CLIP * middle / NORMAL_MEDIAN;
    const size_t within = place_of(sorted, count, most);
    double squares = (double)(count - within) * most * most;
    for (size_t i = 0; i < within; i++)
        squares += sorted[i] * sorted[i];
    const double scatter = sqrt(squares / (2.0 * NORMAL_CLIPPED * (double)count));
    series->scatter = scatter > CHANGE_SCATTER_LEAST ? scatter : CHANGE_SCATTER_LEAST;
}

/* --- Levels --------------------------------------------------------------------------------- */

/* At most 1: less for a run that knows its own value less well than runs differ. */
static double weight_of(const struct series *series, size_t run)
{
    const double square = series->scatter * series->scatter;
    return series->variance[run] > square ? square / series->variance[run] : 1.0;
}

/* The value of a run, as far from `level` as it may count. */
static double clipped(const struct series *series, size_t run, double level, double weight)
{
    const double most = CLIP * series->scatter / sqrt(weight);
    const double away = series->logs[run] - level;
    return level + (away > most ? most : away < -most ? -most : away);
}

static void add_run(struct series *series, size_t run, double level)
{
    const double weight = weight_of(series, run);
    series->sum[run + 1] = series->sum[run] + weight * clipped(series, run, level, weight);
    series->weight[run + 1] = series->weight[run] + weight;
}

/* The level that runs `from` to `to` (not included) have, and what they weigh together. */
static double level_of(const struct series *series, size_t from, size_t to, double *weight)
{
    *weight = series->weight[to] - series->weight[from];
    return (series->sum[to] - series->sum[from]) / *weight;
}

/* Begins a level: its runs, up to `to`, are clipped around their median. */
static void begin_level(struct series *series, size_t from, size_t to)
{
    const double level = median(series->logs + from, to - from);
    for (size_t run = from; run < to; run++)
        add_run(series, run, level);
    series->start = from;
}

/* --- The test ------------------------------------------------------------------------------- */

/* Squared, as z is compared. */
static double threshold(const struct series *series)
{
    const size_t count = series->seen < DIFFERENCES ? series->seen : DIFFERENCES;
    const double bound = THRESHOLD * (1.0 + SHORTAGE / (double)count);
    return bound * bound;
}

/* The number of last runs, up to `end`, that differ most from those of the level before; 0: none
 * differ by enough. */
static size_t changed_runs(const struct series *series, size_t end)
{
    const double square = series->scatter * series->scatter;
    double largest = threshold(series) * square;
    size_t changed = 0;
    for (size_t w = WINDOW_LEAST; w <= WINDOW && series->start + BEFORE_LEAST + w <= end; w++) {
        double after, before;
        const double difference = level_of(series, end - w, end, &after) -
                                  level_of(series, series->start, end - w, &before);
        const double z = difference * difference / (1.0 / after + 1.0 / before);
        if (z > largest) {
            largest = z;
            changed = w;
        }
    }
    return changed;
}

static void note_change(struct change_points *changes, size_t *capacity, size_t first, size_t found)
{
    changes->points =
        memory_grow(changes->points, capacity, changes->count + 1, sizeof *changes->points);
    changes->points[changes->count++] = (struct change_point){.first = first, .found = found};
}

/* Reads all runs, one by one, and notes where changes were found. */
static void watch(struct series *series, size_t count, struct change_points *changes)
{
    size_t capacity = 0;
    for (size_t run = 1; run < count; run++) {
        double weight;
        take_difference(series, series->logs[run] - series->logs[run - 1]);
        find_scatter(series);
        if (run + 1 < CHANGE_RUNS_LEAST)
            continue;
        if (run + 1 == CHANGE_RUNS_LEAST)
            begin_level(series, 0, run + 1);
        else
            add_run(series, run, level_of(series, series->start, run, &weight));
        const size_t changed = changed_runs(series, run + 1);
        if (changed == 0)
            continue;
        note_change(changes, &capacity, run + 1 - changed, run);
        begin_level(series, run + 1 - changed, run + 1);
    }
}

/* --- Place and size ------------------------------------------------------------------------- */

/* Clips all runs around the median of the level that they are of, one pass over the series. */
static void clip_all(struct series *series, const struct change_points *changes, size_t count)
{
    for (size_t i = 0; i <= changes->count; i++)
        begin_level(series, i > 0 ? changes->points[i - 1].first : 0,
                    i < changes->count ? changes->points[i].first : count);
}

/* How badly a run fits a level, in squares of its scatter: as much as an outlier does at most. */
static double misfit(const struct series *series, size_t run, double level)
{
    const double away = (series->logs[run] - level) / series->scatter;
    return fmin(weight_of(series, run) * away * away, CLIP * CLIP);
}

/* Moves a change to the place at which its runs, `from` to `to`, fit the two levels best, and says
 * how far off it may be: by places at which they fit them less well by less than the 95 % quantile
 * of chi-squared with one degree of freedom. */
static void settle(const struct series *series, struct change_point *point, size_t from, size_t to)
{
    double worse[2 * WINDOW + 1] = {0.0}; /* than with the first place */
    double weight, least = 0.0, sum = 0.0;
    const double before = level_of(series, from, point->first, &weight);
    const double after = level_of(series, point->first, to, &weight);
    const size_t low = point->first > from + WINDOW ? point->first - WINDOW : from + 1;
    const size_t high = point->first + WINDOW < to ? point->first + WINDOW : to - 1;
    for (size_t run = low; run < high; run++) {
        sum += misfit(series, run, before) - misfit(series, run, after);
        worse[run + 1 - low] = sum;
        least = fmin(least, sum);
    }
    size_t best = 0, first = 0, last = 0;
    for (size_t i = high - low + 1; i-- > 0;) {
        best = worse[i] == least ? i : best;
        first = worse[i] - least < NORMAL_95 * NORMAL_95 ? i : first;
    }
    for (size_t i = 0; i <= high - low; i++)
        last = worse[i] - least < NORMAL_95 * NORMAL_95 ? i : last;
    *point = (struct change_point){
        .first = low + best, .earliest = low + first, .latest = low + last, .found = point->found};
}

static void measure(const struct series *series, struct change_point *point, size_t from, size_t to)
{
    double before, after;
    const double difference =
        level_of(series, point->first, to, &after) - level_of(series, from, point->first, &before);
    const double margin = NORMAL_95 * series->scatter * sqrt(1.0 / before + 1.0 / after);
    point->ratio = exp(difference);
    point->low = exp(difference - margin);
    point->high = exp(difference + margin);
}

/* The runs on both sides of a change: from the change before it to the one after it. */
static size_t from_of(const struct change_points *changes, size_t i)
{
    return i > 0 ? changes->points[i - 1].first : 0;
}

static size_t to_of(const struct change_points *changes, size_t i, size_t count)
{
    return i + 1 < changes->count ? changes->points[i + 1].first : count;
}

static void conclude(struct series *series, size_t count, struct change_points *changes)
{
    double weight;
    clip_all(series, changes, count);
    for (size_t i = 0; i < changes->count; i++)
        settle(series, &changes->points[i], from_of(changes, i), to_of(changes, i, count));
    clip_all(series, changes, count);
    for (size_t i = 0; i < changes->count; i++)
        measure(series, &changes->points[i], from_of(changes, i), to_of(changes, i, count));
    changes->scatter = series->scatter;
    changes->level_first = series->start;
    const double level = level_of(series, series->start, count, &weight);
    const double margin = NORMAL_95 * series->scatter / sqrt(weight);
    changes->level = exp(level);
    changes->low = exp(level - margin);
    changes->high = exp(level + margin);
}

/* Of too few runs only the middle is known. */
static void conclude_few(const struct series *series, size_t count, struct change_points *changes)
{
    changes->scatter = changes->low = changes->high = NAN;
    changes->level = count > 0 ? exp(median(series->logs, count)) : NAN;
}

void change_points_find(const struct change_reading *readings, size_t count,
                        struct change_points *changes)
{
    struct series series = {.scatter = NAN};
    double *room = memory_allocate(4 * (count + 1), sizeof *room);
    series.logs = room;
    series.variance = room + (count + 1);
    series.sum = room + 2 * (count + 1);
    series.weight = room + 3 * (count + 1);
    *changes = (struct change_points){0};
    for (size_t i = 0; i < count; i++) {
        const struct change_reading *reading = &readings[i];
        const double deviation = log(reading->high / reading->low) / (2.0 * NORMAL_95);
        series.logs[i] = log(reading->value);
        series.variance[i] = isfinite(deviation) ? deviation * deviation : 0.0;
    }
    if (count >= CHANGE_RUNS_LEAST) {
        watch(&series, count, changes);
        conclude(&series, count, changes);
    } else {
        conclude_few(&series, count, changes);
    }
    memory_free(room);
}

void change_points_clear(struct change_points *changes)
{
    memory_free(changes->points);
    *changes = (struct change_points){0};
}
