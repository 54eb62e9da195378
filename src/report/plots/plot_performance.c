/* SPDX-License-Identifier: MIT
 *
 * The performance profile (measure/statistics/performance_profile.h): over all problems and targets
 * of the comparison, the share at which a side is within a factor of the best. A curve that starts
 * high is often the first; one that ends high arrives nearly everywhere.
 */
#include "report/comparison/comparison.h"
#include "report/plots/plot.h"

enum { STEPS = 240 };
static const double most = 100.0; /* the largest factor shown */

static void write_sides(const struct comparison *comparison, struct picture *picture)
{
    for (size_t s = 0; s < comparison->contenders.sides.count; s++) {
        fprintf(picture->script, "$side%zu << END\n", s);
        for (int i = 0; i <= STEPS; i++) {
            double factor = pow(most, (double)i / (double)STEPS);
            fprintf(picture->script, "%.6g %.6g\n", factor,
                    comparison_performance_profile(comparison, s, factor));
        }
        fprintf(picture->script, "END\n");
    }
}

static void plot_sides(const struct contenders *contenders, const struct plot_sheet *sheet,
                       struct picture *picture)
{
    const struct sides *sides = &contenders->sides;
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < sides->count; s++) {
        char name[PLOT_NAME];
        fprintf(picture->script, "%s$side%zu using 1:2 with steps linewidth 2.5", s > 0 ? ", " : "",
                s);
        plot_ink(picture, palette_ink(sides->names[s], s));
        plot_sheet_entry(picture, sheet, plot_side(contenders, s, name));
    }
    fprintf(picture->script, "\n");
}

/* What the comparison has a problem for: a data set, of which each fold and each lambda is one. */
static const char *problem_word(const struct contenders *contenders)
{
    for (size_t p = 0; p < contenders->count; p++)
        if (problem_fold(&contenders->problems[p]) > 0)
            return "fold";
    return "data set";
}

static void draw_profile(const struct comparison *comparison, const struct plot_subject *subject,
                         struct picture *picture)
{
    const struct contenders *contenders = &comparison->contenders;
    const char *const problem = problem_word(contenders);
    char title[128], label[64], question[PLOT_QUESTION], name[PLOT_NAME], sets[QUANTITY_TEXT],
        targets[QUANTITY_TEXT];
    snprintf(title, sizeof title, "Performance profile: %s, %s",
             quantity_count(sets, contenders->count, problem),
             quantity_count(targets, comparison->verdicts, "target"));
    struct plot_sheet sheet = {
        .title = title,
        .panels = 1,
        .width = 760,
        .height = 420,
        .notes = {"At 1: how often a side is the fastest; at the right: how often it arrives at "
                  "all, within a factor of 100.",
                  plot_question(subject, question)}};
    for (size_t s = 0; s < contenders->sides.count; s++)
        plot_sheet_count(&sheet, plot_side(contenders, s, name));
    plot_sheet_begin(picture, &sheet);
    fprintf(picture->script,
            "set logscale x\nset xrange [1:%g]\nset yrange [0:1.02]\nset format x '%%g x'\n", most);
    plot_sheet_label(picture, &sheet, 'x', "within this factor of the best time");
    snprintf(label, sizeof label, "share of %ss and targets", problem);
    plot_sheet_label(picture, &sheet, 'y', label);
    write_sides(comparison, picture);
    plot_sheet_place(picture, &sheet, 0);
    plot_sides(contenders, &sheet, picture);
    plot_sheet_end(picture);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison;
    bool done =
        comparison_create(&comparison, subject->by, subject->opened, subject->opened_count, error);
    if (done && (comparison.contenders.sides.count == 0 ||
                 !isfinite(comparison_performance_profile(&comparison, 0, INFINITY))))
        done = error_usage(error, "no side reaches any target here, so there is no profile");
    if (done)
        draw_profile(&comparison, subject, picture);
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_performance = {
    .entry = {"performance", "RESULTS: how often each side is within a factor of the best time"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY,
    .draw = draw,
};
