/* SPDX-License-Identifier: MIT
 *
 * The closing paragraph: the verdict of each problem in a sentence or two, why it is so, and what
 * it does not say.
 */
#include "report/comparison/comparison.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "report/comparison/comparison_text.h"
#include "report/text_table.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* From target `first` on, how far the outcome is the same. */
static size_t stretch(const struct problem *problem, const struct match *match, size_t first)
{
    const struct verdict *verdict = &match->verdicts[first];
    bool led = verdict->outcome == VERDICT_FIRST || verdict->outcome == VERDICT_ONLY;
    size_t t = first + 1;
    while (t < problem->targets && match->verdicts[t].outcome == verdict->outcome &&
           (!led || match->verdicts[t].ahead == verdict->ahead))
        t++;
    return t;
}

/* "a gap of 1e-02", "gaps of 1e-02 to 1e-04", "99 % of the way". */
static void say_range(const struct problem *problem, size_t first, size_t end, FILE *out)
{
    char from[QUANTITY_TEXT], to[QUANTITY_TEXT];
    const char *noun = !problem->by_gap ? "" : end - first == 1 ? "a gap of " : "gaps of ";
    const char *way = problem->by_gap ? "" : " of the way";
    fprintf(out, "%s%s", noun, comparison_mark(from, problem, first));
    if (end - first > 1)
        fprintf(out, " to %s", comparison_mark(to, problem, end - 1));
    fputs(way, out);
}

static void say_stretches(const struct sides *sides, const struct problem *problem,
                          const struct match *match, FILE *out)
{
    const char *separator = "";
    for (size_t t = 0, end; t < problem->targets; t = end) {
        const struct verdict *verdict = &match->verdicts[t];
        end = stretch(problem, match, t);
        fputs(separator, out);
        if (verdict->outcome == VERDICT_FIRST)
            fprintf(out, "%s is faster at ", sides->names[verdict->ahead]);
        else if (verdict->outcome == VERDICT_ONLY)
            fprintf(out, "only %s reaches ", sides->names[verdict->ahead]);
        else if (verdict->outcome == VERDICT_OPEN)
            fputs("there is no significant difference at ", out);
        else if (verdict->outcome == VERDICT_DISTURBED)
            fputs("too few undisturbed rounds are left to tell at ", out);
        else if (verdict->outcome == VERDICT_UNTIMED)
            fputs("no configuration was timed alone that reaches ", out);
        else
            fputs("no side reaches ", out);
        say_range(problem, t, end, out);
        separator = ", ";
    }
    fputs(". ", out);
}

/* The last target at which two sides arrive: the one where it is worth to say why. */
static int last_contested(const struct sides *sides, const struct problem *problem,
                          const struct match *match, int *other)
{
    for (size_t t = problem->targets; t-- > 0;) {
        const struct verdict *verdict = &match->verdicts[t];
        double least = INFINITY;
        *other = -1;
        if (verdict->outcome == VERDICT_DISTURBED)
            continue;
        for (size_t s = 0; s < sides->count && verdict->ahead >= 0; s++)
            if (verdict->places[s].timed && verdict->places[s].arrives &&
                (int)s != verdict->ahead && verdict->places[s].seconds < least) {
                least = verdict->places[s].seconds;
                *other = (int)s;
            }
        if (*other >= 0)
            return (int)t;
    }
    return -1;
}

/* time = epochs x time of an epoch. */
static void say_why(const struct sides *sides, const struct problem *problem,
                    const struct match *match, FILE *out)
{
    int other;
    int target = last_contested(sides, problem, match, &other);
    char mark[QUANTITY_TEXT], seconds[2][QUANTITY_TEXT], epochs[2][QUANTITY_TEXT];
    if (target < 0)
        return;
    const struct verdict *verdict = &match->verdicts[target];
    const struct side_best *a = &verdict->places[verdict->ahead], *b = &verdict->places[other];
    fprintf(out, "At %s%s, %s takes %s epochs of %s and %s %s of %s. ",
            problem->by_gap ? "a gap of " : "", comparison_mark(mark, problem, (size_t)target),
            sides->names[verdict->ahead], comparison_epochs(epochs[0], a),
            quantity_seconds(seconds[0], a->seconds / a->epochs), sides->names[other],
            comparison_epochs(epochs[1], b), quantity_seconds(seconds[1], b->seconds / b->epochs));
}

static void say_problem(const struct comparison *comparison, size_t p, FILE *out)
{
    const struct problem *problem = &comparison->contenders.problems[p];
    const struct match *match = &comparison->matches[p];
    const struct sides *sides = &comparison->contenders.sides;
    char title[COMPARISON_TEXT];
    fprintf(out, "On %s, ", comparison_short_title(title, problem));
    const char *silence = comparison_silence(&comparison->contenders, problem, match);
    if (silence != NULL) {
        fprintf(out, "%s. ", silence);
        return;
    }
    say_stretches(sides, problem, match, out);
    say_why(sides, problem, match, out);
}

/* Is any time from a trial by which the best of several was chosen? */
static bool is_swept(const struct comparison *comparison)
{
    for (size_t p = 0; p < comparison->contenders.count; p++)
        for (size_t t = 0; t < comparison->contenders.problems[p].targets; t++) {
            const struct verdict *verdict = &comparison->matches[p].verdicts[t];
            for (size_t s = 0; s < comparison->contenders.sides.count; s++)
                if (verdict->places[s].arrives && verdict->timing == TIMED_IN_SWEEP &&
                    comparison->matches[p].standings[s].planned > 1)
                    return true;
        }
    return false;
}

