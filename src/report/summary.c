/* SPDX-License-Identifier: MIT
 *
 * The parts of the summary in their order: the best of all in a line, heading, one ranking for each
 * solver in each section, and what the columns mean.
 */
#include "report/summary.h"

#include "base/text.h"
#include "report/cross_validation.h"
#include "report/heading.h"
#include "report/quantity.h"
#include "report/ranking.h"
#include "report/text_table.h"
#include "solvers/solver.h"

#include <math.h>

/* --- The first line -------------------------------------------------------------------------- */

/* A value of a metric, as its kind of number is written. */
static char *write_value(const struct metric *metric, double value, char text[static QUANTITY_TEXT])
{
    if (metric == &metric_seconds)
        return quantity_seconds(text, value);
    if (metric == &metric_gap)
        return quantity_gap(text, value);
    return metric->larger_is_better ? quantity_share(text, value, 2) : quantity_loss(text, value);
}

/* "best: solver=gd rate=3: objective 0.356974, gap 1e-12, in 1.07 ms, on blobs". */
static void print_best(const struct results *results, const struct metric *metric, FILE *out)
{
    const struct outcome *best = ranking_best_of_all(results, metric);
    const size_t section = best != NULL ? best->section : results_largest_section(results);
    struct terminal terminal = terminal_of(out);
    char values[1024], text[QUANTITY_TEXT];
    fputs(terminal_style(&terminal, STYLE_BOLD), out);
    if (best == NULL) {
        fprintf(out, "no trial on %s ended well", text_shown(results->sections[section].data));
    } else {
        configuration_describe(outcome_values(best), values, sizeof values);
        fprintf(out, "best: %s: %s %s", values, metric->entry.name,
                write_value(metric, ranking_value(best, metric), text));
        if (metric == &metric_objective && isfinite(best->gap))
            fprintf(out, ", gap %s", quantity_gap(text, best->gap));
        if (metric != &metric_seconds && best->solo > 0)
            fprintf(out, ", in %s", quantity_seconds(text, best->seconds));
        if (best->solo > 0 && best->quiet == 0)
            fputs(" (disturbed)", out);
        if (results->section_count > 1)
            fprintf(out, ", on %s", text_shown(results->sections[section].data));
    }
    fprintf(out, "%s\n\n", terminal_style(&terminal, STYLE_PLAIN));
}

/* --- The legend ------------------------------------------------------------------------------ */

static void print_legend(const struct results *results, const struct metric *metric, FILE *out)
{
    bool batched = false, noisy = false, led = false;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        const size_t told = outcome->elsewhere + outcome->in_parts + outcome->led;
        batched = batched || outcome->solo + told < outcome->count;
        led = led || outcome->led > 0;
        noisy = noisy || (outcome->solo > 0 && outcome->quiet == 0);
    }
    struct terminal terminal = terminal_of(out);
    fprintf(out, "\n%s", terminal_style(&terminal, STYLE_DIM));
    if (terminal.width > 0)
        fprintf(out, "%s        the best of all solvers\n", text_table_mark(&terminal));
    fprintf(out, "best     by %s: %s (%s is better); among equals, the fastest\n",
            metric->entry.name, metric->entry.summary, metric->larger_is_better ? "more" : "less");
    if (results->zoomed > 0)
        fputs("zoom     the grid around the best that it is of; 0: the first grid\n", out);
    if (results->sweep.repeats == 1)
        fputs("time     of training alone\n", out);
    else
        fputs("time     of training alone, median of the repeats that nothing disturbed\n"
              "range    slowest minus fastest of these, as a share of that time\n",
              out);
    if (noisy)
        fprintf(out, "~        every trial was disturbed by other programs%s\n",
                metric == &metric_seconds ? "; ranked after the others" : "");
    if (batched)
        fputs("batched  trained side by side in one pass, without a time of its own\n", out);
    if (led)
        fputs("path     began with the solution of its neighbour on a path, without a time of its "
              "own\n",
              out);
    if (results->elsewhere > 0)
        fputs("elsewhere: timed on another host than most of its data set\n", out);
    if (results->in_parts > 0)
        fputs("continued: from a checkpoint, so that its time is in parts\n", out);
    fputs(terminal_style(&terminal, STYLE_PLAIN), out);
}

/* --- With folds ------------------------------------------------------------------------------ */

static void print_folds_best(const struct results *results, FILE *out)
{
    struct cross_validation validation = cross_validation_of(results);
    cross_validation_print_best(&validation, out);
    fputc('\n', out);
    cross_validation_clear(&validation);
}

static void print_folds(const struct results *results, size_t top, FILE *out)
{
    struct cross_validation validation = cross_validation_of(results);
    struct terminal terminal = terminal_of(out);
    fputc('\n', out);
    cross_validation_print(&validation, top, false, out);
    fprintf(out, "\n%s± s.e.   standard error of the mean over folds\n",
            terminal_style(&terminal, STYLE_DIM));
    if (!results_have_only_folds(results))
        fputs("Configurations that were trained on all rows are shown by --each-fold, beside "
              "single folds\n",
              out);
    fputs(terminal_style(&terminal, STYLE_PLAIN), out);
    cross_validation_clear(&validation);
}

void summary_print(const struct results *results, const char *folder, const struct metric *metric,
                   size_t top, bool each_fold, FILE *out)
{
    const bool folds = results_have_folds(results) && !each_fold;
    if (folds && results->done > 0)
        print_folds_best(results, out);
    else if (results->done > 0)
        print_best(results, metric, out);
    heading_print(results, folder, out);
    if (results->done == 0)
        return;
    if (folds) {
        print_folds(results, top, out);
        return;
    }
    size_t shown = results_sections_shown(results);
    for (size_t i = 0; i < shown; i++) {
        fputc('\n', out);
        heading_print_section(results, &results->sections[i], out);
        heading_print_optimum(&results->sections[i], out);
        for (size_t j = 0; j < solver_table.count; j++)
            ranking_print(results, i, solver_table.entries[j], metric, top, out);
    }
    if (shown < results->section_count)
        fprintf(out, "\n... and %zu more pairs of data set and lambda; 'descent export' has all\n",
                results->section_count - shown);
    print_legend(results, metric, out);
}
