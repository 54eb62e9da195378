/* SPDX-License-Identifier: MIT
 *
 * The answer in the first line. A comparison has many verdicts; a reader wants one. It is that of
 * the data with the most entries, and there of the hardest target that two sides reach, for that is
 * where they differ most; where no two reach any, of the hardest that one does.
 */
#include "report/comparison/comparison.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/terminal.h"
#include "base/text.h"
#include "report/comparison/comparison_text.h"

#include <stdint.h>
#include <string.h>

/* The larger problem with something to tell; the first of equals. SIZE_MAX: none. */
static size_t largest_problem(const struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    size_t best = SIZE_MAX;
    double most = -1.0;
    for (size_t p = 0; p < contenders->count; p++) {
        const struct problem *problem = &contenders->problems[p];
        double size = (double)problem->rows * (double)problem->features;
        if (comparison_silence(contenders, problem, &comparison->matches[p]) == NULL &&
            size > most) {
            most = size;
            best = p;
        }
    }
    return best;
}

/* The hardest target that `least` sides reach in time; SIZE_MAX: none. */
static size_t hardest_target(const struct problem *problem, const struct match *match, size_t least)
{
    for (size_t t = problem->targets; t-- > 0;)
        if (match->verdicts[t].arriving + match->verdicts[t].untimed >= least &&
            match->verdicts[t].outcome != VERDICT_NOBODY)
            return t;
    return SIZE_MAX;
}

/* "a gap of 1e-06", "99 % of the way". */
static void name_target(char text[static 2 * QUANTITY_TEXT], const struct problem *problem,
                        size_t target)
{
    char mark[QUANTITY_TEXT];
    comparison_mark(mark, problem, target);
    snprintf(text, 2 * (size_t)QUANTITY_TEXT, problem->by_gap ? "a gap of %s" : "%s of the way",
             mark);
}

/* "too few rounds to tell SGD from batch", "no significant difference among the fastest 3". */
static void say_open(char text[static COMPARISON_TEXT], const struct sides *sides,
                     const struct verdict *verdict)
{
    const char *ahead = sides->names[verdict->ahead], *other = "";
    size_t rivals = 0;
    bool few = false; /* rounds that some of them shared with the side ahead */
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        if (!place->arrives || (int)s == verdict->ahead || place->separation == SEPARATION_FIRST)
            continue;
        rivals++;
        few = few || (place->timed && place->separation == SEPARATION_TOO_FEW);
        other = sides->names[s];
    }
    if (rivals == 1)
        snprintf(text, COMPARISON_TEXT,
                 few ? "too few rounds to tell %s from %s"
                     : "no significant difference between %s and %s",
                 ahead, other);
    else
        snprintf(text, COMPARISON_TEXT,
                 few ? "too few rounds to tell the fastest %zu apart"
                     : "no significant difference among the fastest %zu",
                 rivals + 1);
}

static void say_verdict(const struct comparison *comparison, struct comparison_answer *answer)
{
    const struct sides *sides = &comparison->contenders.sides;
    const struct problem *problem = &comparison->contenders.problems[answer->problem];
    const struct verdict *verdict = answer->verdict;
    const char *ahead = verdict->ahead >= 0 ? sides->names[verdict->ahead] : "";
    char target[2 * QUANTITY_TEXT], names[COMPARISON_TEXT], times[QUANTITY_TEXT], noise[NOISE_TEXT];
    name_target(target, problem, answer->target);
    if (verdict->outcome == VERDICT_OPEN)
        say_open(names, sides, verdict);
    switch (verdict->outcome) {
    case VERDICT_FIRST:
        answer->other = comparison_runner_up(sides, verdict);
        snprintf(answer->words, COMPARISON_ANSWER, "%.60s is %s times faster than %.60s%s to %s",
                 ahead, comparison_times(times, &verdict->places[answer->other].ratio),
                 sides->names[answer->other], verdict->arriving > 2 ? ", the next," : "", target);
        break;
    case VERDICT_ONLY:
        snprintf(answer->words, COMPARISON_ANSWER,
                 verdict->competing > 1
                     ? "only %.60s reaches %s"
                     : "only %.60s was timed, so there is nothing to compare at %s",
                 ahead, target);
        break;
    case VERDICT_OPEN:
        snprintf(answer->words, COMPARISON_ANSWER, "%.240s at %.70s", names, target);
        break;
    case VERDICT_DISTURBED:
        answer->trusted = false;
        snprintf(answer->words, COMPARISON_ANSWER, "not measurable here: %s",
                 noise_words(noise, &comparison->noise));
        break;
    case VERDICT_UNTIMED:
        snprintf(
            answer->words, COMPARISON_ANSWER,
            comparison_has_cuts(comparison)
                ? "nothing was timed alone%s: the sweep cut configurations at rungs; a sweep of "
                  "the best, `method: grid`, times them"
                : "nothing was timed alone%s; `finals: 15` in the sweep file times the best",
            problem->led > 0 ? " from the usual start, as trials of a path are not" : "");
        break;
    case VERDICT_NOBODY:
        break;
    }
}

