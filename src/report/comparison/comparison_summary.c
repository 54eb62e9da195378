/* SPDX-License-Identifier: MIT
 *
 * All problems in one table: for each target of each, two sides with the best of each, how many
 * times faster the first is, and a verdict. The first side is the one ahead and the other the next.
 * Where programs are the sides it is descent, whoever is ahead, and the other the fastest of them:
 * who asks about other programs asks how far they are from here. Both are comparisons with the side
 * ahead, which are made in any case (verdict.h), so that they hold jointly with all others.
 */
#include "report/comparison/comparison.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "report/comparison/comparison_text.h"
#include "report/text_table.h"
#include "report/varying_columns.h"
#include "solvers/solver.h"

#include <string.h>

/* The side that all others are seen from; -1: the one ahead. */
static int home_of(const struct sides *sides)
{
    const struct hyperparameter *program = hyperparameter_find("program");
    for (size_t s = 0; sides->axis == program && s < sides->count; s++)
        if (strcmp(sides->names[s], program->fallback) == 0)
            return (int)s;
    return -1;
}

struct facing {
    int side, other; /* -1: there is none */
};

/* The fastest beside the one ahead. */
static int next_of(const struct sides *sides, const struct verdict *verdict)
{
    int next = -1;
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        if (place->timed && place->arrives && (int)s != verdict->ahead &&
            (next < 0 || place->seconds < verdict->places[next].seconds))
            next = (int)s;
    }
    return next;
}

static struct facing face(const struct sides *sides, const struct verdict *verdict)
{
    const int home = home_of(sides), next = next_of(sides, verdict);
    const bool present = home >= 0 && verdict->places[home].timed && verdict->places[home].arrives;
    if (verdict->ahead < 0)
        return (struct facing){-1, -1};
    if (present && home != verdict->ahead)
        return (struct facing){home, verdict->ahead};
    return (struct facing){verdict->ahead, next};
}

/* A place as it is seen from the side that is behind. */
static struct side_best turned(const struct side_best *place)
{
    struct side_best other = *place;
    const struct paired_ratio *ratio = &place->ratio;
    other.ratio.ratio = 1.0 / ratio->ratio;
    other.ratio.least = 1.0 / ratio->most;
    other.ratio.most = 1.0 / ratio->least;
    other.ratio.low = 1.0 / ratio->high;
    other.ratio.high = 1.0 / ratio->low;
    return other;
}

static void add_ratio(struct text_table *table, const struct verdict *verdict, struct facing facing)
{
    char text[QUANTITY_TEXT];
    if (facing.other < 0) {
        text_table_cell(table, "-");
        text_table_cell(table, "%s", comparison_standing(verdict));
        return;
    }
    const bool ahead = facing.side == verdict->ahead;
    const struct side_best *place = &verdict->places[ahead ? facing.other : facing.side];
    const struct side_best seen = ahead ? *place : turned(place);
    text_table_cell(table, "%s", comparison_ratio(text, verdict, &seen));
    if (ahead)
        text_table_cell(table, "%s", comparison_standing(verdict));
    else if (place->withheld)
        text_table_cell(table, "not measurable: disturbed");
    else
        text_table_cell(table, place->separation == SEPARATION_FIRST ? "slower"
                                                                     : "slower (not significant)");
}

/* "saga, rate 0.1"; of a program, what it was given: "algorithm=lbfgs,tolerance=0.1". */
static char *describe(const struct varying_columns *choices, const struct configuration *values)
{
    struct memory_stream stream;
    char text[QUANTITY_TEXT];
    FILE *out = memory_stream_open(&stream);
    const bool outside = solver_of(values->solver)->outside;
    fputs(outside ? values->parameters->name : values->solver->name, out);
    for (size_t i = 0; i < choices->count; i++)
        if (!choices->rows[i]->of_programs && hyperparameter_applies(choices->rows[i], values))
            fprintf(out, ", %s %s", choices->rows[i]->entry.name,
                    quantity_hyperparameter(text, choices->rows[i], values));
    return memory_stream_close(&stream);
}

