/* SPDX-License-Identifier: MIT
 *
 * The gap F - F* over training time, both logarithmic, or over epochs: of each side its best
 * configuration (report/plots/gap_curves.h). The line is the median of its trials, epoch by epoch;
 * the band around it is the middle half of them, in seconds as well as in the gap. The gaps that
 * the comparison has as targets are marked, and beside each stands its verdict. A few lines bear
 * their names at their ends, many have a legend.
 */
#include "base/memory.h"
#include "report/comparison/comparison.h"
#include "report/comparison/comparison_text.h"
#include "report/plots/gap_curves.h"
#include "report/plots/plot.h"
#include "report/plots/plot_labels.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { FEW = 4 }; /* sides whose names are at their lines, and whose bands may hide others */
enum { NAME = 2 * PLOT_NAME + 8 };

/* What a panel has across. */
enum across { SECONDS, EPOCHS };

struct chart {
    const struct comparison *comparison;
    size_t problem;
    struct gap_curves curves;
    struct plot_range seconds, epochs, gap; /* that are shown */
    struct plot_sheet sheet;
    bool named; /* the lines bear their names, ... */
    bool told;  /* ... and the targets their verdicts */
    char names[SIDES_MOST][NAME], colours[SIDES_MOST][PALETTE_COLOUR];
    struct plot_label labels[SIDES_MOST];
};

static const struct problem *problem_of(const struct chart *chart)
{
    return &chart->comparison->contenders.problems[chart->problem];
}

static struct ink ink_of(const struct chart *chart, size_t curve)
{
    size_t side = chart->curves.curves[curve].side;
    return palette_ink(chart->comparison->contenders.sides.names[side], side);
}

/* --- What is shown --------------------------------------------------------------------------- */

/* "batch: gd, rate 1"; a side that is a solver, or "rate 1", need not be named twice. */
static void name_curve(struct chart *chart, size_t i)
{
    const struct gap_curve *curve = &chart->curves.curves[i];
    char name[PLOT_NAME], side[PLOT_NAME];
    plot_side(&chart->comparison->contenders, curve->side, side);
    plot_name(&curve->entrant->values, name);
    bool twice =
        strcasecmp(side, curve->entrant->values.solver->name) == 0 || strstr(name, side) != NULL;
    snprintf(chart->names[i], NAME, "%s%s%s", twice ? "" : side, twice ? "" : ": ", name);
}

/* Down to a tenth of the last target: what is below is not compared. */
static double lowest_gap(const struct problem *problem)
{
    return problem->targets > 0 ? 0.1 * problem->marks[problem->targets - 1] : 0.0;
}

static void find_ranges(struct chart *chart)
{
    const double lowest = lowest_gap(problem_of(chart));
    chart->seconds = chart->epochs = chart->gap = PLOT_EMPTY;
    for (size_t i = 0; i < chart->curves.count; i++) {
        const struct gap_curve *curve = &chart->curves.curves[i];
        for (size_t r = 0; r < curve->count; r++) {
            const struct gap_row *row = &curve->rows[r];
            plot_widen(&chart->gap, fmax(row->gap.low, lowest));
            plot_widen(&chart->gap, fmax(row->gap.high, lowest));
            if (r > 0 && curve->rows[r - 1].gap.middle < lowest)
                continue;
            plot_widen(&chart->epochs, (double)row->epoch);
            if (curve->timed) {
                plot_widen(&chart->seconds, row->seconds.low);
                plot_widen(&chart->seconds, row->seconds.high);
            }
        }
    }
}

/* A little more on both sides than what is shown; some range where nothing is. */
static struct plot_range around(struct plot_range range)
{
    const double margin = 1.3;
    if (!(range.low <= range.high))
        return (struct plot_range){0.1, 1.0};
    return (struct plot_range){range.low / margin, range.high * margin};
}

static double across_of(const struct gap_row *row, enum across across)
{
    return across == SECONDS ? row->seconds.middle : (double)row->epoch;
}

/* --- Names at the ends of lines -------------------------------------------------------------- */

