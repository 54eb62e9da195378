/* SPDX-License-Identifier: MIT
 *
 * Within a section all objectives are values of one function, so their order means something. Equal
 * bits at any number of threads make ties common; the faster one comes first then. The time of a
 * pass that several models shared belongs to none of them: "batched" stands in its place.
 */
#include "report/summary.h"

#include "base/memory.h"
#include "report/choices.h"
#include "report/quantity.h"
#include "report/table.h"
#include "solvers/solver.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { NOTE = 128 };

static void print_note(FILE *out, const char *text)
{
    text_print_wrapped(text, 0, REPORT_WIDTH, out);
}

static size_t count_status(const struct results *results, enum trial_status status)
{
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++)
            count += results->outcomes[i].trials[j].status == status;
    return count;
}

static void print_statuses(const struct results *results, FILE *out)
{
    static const enum trial_status order[] = {
        STATUS_LOSS,       STATUS_GRADIENT_NORM, STATUS_EPOCHS,
        STATUS_TIME_LIMIT, STATUS_DIVERGED,      STATUS_FAILED,
    };
    const char *separator = ": ";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        size_t count = count_status(results, order[i]);
        if (count == 0)
            continue;
        fprintf(out, "%s%zu %s", separator, count, trial_status_name(order[i]));
        separator = ", ";
    }
    fputc('\n', out);
}

/* What is not there, and the command that brings it. */
static void print_missing(const struct results *results, FILE *out)
{
    const char *path = results->sweep.path;
    size_t failed = count_status(results, STATUS_FAILED);
    if (results->count == 0)
        fprintf(out, "Nothing is planned or recorded yet; 'descent sweep %s' begins\n", path);
    else if (results->done < results->planned)
        fprintf(out, "Missing       %zu trials; 'descent sweep %s' goes on\n",
                results->planned - results->done, path);
    if (failed > 0)
        fprintf(out,
                "Failed        %zu trials; 'descent sweep %s --retry-failed' runs them again\n",
                failed, path);
    if (results->left_out > 0)
        fprintf(out, "Left out      %zu recorded trials that %s no longer asks for\n",
                results->left_out, path);
}

static void print_heading(const struct results *results, FILE *out)
{
    fprintf(out, "%s\n", results->sweep.name);
    print_note(out, results->sweep.question);
    fputc('\n', out);
    if (results->count > 0) {
        fprintf(out, "Planned       %zu configurations, %" PRId64 " %s each\n", results->count,
                results->sweep.repeats, results->sweep.repeats == 1 ? "trial" : "trials");
        fprintf(out, "Trials done   %zu of %zu", results->done, results->planned);
        print_statuses(results, out);
        fprintf(out, "Machines      %zu\n", results->machines);
    }
    print_missing(results, out);
    if (results->machines > 1)
        print_note(out, "WARNING: more than one machine or build of descent recorded these trials; "
                        "their times must not be compared with each other.");
}

void summary_print_section(const struct results *results, const struct section *section, FILE *out)
{
    char shape[NOTE];
    int length = snprintf(shape, sizeof shape, "(%" PRId64 " rows, %" PRId64 " features)",
                          section->rows, section->features);
    size_t used = (size_t)length;
    if (section->regularised)
        snprintf(shape + used, sizeof shape - used, ", lambda %.4g", section->lambda);
    else if (results->lambda_varies)
        snprintf(shape + used, sizeof shape - used, ", solvers without lambda");
    bool fits = text_width(section->data) + 1 + text_width(shape) <= REPORT_WIDTH;
    fprintf(out, "%s%s%s\n", section->data, fits ? " " : "\n", shape);
}

/* --- One solver on one section ------------------------------------------------------------- */

struct ranking {
    size_t section;
    const struct entry *solver;
    size_t planned, started;         /* configurations */
    size_t trials, diverged, failed; /* trials */
    const char *message;             /* of the first that failed, or NULL */
    size_t count;
    const struct outcome **outcomes; /* (count) that ended well, best first */
};

static const char *configurations(size_t count)
{
    return count == 1 ? "configuration" : "configurations";
}

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
        if (outcome->ended_well)
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
 * L2 term is the objective another number than the loss, and only repeats have a range. */
struct result_columns {
    bool objective, range;
};

static size_t add_columns(struct result_columns shown, struct text_column *columns)
{
    size_t count = 0;
    if (shown.objective)
        columns[count++] = (struct text_column){"objective", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"loss", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"accuracy", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"epochs", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"status", COLUMN_TEXT, false, NULL};
    columns[count++] = (struct text_column){"time", COLUMN_NUMBER, false, NULL};
    if (shown.range)
        columns[count++] = (struct text_column){"range", COLUMN_NUMBER, false, NULL};
    columns[count++] = (struct text_column){"trials", COLUMN_NUMBER, true, NULL};
    return count;
}

