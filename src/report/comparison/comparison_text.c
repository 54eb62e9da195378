/* SPDX-License-Identifier: MIT
 *
 * A ratio is written with its interval always: alone it says nothing. Ends that are infinite come
 * from trials that never arrived.
 */
#include "report/comparison/comparison_text.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/heading.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

char *comparison_mark(char text[static QUANTITY_TEXT], const struct problem *problem, size_t target)
{
    if (problem->by_gap)
        snprintf(text, QUANTITY_TEXT, "%.0e", problem->marks[target]);
    else
        snprintf(text, QUANTITY_TEXT, "%.3g %%", 100.0 * problem->marks[target]);
    return text;
}

/* Adds what tells problems of the same data apart. */
static char *qualify(const struct problem *problem, bool lambda, int used,
                     char text[static COMPARISON_TEXT])
{
    const int64_t fold = problem_fold(problem);
    if (lambda && used < COMPARISON_TEXT)
        used += snprintf(text + used, (size_t)(COMPARISON_TEXT - used), ", lambda %.4g",
                         problem->lambda);
    if (fold > 0 && used < COMPARISON_TEXT)
        snprintf(text + used, (size_t)(COMPARISON_TEXT - used), ", without fold %" PRId64, fold);
    return text;
}

char *comparison_short_title(char text[static COMPARISON_TEXT], const struct problem *problem)
{
    const int used = snprintf(text, COMPARISON_TEXT, "%s", problem->data);
    return qualify(problem, problem->regularised, used, text);
}

/* F* depends on lambda, so it is named wherever there is an L2 term, if there is only one too. */
char *comparison_title(char text[static COMPARISON_TEXT], const struct problem *problem)
{
    const int used = snprintf(text, COMPARISON_TEXT, "%s (%" PRId64 " rows, %" PRId64 " features)",
                              problem->data, problem->rows, problem->features);
    return qualify(problem, problem->regularised || problem->lambda > 0.0, used, text);
}

char *comparison_epochs(char text[static QUANTITY_TEXT], const struct side_best *place)
{
    if (!isfinite(place->epochs))
        snprintf(text, QUANTITY_TEXT, "-");
    else if (place->first_epochs < place->epochs)
        snprintf(text, QUANTITY_TEXT, "%.10g to %.10g", place->first_epochs, place->epochs);
    else
        snprintf(text, QUANTITY_TEXT, "%.10g", place->epochs);
    return text;
}

/* Three digits, "3.12", "31.2", "312", and one more near 1, where it decides; "inf" where one side
 * never arrived. */
static char *factor(char text[static QUANTITY_TEXT], double value)
{
    if (isinf(value))
        snprintf(text, QUANTITY_TEXT, "inf");
    else if (value < 9.995)
        snprintf(text, QUANTITY_TEXT, fabs(value - 1.0) < 0.0995 ? "%.3f" : "%.2f", value);
    else
        snprintf(text, QUANTITY_TEXT, value < 99.95 ? "%.1f" : "%.0f", value);
    return text;
}

char *comparison_interval(char text[static QUANTITY_TEXT], const struct paired_ratio *ratio)
{
    char low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    factor(low, ratio->low);
    factor(high, ratio->high);
    snprintf(text, QUANTITY_TEXT, "[%.20s, %.20s]", low, high);
    return text;
}

char *comparison_times(char text[static QUANTITY_TEXT], const struct paired_ratio *ratio)
{
    char least[QUANTITY_TEXT], most[QUANTITY_TEXT];
    if (ratio->least == ratio->most)
        return factor(text, ratio->ratio);
    snprintf(text, QUANTITY_TEXT, "%.20s to %.20s", factor(least, ratio->least),
             factor(most, ratio->most));
    return text;
}

static const char *few(const struct paired_ratio *ratio)
{
    return ratio->seeds > 1 ? "too few seeds" : "too few rounds";
}