struct gap_axes {
    struct plot_box box;
    struct plot_range x, y;
};

static struct gap_axes frame_of(const struct chart *chart, enum across across, int panel)
{
    return (struct gap_axes){plot_sheet_box(&chart->sheet, panel),
                             around(across == SECONDS ? chart->seconds : chart->epochs),
                             around(chart->gap)};
}

static void screen_place(const struct gap_axes *frame, double x, double gap, double at[static 2])
{
    const struct plot_box *box = &frame->box;
    at[0] = plot_place(frame->x, x, box->left, box->right);
    at[1] = plot_place(frame->y, fmax(gap, frame->y.low), box->bottom, box->top);
}

/* Adds a line to the obstacles. Returns how many of its rows are within the axes. */
static size_t follow(const struct gap_curve *curve, const struct gap_axes *frame,
                     enum across across, struct plot_obstacles *obstacles)
{
    double at[2] = {0.0, 0.0}, before[2];
    for (size_t r = 0; r < curve->count; r++) {
        memcpy(before, at, sizeof at);
        screen_place(frame, across_of(&curve->rows[r], across), curve->rows[r].gap.middle, at);
        plot_obstacles_add(obstacles, r > 0 ? before[0] : at[0], r > 0 ? before[1] : at[1], at[0],
                           at[1]);
        if (curve->rows[r].gap.middle < frame->y.low)
            return r + 1;
    }
    return curve->count;
}

static void add_targets(const struct problem *problem, const struct gap_axes *frame,
                        struct plot_obstacles *obstacles)
{
    for (size_t t = 0; t < problem->targets; t++) {
        double at[2];
        screen_place(frame, frame->x.low, problem->marks[t], at);
        plot_obstacles_add(obstacles, frame->box.left, at[1], frame->box.right, at[1]);
    }
}

/* Beside the end of the line or, where there is no room, as near to it as there is. */
static bool place_name(struct chart *chart, size_t count, const struct gap_curve *curve,
                       size_t rows, const struct gap_axes *frame, enum across across,
                       const struct plot_obstacles *obstacles)
{
    struct plot_label *label = &chart->labels[count];
    for (size_t r = rows; r-- > 0;) {
        double at[2];
        screen_place(frame, across_of(&curve->rows[r], across), curve->rows[r].gap.middle, at);
        label->point_x = at[0];
        label->point_y = at[1];
        if (plot_label_place(chart->labels, count + 1, count, obstacles))
            return true;
    }
    return false;
}

/* Finds a place for each name; false where one has none. */
static bool place_names(struct chart *chart, enum across across)
{
    const struct gap_axes frame = frame_of(chart, across, 0);
    struct plot_obstacles obstacles = {.within = frame.box, .reach = 40.0};
    obstacles.within.bottom += 12.0; /* marks of the axes */
    obstacles.within.left += 12.0;
    size_t rows[SIDES_MOST] = {0}, count = 0;
    bool placed = true;
    for (size_t i = 0; i < chart->curves.count; i++)
        if (across == EPOCHS || chart->curves.curves[i].timed)
            rows[i] = follow(&chart->curves.curves[i], &frame, across, &obstacles);
    add_targets(problem_of(chart), &frame, &obstacles);
    for (size_t i = 0; i < chart->curves.count && placed; i++) {
        struct plot_label *label = &chart->labels[count];
        if (rows[i] == 0)
            continue;
        palette_toned(ink_of(chart, i).colour, "#ffffff", 4.5, chart->colours[i]);
        *label = (struct plot_label){.colour = chart->colours[i]};
        plot_shorten(chart->names[i], PLOT_LABEL / 2, label->text, PLOT_LABEL);
        placed = place_name(chart, count++, &chart->curves.curves[i], rows[i], &frame, across,
                            &obstacles);
    }
    plot_obstacles_clear(&obstacles);
    return placed;
}

/* --- Targets --------------------------------------------------------------------------------- */

