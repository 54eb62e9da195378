/* SPDX-License-Identifier: MIT
 *
 * Time an epoch over the number of threads, on one data set: of each solver that uses threads the
 * median over its configurations, which are the same at every number of threads. The thin lines
 * are where perfect scaling would be. Where phases were recorded there is more to show
 * (report/plots/plot_speedup.h).
 */
#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "report/plots/plot_speedup.h"

#include <string.h>

enum { SOLVERS_MOST = 24 };

struct chart {
    const struct results *results;
    size_t section;
    struct plot_threads threads;
    size_t solver_count;
    const struct entry *solvers[SOLVERS_MOST];
};

/* Was it timed alone, on this data set, by a solver that uses threads? */
static bool counts(const struct chart *chart, const struct outcome *outcome)
{
    return outcome->section == chart->section && outcome->sound && isfinite(outcome->seconds) &&
           outcome->epochs > 0.0 && configuration_is_threaded(outcome_values(outcome));
}

static void add_solver(struct chart *chart, const struct entry *solver)
{
    for (size_t s = 0; s < chart->solver_count; s++)
        if (chart->solvers[s] == solver)
            return;
    if (chart->solver_count < SOLVERS_MOST)
        chart->solvers[chart->solver_count++] = solver;
}

/* Median seconds per epoch; NaN: none. */
static double epoch_seconds(const struct chart *chart, const struct entry *solver, int64_t threads)
{
    double *values = memory_allocate(chart->results->count, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < chart->results->count; i++) {
        const struct outcome *outcome = &chart->results->outcomes[i];
        const struct configuration *set = outcome_values(outcome);
        if (counts(chart, outcome) && set->solver == solver && set->threads == threads)
            values[count++] = outcome->seconds / outcome->epochs;
    }
    double seconds = median(values, count);
    memory_free(values);
    return seconds;
}

/* $solverS: "threads seconds ideal". */
static void write_solver(const struct chart *chart, size_t s, struct plot_range *range,
                         struct picture *picture)
{
    double first = NAN; /* seconds times threads, at the least number of them */
    fprintf(picture->script, "$solver%zu << END\n", s);
    for (size_t t = 0; t < chart->threads.count; t++) {
        double threads = (double)chart->threads.values[t],
               seconds = epoch_seconds(chart, chart->solvers[s], chart->threads.values[t]);
        first = isnan(first) ? seconds * threads : first;
        plot_widen(range, seconds);
        plot_widen(range, first / threads);
        fprintf(picture->script, "%g %.6g %.6g\n", threads, seconds, first / threads);
    }
    fprintf(picture->script, "END\n");
}

static const char *const perfect = "perfect scaling";

static void plot_solvers(const struct chart *chart, const struct plot_sheet *sheet,
                         struct picture *picture)
{
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < chart->solver_count; s++) {
        struct ink ink = palette_ink(chart->solvers[s]->name, s);
        fprintf(picture->script,
                "$solver%zu using 1:3 with lines linewidth 1 linecolor rgb '%s' notitle, ", s,
                palette_grey);
        fprintf(picture->script, "$solver%zu using 1:2 with linespoints pointtype 7 linewidth 2.5",
                s);
        plot_ink(picture, ink);
        plot_sheet_entry(picture, sheet, chart->solvers[s]->name);
        fprintf(picture->script, ", ");
    }
    fprintf(picture->script, "NaN with lines linewidth 1 linecolor rgb '%s'", palette_grey);
    plot_sheet_entry(picture, sheet, perfect);
    fprintf(picture->script, "\n");
}

static void draw_chart(const struct chart *chart, const char *name,
                       const struct plot_subject *subject, struct picture *picture)
{
    struct plot_range range = PLOT_EMPTY;
    char title[PLOT_SET_TEXT + 64], question[PLOT_QUESTION];
    snprintf(title, sizeof title, "Time per epoch over threads: %s", name);
    struct plot_sheet sheet = {.title = title,
                               .panels = 1,
                               .width = 720,
                               .height = 400,
                               .notes = {"Points: the median of a solver's configurations.",
                                         plot_question(subject, question)}};
    for (size_t s = 0; s < chart->solver_count; s++)
        plot_sheet_count(&sheet, chart->solvers[s]->name);
    plot_sheet_count(&sheet, perfect);
    plot_sheet_begin(picture, &sheet);
    for (size_t s = 0; s < chart->solver_count; s++)
        write_solver(chart, s, &range, picture);
    plot_set_axis(picture, &sheet, "y", range, true);
    plot_set_threads(picture, &chart->threads, 0.0);
    plot_sheet_label(picture, &sheet, 'y', "time per epoch");
    plot_sheet_place(picture, &sheet, 0);
    plot_solvers(chart, &sheet, picture);
    plot_sheet_end(picture);
}

static bool draw_results(const struct plot_subject *subject, struct picture *picture,
                         struct error *error)
{
    struct chart chart = {.results = &subject->opened[0].results};
    char name[PLOT_SET_TEXT];
    int section = plot_choose_section(chart.results, subject->set, name, error);
    if (section < 0)
        return false;
    chart.section = (size_t)section;
    for (size_t i = 0; i < chart.results->count; i++) {
        const struct outcome *outcome = &chart.results->outcomes[i];
        if (!counts(&chart, outcome))
            continue;
        plot_threads_add(&chart.threads, outcome_values(outcome)->threads);
        add_solver(&chart, outcome_values(outcome)->solver);
    }
    if (chart.threads.count < 2)
        return error_usage(error,
                           "%s: threads do not vary among the trials that were timed alone; "
                           "'threads: [1, all]' in the sweep file makes them",
                           name);
    draw_chart(&chart, name, subject, picture);
    return true;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct plot_studies studies;
    bool done = plot_studies_read(subject, 2, &studies, error);
    if (done && studies.count > 0)
        plot_speedup(&studies, subject, picture);
    else
        done = done && draw_results(subject, picture, error);
    plot_studies_clear(&studies);
    return done;
}

const struct plot_kind plot_scaling = {
    .entry =
        {"scaling",
         "RESULTS: time per epoch over threads; of a profile, the speed-up and its models too"},
    .uses = PLOT_RESULTS | PLOT_SET,
    .draw = draw,
};