char *comparison_ratio(char text[static QUANTITY_TEXT], const struct verdict *verdict,
                       const struct side_best *place)
{
    char middle[QUANTITY_TEXT], ends[QUANTITY_TEXT];
    if (place->withheld)
        snprintf(text, QUANTITY_TEXT, "disturbed: %zu of %zu rounds quiet", place->quiet,
                 place->common);
    else if (verdict->ahead < 0 || place->ratio.rounds == 0)
        snprintf(text, QUANTITY_TEXT, "-");
    else if (place->separation == SEPARATION_TOO_FEW)
        snprintf(text, QUANTITY_TEXT, "%.40s, %s", comparison_times(middle, &place->ratio),
                 few(&place->ratio));
    else {
        comparison_interval(ends, &place->ratio);
        snprintf(text, QUANTITY_TEXT, "%.24s %.36s", comparison_times(middle, &place->ratio), ends);
    }
    return text;
}

/* --- Verdicts ------------------------------------------------------------------------------ */

int comparison_runner_up(const struct sides *sides, const struct verdict *verdict)
{
    int next = -1;
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        if (!place->timed || !place->arrives || (int)s == verdict->ahead)
            continue;
        if (next < 0 || place->ratio.ratio < verdict->places[next].ratio.ratio)
            next = (int)s;
    }
    return next;
}

static void say_first(char text[static COMPARISON_TEXT], const struct sides *sides,
                      const struct verdict *verdict)
{
    int next = comparison_runner_up(sides, verdict);
    char middle[QUANTITY_TEXT], ends[QUANTITY_TEXT];
    const struct paired_ratio *ratio = &verdict->places[next].ratio;
    const char *more = verdict->arriving > 2 ? ", the next" : "";
    comparison_interval(ends, ratio);
    snprintf(text, COMPARISON_TEXT, "%s is %s times faster than %s%s %s",
             sides->names[verdict->ahead], comparison_times(middle, ratio), sides->names[next],
             more, ends);
}

/* Appends as far as there is room. */
static void append(char text[static COMPARISON_TEXT], const char *separator, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, COMPARISON_TEXT - used, "%s%s", separator, more);
}

/* Those that come there and were never timed. */
static void say_untimed(char text[static COMPARISON_TEXT], const struct sides *sides,
                        const struct verdict *verdict)
{
    const char *separator = "; there as well, but never timed alone: ";
    for (size_t s = 0; s < sides->count; s++)
        if (verdict->places[s].arrives && !verdict->places[s].timed) {
            append(text, separator, sides->names[s]);
            separator = ", ";
        }
}

/* Those that the side ahead does not differ from significantly, and why. */
static void say_no_difference(char text[static COMPARISON_TEXT], const struct sides *sides,
                              const struct verdict *verdict)
{
    const struct side_best *shy = NULL; /* of those with too few draws, the one with the most */
    bool between = false;
    size_t open = 0;
    char names[COMPARISON_TEXT];
    snprintf(names, sizeof names, "%s", sides->names[verdict->ahead]);
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        if (!place->timed || !place->arrives || (int)s == verdict->ahead ||
            place->separation == SEPARATION_FIRST)
            continue;
        open++;
        between = between || place->separation == SEPARATION_BETWEEN;
        if (place->separation == SEPARATION_TOO_FEW &&
            (shy == NULL || place->ratio.draws > shy->ratio.draws))
            shy = place;
        append(names, ", ", sides->names[s]);
    }
    if (open == 0)
        snprintf(text, COMPARISON_TEXT, "%s is ahead among those timed alone",
                 sides->names[verdict->ahead]);
    else if (between)
        snprintf(text, COMPARISON_TEXT,
                 "no significant difference: arrivals are known only between recorded epochs; "
                 "`record: every` would tell (%.300s)",
                 names);
    else
        snprintf(text, COMPARISON_TEXT, "no significant difference: %.480s", names);
    if (shy != NULL) {
        char reason[128];
        snprintf(reason, sizeof reason, " (%s in common for an interval: %zu)", few(&shy->ratio),
                 shy->ratio.draws);
        append(text, reason, "");
    }
    say_untimed(text, sides, verdict);
}