enum { RESULT_COLUMNS = 8 }; /* at most */

static void add_cells(struct result_columns shown, const struct outcome *outcome,
                      struct text_table *table)
{
    char text[QUANTITY_TEXT];
    if (shown.objective)
        text_table_cell(table, "%s", quantity_loss(text, outcome->objective));
    text_table_cell(table, "%s", quantity_loss(text, outcome->loss));
    text_table_cell(table, "%s", quantity_share(text, outcome->accuracy, 2));
    text_table_cell(table, "%.10g", outcome->epochs);
    text_table_cell(table, "%s", ended(outcome));
    text_table_cell(table, "%s",
                    outcome->solo > 0 ? quantity_seconds(text, outcome->seconds) : "batched");
    if (shown.range)
        text_table_cell(table, "%s", quantity_share(text, outcome->range, 0));
    text_table_cell(table, "%zu", outcome->count);
}

static void print_table(const struct results *results, const struct ranking *ranking, size_t shown,
                        FILE *out)
{
    struct choices *choices = choices_create(results, of_solver, ranking->solver);
    struct text_column *columns = memory_allocate(choices->count + RESULT_COLUMNS, sizeof *columns);
    struct result_columns more = {.range = results->sweep.repeats > 1};
    for (size_t i = 0; i < shown; i++)
        more.objective =
            more.objective || ranking->outcomes[i]->objective != ranking->outcomes[i]->loss;
    size_t count = choices_add_columns(choices, columns);
    count += add_columns(more, columns + count);
    struct text_table *table = text_table_create(columns, count);
    for (size_t i = 0; i < shown; i++) {
        choices_add_cells(choices, outcome_values(ranking->outcomes[i]), table);
        add_cells(more, ranking->outcomes[i], table);
    }
    text_table_print(table, 4, out);
    text_table_free(table);
    memory_free(columns);
    choices_free(choices);
}

/* What the table above does not show. */
static void print_remarks(const struct ranking *ranking, FILE *out)
{
    if (ranking->diverged + ranking->failed > 0) {
        fprintf(out, "    of %zu trials %zu diverged and %zu failed", ranking->trials,
                ranking->diverged, ranking->failed);
        if (ranking->message != NULL && *ranking->message != '\0')
            fprintf(out, "; the first: %s", ranking->message);
        fputc('\n', out);
    }
    if (ranking->started < ranking->planned)
        fprintf(out, "    %zu configurations have no trial yet\n",
                ranking->planned - ranking->started);
}

static void print_ranking(const struct results *results, size_t section, const struct entry *solver,
                          size_t top, FILE *out)
{
    struct ranking ranking = {.section = section, .solver = solver};
    ranking_fill(results, &ranking);
    size_t shown = ranking.count < top ? ranking.count : top;
    if (ranking.planned > 0)
        fprintf(out, "\n  %s: ", solver->name);
    if (shown > 0) {
        fprintf(out, "best %zu of %zu %s\n", shown, ranking.planned,
                configurations(ranking.planned));
        print_table(results, &ranking, shown, out);
    } else if (ranking.planned > 0) {
        fprintf(out, "none of %zu %s has ended well\n", ranking.planned,
                configurations(ranking.planned));
    }
    print_remarks(&ranking, out);
    memory_free(ranking.outcomes);
}

static void print_legend(const struct results *results, FILE *out)
{
    bool batched = false;
    for (size_t i = 0; i < results->count; i++)
        batched = batched || results->outcomes[i].solo < results->outcomes[i].count;
    fputc('\n', out);
    print_note(out, "Best: least final objective (loss and L2 term), the faster one where equal. "
                    "time: training only, median of the repeats; range: slowest minus fastest, as "
                    "a share of it.");
    if (batched)
        print_note(out,
                   "batched: trained side by side with others in one pass; no time of its own.");
}

void summary_print(const struct results *results, size_t top, FILE *out)
{
    print_heading(results, out);
    if (results->done == 0)
        return;
    for (size_t i = 0; i < results->section_count; i++) {
        fputc('\n', out);
        summary_print_section(results, &results->sections[i], out);
        for (size_t j = 0; j < solver_table.count; j++)
            print_ranking(results, i, solver_table.entries[j], top, out);
    }
    print_legend(results, out);
}