/* The side that the one ahead is the least times faster than; NULL: there is no ratio. */
static const struct side_best *nearest_rival(const struct verdict *verdict, size_t sides)
{
    const struct side_best *nearest = NULL;
    for (size_t s = 0; s < sides; s++) {
        const struct side_best *place = &verdict->places[s];
        if ((int)s != verdict->ahead && place->arrives && place->timed && place->ratio.low > 0.0 &&
            (nearest == NULL || place->ratio.ratio < nearest->ratio.ratio))
            nearest = place;
    }
    return nearest;
}

/* "batch 10.0 x faster [5.67, 12.9]", or why there is nothing to say. */
static void verdict_words(const struct chart *chart, const struct verdict *verdict,
                          char text[static NAME])
{
    const struct contenders *contenders = &chart->comparison->contenders;
    const struct side_best *rival;
    char side[PLOT_NAME], name[PLOT_NAME], times[QUANTITY_TEXT], ends[QUANTITY_TEXT];
    if (verdict->ahead >= 0)
        plot_shorten(plot_side(contenders, (size_t)verdict->ahead, side), 16, name, sizeof name);
    switch (verdict->outcome) {
    case VERDICT_NOBODY:
        snprintf(text, NAME, "not reached");
        break;
    case VERDICT_UNTIMED:
        snprintf(text, NAME, "not timed alone");
        break;
    case VERDICT_ONLY:
        snprintf(text, NAME, verdict->competing > 1 ? "only %s" : "%s", name);
        break;
    case VERDICT_DISTURBED:
        snprintf(text, NAME, "disturbed: no verdict");
        break;
    case VERDICT_OPEN:
        snprintf(text, NAME, "no significant difference");
        break;
    case VERDICT_FIRST:
        rival = nearest_rival(verdict, contenders->sides.count);
        if (rival == NULL || !isfinite(rival->ratio.ratio))
            snprintf(text, NAME, "%s faster", name);
        else
            snprintf(text, NAME, "%s %.24s × faster %.36s", name,
                     comparison_times(times, &rival->ratio),
                     comparison_interval(ends, &rival->ratio));
        break;
    }
}

static bool is_decided(const struct verdict *verdict)
{
    return verdict->ahead >= 0 &&
           (verdict->outcome == VERDICT_FIRST || verdict->outcome == VERDICT_ONLY);
}

/* A line across at each target and, where there is room for it, its verdict. */
static void set_targets(const struct chart *chart, struct picture *picture)
{
    const struct problem *problem = problem_of(chart);
    const struct sides *sides = &chart->comparison->contenders.sides;
    const struct plot_range shown = around(chart->gap);
    for (size_t t = 0; t < problem->targets; t++) {
        const struct verdict *verdict = &chart->comparison->matches[chart->problem].verdicts[t];
        char text[NAME], colour[PALETTE_COLOUR];
        if (problem->marks[t] < shown.low || problem->marks[t] > shown.high)
            continue;
        fprintf(picture->script,
                "set arrow %zu from graph 0,first %.6g to graph 1,first %.6g nohead back linewidth "
                "1 dashtype 2 linecolor rgb '%s'\n",
                t + 1, problem->marks[t], problem->marks[t], palette_grey);
        if (!chart->told)
            continue;
        verdict_words(chart, verdict, text);
        palette_toned(is_decided(verdict)
                          ? palette_ink(sides->names[verdict->ahead], (size_t)verdict->ahead).colour
                          : palette_note,
                      "#ffffff", 4.5, colour);
        fprintf(picture->script, "set label %zu ", SIDES_MOST + t + 1);
        picture_text(picture, text);
        fprintf(picture->script, " at graph 1.015,first %.6g left textcolor rgb '%s'",
                problem->marks[t], colour);
        picture_font(picture, 11);
        fprintf(picture->script, "\n");
    }
}

/* --- Drawing --------------------------------------------------------------------------------- */

/* $curveI: "epoch, gap (low, median, high), seconds (median)"; $bandI: seconds and gap, there along
 * the least and back along the largest: gnuplot fills between columns over one x only. */
