/* SPDX-License-Identifier: MIT
 *
 * Within a section all objectives are values of one function, so their order means something; by a
 * loss or an accuracy it does anywhere. Equal bits at any number of threads make ties common; the
 * faster one comes first then. The time of a
 * pass that several models shared belongs to none of them: "batched" stands in its place, and
 * "elsewhere" where it was taken on another host than most (hosts.h), "continued" where it was in
 * parts, and "path" where the trial began with the solution of another, which had done a part of
 * its work.
 */
#include "report/ranking.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/sources/source_text.h"
#include "measure/statistics/statistics.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "report/varying_columns.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct ranking {
    size_t section;
    const struct entry *solver;
    size_t planned, started;         /* configurations */
    size_t trials, diverged, failed; /* trials */
    const char *message;             /* of the first that failed, or NULL */
    const struct metric *metric;
    size_t count;
    struct ranked *outcomes; /* (count) that are sound, best first */
};

struct ranked {
    const struct outcome *outcome;
    double order; /* less is better; infinite: it has no such number */
    bool noisy;   /* it is a time, and disturbed */
};

enum { RANKING_FEW = 16 }; /* trials whose numbers need no memory of their own */

static bool of_solver(const struct outcome *outcome, const void *solver)
{
    return outcome_values(outcome)->solver == solver;
}

double ranking_value(const struct outcome *outcome, const struct metric *metric)
{
    double few[RANKING_FEW] = {0}, *values = few, value;
    size_t count = 0;
    if (metric == &metric_objective)
        return outcome->objective;
    if (metric == &metric_seconds)
        return outcome->seconds; /* of those of one host */
    if (outcome->count > RANKING_FEW)
        values = memory_allocate_untouched(outcome->count, sizeof *values);
    for (size_t i = 0; i < outcome->count; i++) {
        value = metric->value(&outcome->trials[i]);
        if (!isnan(value))
            values[count++] = value;
    }
    value = median(values, count);
    if (values != few)
        memory_free(values);
    return value;
}

static struct ranked ranked_of(const struct outcome *outcome, const struct metric *metric)
{
    double value = ranking_value(outcome, metric);
    return (struct ranked){outcome,
                           isnan(value)               ? INFINITY
                           : metric->larger_is_better ? -value
                                                      : value,
                           metric == &metric_seconds && outcome->quiet == 0};
}

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

/* By the metric, then by time where there is one, then as planned. By time, those of which every
 * trial was disturbed come after all others. */
static int better_first(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    int order = (int)left->noisy - (int)right->noisy;
    if (order == 0)
        order = compare_reals(left->order, right->order);
    if (order == 0)
        order = compare_reals(isnan(left->outcome->seconds) ? INFINITY : left->outcome->seconds,
                              isnan(right->outcome->seconds) ? INFINITY : right->outcome->seconds);
    return order != 0 ? order : (left->outcome > right->outcome) - (left->outcome < right->outcome);
}

static const char *first_message(const struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (outcome->trials[i].status == STATUS_FAILED)
            return outcome->trials[i].message;
    return NULL;
}

static void ranking_fill(const struct results *results, struct ranking *ranking)
{
    ranking->outcomes = memory_allocate(results->count, sizeof *ranking->outcomes);
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        if (outcome->section != ranking->section || !of_solver(outcome, ranking->solver))
            continue;
        ranking->planned++;
        ranking->started += outcome->count > 0;
        ranking->trials += outcome->count;
        ranking->diverged += outcome->diverged;
        ranking->failed += outcome->failed;
        if (ranking->message == NULL)
            ranking->message = first_message(outcome);
        if (outcome->sound)
            ranking->outcomes[ranking->count++] = ranked_of(outcome, ranking->metric);
    }
    qsort(ranking->outcomes, ranking->count, sizeof *ranking->outcomes, better_first);
}

static const char *ended(const struct outcome *outcome)
{
    for (size_t i = 1; i < outcome->count; i++)
        if (outcome->trials[i].status != outcome->trials[0].status)
            return "mixed";
    return trial_status_name(outcome->trials[0].status);
}

