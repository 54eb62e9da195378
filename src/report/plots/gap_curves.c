/* SPDX-License-Identifier: MIT
 *
 * Traces of one entrant are read together, and forgotten when their rows are known.
 */
#include "report/plots/gap_curves.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "report/plots/plot.h"

/* The traces of one entrant. */
struct traces {
    size_t count, capacity;
    struct trace *items; /* (count) */
    bool solo;           /* all have seconds of their own */
};

static void traces_clear(struct traces *traces)
{
    for (size_t i = 0; i < traces->count; i++)
        memory_free(traces->items[i].points);
    memory_free(traces->items);
    *traces = (struct traces){0};
}

/* --- Who is drawn --------------------------------------------------------------------------- */

static const struct entrant *least(const struct problem *problem, size_t side)
{
    const struct entrant *best = NULL;
    double objective = INFINITY;
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        for (size_t r = 0; r < entrant->count && entrant->sound && entrant->side == side; r++)
            if (entrant->runs[r].best < objective) {
                objective = entrant->runs[r].best;
                best = entrant;
            }
    }
    return best;
}

/* NULL: no trial of the side ended well here. */
static const struct entrant *best_of(const struct comparison *comparison, size_t p, size_t side)
{
    const struct problem *problem = &comparison->contenders.problems[p];
    for (size_t t = problem->targets; t-- > 0;) {
        const struct side_best *place = &comparison->matches[p].verdicts[t].places[side];
        if (place->entrant != NULL && isfinite(place->seconds))
            return place->entrant;
    }
    return least(problem, side);
}

/* The laps of an entrant, whatever their seeds and wherever they are recorded. */
static bool read_entrant(const struct contenders *contenders, const struct entrant *entrant,
                         struct traces *traces, struct error *error)
{
    bool finals = entrant_has(entrant, TIMED_IN_FINALS);
    *traces = (struct traces){.solo = true};
    for (size_t r = 0; r < entrant->count; r++) {
        const struct lap *lap = &entrant->runs[r];
        struct trace trace;
        if ((lap->final > 0) != finals)
            continue;
        if (!store_read_trace(contenders->opened[lap->source].store, lap->trial, &trace, error))
            return false;
        traces->items =
            memory_grow(traces->items, &traces->capacity, traces->count + 1, sizeof trace);
        traces->items[traces->count++] = trace;
        traces->solo = traces->solo && lap->solo;
    }
    return true;
}

/* --- What is drawn of them ------------------------------------------------------------------ */

/* Below this a gap is what rounding leaves. */
static const double floor_gap = 1e-16;

static struct gap_spread spread_of(const double *values, size_t count)
{
    return (struct gap_spread){quantile(values, count, 0.25), median(values, count),
                               quantile(values, count, 0.75)};
}

/* The seconds and gaps (each of traces->count) of the trials that have recorded the epoch at place
 * `p` of their traces. Returns how many have. */
static size_t gather(const struct traces *traces, size_t p, int64_t epoch, double optimum,
                     double *seconds, double *gaps)
{
    size_t count = 0;
    for (size_t i = 0; i < traces->count; i++) {
        const struct trace *trace = &traces->items[i];
        if (p >= trace->count || trace->points[p].epoch != epoch)
            continue;
        seconds[count] = trace->points[p].seconds;
        gaps[count++] = fmax(trace->points[p].objective - optimum, floor_gap);
    }
    return count;
}

static const struct trace *longest(const struct traces *traces)
{
    const struct trace *found = NULL;
    for (size_t i = 0; i < traces->count; i++)
        if (found == NULL || traces->items[i].count > found->count)
            found = &traces->items[i];
    return found;
}

static void fill_rows(struct gap_curve *curve, const struct traces *traces, double optimum)
{
    double *seconds = memory_allocate(2 * traces->count + 1, sizeof *seconds),
           *gaps = seconds + traces->count, next = 0.0;
    const struct trace *guide = longest(traces);
    for (size_t p = 1; guide != NULL && p < guide->count; p++) {
        int64_t epoch = guide->points[p].epoch;
        size_t count = gather(traces, p, epoch, optimum, seconds, gaps);
        if (2 * count < traces->count || !plot_shows(epoch, p + 1 == guide->count, &next))
            continue;
        curve->rows =
            memory_grow(curve->rows, &curve->capacity, curve->count + 1, sizeof *curve->rows);
        curve->rows[curve->count++] = (struct gap_row){
            epoch, curve->timed ? spread_of(seconds, count) : (struct gap_spread){NAN, NAN, NAN},
            spread_of(gaps, count)};
    }
    memory_free(seconds);
}

bool gap_curves_read(struct gap_curves *curves, const struct comparison *comparison, size_t problem,
                     struct error *error)
{
    const struct contenders *contenders = &comparison->contenders;
    *curves = (struct gap_curves){0};
    for (size_t s = 0; s < contenders->sides.count; s++) {
        const struct entrant *entrant = best_of(comparison, problem, s);
        struct traces traces = {0};
        bool read = entrant == NULL || read_entrant(contenders, entrant, &traces, error);
        if (read && entrant != NULL) {
            struct gap_curve *curve = &curves->curves[curves->count++];
            *curve = (struct gap_curve){
                .side = s, .entrant = entrant, .trials = traces.count, .timed = traces.solo};
            fill_rows(curve, &traces, contenders->problems[problem].optimum.objective);
        }
        traces_clear(&traces);
        if (!read)
            return false;
    }
    return true;
}

void gap_curves_clear(struct gap_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++)
        memory_free(curves->curves[i].rows);
    *curves = (struct gap_curves){0};
}