/* What tells configurations of a problem apart, and is not said of a side already. */
static struct varying_columns *choices_of(const struct problem *problem, const struct sides *sides)
{
    const struct configuration **values = memory_allocate(problem->count + 1, sizeof *values);
    for (size_t i = 0; i < problem->count; i++)
        values[i] = &problem->entrants[i].values;
    struct varying_columns *choices = varying_columns_among(values, problem->count);
    varying_columns_remove(choices, "solver");
    varying_columns_remove(choices, "seed");
    if (sides->axis != NULL)
        varying_columns_remove(choices, sides->axis->entry.name);
    memory_free(values);
    return choices;
}

static void add_side(struct text_table *table, const struct sides *sides,
                     const struct verdict *verdict, int side, const struct varying_columns *choices)
{
    char text[QUANTITY_TEXT];
    if (side < 0) {
        for (size_t i = 0; i < 3; i++)
            text_table_cell(table, "-");
        return;
    }
    const struct side_best *place = &verdict->places[side];
    char *description = describe(choices, &place->entrant->values);
    text_table_cell(table, "%s", sides->names[side]);
    text_table_cell(table, "%s", description);
    text_table_cell(table, "%s%s", place->after < place->seconds ? "<= " : "",
                    quantity_seconds(text, place->seconds));
    memory_free(description);
}

static void add_problem(struct text_table *table, const struct comparison *comparison, size_t p)
{
    const struct sides *sides = &comparison->contenders.sides;
    const struct problem *problem = &comparison->contenders.problems[p];
    struct varying_columns *choices = choices_of(problem, sides);
    char title[COMPARISON_TEXT], mark[QUANTITY_TEXT];
    for (size_t t = 0; t < problem->targets; t++) {
        const struct verdict *verdict = &comparison->matches[p].verdicts[t];
        const struct facing facing = face(sides, verdict);
        text_table_cell(table, "%s", comparison_short_title(title, problem));
        text_table_cell(table, "%s", comparison_mark(mark, problem, t));
        add_side(table, sides, verdict, facing.side, choices);
        add_side(table, sides, verdict, facing.other, choices);
        add_ratio(table, verdict, facing);
    }
    varying_columns_free(choices);
}

/* Do two sides face each other at any target? */
static bool any_facing(const struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    for (size_t p = 0; p < contenders->count; p++)
        for (size_t t = 0; t < contenders->problems[p].targets; t++)
            if (face(&contenders->sides, &comparison->matches[p].verdicts[t]).other >= 0)
                return true;
    return false;
}

void comparison_print_summary(const struct comparison *comparison, FILE *out)
{
    static const struct text_column columns[] = {
        {"data", COLUMN_TEXT, false, NULL},         {"target", COLUMN_NUMBER, false, NULL},
        {"side", COLUMN_TEXT, false, NULL},         {"its best", COLUMN_TEXT, false, NULL},
        {"time", COLUMN_NUMBER, false, NULL},       {"other side", COLUMN_TEXT, false, NULL},
        {"its best", COLUMN_TEXT, false, NULL},     {"time", COLUMN_NUMBER, false, NULL},
        {"times faster", COLUMN_TEXT, false, NULL}, {"verdict", COLUMN_TEXT, false, NULL},
    };
    const struct contenders *contenders = &comparison->contenders;
    const int home = home_of(&contenders->sides);
    if (contenders->count < 2 || !any_facing(comparison))
        return;
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t p = 0; p < contenders->count; p++)
        add_problem(table, comparison, p);
    fputs("\n## All problems\n\n", out);
    if (home >= 0)
        fprintf(out,
                "At each target the best of %s beside the fastest of all others; below 1 time "
                "faster, that one is ahead. All sides are below, problem by problem.\n\n",
                contenders->sides.names[home]);
    else
        fputs("At each target the side ahead beside the next. All sides are below, problem by "
              "problem.\n\n",
              out);
    text_table_print_markdown(table, out);
    text_table_free(table);
}