/* Why there is no verdict at all. */
static const char *no_verdict(const struct comparison *comparison)
{
    const struct contenders *contenders = &comparison->contenders;
    const char *silence = NULL;
    if (contenders->count == 0)
        return "nothing here minimises the objective";
    for (size_t p = 0; p < contenders->count && silence == NULL; p++)
        silence = comparison_silence(contenders, &contenders->problems[p], &comparison->matches[p]);
    return silence != NULL ? silence : "no side reaches a target in most of its trials";
}

struct comparison_answer comparison_answer_of(const struct comparison *comparison)
{
    struct comparison_answer answer = {
        .problem = largest_problem(comparison), .target = SIZE_MAX, .other = -1, .trusted = true};
    if (answer.problem != SIZE_MAX) {
        const struct problem *problem = &comparison->contenders.problems[answer.problem];
        const struct match *match = &comparison->matches[answer.problem];
        answer.target = hardest_target(problem, match, 2);
        if (answer.target == SIZE_MAX)
            answer.target = hardest_target(problem, match, 1);
    }
    if (answer.target == SIZE_MAX) {
        snprintf(answer.words, sizeof answer.words, "%s", no_verdict(comparison));
        return answer;
    }
    answer.verdict = &comparison->matches[answer.problem].verdicts[answer.target];
    say_verdict(comparison, &answer);
    return answer;
}

/* --- In print -------------------------------------------------------------------------------- */

/* What follows the sentence: interval, data, condition. */
static void add_grounds(const struct comparison *comparison, const struct comparison_answer *answer,
                        FILE *out)
{
    char text[COMPARISON_TEXT];
    if (answer->other >= 0)
        fprintf(out, " %s",
                comparison_interval(text, &answer->verdict->places[answer->other].ratio));
    if (answer->verdict == NULL || answer->verdict->outcome == VERDICT_UNTIMED)
        return;
    if (comparison->contenders.count > 1)
        fprintf(out, ", on %s",
                comparison_short_title(text, &comparison->contenders.problems[answer->problem]));
    if (comparison_condition(text, answer->verdict) != NULL)
        fprintf(out, ", %s", text);
}

static void print_loudly(const char *text, enum style style, FILE *out)
{
    struct terminal terminal = terminal_of(out);
    const char *mark = *terminal_style(&terminal, style) != '\0' ? "" : "**";
    fprintf(out, "%s%s%s%s%s\n", mark, terminal_style(&terminal, style), text_shown(text),
            terminal_style(&terminal, STYLE_PLAIN), mark);
}

void comparison_print_answer(const struct comparison *comparison, FILE *out)
{
    const struct comparison_answer answer = comparison_answer_of(comparison);
    struct memory_stream composed;
    FILE *stream = memory_stream_open(&composed);
    fputs(answer.words, stream);
    add_grounds(comparison, &answer, stream);
    if (!answer.trusted)
        fputs("; `descent machine` says what to do", stream);
    char *text = memory_stream_close(&composed);
    print_loudly(text, answer.trusted ? STYLE_BOLD : STYLE_WARNING, out);
    memory_free(text);
    if (answer.trusted && comparison->withheld > 0) {
        char noise[NOISE_TEXT], warning[COMPARISON_TEXT];
        snprintf(
            warning, sizeof warning,
            "%zu of %zu verdicts are not measurable here: %s; `descent machine` says what to do",
            comparison->withheld, comparison->verdicts, noise_words(noise, &comparison->noise));
        print_loudly(warning, STYLE_WARNING, out);
    }
}
