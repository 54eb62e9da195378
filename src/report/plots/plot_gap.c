/* SPDX-License-Identifier: MIT
 *
 * The gap F - F* over epochs and over seconds, on a logarithmic scale: of each side its best
 * configuration, the one that the comparison has at the last target the side comes to. The line is
 * the median of its trials, epoch by epoch; the band around it reaches from the least of them to
 * the largest, in seconds as well as in the gap. Trials of the finals are preferred, for they were
 * timed after the choice.
 */
#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "report/comparison/comparison.h"
#include "report/plots/plot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* One recorded epoch: least, median and largest. */
struct gap_spread {
    double low, middle, high;
};

static struct gap_spread spread_of(const double *values, size_t count)
{
    return (struct gap_spread){quantile(values, count, 0.0), median(values, count),
                               quantile(values, count, 1.0)};
}

struct gap_ranges {
    struct plot_range epochs, seconds, gap;
};

enum { FEW = 4 }; /* sides whose bands may hide what is behind them */

/* Below this a gap is what rounding leaves. */
static const double floor_gap = 1e-16;

/* A row "epoch, seconds (low, median, high), gap (low, median, high)" for every epoch that is
 * recorded in most of the trials and shown. */
static void write_rows(const struct traces *traces, double optimum, struct gap_ranges *ranges,
                       FILE *script)
{
    double *seconds = memory_allocate(2 * traces->count + 1, sizeof *seconds),
           *gaps = seconds + traces->count, next = 0.0;
    size_t longest = 0, rows = 0;
    for (size_t i = 0; i < traces->count; i++)
        if (traces->items[i].count > traces->items[longest].count)
            longest = i;
    const struct trace *guide = traces->count > 0 ? &traces->items[longest] : NULL;
    for (size_t p = 1; guide != NULL && p < guide->count; p++) {
        int64_t epoch = guide->points[p].epoch;
        size_t count = 0;
        for (size_t i = 0; i < traces->count; i++) {
            const struct trace *trace = &traces->items[i];
            if (p >= trace->count || trace->points[p].epoch != epoch)
                continue;
            seconds[count] = trace->points[p].seconds;
            gaps[count++] = fmax(trace->points[p].objective - optimum, floor_gap);
        }
        if (2 * count < traces->count || !plot_shows(epoch, p + 1 == guide->count, &next))
            continue;
        struct gap_spread s = spread_of(seconds, count), g = spread_of(gaps, count);
        plot_widen(&ranges->epochs, (double)epoch);
        plot_widen(&ranges->gap, g.low);
        plot_widen(&ranges->gap, g.high);
        if (traces->solo) {
            plot_widen(&ranges->seconds, s.low);
            plot_widen(&ranges->seconds, s.high);
        } else {
            s = (struct gap_spread){NAN, NAN, NAN};
        }
        fprintf(script, "%" PRId64 " %.6g %.6g %.6g %.6g %.6g %.6g\n", epoch, s.low, s.middle,
                s.high, g.low, g.middle, g.high);
        rows++;
    }
    if (rows == 0)
        fprintf(script, "NaN NaN NaN NaN NaN NaN NaN\n");
    memory_free(seconds);
}

enum { SIDE_NAME = QUANTITY_TEXT + PLOT_NAME };

/* The sides that have something to show: their numbers and legends. */
struct shown {
    size_t count;
    size_t sides[SIDES_MOST];
    char names[SIDES_MOST][SIDE_NAME];
};

/* "batch: gd, rate 1"; a solver as a side need not be named twice. */
static void name_side(const char *side, const struct configuration *values,
                      char text[static SIDE_NAME])
{
    char name[PLOT_NAME];
    bool twice = strcmp(side, values->solver->name) == 0;
    snprintf(text, SIDE_NAME, "%s%s%s", twice ? "" : side, twice ? "" : ": ",
             plot_name(values, name));
}

static bool write_sides(const struct comparison *comparison, size_t p, struct shown *shown,
                        struct gap_ranges *ranges, struct picture *picture, struct error *error)
{
    const struct contenders *contenders = &comparison->contenders;
    for (size_t s = 0; s < contenders->sides.count; s++) {
        const struct entrant *entrant = best_of(comparison, p, s);
        struct traces traces = {0};
        if (entrant == NULL)
            continue;
        if (!read_entrant(contenders, entrant, &traces, error)) {
            traces_clear(&traces);
            return false;
        }
        fprintf(picture->script, "$side%zu << END\n", shown->count);
        write_rows(&traces, contenders->problems[p].optimum.objective, ranges, picture->script);
        fprintf(picture->script, "END\n");
        shown->sides[shown->count] = s;
        name_side(contenders->sides.names[s], &entrant->values, shown->names[shown->count++]);
        traces_clear(&traces);
    }
    return true;
}