/* The columns after the hyper-parameters and the cells below them, in the same order. Only with an
 * L2 term is the objective another number than the loss; gaps need an optimum, held-out accuracy
 * needs rows held out, and only repeats have a range. */
struct result_columns {
    bool zoom, objective, gap, heldout_loss, heldout, range;
};

static size_t add_columns(struct result_columns shown, struct text_column *columns)
{
    size_t count = 0;
    if (shown.zoom)
        columns[count++] = (struct text_column){"zoom", COLUMN_NUMBER, false, NULL};
    if (shown.objective)
        columns[count++] = (struct text_column){"objective", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, NULL};
    if (shown.gap)
        columns[count++] = (struct text_column){"gap", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"accuracy", COLUMN_NUMBER, false, NULL};
    if (shown.heldout_loss)
        columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, "held out"};
    if (shown.heldout)
        columns[count++] = (struct text_column){"accuracy", COLUMN_NUMBER, false, "held out"};
    columns[count++] = (struct text_column){"epochs", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"status", COLUMN_TEXT, false, NULL};
    columns[count++] = (struct text_column){"time", COLUMN_NUMBER, false, NULL};
    if (shown.range)
        columns[count++] = (struct text_column){"range", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"trials", COLUMN_NUMBER, true, NULL};
    return count;
}

enum { RESULT_COLUMNS = 12 }; /* at most */

/* "~" stands before a time that was disturbed whenever it was taken. */
static void add_time(const struct outcome *outcome, struct text_table *table)
{
    char text[QUANTITY_TEXT];
    text_table_cell(table, "%s%s", outcome->quiet > 0 ? "" : "~",
                    quantity_seconds(text, outcome->seconds));
}

const char *ranking_untimed(const struct outcome *outcome)
{
    if (outcome->elsewhere > 0)
        return "elsewhere";
    if (outcome->led > 0)
        return "path";
    return outcome->in_parts > 0 ? "continued" : "batched";
}

static void add_cells(struct result_columns shown, const struct outcome *outcome,
                      struct text_table *table)
{
    char text[QUANTITY_TEXT];
    if (shown.zoom)
        text_table_cell(table, "%lld", (long long)outcome->trials[0].zoom);
    if (shown.objective)
        text_table_cell(table, "%s", quantity_loss(text, outcome->objective));
    text_table_cell(table, "%s", quantity_loss(text, outcome->loss));
    if (shown.gap)
        text_table_cell(table, "%s", quantity_gap(text, outcome->gap));
    text_table_cell(table, "%s", quantity_share(text, outcome->accuracy, 2));
    if (shown.heldout_loss)
        text_table_cell(table, "%s",
                        quantity_loss(text, ranking_value(outcome, &metric_heldout_loss)));
    if (shown.heldout)
        text_table_cell(table, "%s", quantity_share(text, outcome->heldout_accuracy, 2));
    text_table_cell(table, "%.10g", outcome->epochs);
    text_table_cell(table, "%s", ended(outcome));
    if (outcome->solo > 0)
        add_time(outcome, table);
    else
        text_table_cell(table, "%s", ranking_untimed(outcome));
    if (shown.range)
        text_table_cell(table, "%s", quantity_share(text, outcome->range, 0));
    text_table_cell(table, "%zu", outcome->count);
}

const struct outcome *ranking_best(const struct results *results, size_t section,
                                   const struct metric *metric)
{
    struct ranked best = {NULL, INFINITY, false};
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        if (outcome->section != section || !outcome->sound)
            continue;
        struct ranked ranked = ranked_of(outcome, metric);
        if (best.outcome == NULL || better_first(&ranked, &best) < 0)
            best = ranked;
    }
    return best.outcome;
}

bool ranking_comparable(const struct results *results, size_t section, size_t other,
                        const struct metric *metric)
{
    if (section == other || metric != &metric_heldout_loss)
        return section == other;
    char *rows = source_described_rows(results->sections[section].data);
    char *others = source_described_rows(results->sections[other].data);
    const bool same = strcmp(rows, others) == 0;
    memory_free(rows);
    memory_free(others);
    return same;
}

