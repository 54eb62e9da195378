/* SPDX-License-Identifier: MIT
 *
 * The crossover: which side is faster on data of which size and down to which gap, a panel for each
 * number of threads that may be used. A cell has the colour of a side only where the comparison
 * (struct crossover) gives it the verdict: where the one ahead is not separated from another, it is
 * hatched. Only data sets with a known F* are there, for only they have gaps; they stand side by
 * side from few entries to many.
 */
#include "base/memory.h"
#include "report/comparison/comparison.h"
#include "report/plots/plot.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PANELS_MOST = 4 };

/* The problems that are shown, from small to large. */
struct shelf {
    const struct contenders *contenders;
    size_t count;
    size_t *problems; /* (count) */
};

static int smaller_first(const void *a, const void *b, void *context)
{
    const struct contenders *contenders = context;
    const struct problem *left = &contenders->problems[*(const size_t *)a],
                         *right = &contenders->problems[*(const size_t *)b];
    if (left->rows != right->rows)
        return left->rows < right->rows ? -1 : 1;
    return (left->features > right->features) - (left->features < right->features);
}

static struct shelf shelve(struct contenders *contenders)
{
    struct shelf shelf = {.contenders = contenders};
    shelf.problems = memory_allocate(contenders->count, sizeof *shelf.problems);
    for (size_t p = 0; p < contenders->count; p++)
        if (contenders->problems[p].by_gap && contenders->problems[p].targets > 0)
            shelf.problems[shelf.count++] = p;
    if (shelf.count > 0)
        qsort_r(shelf.problems, shelf.count, sizeof *shelf.problems, smaller_first, contenders);
    return shelf;
}

/* --- Cells ----------------------------------------------------------------------------------- */

/* What a cell shows: a side, by its number, or one of these. */
enum { UNDECIDED = -1, UNCOMPARED = -2, NOT_REACHED = -3 };

static int cell_of(const struct crossover *crossover, size_t problem, size_t b, size_t target)
{
    size_t cell = (problem * crossover->budgets + b) * TARGETS_MOST + target;
    enum verdict_outcome outcome = crossover->outcomes[cell];
    if (outcome == VERDICT_NOBODY || outcome == VERDICT_UNTIMED)
        return outcome == VERDICT_NOBODY ? NOT_REACHED : UNCOMPARED;
    return outcome == VERDICT_FIRST || outcome == VERDICT_ONLY ? crossover->ahead[cell] : UNDECIDED;
}

/* $panelB_C: "place decade" for each cell that shows C; a number of a side, or one of these. */
static void block_name(size_t b, int shows, char text[static QUANTITY_TEXT])
{
    static const char *const names[] = {
        [-UNDECIDED] = "open", [-UNCOMPARED] = "alone", [-NOT_REACHED] = "none"};
    if (shows >= 0)
        snprintf(text, QUANTITY_TEXT, "$panel%zu_%d", b, shows);
    else
        snprintf(text, QUANTITY_TEXT, "$panel%zu_%s", b, names[-shows]);
}

/* Returns how many there are. */
static size_t write_cells(const struct comparison *comparison, const struct shelf *shelf, size_t b,
                          int shows, struct picture *picture)
{
    char name[QUANTITY_TEXT];
    size_t count = 0;
    block_name(b, shows, name);
    fprintf(picture->script, "%s << END\n", name);
    for (size_t i = 0; i < shelf->count; i++) {
        const struct problem *problem = &shelf->contenders->problems[shelf->problems[i]];
        for (size_t t = 0; t < problem->targets; t++)
            if (cell_of(&comparison->crossover, shelf->problems[i], b, t) == shows) {
                fprintf(picture->script, "%zu %.6g\n", i, log10(problem->marks[t]));
                count++;
            }
    }
    fprintf(picture->script, "%sEND\n", count > 0 ? "" : "NaN NaN\n");
    return count;
}

/* --- Panels ---------------------------------------------------------------------------------- */

static const char *const open_legend = "no significant difference, or disturbed";
static const char *const alone_legend = "no other side was timed";
static const char *const none_legend = "not reached";

/* A side's name stands in its cells where they are wide enough. It has some: gnuplot 5.4 crashes on
 * labels of which none is defined. */
static void plot_names(size_t b, size_t s, const char *name, const char *colour,
                       struct picture *picture)
{
    fprintf(picture->script, ", $panel%zu_%zu using 1:2:(", b, s);
    picture_text(picture, name);
    fprintf(picture->script, ") with labels textcolor rgb '%s'", picture_text_on(picture, colour));
    picture_font(picture, 11);
    fprintf(picture->script, " notitle");
}

