/* SPDX-License-Identifier: MIT
 *
 * The comparison in print. Several problems stand in one table first (comparison_summary.c). For
 * each problem: the targets with the best of each side, the verdicts,
 * the configurations behind the letters, what tuning costs, who is missing; then the problems
 * together, and the closing paragraph. A time is epochs times the time of an epoch, so both are
 * shown: the one tells how good a step is, the other what it costs.
 */
#include "report/comparison/comparison.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/comparison/comparison_text.h"
#include "report/text_table.h"
#include "report/varying_columns.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The entrants that are the best of their side at some target, in the order of first mention: the
 * letters of the table. */
enum { CHOSEN = TARGETS_MOST * SIDES_MOST };
struct chosen {
    size_t count;
    const struct entrant *entrants[CHOSEN];
};

static const char *letter(struct chosen *chosen, const struct entrant *entrant,
                          char text[static QUANTITY_TEXT])
{
    size_t i = 0;
    while (i < chosen->count && chosen->entrants[i] != entrant)
        i++;
    if (i == chosen->count)
        chosen->entrants[chosen->count++] = entrant;
    if (i < 26)
        snprintf(text, QUANTITY_TEXT, "%c", (int)('A' + i));
    else
        snprintf(text, QUANTITY_TEXT, "%c%c", (int)('A' + i / 26 - 1), (int)('A' + i % 26));
    return text;
}

/* --- Targets ------------------------------------------------------------------------------- */

static void add_place(struct text_table *table, const struct problem *problem,
                      const struct verdict *verdict, size_t side, const char *name, size_t target,
                      struct chosen *chosen)
{
    const struct side_best *place = &verdict->places[side];
    char text[QUANTITY_TEXT];
    text_table_cell(table, "%s", comparison_mark(text, problem, target));
    text_table_cell(table, "%s", name);
    text_table_cell(table, "%s", letter(chosen, place->entrant, text));
    text_table_cell(table, "%s", comparison_epochs(text, place));
    text_table_cell(table, "%s", quantity_seconds(text, place->seconds / place->epochs));
    text_table_cell(table, "%s%s", place->after < place->seconds ? "<= " : "",
                    quantity_seconds(text, place->seconds));
    text_table_cell(table, "%zu/%zu", place->arrived, place->runs);
    if ((int)side == verdict->ahead)
        text_table_cell(table, "%s", comparison_standing(verdict));
    else if (!place->timed)
        text_table_cell(table, "not timed alone");
    else
        text_table_cell(table, "%s", comparison_ratio(text, verdict, place));
}

static void print_targets(const struct contenders *contenders, const struct problem *problem,
                          const struct match *match, struct chosen *chosen, FILE *out)
{
    const struct text_column columns[] = {
        {problem->by_gap ? "gap" : "way", COLUMN_NUMBER, false, NULL},
        {"side", COLUMN_TEXT, false, NULL},
        {"best", COLUMN_TEXT, false, NULL},
        {"epochs", COLUMN_NUMBER, false, NULL},
        {"time per epoch", COLUMN_NUMBER, false, NULL},
        {problem->by_gap ? "time to gap" : "time to target", COLUMN_NUMBER, false, NULL},
        {"rounds that reached it", COLUMN_NUMBER, false, NULL},
        {"slowdown", COLUMN_TEXT, false, NULL},
    };
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t t = 0; t < problem->targets; t++)
        for (size_t s = 0; s < contenders->sides.count; s++)
            if (match->verdicts[t].places[s].arrives)
                add_place(table, problem, &match->verdicts[t], s, contenders->sides.names[s], t,
                          chosen);
    text_table_print_markdown(table, out);
    text_table_free(table);
}

/* The configurations behind the letters; a solver that does not use threads runs on one. */
static void print_chosen(const struct problem *problem, const struct chosen *chosen, FILE *out)
{
    const struct configuration **values = memory_allocate(problem->count, sizeof *values);
    char text[QUANTITY_TEXT];
    for (size_t i = 0; i < problem->count; i++)
        values[i] = &problem->entrants[i].values;
    struct varying_columns *choices = varying_columns_among(values, problem->count);
    varying_columns_remove(choices, "threads");
    varying_columns_remove(choices, "seed");
    varying_columns_remove(choices, "solver");
    varying_columns_remove(choices, "program_command"); /* the program's name stands there */
    struct text_column *columns = memory_allocate(choices->count + 3, sizeof *columns);
    columns[0] = (struct text_column){.header = "best", .type = COLUMN_TEXT};
    columns[1] = (struct text_column){.header = "solver", .type = COLUMN_TEXT};
    size_t count = 2 + varying_columns_add_columns(choices, columns + 2);
    columns[count++] = (struct text_column){.header = "threads", .type = COLUMN_NUMBER};
    struct text_table *table = text_table_create(columns, count);
    struct chosen again = *chosen;
    for (size_t i = 0; i < chosen->count; i++) {
        const struct configuration *one = &chosen->entrants[i]->values;
        bool threaded = configuration_is_threaded(one);
        text_table_cell(table, "%s", letter(&again, chosen->entrants[i], text));
        text_table_cell(table, "%s", one->solver->name);
        varying_columns_add_cells(choices, one, table);
        text_table_cell(table, "%" PRId64, threaded ? one->threads : INT64_C(1));
    }
    fputc('\n', out);
    text_table_print_markdown(table, out);
    text_table_free(table);
    varying_columns_free(choices);
    memory_free(columns);
    memory_free(values);
}