/* Which ratio is withheld, and how few rounds are left. */
static void say_disturbed(char text[static COMPARISON_TEXT], const struct sides *sides,
                          const struct verdict *verdict)
{
    const char *separator = " ";
    snprintf(text, COMPARISON_TEXT, "not measurable: too few rounds were undisturbed:");
    for (size_t s = 0; s < sides->count; s++) {
        const struct side_best *place = &verdict->places[s];
        char more[COMPARISON_TEXT];
        if (!place->withheld)
            continue;
        snprintf(more, sizeof more, "%s against %s, %zu of %zu", sides->names[verdict->ahead],
                 sides->names[s], place->quiet, place->common);
        append(text, separator, more);
        separator = "; ";
    }
}

const char *comparison_covers(const struct verdict *verdict)
{
    bool compared = verdict->outcome == VERDICT_FIRST ||
                    (verdict->outcome == VERDICT_OPEN && verdict->arriving > 1);
    if (!compared)
        return NULL;
    return verdict->seeds > 1 ? "seeds" : "clock";
}

char *comparison_condition(char text[static COMPARISON_TEXT], const struct verdict *verdict)
{
    bool claimed = verdict->outcome == VERDICT_FIRST ||
                   (verdict->outcome == VERDICT_ONLY && verdict->competing > 1);
    if (!claimed || verdict->seeds != 1)
        return NULL;
    snprintf(text, COMPARISON_TEXT, "for seed %" PRId64 " only; another seed may differ",
             verdict->seed);
    return text;
}

const char *comparison_outcome(const struct verdict *verdict)
{
    static const char *const words[] = {
        [VERDICT_NOBODY] = "none",          [VERDICT_UNTIMED] = "untimed",
        [VERDICT_DISTURBED] = "disturbed",  [VERDICT_ONLY] = "only",
        [VERDICT_OPEN] = "not significant", [VERDICT_FIRST] = "faster"};
    return words[verdict->outcome];
}

const char *comparison_standing(const struct verdict *verdict)
{
    static const char *const words[] = {[VERDICT_NOBODY] = "-",
                                        [VERDICT_UNTIMED] = "not timed alone",
                                        [VERDICT_DISTURBED] = "not measurable: disturbed",
                                        [VERDICT_ONLY] = "only one that reached it",
                                        [VERDICT_OPEN] = "faster (not significant)",
                                        [VERDICT_FIRST] = "faster"};
    return words[verdict->outcome];
}

char *comparison_verdict(char text[static COMPARISON_TEXT], const struct sides *sides,
                         const struct verdict *verdict)
{
    char condition[COMPARISON_TEXT];
    if (verdict->outcome == VERDICT_NOBODY)
        snprintf(text, COMPARISON_TEXT, "no side reaches it%s",
                 verdict->arriving > 0 ? " in most of its trials" : "");
    else if (verdict->outcome == VERDICT_UNTIMED)
        snprintf(text, COMPARISON_TEXT, "no configuration that reaches it was timed alone");
    else if (verdict->outcome == VERDICT_ONLY)
        snprintf(text, COMPARISON_TEXT,
                 verdict->competing > 1 ? "only %s reaches it" : "only %s was timed",
                 sides->names[verdict->ahead]);
    else if (verdict->outcome == VERDICT_FIRST)
        say_first(text, sides, verdict);
    else if (verdict->outcome == VERDICT_DISTURBED)
        say_disturbed(text, sides, verdict);
    else
        say_no_difference(text, sides, verdict);
    if (comparison_condition(condition, verdict) != NULL)
        append(text, ", ", condition);
    return text;
}

