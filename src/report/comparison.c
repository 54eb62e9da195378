/* SPDX-License-Identifier: MIT
 *
 * The comparison in print: the table of targets, side by side, the configurations behind it, and
 * what it does and does not say, in words. A time is epochs times the time of an epoch, so both are
 * shown: the one tells how good a step is, the other what it costs.
 */
#include "report/comparison.h"

#include "base/memory.h"
#include "report/arrival.h"
#include "report/choices.h"
#include "report/heading.h"
#include "report/quantity.h"
#include "report/table.h"

#include <inttypes.h>
#include <math.h>

enum { NOBODY = -1, CHOSEN = TARGETS * SIDES };

static const char *const side_names[SIDES] = {[SIDE_STOCHASTIC] = "SGD", [SIDE_BATCH] = "batch"};

/* The configurations that are first on their side at some target, in the order of first mention:
 * the letters of the table. */
struct chosen {
    size_t count;
    const struct outcome *outcomes[CHOSEN];
};

static size_t chosen_index(struct chosen *chosen, const struct outcome *outcome)
{
    size_t i = 0;
    while (i < chosen->count && chosen->outcomes[i] != outcome)
        i++;
    if (i == chosen->count)
        chosen->outcomes[chosen->count++] = outcome;
    return i;
}

/* Which side is first at target t; NOBODY when both arrive at the same time or neither does. */
static int first_side(const struct contest *contest, size_t t)
{
    const struct arrival *a = &contest->sides[0].arrivals[t], *b = &contest->sides[1].arrivals[t];
    double left = a->outcome != NULL ? a->seconds : INFINITY;
    double right = b->outcome != NULL ? b->seconds : INFINITY;
    return left == right ? NOBODY : right < left;
}

static void add_ratio(struct text_table *table, const struct contest *contest, size_t t)
{
    const struct arrival *a = &contest->sides[0].arrivals[t], *b = &contest->sides[1].arrivals[t];
    char text[QUANTITY_TEXT];
    int first = first_side(contest, t);
    text_table_cell(table, "%s", first == NOBODY ? "-" : side_names[first]);
    double least = fmin(a->seconds, b->seconds), most = fmax(a->seconds, b->seconds);
    bool both = a->outcome != NULL && b->outcome != NULL;
    text_table_cell(table, "%s", quantity_factor(text, both ? most / least : NAN));
}

static void add_arrival(struct text_table *table, const struct arrival *arrival,
                        struct chosen *chosen)
{
    char text[QUANTITY_TEXT];
    if (arrival->outcome != NULL) {
        text_table_cell(table, "%c", (int)('A' + chosen_index(chosen, arrival->outcome)));
        text_table_cell(table, "%.10g", arrival->epochs);
        text_table_cell(table, "%s", quantity_seconds(text, arrival->seconds / arrival->epochs));
        text_table_cell(table, "%s", quantity_seconds(text, arrival->seconds));
    } else {
        for (int i = 0; i < 4; i++)
            text_table_cell(table, "-");
    }
    text_table_cell(table, "%zu/%zu", arrival->arrived, arrival->repeats);
}

/* Did a repeat that the table speaks of miss its target? */
static bool any_censored(const struct contest *contest)
{
    for (int s = 0; s < SIDES; s++)
        for (size_t t = 0; t < TARGETS; t++)
            if (contest->sides[s].arrivals[t].arrived < contest->sides[s].arrivals[t].repeats)
                return true;
    return false;
}

/* With an L2 term a target is no longer a loss alone. */
static const char *target_word(const struct results *results, const struct contest *contest)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->outcomes[i].section == contest->section &&
            outcome_values(&results->outcomes[i])->lambda > 0.0)
            return "objective";
    return "loss";
}