/* A box of the legend, in the style of cells. */
static void plot_key(const struct plot_sheet *sheet, const char *style, const char *colour,
                     const char *name, struct picture *picture)
{
    fprintf(picture->script, ", keyentry with boxes fillstyle %s linecolor rgb '%s'", style,
            colour);
    plot_sheet_entry(picture, sheet, name);
}

static void plot_panel(const struct comparison *comparison, const struct plot_sheet *sheet,
                       size_t b, const double cell[2], const size_t *counts,
                       struct picture *picture)
{
    static const char *const boxes = "using 1:2:(0.47):(0.44) with boxxyerror fillstyle";
    const struct contenders *contenders = &comparison->contenders;
    const char *frame = "#c8c8c8", *pale = "#e4e4e4";
    char count[QUANTITY_TEXT], name[PLOT_NAME];
    fprintf(picture->script, "set title ");
    picture_text(picture,
                 quantity_count(count, (size_t)comparison->crossover.threads[b], "thread"));
    fprintf(picture->script,
            " offset 0,-0.6\nplot $panel%zu_none %s empty border rgb '%s' linecolor rgb '%s' "
            "notitle, $panel%zu_alone %s solid 1 noborder linecolor rgb '%s' notitle, "
            "$panel%zu_open %s transparent pattern 4 linecolor rgb '%s' notitle",
            b, boxes, frame, frame, b, boxes, pale, b, boxes, palette_grey);
    for (size_t s = 0; s < contenders->sides.count; s++) {
        const char *colour = palette_ink(contenders->sides.names[s], s).colour;
        plot_side(contenders, s, name);
        fprintf(picture->script, ", $panel%zu_%zu %s solid 1 noborder linecolor rgb '%s' notitle",
                b, s, boxes, colour);
        if (counts[s] > 0 && 7.0 * (double)plot_letters(name) < 0.9 * cell[0] && cell[1] >= 15.0)
            plot_names(b, s, name, colour, picture);
    }
    for (size_t s = 0; s < contenders->sides.count; s++)
        plot_key(sheet, "solid 1 noborder", palette_ink(contenders->sides.names[s], s).colour,
                 plot_side(contenders, s, name), picture);
    plot_key(sheet, "pattern 4", palette_grey, open_legend, picture);
    plot_key(sheet, "solid 1 noborder", pale, alone_legend, picture);
    plot_key(sheet, "empty", frame, none_legend, picture);
    fprintf(picture->script, "\n");
}

/* Is there another data set with as many rows and features? */
static bool is_alike(const struct shelf *shelf, size_t i)
{
    const struct problem *problems = shelf->contenders->problems,
                         *problem = &problems[shelf->problems[i]];
    for (size_t j = 0; j < shelf->count; j++) {
        const struct problem *other = &problems[shelf->problems[j]];
        if (other != problem && other->rows == problem->rows &&
            other->features == problem->features)
            return true;
    }
    return false;
}

/* "1000 x 50" and, where that is the size of another too, the first letters of its name. */
static void write_size(const struct shelf *shelf, size_t i, struct picture *picture)
{
    enum { LETTERS = 8 };
    const struct problem *problem = &shelf->contenders->problems[shelf->problems[i]];
    char words[PLOT_SET_TEXT], name[64], size[PLOT_SET_TEXT];
    plot_data_name(problem->data, words);
    bool named = is_alike(shelf, i);
    snprintf(size, sizeof size, "%s%s%" PRId64 " x %" PRId64,
             named ? plot_shorten(words, LETTERS, name, sizeof name) : "", named ? " " : "",
             problem->rows, problem->features);
    picture_text(picture, size);
}

