/* SPDX-License-Identifier: MIT
 *
 * The mean held-out loss of a cross-validation over lambda or another number, a line for each
 * choice of the rest (report/validation_curves.h); that with the best has a band of one standard
 * error on either side, which of many would hide each other. The best is marked, what the
 * one-standard-error rule takes instead, and the loss up to which that looks: one standard error
 * above the best.
 *
 * A lambda of 0 has no place on a logarithmic axis. It stands left of all others.
 */
#include "report/plots/plot.h"
#include "report/quantity.h"
#include "report/validation_curves.h"

#include <string.h>

enum { LINES_MOST = 12 }; /* that can be told apart; the best of more */
enum { NAME = 256 };

static const char *const limit_legend = "one standard error above the best";
static const double decade = 20.0; /* or so, from which on an axis is logarithmic */

struct validation_chart {
    const struct cross_validation *validation;
    struct validation_curves curves;
    size_t shown; /* the first of the curves */
    struct plot_range x, y;
    bool log;    /* across */
    double zero; /* where 0 stands on such an axis; 0: nowhere */
    struct plot_sheet sheet;
    char best[NAME], simplest[NAME]; /* what the legend says of them; "": they are not marked */
};

/* --- What is shown --------------------------------------------------------------------------- */

static double place_of(const struct validation_chart *chart, const struct validated *of)
{
    const double value = validation_across(&chart->curves, of);
    return value > 0.0 || !chart->log ? value : chart->zero;
}

/* Is it on a line that is drawn? One whose rate is "auto" is on none over rates. */
static bool is_shown(const struct validation_chart *chart, const struct validated *of)
{
    for (size_t c = 0; c < chart->shown; c++)
        for (size_t i = 0; i < chart->curves.curves[c].count; i++)
            if (chart->curves.curves[c].points[i] == of)
                return true;
    return false;
}

static double low_of(const struct validated *of)
{
    return of->means.heldout_loss.mean - of->means.heldout_loss.error;
}

static double high_of(const struct validated *of)
{
    return of->means.heldout_loss.mean + of->means.heldout_loss.error;
}

static void find_ranges(struct validation_chart *chart)
{
    const double step = 4.0; /* from the least number to the place of 0 */
    double least = INFINITY;
    chart->x = chart->y = PLOT_EMPTY;
    for (size_t c = 0; c < chart->shown; c++)
        for (size_t i = 0; i < chart->curves.curves[c].count; i++) {
            const struct validated *of = chart->curves.curves[c].points[i];
            const double value = validation_across(&chart->curves, of);
            least = fmin(least, value);
            if (value > 0.0)
                plot_widen(&chart->x, value);
            plot_widen(&chart->y, c == 0 ? low_of(of) : of->means.heldout_loss.mean);
            plot_widen(&chart->y, c == 0 ? high_of(of) : of->means.heldout_loss.mean);
        }
    chart->log = least >= 0.0 && chart->x.high > decade * chart->x.low;
    if (chart->log && least == 0.0)
        chart->zero = chart->x.low / step;
    else if (!chart->log)
        plot_widen(&chart->x, least);
}

/* --- Axes ------------------------------------------------------------------------------------ */

/* A little more than what is shown; some range where that is one value. */
static void set_plain(struct picture *picture, char axis, struct plot_range range)
{
    const double margin =
        range.high > range.low ? 0.04 * (range.high - range.low) : 0.1 * fabs(range.low) + 1e-9;
    fprintf(picture->script, "set %crange [%.9g:%.9g]\nset %ctics nomirror\nset format %c '%%g'\n",
            axis, range.low - margin, range.high + margin, axis, axis);
}

static void set_across(const struct validation_chart *chart, struct picture *picture)
{
    const double margin = 1.15;
    if (!chart->log) {
        set_plain(picture, 'x', chart->x);
        return;
    }
    plot_set_close(picture, &chart->sheet, "x",
                   (struct plot_range){chart->x.low / margin, chart->x.high * margin}, false);
    if (chart->zero > 0.0) /* no marks stand between it and the others */
        fprintf(picture->script, "set xtics add ('0' %.9g)\nset xrange [%.9g:*]\nunset mxtics\n",
                chart->zero, chart->zero / margin);
}