static void print_verdicts(const struct contenders *contenders, const struct problem *problem,
                           const struct match *match, FILE *out)
{
    char text[COMPARISON_TEXT], mark[QUANTITY_TEXT];
    size_t end = problem->targets; /* of those that any side reaches */
    while (end > 0 && match->verdicts[end - 1].outcome == VERDICT_NOBODY)
        end--;
    fputc('\n', out);
    for (size_t t = 0; t < problem->targets && t <= end; t++)
        fprintf(out, "- %s %s%s: %s\n", problem->by_gap ? "gap" : "way",
                comparison_mark(mark, problem, t),
                t == end && t + 1 < problem->targets ? " and on" : "",
                text_shown(comparison_verdict(text, &contenders->sides, &match->verdicts[t])));
}

/* --- Tuning -------------------------------------------------------------------------------- */

static void print_tuning(const struct contenders *contenders, const struct problem *problem,
                         const struct tuning *tuning, FILE *out)
{
    char text[QUANTITY_TEXT];
    if (tuning->target < 0 || tuning->count < 2)
        return;
    struct text_column columns[1 + SIDES_MOST] = {{"tried", COLUMN_NUMBER, false, NULL}};
    for (size_t s = 0; s < contenders->sides.count; s++)
        columns[1 + s] =
            (struct text_column){contenders->sides.names[s], COLUMN_NUMBER, false, NULL};
    struct text_table *table = text_table_create(columns, 1 + contenders->sides.count);
    for (size_t i = 0; i < tuning->count; i++) {
        text_table_cell(table, "%zu", tuning->tried[i]);
        for (size_t s = 0; s < contenders->sides.count; s++) {
            double best = tuning->best[i * contenders->sides.count + s];
            if (isnan(best))
                text_table_cell(table, "%s", ""); /* it has not so many */
            else if (tuning->timed)
                text_table_cell(table, "%s", quantity_seconds(text, best));
            else if (isfinite(best))
                text_table_cell(table, "%.10g", best);
            else
                text_table_cell(table, "-");
        }
    }
    fprintf(out,
            "\nThe cost of tuning: %s to %s %s expected for the best of so many configurations, "
            "drawn at random (the median; - : more draws miss it).\n\n",
            tuning->timed ? "time" : "epochs", problem->by_gap ? "gap" : "way",
            comparison_mark(text, problem, (size_t)tuning->target));
    text_table_print_markdown(table, out);
    text_table_free(table);
}

/* --- One problem --------------------------------------------------------------------------- */

static void print_standings(const struct contenders *contenders, const struct match *match,
                            FILE *out)
{
    fputc('\n', out);
    for (size_t s = 0; s < contenders->sides.count; s++) {
        const struct standing *standing = &match->standings[s];
        char text[QUANTITY_TEXT];
        if (standing->planned == 0)
            continue;
        fprintf(out, "- %s: %s", text_shown(contenders->sides.names[s]),
                quantity_count(text, standing->planned, "configuration"));
        if (standing->pending > 0)
            fprintf(out, ", %zu not run yet", standing->pending);
        if (standing->needless > 0)
            fprintf(out, ", %zu needless, as looser ones tell", standing->needless);
        if (standing->unfit > 0)
            fprintf(out, ", %zu diverged or failed", standing->unfit);
        if (standing->untimed > 0)
            fprintf(out, ", %zu never timed alone", standing->untimed);
        if (standing->cut > 0)
            fprintf(out, ", %zu cut at a rung: what they did not reach they had no epochs for",
                    standing->cut);
        fputc('\n', out);
    }
}

static void print_problem(const struct comparison *comparison, size_t p, FILE *out)
{
    const struct contenders *contenders = &comparison->contenders;
    const struct problem *problem = &contenders->problems[p];
    const struct match *match = &comparison->matches[p];
    struct chosen chosen = {0};
    char title[COMPARISON_TEXT];
    fprintf(out, "\n## %s\n\n", text_shown(comparison_title(title, problem)));
    comparison_print_targets_kind(contenders, problem, out);
    const char *silence = comparison_silence(contenders, problem, match);
    if (silence != NULL) {
        fprintf(out, "\nOn this data %s.\n", silence);
    } else {
        fputc('\n', out);
        print_targets(contenders, problem, match, &chosen, out);
        print_verdicts(contenders, problem, match, out);
        print_chosen(problem, &chosen, out);
        print_tuning(contenders, problem, &match->tuning, out);
    }
    print_standings(contenders, match, out);
    if (problem->elsewhere > 0)
        fprintf(out,
                "- not compared: times of %zu trials, timed alone on other hosts or beside other "
                "numbers of processes\n",
                problem->elsewhere);
    if (problem->in_parts > 0)
        fprintf(out,
                "- not compared: times of %zu trials, in parts, as they were continued from a "
                "checkpoint\n",
                problem->in_parts);
}