static void set_axes(const struct plot_sheet *sheet, const struct shelf *shelf, bool aslant,
                     const double cell[2], struct picture *picture)
{
    const double line = 15.0; /* of type: where a row or a column is less, some have no mark */
    const int rows = cell[1] >= line ? 1 : 2;
    const size_t columns = cell[0] >= line ? 1 : (size_t)ceil(line / cell[0]);
    plot_sheet_label(picture, sheet, 'x', "rows x features");
    plot_sheet_label(picture, sheet, 'y', "gap F - F* to reach");
    fprintf(picture->script, "unset grid\nset tics scale 0\nset yrange [-%d.5:-0.5]\nset ytics (",
            TARGETS_MOST);
    for (int decade = 1; decade <= TARGETS_MOST; decade += rows)
        fprintf(picture->script, "%s'1e-%02d' -%d", decade > 1 ? ", " : "", decade, decade);
    fprintf(picture->script, ")\nset xrange [-0.5:%zu.5]\nset xtics %s (", shelf->count - 1,
            aslant ? "rotate by -35" : "norotate");
    for (size_t i = 0; i < shelf->count; i += columns) {
        fprintf(picture->script, "%s", i > 0 ? ", " : "");
        write_size(shelf, i, picture);
        fprintf(picture->script, " %zu", i);
    }
    fprintf(picture->script, ")\n");
}

/* Width and height of a cell. */
static void measure_cell(const struct plot_sheet *sheet, const struct shelf *shelf, double cell[2])
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    cell[0] = (box.right - box.left) / (double)shelf->count;
    cell[1] = (box.top - box.bottom) / (double)TARGETS_MOST;
}

static struct plot_sheet sheet_of(const struct comparison *comparison, const struct shelf *shelf)
{
    const struct contenders *contenders = &comparison->contenders;
    size_t budgets = comparison->crossover.budgets;
    int width = 110 + 80 * (int)shelf->count;
    struct plot_sheet sheet = {
        .panels = (int)(budgets < PANELS_MOST ? budgets : PANELS_MOST), .height = 400, .top = 26};
    sheet.width = sheet.panels * (width < 320 ? 320 : width);
    sheet.width = sheet.width < 560 ? 560 : sheet.width;
    for (size_t s = 0; s < contenders->sides.count; s++) {
        char name[PLOT_NAME];
        plot_sheet_count(&sheet, plot_side(contenders, s, name));
    }
    plot_sheet_count(&sheet, open_legend);
    plot_sheet_count(&sheet, alone_legend);
    plot_sheet_count(&sheet, none_legend);
    return sheet;
}

static void draw_shelf(const struct comparison *comparison, const struct shelf *shelf,
                       const struct plot_subject *subject, struct picture *picture)
{
    const size_t budgets = comparison->crossover.budgets;
    struct plot_sheet sheet = sheet_of(comparison, shelf);
    char question[PLOT_QUESTION];
    sheet.title = "Which side is faster, by size of data, gap and threads";
    sheet.notes[0] = "A cell has the colour of a side where a verdict with 95 % names it.";
    sheet.notes[1] = plot_question(subject, question);
    plot_sheet_arrange(picture, &sheet);
    double cell[2];
    measure_cell(&sheet, shelf, cell);
    bool named = false; /* some bear names, too */
    for (size_t i = 0; i < shelf->count; i++)
        named = named || is_alike(shelf, i);
    const bool aslant = cell[0] < (named ? 150.0 : 96.0);
    if (aslant) {
        sheet.bottom = 104;
        sheet.right = 66;
    }
    plot_sheet_begin(picture, &sheet);
    measure_cell(&sheet, shelf, cell);
    set_axes(&sheet, shelf, aslant, cell, picture);
    for (int panel = 0; panel < sheet.panels; panel++) {
        size_t b =
            sheet.panels > 1 ? (size_t)panel * (budgets - 1) / ((size_t)sheet.panels - 1) : 0;
        size_t counts[SIDES_MOST];
        for (int shows = NOT_REACHED; shows <= UNDECIDED; shows++)
            write_cells(comparison, shelf, b, shows, picture);
        for (size_t s = 0; s < comparison->contenders.sides.count; s++)
            counts[s] = write_cells(comparison, shelf, b, (int)s, picture);
        plot_sheet_place(picture, &sheet, panel);
        plot_panel(comparison, &sheet, b, cell, counts, picture);
    }
    plot_sheet_end(picture);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison;
    bool done =
        comparison_create(&comparison, subject->by, subject->opened, subject->opened_count, error);
    if (done) {
        struct shelf shelf = shelve(&comparison.contenders);
        done = shelf.count > 0 ||
               error_usage(error, "F* is not known of any data set here, so there are no gaps; "
                                  "'optimum: always' in the sweep file finds it");
        if (done)
            draw_shelf(&comparison, &shelf, subject, picture);
        memory_free(shelf.problems);
    }
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_crossover = {
    .entry = {"crossover", "RESULTS: which side is faster, by the size of data, gap and threads"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY,
    .draw = draw,
};