/* What the verdicts rest on: whether any is of one seed, or of several, or of arrivals that are
 * known only between recorded epochs. */
struct grounds {
    bool one_seed, several_seeds, between;
};

static struct grounds grounds_of(const struct comparison *comparison)
{
    struct grounds grounds = {false, false, false};
    for (size_t p = 0; p < comparison->contenders.count; p++) {
        const struct problem *problem = &comparison->contenders.problems[p];
        grounds.between = grounds.between || problem->between;
        for (size_t t = 0; t < problem->targets; t++) {
            const struct verdict *verdict = &comparison->matches[p].verdicts[t];
            bool given = verdict->outcome >= VERDICT_ONLY && verdict->competing > 1;
            grounds.one_seed = grounds.one_seed || (given && verdict->seeds == 1);
            grounds.several_seeds = grounds.several_seeds || (given && verdict->seeds > 1);
        }
    }
    return grounds;
}

static void say_grounds(struct grounds grounds, FILE *out)
{
    if (grounds.one_seed)
        fputs("Rounds of one seed repeat the same training, so their intervals cover the noise of "
              "the clock and nothing else: another seed, with other initial weights and another "
              "order of samples, may differ. `seed: [1, 2, 3, ...]` in the sweep file draws more. ",
              out);
    if (grounds.several_seeds)
        fputs("Where there are several seeds, each counts once, by the median of its rounds. ",
              out);
    if (grounds.between)
        fputs("Where `record` leaves epochs out, an arrival is known only to lie between two "
              "recorded ones: tables have the later of them, and a verdict is given where it holds "
              "for all between. ",
              out);
}

static void say_sureness(const struct comparison *comparison, FILE *out)
{
    struct grounds grounds = grounds_of(comparison);
    char text[QUANTITY_TEXT];
    if (comparison->comparisons > 0)
        fprintf(out,
                "Each side has the configuration that was best for the target. Intervals are of "
                "the sign test on ratios within rounds, and hold jointly at %.0f %% (%s; at "
                "least %zu %s are needed). ",
                100.0 * (1.0 - COMPARISON_ALPHA),
                quantity_count(text, comparison->comparisons, "comparison"),
                paired_rounds_needed(comparison->alpha),
                !grounds.several_seeds ? "rounds"
                : grounds.one_seed     ? "rounds, or seeds where there are several,"
                                       : "seeds");
    say_grounds(grounds, out);
    if (comparison->noise.disturbed > 0) {
        char noise[NOISE_TEXT];
        fprintf(out, "%s: %s. ", noise_words(noise, &comparison->noise),
                comparison->contenders.opened[0].results.busy
                    ? "these rounds count as others do, as was asked"
                    : "only rounds in which nothing disturbed either side count");
    }
    if (is_swept(comparison))
        fputs(
            "Some times come from the same trials by which the best were chosen, which favours the "
            "side with more configurations; `finals: 15` in the sweep file times the best again. ",
            out);
}

static void say_warnings(const struct comparison *comparison, FILE *out)
{
    if (strcmp(comparison->contenders.sides.by, "store") == 0)
        fputs("The stores were recorded one after the other, so no rounds are shared: a difference "
              "may be the machine's and not the programs'. ",
              out);
    if (comparison->machines.count > 1)
        fprintf(out,
                "WARNING: times of more than one machine or build are mixed here (%s); this "
                "comparison cannot separate the sides from the machines. ",
                comparison->machines.differences);
}

/* Trials whose times are not compared: where a problem has their number, and what is said before
 * and after that of all problems. Those of a path have no time of their own, so nothing is to be
 * mixed with others. */
static const struct {
    size_t offset; /* of a size_t in struct problem */
    const char *before, *after;
} not_compared[] = {
    {offsetof(struct problem, led), "",
     " began with the solution of a neighbour on a path: times and epochs from there are not those "
     "from the usual start, and no time of theirs is compared. "},
    {offsetof(struct problem, elsewhere),
     "Times from different hosts, or beside other numbers of processes, are not compared: for each "
     "problem those of one host count, without ",
     " timed alone on others, or before finals. "},
    {offsetof(struct problem, in_parts), "",
     " went on from a checkpoint after an interruption: times in parts are left out. "},
};

static void say_not_compared(const struct comparison *comparison, FILE *out)
{
    const struct problem *problems = comparison->contenders.problems;
    char text[QUANTITY_TEXT];
    for (size_t i = 0; i < sizeof not_compared / sizeof *not_compared; i++) {
        size_t count = 0;
        for (size_t p = 0; p < comparison->contenders.count; p++) {
            size_t here;
            memcpy(&here, (const char *)&problems[p] + not_compared[i].offset, sizeof here);
            count += here;
        }
        if (count > 0)
            fprintf(out, "%s%s%s", not_compared[i].before, quantity_count(text, count, "trial"),
                    not_compared[i].after);
    }
}

/* Words are composed first and wrapped then. */
void comparison_words(const struct comparison *comparison, FILE *out)
{
    struct memory_stream composed;
    FILE *stream = memory_stream_open(&composed);
    for (size_t p = 0; p < comparison->contenders.count; p++)
        say_problem(comparison, p, stream);
    say_sureness(comparison, stream);
    say_warnings(comparison, stream);
    say_not_compared(comparison, stream);
    char *text = memory_stream_close(&composed);
    text_print_wrapped(text, 0, REPORT_WIDTH, out);
    memory_free(text);
}
