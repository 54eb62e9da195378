/* SPDX-License-Identifier: MIT
 *
 * Within a section all objectives are values of one function, so their order means something. Equal
 * bits at any number of threads make ties common; the faster one comes first then. The time of a
 * pass that several models shared belongs to none of them: "batched" stands in its place, and
 * "elsewhere" where it was taken on another host than most (hosts.h).
 */
#include "report/ranking.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/quantity.h"
#include "report/text_table.h"
#include "report/varying_columns.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

struct ranking {
    size_t section;
    const struct entry *solver;
    size_t planned, started;         /* configurations */
    size_t trials, diverged, failed; /* trials */
    const char *message;             /* of the first that failed, or NULL */
    size_t count;
    const struct outcome **outcomes; /* (count) that are sound, best first */
};

static bool of_solver(const struct outcome *outcome, const void *solver)
{
    return outcome_values(outcome)->solver == solver;
}

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

/* By objective, then by time where there is one, then as planned. */
static int better_first(const void *a, const void *b)
{
    const struct outcome *left = *(const struct outcome *const *)a;
    const struct outcome *right = *(const struct outcome *const *)b;
    int order = compare_reals(left->objective, right->objective);
    if (order == 0)
        order = compare_reals(isnan(left->seconds) ? INFINITY : left->seconds,
                              isnan(right->seconds) ? INFINITY : right->seconds);
    return order != 0 ? order : (left > right) - (left < right);
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
            ranking->outcomes[ranking->count++] = outcome;
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
    bool objective, gap, heldout, range;
};

static size_t add_columns(struct result_columns shown, struct text_column *columns)
{
    size_t count = 0;
    if (shown.objective)
        columns[count++] = (struct text_column){"objective", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, NULL};
    if (shown.gap)
        columns[count++] = (struct text_column){"gap", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"accuracy", COLUMN_NUMBER, false, NULL};
    if (shown.heldout)
        columns[count++] = (struct text_column){"held out", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"epochs", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"status", COLUMN_TEXT, false, NULL};
    columns[count++] = (struct text_column){"time", COLUMN_NUMBER, false, NULL};
    if (shown.range)
        columns[count++] = (struct text_column){"range", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"trials", COLUMN_NUMBER, true, NULL};
    return count;
}

enum { RESULT_COLUMNS = 10 }; /* at most */

static const char *no_time(const struct outcome *outcome)
{
    return outcome->elsewhere > 0 ? "elsewhere" : "batched";
}

static void add_cells(struct result_columns shown, const struct outcome *outcome,
                      struct text_table *table)
{
    char text[QUANTITY_TEXT];
    if (shown.objective)
        text_table_cell(table, "%s", quantity_loss(text, outcome->objective));
    text_table_cell(table, "%s", quantity_loss(text, outcome->loss));
    if (shown.gap)
        text_table_cell(table, "%s", quantity_gap(text, outcome->gap));
    text_table_cell(table, "%s", quantity_share(text, outcome->accuracy, 2));
    if (shown.heldout)
        text_table_cell(table, "%s", quantity_share(text, outcome->heldout_accuracy, 2));
    text_table_cell(table, "%.10g", outcome->epochs);
    text_table_cell(table, "%s", ended(outcome));
    text_table_cell(table, "%s",
                    outcome->solo > 0 ? quantity_seconds(text, outcome->seconds)
                                      : no_time(outcome));
    if (shown.range)
        text_table_cell(table, "%s", quantity_share(text, outcome->range, 0));
    text_table_cell(table, "%zu", outcome->count);
}

/* Is none of its section better, whatever its solver? */
static bool is_best(const struct results *results, const struct outcome *outcome)
{
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *other = &results->outcomes[i];
        if (other->section == outcome->section && other->sound && other != outcome &&
            better_first(&other, &outcome) < 0)
            return false;
    }
    return true;
}

static void print_table(const struct results *results, const struct ranking *ranking, size_t shown,
                        FILE *out)
{
    struct varying_columns *choices = varying_columns_create(results, of_solver, ranking->solver);
    struct text_column *columns = memory_allocate(choices->count + RESULT_COLUMNS, sizeof *columns);
    struct result_columns more = {.range = results->sweep.repeats > 1};
    for (size_t i = 0; i < shown; i++) {
        const struct outcome *outcome = ranking->outcomes[i];
        more.objective = more.objective || outcome->objective != outcome->loss;
        more.gap = more.gap || isfinite(outcome->gap);
        more.heldout = more.heldout || isfinite(outcome->heldout_accuracy);
    }
    size_t count = varying_columns_add_columns(choices, columns);
    count += add_columns(more, columns + count);
    struct text_table *table = text_table_create(columns, count);
    for (size_t i = 0; i < shown; i++) {
        varying_columns_add_cells(choices, outcome_values(ranking->outcomes[i]), table);
        add_cells(more, ranking->outcomes[i], table);
    }
    struct terminal terminal = terminal_of(out);
    bool marked = is_best(results, ranking->outcomes[0]);
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
                   size_t top, FILE *out)
{
    char count[QUANTITY_TEXT];
    struct ranking ranking = {.section = section, .solver = solver};
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
