/* SPDX-License-Identifier: MIT
 *
 * The crossover: which side is ahead on data of which size and down to which gap, a panel for each
 * number of threads that may be used. Only data sets with a known F* are there, for only they have
 * gaps; they stand side by side from few entries to many.
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

/* $panelB_sideS: "place gap" wherever the side is ahead with that budget. */
static void write_side(const struct comparison *comparison, const struct shelf *shelf, size_t b,
                       size_t side, struct picture *picture)
{
    const struct crossover *crossover = &comparison->crossover;
    fprintf(picture->script, "$panel%zu_side%zu << END\n", b, side);
    for (size_t i = 0; i < shelf->count; i++) {
        const struct problem *problem = &shelf->contenders->problems[shelf->problems[i]];
        const int *ahead =
            &crossover->ahead[(shelf->problems[i] * crossover->budgets + b) * TARGETS_MOST];
        for (size_t t = 0; t < problem->targets; t++)
            if (ahead[t] == (int)side)
                fprintf(picture->script, "%zu %.6g\n", i, problem->marks[t]);
    }
    fprintf(picture->script, "NaN NaN\nEND\n");
}

static void plot_panel(const struct comparison *comparison, size_t b, struct picture *picture)
{
    const struct sides *sides = &comparison->contenders.sides;
    int64_t threads = comparison->crossover.threads[b];
    char count[QUANTITY_TEXT];
    plot_set_text(picture, "title", quantity_count(count, (size_t)threads, "thread"));
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < sides->count; s++) {
        fprintf(picture->script,
                "%s$panel%zu_side%zu using 1:2 with points pointtype %d pointsize 2 linecolor rgb "
                "'%s' title ",
                s > 0 ? ", " : "", b, s, 5 + 2 * (int)(s % 5),
                palette_ink(sides->names[s], s).colour);
        picture_text(picture, sides->names[s]);
    }
    fprintf(picture->script, "\n");
}

static void set_axes(const struct shelf *shelf, struct picture *picture)
{
    fprintf(
        picture->script,
        "set logscale y\nset yrange [3e-7:3e-1]\nset format y '%%.0e'\nset ylabel 'gap F - F* to "
        "reach'\nset xlabel 'rows x features'\nset xrange [-0.5:%zu.5]\nset xtics rotate by -35 (",
        shelf->count - 1);
    for (size_t i = 0; i < shelf->count; i++) {
        const struct problem *problem = &shelf->contenders->problems[shelf->problems[i]];
        fprintf(picture->script, "%s'%" PRId64 " x %" PRId64 "' %zu", i > 0 ? ", " : "",
                problem->rows, problem->features, i);
    }
    fprintf(picture->script, ")\n");
}

static void draw_shelf(const struct comparison *comparison, const struct shelf *shelf,
                       struct picture *picture)
{
    size_t budgets = comparison->crossover.budgets, sides = comparison->contenders.sides.count;
    int count = (int)(budgets < PANELS_MOST ? budgets : PANELS_MOST);
    int width = 140 + 45 * (int)shelf->count;
    const struct plot_panels panels = {
        .panels = count,
        .width = count * (width < 420 ? 420 : width),
        .height = 480,
        .entries = (int)sides,
        .right = 180,
        .bottom = 120,
    };
    plot_panels_begin(picture, &panels, "Which side is ahead, with at most so many threads");
    set_axes(shelf, picture);
    for (int panel = 0; panel < count; panel++) {
        size_t b = count > 1 ? (size_t)panel * (budgets - 1) / ((size_t)count - 1) : 0;
        for (size_t s = 0; s < sides; s++)
            write_side(comparison, shelf, b, s, picture);
        plot_panels_place(picture, &panels, panel);
        plot_panel(comparison, b, picture);
    }
    plot_panels_end(picture);
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
            draw_shelf(&comparison, &shelf, picture);
        memory_free(shelf.problems);
    }
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_crossover = {
    .entry = {"crossover", "RESULTS: which side is ahead, by the size of data, gap and threads"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY,
    .draw = draw,
};