const struct outcome *ranking_best_of_all(const struct results *results,
                                          const struct metric *metric)
{
    const size_t largest = results_largest_section(results);
    struct ranked best = {NULL, INFINITY, false};
    for (size_t s = 0; s < results->section_count; s++) {
        if (!ranking_comparable(results, largest, s, metric))
            continue;
        const struct outcome *outcome = ranking_best(results, s, metric);
        struct ranked ranked = {NULL, INFINITY, false};
        if (outcome != NULL)
            ranked = ranked_of(outcome, metric);
        if (outcome != NULL && (best.outcome == NULL || better_first(&ranked, &best) < 0))
            best = ranked;
    }
    return best.outcome;
}

static void print_table(const struct results *results, const struct ranking *ranking, size_t shown,
                        FILE *out)
{
    struct varying_columns *choices = varying_columns_create(results, of_solver, ranking->solver);
    struct text_column *columns = memory_allocate(choices->count + RESULT_COLUMNS, sizeof *columns);
    struct result_columns more = {.zoom = results->zoomed > 0, .range = results->sweep.repeats > 1};
    for (size_t i = 0; i < shown; i++) {
        const struct outcome *outcome = ranking->outcomes[i].outcome;
        more.objective = more.objective || outcome->objective != outcome->loss;
        more.gap = more.gap || isfinite(outcome->gap);
        more.heldout_loss =
            more.heldout_loss || isfinite(ranking_value(outcome, &metric_heldout_loss));
        more.heldout = more.heldout || isfinite(outcome->heldout_accuracy);
    }
    size_t count = varying_columns_add_columns(choices, columns);
    count += add_columns(more, columns + count);
    struct text_table *table = text_table_create(columns, count);
    for (size_t i = 0; i < shown; i++) {
        varying_columns_add_cells(choices, outcome_values(ranking->outcomes[i].outcome), table);
        add_cells(more, ranking->outcomes[i].outcome, table);
    }
    struct terminal terminal = terminal_of(out);
    const struct outcome *first = ranking->outcomes[0].outcome;
    bool marked = ranking_best(results, first->section, ranking->metric) == first;
    text_table_show(table, 4, marked ? 0 : SIZE_MAX, &terminal, out);
    text_table_free(table);
    memory_free(columns);
    varying_columns_free(choices);
}

/* "3 of 25 trials diverged, 1 failed; the first: why". */
static void print_losses(const struct ranking *ranking, FILE *out)
{
    char trials[QUANTITY_TEXT];
    quantity_count(trials, ranking->trials, "trial");
    if (ranking->diverged > 0)
        fprintf(out, "    %zu of %s diverged", ranking->diverged, trials);
    if (ranking->failed > 0 && ranking->diverged > 0)
        fprintf(out, ", %zu failed", ranking->failed);
    else if (ranking->failed > 0)
        fprintf(out, "    %zu of %s failed", ranking->failed, trials);
    if (ranking->message != NULL && *ranking->message != '\0')
        fprintf(out, "; the first: %s", text_shown(ranking->message));
    if (ranking->diverged + ranking->failed > 0)
        fputc('\n', out);
}

void ranking_print(const struct results *results, size_t section, const struct entry *solver,
                   const struct metric *metric, size_t top, FILE *out)
{
    char count[QUANTITY_TEXT];
    struct ranking ranking = {.section = section, .solver = solver, .metric = metric};
    ranking_fill(results, &ranking);
    size_t shown = ranking.count < top ? ranking.count : top;
    size_t pending = ranking.planned - ranking.started;
    struct terminal terminal = terminal_of(out);
    if (ranking.planned > 0)
        fprintf(out, "\n  %s%s%s: ", terminal_style(&terminal, STYLE_ACCENT), solver->name,
                terminal_style(&terminal, STYLE_PLAIN));
    if (ranking.started > 0) {
        quantity_count(count, ranking.planned, "configuration");
        if (shown > 0)
            fprintf(out, "best %zu of %s\n", shown, count);
        else
            fprintf(out, "nothing to rank among %s\n", count);
    }
    if (shown > 0)
        print_table(results, &ranking, shown, out);
    print_losses(&ranking, out);
    if (pending > 0)
        fprintf(out, "%s%s without a trial yet\n", ranking.started > 0 ? "    " : "",
                quantity_count(count, pending, "configuration"));
    memory_free(ranking.outcomes);
}