static void write_curve(const struct gap_curve *curve, size_t i, struct picture *picture)
{
    FILE *script = picture->script;
    fprintf(script, "$curve%zu << END\n", i);
    for (size_t r = 0; r < curve->count; r++) {
        const struct gap_row *row = &curve->rows[r];
        fprintf(script, "%" PRId64 " %.6g %.6g %.6g %.6g\n", row->epoch, row->gap.low,
                row->gap.middle, row->gap.high, row->seconds.middle);
    }
    fprintf(script, "%sEND\n$band%zu << END\n", curve->count > 0 ? "" : "NaN NaN NaN NaN NaN\n", i);
    for (size_t r = 0; r < curve->count && curve->timed; r++)
        fprintf(script, "%.6g %.6g\n", curve->rows[r].seconds.low, curve->rows[r].gap.low);
    for (size_t r = curve->count; r-- > 0 && curve->timed;)
        fprintf(script, "%.6g %.6g\n", curve->rows[r].seconds.high, curve->rows[r].gap.high);
    fprintf(script, "%sEND\n", curve->count > 0 && curve->timed ? "" : "NaN NaN\n");
}

static void plot_curves(const struct chart *chart, enum across across, bool legend,
                        struct picture *picture)
{
    FILE *script = picture->script;
    fprintf(script, "plot ");
    for (size_t i = 0; i < chart->curves.count; i++)
        fprintf(script,
                "$%s%zu using %s with filledcurves %s fillstyle solid noborder linecolor rgb "
                "'#%s%s' notitle, ",
                across == SECONDS ? "band" : "curve", i, across == SECONDS ? "1:2" : "1:2:4",
                across == SECONDS ? "closed" : "", chart->curves.count > FEW ? "e8" : "c8",
                ink_of(chart, i).colour + 1);
    for (size_t i = 0; i < chart->curves.count; i++) {
        fprintf(script, "%s$curve%zu using %s with lines linewidth 2.5", i > 0 ? ", " : "", i,
                across == SECONDS ? "5:3" : "1:3");
        plot_ink(picture, ink_of(chart, i));
        if (legend)
            plot_sheet_entry(picture, &chart->sheet, chart->names[i]);
        else
            fprintf(script, " notitle");
    }
    fprintf(script, "\n");
}

static void draw_panel(const struct chart *chart, enum across across, int panel,
                       struct picture *picture)
{
    const struct gap_axes frame = frame_of(chart, across, panel);
    bool timed = chart->seconds.low <= chart->seconds.high;
    plot_sheet_place(picture, &chart->sheet, panel);
    plot_sheet_label(picture, &chart->sheet, 'y', "gap F - F* to the optimum");
    plot_sheet_label(picture, &chart->sheet, 'x',
                     across == EPOCHS ? "epochs"
                     : timed          ? "training time"
                                      : "training time: no trial was timed alone");
    plot_set_close(picture, &chart->sheet, "x", frame.x, across == SECONDS);
    plot_set_close(picture, &chart->sheet, "y", frame.y, false);
    plot_curves(chart, across, panel == 0 && !chart->named, picture);
}

/* Is there room for verdicts right of the axes, and for each beside its line? */
static bool has_verdicts(const struct chart *chart)
{
    enum { WIDTH = 660, LINE = 14 };
    const struct plot_box box = plot_sheet_box(&chart->sheet, 0);
    const struct plot_range gap = around(chart->gap);
    return chart->sheet.panels == 1 && chart->sheet.all.width >= WIDTH &&
           (box.top - box.bottom) / log10(gap.high / gap.low) >= (double)LINE;
}

/* Lays the sheet out for one panel, its lines with names or with a legend, or for both panels. */
static void lay_out(struct chart *chart, const struct picture *picture, int panels,
                    enum across across)
{
    enum { VERDICTS = 230 };
    struct plot_sheet *sheet = &chart->sheet;
    sheet->panels = panels;
    sheet->width = 960;
    sheet->height = panels > 1 ? 400 : 430;
    plot_sheet_arrange(picture, sheet);
    chart->told = has_verdicts(chart);
    if (chart->told)
        sheet->right = VERDICTS;
    chart->named = panels == 1 && chart->curves.count <= FEW && place_names(chart, across);
    for (size_t i = 0; i < chart->curves.count && !chart->named; i++)
        plot_sheet_count(sheet, chart->names[i]);
}