static void set_upwards(const struct validation_chart *chart, struct picture *picture)
{
    if (chart->y.low > 0.0 && chart->y.high > decade * chart->y.low)
        plot_set_close(picture, &chart->sheet, "y", chart->y, false);
    else
        set_plain(picture, 'y', chart->y);
}

/* --- Drawing --------------------------------------------------------------------------------- */

/* $curveC: "number, mean, low, high"; $mark0, $mark1: the best, and that of the rule. */
static void write_data(const struct validation_chart *chart, struct picture *picture)
{
    const struct validated *const marks[] = {chart->validation->best, chart->validation->simplest};
    for (size_t c = 0; c < chart->shown; c++) {
        const struct validation_curve *curve = &chart->curves.curves[c];
        fprintf(picture->script, "$curve%zu << END\n", c);
        for (size_t i = 0; i < curve->count; i++)
            fprintf(picture->script, "%.9g %.9g %.9g %.9g\n", place_of(chart, curve->points[i]),
                    curve->points[i]->means.heldout_loss.mean, low_of(curve->points[i]),
                    high_of(curve->points[i]));
        fprintf(picture->script, "END\n");
    }
    for (size_t m = 0; m < 2; m++)
        if (is_shown(chart, marks[m]))
            fprintf(picture->script, "$mark%zu << END\n%.9g %.9g\nEND\n", m,
                    place_of(chart, marks[m]), marks[m]->means.heldout_loss.mean);
}

static struct ink ink_of(const struct validation_chart *chart, size_t c)
{
    struct ink ink = palette_ink(chart->curves.curves[c].name, c);
    if (chart->curves.count == 1)
        ink.dash = 1;
    return ink;
}

static void plot_lines(const struct validation_chart *chart, struct picture *picture)
{
    FILE *script = picture->script;
    fprintf(script, "plot ");
    fprintf(script,
            "$curve0 using 1:3:4 with filledcurves fillstyle solid noborder linecolor rgb '#d0%s' "
            "notitle, ",
            ink_of(chart, 0).colour + 1);
    for (size_t c = 0; c < chart->shown; c++) {
        fprintf(script,
                "$curve%zu using 1:2 with linespoints pointtype 7 pointsize 0.4 linewidth 2", c);
        plot_ink(picture, ink_of(chart, c));
        if (chart->curves.count > 1)
            plot_sheet_entry(picture, &chart->sheet, chart->curves.curves[c].name);
        else
            fprintf(script, " notitle");
        fprintf(script, ", ");
    }
    fprintf(script, "%.9g with lines dashtype 3 linewidth 1.5 linecolor rgb '%s'",
            high_of(chart->validation->best), palette_note);
    plot_sheet_entry(picture, &chart->sheet, limit_legend);
    if (*chart->best != '\0') {
        fprintf(script, ", $mark0 using 1:2 with points pointtype 7 pointsize 1.2 linecolor rgb "
                        "'#000000'");
        plot_sheet_entry(picture, &chart->sheet, chart->best);
    }
    if (*chart->simplest != '\0') {
        fprintf(script, ", $mark1 using 1:2 with points pointtype 12 pointsize 2 linewidth 2 "
                        "linecolor rgb '#000000'");
        plot_sheet_entry(picture, &chart->sheet, chart->simplest);
    }
    fprintf(script, "\n");
}

/* "best: lambda 0.01" */
static void name_mark(const struct validation_chart *chart, const char *what,
                      const struct validated *of, char text[static NAME])
{
    char value[QUANTITY_TEXT];
    snprintf(text, NAME, "%s: %s %s", what, chart->curves.across->entry.name,
             quantity_hyperparameter(value, chart->curves.across, &of->values));
}

/* "Held-out loss over lambda: blobs (200 rows, 3 features)"; without the data where they differ. */
static void name_chart(const struct validation_chart *chart, char *title, size_t size)
{
    const struct stored_trial *first = &chart->validation->best->first->trials[0];
    char data[PLOT_SET_TEXT];
    bool one = true;
    for (size_t i = 0; i < chart->validation->count; i++)
        one = one && strcmp(chart->validation->items[i].first->trials[0].data, first->data) == 0;
    snprintf(title, size, "Mean held-out loss over %s%s%s", chart->curves.across->entry.name,
             one ? ": " : "",
             one ? plot_data_words(first->data, first->rows, first->features, data) : "");
}