static void print_targets(const struct contest *contest, const char *word, struct chosen *chosen,
                          FILE *out)
{
    const char *sgd = side_names[SIDE_STOCHASTIC], *batch = side_names[SIDE_BATCH];
    bool if_varies = !any_censored(contest);
    const struct text_column columns[] = {
        {"way", COLUMN_NUMBER, false, NULL},     {word, COLUMN_NUMBER, false, NULL},
        {"", COLUMN_TEXT, false, sgd},           {"epochs", COLUMN_NUMBER, false, sgd},
        {"x each", COLUMN_NUMBER, false, sgd},   {"= time", COLUMN_NUMBER, false, sgd},
        {"met", COLUMN_NUMBER, if_varies, sgd},  {"", COLUMN_TEXT, false, batch},
        {"epochs", COLUMN_NUMBER, false, batch}, {"x each", COLUMN_NUMBER, false, batch},
        {"= time", COLUMN_NUMBER, false, batch}, {"met", COLUMN_NUMBER, if_varies, batch},
        {"first", COLUMN_TEXT, false, NULL},     {"by", COLUMN_NUMBER, false, NULL},
    };
    char text[QUANTITY_TEXT];
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t t = 0; t < TARGETS; t++) {
        text_table_cell(table, "%.3g %%", 100.0 * target_shares[t]);
        text_table_cell(table, "%s", quantity_loss(text, contest->targets[t]));
        for (int s = 0; s < SIDES; s++)
            add_arrival(table, &contest->sides[s].arrivals[t], chosen);
        add_ratio(table, contest, t);
    }
    text_table_print(table, 2, out);
    text_table_free(table);
}

static bool on_a_side(const struct outcome *outcome, const void *context)
{
    int side;
    (void)context;
    return outcome_side(outcome, &side);
}

/* The configurations behind the letters; a solver that does not use threads runs on one. */
static void print_chosen(const struct results *results, const struct chosen *chosen, FILE *out)
{
    struct choices *choices = choices_create(results, on_a_side, NULL);
    choices_remove(choices, "threads");
    struct text_column *columns = memory_allocate(choices->count + 2, sizeof *columns);
    columns[0] = (struct text_column){.header = "", .type = COLUMN_TEXT};
    size_t count = 1 + choices_add_columns(choices, columns + 1);
    columns[count++] = (struct text_column){.header = "threads", .type = COLUMN_NUMBER};
    struct text_table *table = text_table_create(columns, count);
    for (size_t i = 0; i < chosen->count; i++) {
        const struct configuration *values = outcome_values(chosen->outcomes[i]);
        bool threaded = hyperparameter_applies(hyperparameter_find("threads"), values);
        text_table_cell(table, "%c", (int)('A' + i));
        choices_add_cells(choices, values, table);
        text_table_cell(table, "%" PRId64, threaded ? values->threads : INT64_C(1));
    }
    fputc('\n', out);
    text_table_print(table, 2, out);
    text_table_free(table);
    memory_free(columns);
    choices_free(choices);
}

static size_t count_first(const struct contest *contest, int side)
{
    size_t count = 0;
    for (size_t t = 0; t < TARGETS; t++)
        count += first_side(contest, t) == side;
    return count;
}

/* "50 %, 90 % and 99 %": the targets (left) at which `side` was first. */
static void list_targets(const struct contest *contest, int side, size_t left, FILE *out)
{
    for (size_t t = 0; t < TARGETS; t++) {
        if (first_side(contest, t) != side)
            continue;
        left--;
        fprintf(out, "%.3g %%%s", 100.0 * target_shares[t],
                left > 1    ? ", "
                : left == 1 ? " and "
                            : "");
    }
}

static void say_first(const struct contest *contest, FILE *out)
{
    static const int order[] = {SIDE_STOCHASTIC, SIDE_BATCH, NOBODY};
    const char *separator = "On this data ";
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        int side = order[i];
        size_t count = count_first(contest, side);
        if (count == 0)
            continue;
        fprintf(out, "%s%s was first at ", separator,
                side == NOBODY ? "neither" : side_names[side]);
        if (count == TARGETS)
            fputs("every target", out);
        else
            list_targets(contest, side, count, out);
        separator = ", ";
    }
    fputs(". ", out);
}

/* "28 configurations (left out: 3 diverged or failed)". */
static void say_side(const struct side *side, FILE *out)
{
    const struct {
        size_t count;
        const char *why;
    } left_out[] = {
        {side->unfit, "diverged or failed"},
        {side->batched, "batched, without a time of their own"},
        {side->pending, "not run yet"},
    };
    const char *separator = " (left out: ";
    char word[QUANTITY_TEXT];
    fprintf(out, "%s", quantity_count(word, side->planned, "configuration"));
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (left_out[i].count == 0)
            continue;
        fprintf(out, "%s%zu %s", separator, left_out[i].count, left_out[i].why);
        separator = ", ";
    }
    if (side->competing < side->planned)
        fputc(')', out);
}

