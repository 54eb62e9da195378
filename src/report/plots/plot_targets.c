/* SPDX-License-Identifier: MIT
 *
 * Time to each target, side by side. The bar at a side that is not ahead is the interval of how
 * many times slower it is, from the rounds that both shared, set upon the time of the side that is
 * ahead: where it lies above that time, the two are separated. Sides whose rounds are too few for
 * an interval have no bar; those that miss a target have no point there.
 */
#include "report/comparison/comparison.h"
#include "report/plots/plot.h"

static const char *const bar_legend = "bar: 95 % interval against the fastest";

/* What stands under the axis: "1e-03", or the share of the way where F* is not known. */
static void write_target_tics(const struct problem *problem, struct picture *picture)
{
    fprintf(picture->script, "set xtics (");
    for (size_t t = 0; t < problem->targets; t++)
        if (problem->by_gap)
            fprintf(picture->script, "%s'%.0e' %zu", t > 0 ? ", " : "", problem->marks[t], t);
        else
            /* gnuplot reads it as a format */
            fprintf(picture->script, "%s'%.4g %%%%' %zu", t > 0 ? ", " : "",
                    100.0 * problem->marks[t], t);
    fprintf(picture->script, ")\nset xrange [-0.5:%.1f]\n", (double)problem->targets - 0.5);
}

/* Seconds of the interval at a side that is not ahead; false: there is none. */
static bool find_bar(const struct verdict *verdict, size_t s, double *low, double *high)
{
    const struct side_best *place = &verdict->places[s];
    double first = verdict->places[verdict->ahead].seconds;
    if (verdict->ahead == (int)s || !(place->ratio.low > 0.0) || !isfinite(place->ratio.high))
        return false;
    *low = first * place->ratio.low;
    *high = first * place->ratio.high;
    return true;
}

/* $sideS: "place seconds" for each target that it comes to; $barS: "place seconds low high". */
static void write_side(const struct problem *problem, const struct match *match, size_t s,
                       double shift, struct plot_range *range, struct picture *picture)
{
    double low, high;
    for (int bars = 0; bars < 2; bars++) {
        fprintf(picture->script, "$%s%zu << END\n", bars ? "bar" : "side", s);
        for (size_t t = 0; t < problem->targets; t++) {
            const struct verdict *verdict = &match->verdicts[t];
            double seconds = verdict->places[s].seconds;
            if (verdict->ahead < 0 || verdict->places[s].entrant == NULL || !isfinite(seconds) ||
                (bars && !find_bar(verdict, s, &low, &high)))
                continue;
            plot_widen(range, seconds);
            fprintf(picture->script, "%.3f %.6g", (double)t + shift, seconds);
            if (bars) {
                plot_widen(range, low);
                plot_widen(range, high);
                fprintf(picture->script, " %.6g %.6g", low, high);
            }
            fprintf(picture->script, "\n");
        }
        fprintf(picture->script, "NaN NaN NaN NaN\nEND\n");
    }
}

static void plot_sides(const struct contenders *contenders, const struct plot_sheet *sheet,
                       struct picture *picture)
{
    const struct sides *sides = &contenders->sides;
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < sides->count; s++) {
        char name[PLOT_NAME];
        struct ink ink = palette_ink(sides->names[s], s);
        fprintf(picture->script,
                "%s$bar%zu using 1:2:3:4 with yerrorbars pointtype -1 linewidth 2 linecolor rgb "
                "'%s' notitle, $side%zu using 1:2 with points pointtype %d pointsize 1.1 linecolor "
                "rgb '%s'",
                s > 0 ? ", " : "", s, ink.colour, s, 5 + 2 * (int)(s % 5), ink.colour);
        plot_sheet_entry(picture, sheet, plot_side(contenders, s, name));
    }
    fprintf(picture->script,
            ", keyentry with yerrorbars pointtype -1 linewidth 2 linecolor rgb '%s'", palette_grey);
    plot_sheet_entry(picture, sheet, bar_legend);
    fprintf(picture->script, "\n");
}

static void draw_problem(const struct comparison *comparison, size_t p, const char *name,
                         const struct plot_subject *subject, struct picture *picture)
{
    const struct contenders *contenders = &comparison->contenders;
    const struct problem *problem = &contenders->problems[p];
    const size_t sides = contenders->sides.count;
    char title[PLOT_SET_TEXT + 128], side[PLOT_NAME], question[PLOT_QUESTION];
    struct plot_range range = PLOT_EMPTY;
    snprintf(title, sizeof title, "Time to target, the best of each side: %s", name);
    struct plot_sheet sheet = {
        .title = title,
        .panels = 1,
        .width = 760,
        .height = 420,
        .notes = {"The bar is where the fastest side would be if it were as many times slower as "
                  "the interval says: where it lies above the time of the fastest, the "
                  "difference is significant.",
                  plot_question(subject, question)}};
    for (size_t s = 0; s < sides; s++)
        plot_sheet_count(&sheet, plot_side(contenders, s, side));
    plot_sheet_count(&sheet, bar_legend);
    plot_sheet_begin(picture, &sheet);
    write_target_tics(problem, picture);
    for (size_t s = 0; s < sides; s++)
        write_side(problem, &comparison->matches[p], s,
                   0.5 * ((double)s + 0.5) / (double)sides - 0.25, &range, picture);
    plot_set_axis(picture, &sheet, "y", range, true);
    plot_sheet_label(picture, &sheet, 'y', "training time");
    plot_sheet_label(picture, &sheet, 'x',
                     problem->by_gap ? "target: gap F - F*" : "target: share of the way down");
    plot_sheet_place(picture, &sheet, 0);
    plot_sides(contenders, &sheet, picture);
    plot_sheet_end(picture);
}

static bool any_side_arrives(const struct comparison *comparison, size_t p)
{
    for (size_t t = 0; t < comparison->contenders.problems[p].targets; t++)
        if (comparison->matches[p].verdicts[t].ahead >= 0)
            return true;
    return false;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison;
    char name[PLOT_SET_TEXT];
    int p = plot_compare(subject, &comparison, name, error);
    bool done = p >= 0;
    if (done && comparison.contenders.problems[p].targets == 0)
        done = error_usage(error, "%s: there are no targets yet: no trial has come anywhere", name);
    if (done && !any_side_arrives(&comparison, (size_t)p))
        done = error_usage(error,
                           "%s: no trial that was timed alone comes to a target; of batched ones "
                           "'finals: 15' in the sweep file times the best",
                           name);
    if (done)
        draw_problem(&comparison, (size_t)p, name, subject, picture);
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_targets = {
    .entry = {"targets", "RESULTS: time to each target, with the intervals of the comparison"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY | PLOT_SET,
    .draw = draw,
};