char *comparison_leaders(char text[static COMPARISON_TEXT], const struct comparison *comparison,
                         size_t problem, size_t budget)
{
    const struct problem *of = &comparison->contenders.problems[problem];
    const int *ahead = comparison->crossover.ahead +
                       (problem * comparison->crossover.budgets + budget) * TARGETS_MOST;
    char mark[QUANTITY_TEXT];
    int used = snprintf(
        text, COMPARISON_TEXT, "%s",
        of->targets > 0 && ahead[0] >= 0 ? comparison->contenders.sides.names[ahead[0]] : "-");
    for (size_t t = 1; t < of->targets && used < COMPARISON_TEXT; t++)
        if (ahead[t] != ahead[t - 1])
            used += snprintf(text + used, (size_t)(COMPARISON_TEXT - used), ", %s from %s",
                             ahead[t] >= 0 ? comparison->contenders.sides.names[ahead[t]] : "none",
                             comparison_mark(mark, of, t));
    return text;
}

/* --- Around them --------------------------------------------------------------------------- */

const char *comparison_silence(const struct contenders *contenders, const struct problem *problem,
                               const struct match *match)
{
    bool any = false;
    for (size_t t = 0; t < problem->targets; t++)
        for (size_t s = 0; s < contenders->sides.count; s++) {
            if (match->verdicts[t].places[s].arrives)
                return NULL;
            any = any || match->verdicts[t].places[s].entrant != NULL;
        }
    return any ? "no side reaches any target within its limits" : "there is nothing to compare yet";
}

void comparison_print_targets_kind(const struct contenders *contenders,
                                   const struct problem *problem, FILE *out)
{
    char start[QUANTITY_TEXT], best[QUANTITY_TEXT];
    if (problem->by_gap) {
        fprintf(out, "Targets are gaps F - F*, with F* = %.10g (error at most %.1e).\n",
                problem->optimum.objective, problem->optimum.bound);
        return;
    }
    if (contenders->heldout)
        fprintf(out, "The objective differs with %s, so targets are losses on the rows held out",
                contenders->sides.by);
    else
        fprintf(out, "%s, so targets are objectives on the way",
                problem->optimum.status == OPTIMUM_NONE ? "There is no finite minimiser"
                                                        : "F* is not known");
    if (*problem->optimum.reason != '\0')
        fprintf(out, " (%s)", problem->optimum.reason);
    if (isfinite(problem->start) && isfinite(problem->best))
        fprintf(out,
                ": from %s, the lowest at the start, to %s, the lowest that every side reached",
                quantity_loss(start, problem->start), quantity_loss(best, problem->best));
    fputs(".\n", out);
}

static size_t count_finals(const struct results *results, size_t *finalists)
{
    size_t rounds = 0;
    *finalists = 0;
    for (size_t i = 0; i < results->count; i++) {
        *finalists += results->outcomes[i].final_count > 0;
        rounds += results->outcomes[i].final_count;
    }
    return rounds;
}

void comparison_print_progress(const struct results *results, const char *name, FILE *out)
{
    char text[QUANTITY_TEXT];
    size_t finalists, finals = count_finals(results, &finalists);
    size_t planned = finalists * (size_t)results->sweep.finals;
    bool missing = results->done < results->planned || finals < planned ||
                   (results->sweep.finals > 0 && finals == 0);
    fprintf(out, "- store: %s\n- trials: %zu of %zu\n", text_shown(name), results->done,
            results->planned);
    if (results->sweep.finals > 0)
        fprintf(out, "- finals: %zu of %zu trials (%s, %" PRId64 " rounds)\n", finals, planned,
                quantity_count(text, finalists, "configuration"), results->sweep.finals);
    if (missing) {
        char *command = heading_sweep_command(results, name);
        fprintf(out, "- missing: what is not there yet; `%s` goes on\n", command);
        memory_free(command);
    }
}