static void draw_chart(struct validation_chart *chart, const struct plot_subject *subject,
                       struct picture *picture)
{
    const struct cross_validation *validation = chart->validation;
    char title[PLOT_SET_TEXT + 96], question[PLOT_QUESTION], left_out[96] = "";
    if (is_shown(chart, validation->best))
        name_mark(chart, "best", validation->best, chart->best);
    if (validation->simplest != validation->best && is_shown(chart, validation->simplest))
        name_mark(chart, "one-standard-error rule", validation->simplest, chart->simplest);
    name_chart(chart, title, sizeof title);
    if (chart->curves.count > chart->shown)
        snprintf(left_out, sizeof left_out, "The %zu best of %zu lines.", chart->shown,
                 chart->curves.count);
    chart->sheet = (struct plot_sheet){
        .title = title,
        .panels = 1,
        .width = 760,
        .height = 420,
        .left = plot_sheet_left(chart->y.low, chart->y.high),
        .notes = {
            chart->curves.count > 1
                ? "Lines: mean of the losses on the rows that each fold leaves out; band: one "
                  "standard error on either side of that with the best."
                : "Line: mean of the losses on the rows that each fold leaves out; band: one "
                  "standard error on either side.",
            left_out, plot_question(subject, question)}};
    for (size_t c = 0; c < chart->shown && chart->curves.count > 1; c++)
        plot_sheet_count(&chart->sheet, chart->curves.curves[c].name);
    plot_sheet_count(&chart->sheet, limit_legend);
    if (*chart->best != '\0')
        plot_sheet_count(&chart->sheet, chart->best);
    if (*chart->simplest != '\0')
        plot_sheet_count(&chart->sheet, chart->simplest);
    plot_sheet_begin(picture, &chart->sheet);
    set_across(chart, picture);
    set_upwards(chart, picture);
    plot_sheet_label(picture, &chart->sheet, 'x', chart->curves.across->entry.name);
    plot_sheet_label(picture, &chart->sheet, 'y', "mean held-out loss");
    plot_sheet_place(picture, &chart->sheet, 0);
    write_data(chart, picture);
    plot_lines(chart, picture);
    plot_sheet_end(picture);
}

/* --- What is asked for ----------------------------------------------------------------------- */

static bool find_across(const char *name, const struct hyperparameter **across, struct error *error)
{
    *across = name != NULL ? hyperparameter_find(name) : NULL;
    if (name == NULL)
        return true;
    if (*across == NULL)
        return error_usage(error, "--x: no hyper-parameter '%s'; 'descent list options' names them",
                           name);
    return (*across)->type == TYPE_REAL || (*across)->type == TYPE_INTEGER ||
           error_usage(error, "--x: %s is not a number, which a line needs", name);
}

static bool can_be_drawn(const struct cross_validation *validation,
                         const struct validation_curves *curves, struct error *error)
{
    if (validation->count == 0)
        return error_usage(error, "nothing was trained without a fold here; 'folds: 10' in the "
                                  "sweep file trains each configuration ten times");
    if (validation->best == NULL)
        return error_usage(error, "no configuration has ended well without each of its folds yet");
    return curves->count > 0 ||
           error_usage(error, "there is no number in which the configurations differ; 'descent "
                              "show' compares them");
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    const struct hyperparameter *across;
    if (!find_across(subject->x, &across, error))
        return false;
    struct cross_validation validation = cross_validation_of(&subject->opened->results);
    struct validation_chart chart = {.validation = &validation,
                                     .curves = validation_curves_of(&validation, across)};
    chart.shown = chart.curves.count < LINES_MOST ? chart.curves.count : LINES_MOST;
    bool done = can_be_drawn(&validation, &chart.curves, error);
    if (done) {
        find_ranges(&chart);
        draw_chart(&chart, subject, picture);
    }
    validation_curves_clear(&chart.curves);
    cross_validation_clear(&validation);
    return done;
}

const struct plot_kind plot_validation = {
    .entry = {"validation", "RESULTS: mean held-out loss of a cross-validation over lambda"},
    .uses = PLOT_RESULTS | PLOT_X,
    .draw = draw,
};
