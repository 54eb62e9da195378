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

static void plot_sides(const struct sides *sides, struct picture *picture)
{
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < sides->count; s++) {
        fprintf(picture->script, "%s$side%zu using 1:2 with steps linewidth 2.5", s > 0 ? ", " : "",
                s);
        plot_ink(picture, palette_ink(sides->names[s], s));
        fprintf(picture->script, " title ");
        picture_text(picture, sides->names[s]);
    }
    fprintf(picture->script, "\n");
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct comparison comparison;
    bool done =
        comparison_create(&comparison, subject->by, subject->opened, subject->opened_count, error);
    size_t targets = 0;
    for (size_t p = 0; done && p < comparison.contenders.count; p++)
        targets += comparison.contenders.problems[p].targets;
    if (done && (comparison.contenders.sides.count == 0 ||
                 !isfinite(comparison_performance_profile(&comparison, 0, INFINITY))))
        done = error_usage(error, "no side reaches any target here, so there is no profile");
    if (done) {
        char title[128];
        picture_size(picture, 760, 460, 0);
        plot_set_looks(picture, comparison.contenders.sides.count);
        snprintf(title, sizeof title, "Performance profile: %zu data sets, %zu targets",
                 comparison.contenders.count, targets);
        plot_set_text(picture, "title", title);
        fprintf(picture->script,
                "set key outside right top\nset logscale x\nset xrange [1:%g]\nset yrange "
                "[0:1.02]\nset format x '%%g x'\nset xlabel 'within this factor of the best "
                "time'\nset ylabel 'share of data sets and targets'\n",
                most);
        write_sides(&comparison, picture);
        plot_sides(&comparison.contenders.sides, picture);
    }
    comparison_clear(&comparison);
    return done;
}

const struct plot_kind plot_performance = {
    .entry = {"performance", "RESULTS: how often each side is within a factor of the best time"},
    .uses = PLOT_RESULTS | PLOT_TWO | PLOT_BY,
    .draw = draw,
};