/* --- All together -------------------------------------------------------------------------- */

static void print_performance_profile(const struct comparison *comparison, FILE *out)
{
    const struct sides *sides = &comparison->contenders.sides;
    char text[QUANTITY_TEXT];
    if (comparison->contenders.count < 2 || sides->count < 2)
        return;
    struct text_column columns[1 + SIDES_MOST] = {{"within", COLUMN_NUMBER, false, NULL}};
    for (size_t s = 0; s < sides->count; s++)
        columns[1 + s] = (struct text_column){sides->names[s], COLUMN_NUMBER, false, NULL};
    struct text_table *table = text_table_create(columns, 1 + sides->count);
    for (size_t i = 0; i < COMPARISON_FACTORS; i++) {
        if (isinf(comparison_factors[i]))
            text_table_cell(table, "any");
        else
            text_table_cell(table, "%.3g x", comparison_factors[i]);
        for (size_t s = 0; s < sides->count; s++)
            text_table_cell(
                table, "%s",
                quantity_share(
                    text, comparison_performance_profile(comparison, s, comparison_factors[i]), 0));
    }
    fputs(
        "\n## Performance profile (Dolan and More)\n\nHow to read it: the share of all targets of "
        "all problems at which a side was within this factor of the best side. The first line is "
        "how often it was the best; the last, how often it got there at all, however late.\n\n",
        out);
    text_table_print_markdown(table, out);
    text_table_free(table);
}

static void print_crossover(const struct comparison *comparison, FILE *out)
{
    const struct contenders *contenders = &comparison->contenders;
    const struct crossover *crossover = &comparison->crossover;
    char text[COMPARISON_TEXT], header[SIDES_MOST][QUANTITY_TEXT];
    size_t budgets = crossover->budgets < SIDES_MOST ? crossover->budgets : SIDES_MOST;
    if (strcmp(contenders->sides.by, "family") != 0 || contenders->sides.count < 2 ||
        contenders->count * budgets < 2)
        return;
    struct text_column columns[3 + SIDES_MOST] = {{"rows", COLUMN_NUMBER, false, NULL},
                                                  {"features", COLUMN_NUMBER, true, NULL},
                                                  {"data", COLUMN_TEXT, false, NULL}};
    for (size_t b = 0; b < budgets; b++) {
        quantity_count(header[b], (size_t)crossover->threads[b], "thread");
        columns[3 + b] = (struct text_column){header[b], COLUMN_TEXT, false, NULL};
    }
    struct text_table *table = text_table_create(columns, 3 + budgets);
    for (size_t p = 0; p < contenders->count; p++) {
        text_table_cell(table, "%" PRId64, contenders->problems[p].rows);
        text_table_cell(table, "%" PRId64, contenders->problems[p].features);
        text_table_cell(table, "%s", comparison_short_title(text, &contenders->problems[p]));
        for (size_t b = 0; b < budgets; b++)
            text_table_cell(table, "%s", comparison_leaders(text, comparison, p, b));
    }
    fputs("\n## Crossover\n\nWhich side is ahead with at most so many threads, from the first "
          "target on, and where another takes over; by medians, so see above for what is "
          "statistically separable.\n\n",
          out);
    text_table_print_markdown(table, out);
    text_table_free(table);
}

static void print_heads(const struct comparison *comparison, FILE *out)
{
    const struct contenders *contenders = &comparison->contenders;
    for (size_t s = 0; s < contenders->opened_count; s++) {
        const struct results *results = &contenders->opened[s].results;
        fprintf(out, "%s# %s\n\n", s > 0 ? "\n" : "", text_shown(results->sweep.name));
        if (*results->sweep.question != '\0')
            fprintf(out, "%s\n\n", results->sweep.question);
        comparison_print_progress(results, contenders->opened[s].name, out);
    }
}

void comparison_markdown(const struct comparison *comparison, FILE *out)
{
    const struct contenders *contenders = &comparison->contenders;
    comparison_print_answer(comparison, out);
    fputc('\n', out);
    print_heads(comparison, out);
    comparison_print_summary(comparison, out);
    for (size_t p = 0; p < contenders->count; p++)
        print_problem(comparison, p, out);
    print_performance_profile(comparison, out);
    print_crossover(comparison, out);
    fputs("\n## In words\n\n", out);
    comparison_words(comparison, out);
}