/* Band and median of every side; gnuplot fills between two columns over one x only, so the band
 * over seconds, whose ends differ in x as well, is an outline of both. */
static void plot_sides(const struct sides *sides, const struct shown *shown, bool seconds,
                       struct picture *picture)
{
    FILE *script = picture->script;
    fprintf(script, "plot ");
    for (size_t i = 0; i < shown->count; i++) {
        struct ink ink = palette_ink(sides->names[shown->sides[i]], shown->sides[i]);
        fprintf(script,
                "$%s%zu using %s with filledcurves %s fillstyle solid noborder linecolor rgb "
                "'#%s%s' notitle, ",
                seconds ? "band" : "side", i, seconds ? "1:2" : "1:5:7", seconds ? "closed" : "",
                shown->count > FEW ? "e0" : "b0", ink.colour + 1);
    }
    for (size_t i = 0; i < shown->count; i++) {
        fprintf(script, "%s$side%zu using %s with lines linewidth 2.5", i > 0 ? ", " : "", i,
                seconds ? "3:6" : "1:6");
        plot_ink(picture, palette_ink(sides->names[shown->sides[i]], shown->sides[i]));
        fprintf(script, " title ");
        picture_text(picture, shown->names[i]);
    }
    fprintf(script, "\n");
}

/* There along the least seconds and gaps, and back along the largest. */
static void write_bands(const struct shown *shown, struct picture *picture)
{
    for (size_t i = 0; i < shown->count; i++)
        fprintf(picture->script,
                "set print $band%zu\ndo for [i=1:|$side%zu|] {\nprint word($side%zu[i], 2).' "
                "'.word($side%zu[i], 5)\n}\ndo for [i=1:|$side%zu|] {\nk = |$side%zu| + 1 - i\n"
                "print word($side%zu[k], 4).' '.word($side%zu[k], 7)\n}\nunset print\n",
                i, i, i, i, i, i, i, i);
}

static void plot_both(const struct sides *sides, const struct shown *shown,
                      const struct gap_ranges *ranges, const struct plot_panels *panels,
                      struct picture *picture)
{
    write_bands(shown, picture);
    fprintf(picture->script, "set ylabel 'gap F - F*'\nset xlabel 'epochs'\n");
    plot_set_log(picture, 'y', ranges->gap, false);
    plot_set_axis(picture, 'x', ranges->epochs, false);
    plot_panels_place(picture, panels, 0);
    plot_sides(sides, shown, false, picture);
    plot_set_seconds(picture, ranges->seconds);
    plot_panels_place(picture, panels, 1);
    plot_sides(sides, shown, true, picture);
    plot_panels_end(picture);
}

static bool draw_problem(const struct comparison *comparison, size_t p, const char *name,
                         struct picture *picture, struct error *error)
{
    const struct contenders *contenders = &comparison->contenders;
    struct shown *shown = memory_allocate(1, sizeof *shown);
    struct gap_ranges ranges = {PLOT_EMPTY, PLOT_EMPTY, PLOT_EMPTY};
    char title[PLOT_SET_TEXT + 96];
    const struct plot_panels panels = plot_panels_of_curves((int)contenders->sides.count);
    snprintf(title, sizeof title, "%s: the best of each side, median and range of its trials",
             name);
    plot_panels_begin(picture, &panels, title);
    bool done = write_sides(comparison, p, shown, &ranges, picture, error);
    if (done && shown->count == 0)
        done = error_usage(error, "no side has a trial on %s that ended well", name);
    if (done)
        plot_both(&contenders->sides, shown, &ranges, &panels, picture);
    memory_free(shown);
    return done;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison;
    char name[PLOT_SET_TEXT];
    int p = plot_compare(subject, &comparison, name, error);
    bool done = p >= 0;
    if (done && !comparison.contenders.problems[p].by_gap)
        done = error_usage(error,
                           "%s: F* is not known, so there is no gap; 'optimum: always' in the "
                           "sweep file finds it, and 'descent plot loss' draws the loss",
                           name);
    done = done && draw_problem(&comparison, (size_t)p, name, picture, error);
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_gap = {
    .entry = {"gap", "RESULTS: gap to the optimum over epochs and seconds, best of each side"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY | PLOT_SET,
    .draw = draw,
};