static void draw_chart(struct chart *chart, const char *over, const struct plot_subject *subject,
                       const char *name, struct picture *picture)
{
    const bool both = strcmp(over, "both") == 0, timed = chart->seconds.low <= chart->seconds.high;
    const enum across across = strcmp(over, "epochs") == 0 || !timed ? EPOCHS : SECONDS;
    char title[PLOT_SET_TEXT + 96], question[PLOT_QUESTION];
    snprintf(title, sizeof title, "Gap to the optimum over %s, the best of each side: %s",
             both                ? "epochs and training time"
             : across == SECONDS ? "training time"
                                 : "epochs",
             name);
    chart->sheet.title = title;
    chart->sheet.notes[0] = "Line: median of the trials; band: the middle half of them. "
                            "Dashed: gaps that are compared; in brackets, 95 % intervals.";
    chart->sheet.notes[1] = plot_question(subject, question);
    if (!timed)
        chart->sheet.notes[2] = "No trial was timed alone, so there are no seconds.";
    for (size_t i = 0; i < chart->curves.count; i++)
        write_curve(&chart->curves.curves[i], i, picture);
    lay_out(chart, picture, both ? 2 : 1, across);
    if (!chart->told)
        chart->sheet.notes[0] = "Line: median of the trials; band: the middle half of them. "
                                "Dashed: gaps that are compared.";
    plot_sheet_begin(picture, &chart->sheet);
    set_targets(chart, picture);
    if (chart->named)
        plot_labels_set(picture, chart->labels, chart->curves.count, chart->sheet.all);
    draw_panel(chart, both ? EPOCHS : across, 0, picture);
    if (both)
        draw_panel(chart, SECONDS, 1, picture);
    plot_sheet_end(picture);
}

static bool draw_problem(const struct comparison *comparison, size_t p, const char *name,
                         const struct plot_subject *subject, struct picture *picture,
                         struct error *error)
{
    struct chart *chart = memory_allocate(1, sizeof *chart);
    const char *over = subject->x != NULL ? subject->x : "seconds";
    chart->comparison = comparison;
    chart->problem = p;
    bool done = gap_curves_read(&chart->curves, comparison, p, error);
    if (done && chart->curves.count == 0)
        done = error_usage(error, "no side has a trial on %s that ended well", name);
    if (done) {
        find_ranges(chart);
        for (size_t i = 0; i < chart->curves.count; i++)
            name_curve(chart, i);
        draw_chart(chart, over, subject, name, picture);
    }
    gap_curves_clear(&chart->curves);
    memory_free(chart);
    return done;
}

static bool check_across(const char *over, struct error *error)
{
    return over == NULL || strcmp(over, "seconds") == 0 || strcmp(over, "epochs") == 0 ||
           strcmp(over, "both") == 0 ||
           error_usage(error, "--x: a gap is drawn over seconds, epochs or both, and not over '%s'",
                       over);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison = {0};
    char name[PLOT_SET_TEXT];
    int p = check_across(subject->x, error) ? plot_compare(subject, &comparison, name, error) : -1;
    bool done = p >= 0;
    if (done && comparison.contenders.heldout)
        done = error_usage(error,
                           "--by %s: sides are judged by held-out loss, which has no gap; 'descent "
                           "plot targets' draws the time to it",
                           subject->by);
    else if (done && !comparison.contenders.problems[p].by_gap)
        done = error_usage(error,
                           "%s: F* is not known, so there is no gap; 'optimum: always' in the "
                           "sweep file finds it, and 'descent plot loss' draws the loss",
                           name);
    done = done && draw_problem(&comparison, (size_t)p, name, subject, picture, error);
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_gap = {
    .entry = {"gap", "RESULTS: gap to the optimum over seconds or epochs, best of each side"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY | PLOT_SET | PLOT_X,
    .draw = draw,
};