static void say_sides(const struct contest *contest, FILE *out)
{
    fprintf(out, "%s could choose among ", side_names[SIDE_STOCHASTIC]);
    say_side(&contest->sides[SIDE_STOCHASTIC], out);
    fprintf(out, ", %s among ", side_names[SIDE_BATCH]);
    say_side(&contest->sides[SIDE_BATCH], out);
    fputs(". ", out);
}

static void say_undecided(const struct contest *contest, FILE *out)
{
    const struct side *sgd = &contest->sides[SIDE_STOCHASTIC], *batch = &contest->sides[SIDE_BATCH];
    char start[QUANTITY_TEXT];
    if (sgd->competing > 0 && batch->competing > 0)
        fprintf(out, "Nothing to compare: not both sides got below the start, %s. ",
                quantity_loss(start, contest->start));
    else if (sgd->competing + batch->competing == 0)
        fputs("Nothing to compare yet: no configuration came through, timed alone. ", out);
    else
        fprintf(out, "Nothing to compare yet: no configuration of %s came through, timed alone. ",
                side_names[sgd->competing == 0 ? SIDE_STOCHASTIC : SIDE_BATCH]);
}

static void say_decided(const struct contest *contest, const char *word, FILE *out)
{
    char start[QUANTITY_TEXT], best[QUANTITY_TEXT];
    say_first(contest, out);
    fprintf(out, "The way leads from the least %s at the start, %s, ", word,
            quantity_loss(start, contest->start));
    fprintf(out, "down to %s, the least that both sides reached. ",
            quantity_loss(best, contest->best));
}

/* Words are composed first and wrapped then. */
static void print_words(const struct contest *contest, const char *word, FILE *out)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL)
        memory_exhausted(1, 1);
    if (contest->decided)
        say_decided(contest, word, stream);
    else
        say_undecided(contest, stream);
    say_sides(contest, stream);
    if (fclose(stream) != 0)
        memory_exhausted(1, length);
    text_print_wrapped(text, 2, REPORT_WIDTH, out);
    memory_free(text);
}

static void print_contest(const struct results *results, const struct contest *contest, FILE *out)
{
    const char *word = target_word(results, contest);
    struct chosen chosen = {0};
    fputs("\nSGD against batch\n", out);
    heading_print_section(results, &results->sections[contest->section], out);
    fputc('\n', out);
    if (contest->decided) {
        print_targets(contest, word, &chosen, out);
        print_chosen(results, &chosen, out);
        fputc('\n', out);
    }
    print_words(contest, word, out);
}

static bool seed_varies(const struct results *results)
{
    for (size_t i = 1; i < results->count; i++)
        if (outcome_values(&results->outcomes[i])->seed !=
            outcome_values(&results->outcomes[0])->seed)
            return true;
    return false;
}

/* What holds for every comparison of the report. */
static void print_caveats(const struct results *results, FILE *out)
{
    fputc('\n', out);
    text_print_wrapped("This is a first look. At each target, each side is its fastest "
                       "configuration for that target; its time is the median of few repeats, "
                       "timed one after the other, of reaching the first recorded epoch at or "
                       "below the target. There is no interval: small factors mean nothing. "
                       "Targets are losses on the way to the least that both sides reached, not "
                       "distances to the optimum.",
                       0, REPORT_WIDTH, out);
    if (seed_varies(results))
        text_print_wrapped("Seeds differ and count as configurations: a side with more of them had "
                           "more chances.",
                           0, REPORT_WIDTH, out);
    if (results->machines > 1)
        text_print_wrapped("WARNING: times of more than one machine or build are mixed here; this "
                           "comparison does not tell the sides apart from the machines.",
                           0, REPORT_WIDTH, out);
}

bool comparison_print(const struct results *results, struct store *store, FILE *out,
                      struct error *error)
{
    bool any = false;
    for (size_t i = 0; i < results_sections_shown(results) && results->done > 0; i++) {
        struct contest contest;
        if (!contest_run(results, i, store, &contest, error))
            return false;
        if (contest.sides[SIDE_STOCHASTIC].planned == 0 || contest.sides[SIDE_BATCH].planned == 0)
            continue;
        print_contest(results, &contest, out);
        any = any || contest.decided;
    }
    if (any)
        print_caveats(results, out);
    return true;
}
