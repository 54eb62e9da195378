/* SPDX-License-Identifier: MIT
 *
 * What the times of a race mean.
 *
 * B is held against A and its copy together (measure/statistics/aligned_ranks.h). The copy is held
 * against A: the two are the same file twice, so that whatever lies between them is not of the
 * code. Where they are told apart by more than half of the resolution, or where half of an interval
 * is wider than the resolution, the race is invalid, and nothing is said of B. Copies that are told
 * apart by less, as two places in memory may be, widen B's interval by as much at both ends.
 *
 *  * In duets, sides that ran at the same time are compared: B with the A beside it.
 *
 * Where each side is linked in several orders (link_command.h), the values are those of the orders,
 * the means of their rounds: B is told apart only where it is from all that an order of links may
 * do. How far that is, is told by itself: of the variance between the orders, what the rounds
 * within each do not explain.
 *
 * Several tasks are as many questions, and their geometric mean one more. Holm's procedure keeps
 * the probability of a single wrong answer at RACE_ALPHA: the smallest of m probabilities is held
 * against alpha / m, the next against alpha / (m - 1), and so on up to the first that is above;
 * each interval is of the level that its task was held against.
 *
 * Reference: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal
 * of Statistics 1979.
 */
#ifndef DESCENT_RACE_RACE_VERDICT_H
#define DESCENT_RACE_RACE_VERDICT_H

#include "measure/statistics/aligned_ranks.h"
#include "race/race.h"

#include <stdio.h>

enum race_outcome {
    RACE_RECORDED,     /* there is no B, and the copies are alike */
    RACE_NOT_APART,    /* from A */
    RACE_FASTER,       /* with A's results */
    RACE_LESS_TIME,    /* with others, which is not faster */
    RACE_MORE_TIME,    /* but not more than may be */
    RACE_SLOWER,       /* by more than that */
    RACE_COPIES_APART, /* invalid */
    RACE_NOISY,        /* likewise */
    RACE_OUTCOMES
};
extern const char *const race_outcome_names[RACE_OUTCOMES]; /* as JSON has them */

/* Of the runs of a side. NaN: not known. */
struct race_side_facts {
    double median, low, high; /* seconds, with its interval at 95 % (sign test) */
    double peak_bytes;        /* median */
    double processors;        /* that it kept busy, median */
};

struct race_verdict {
    const char *name; /* of the task; "all": their geometric mean */
    struct race_side_facts sides[RACE_SIDES];
    double alpha; /* that it is held against */
    struct aligned_shift
        control;                /* log of the copy's time over A's, at RACE_ALPHA / their number */
    struct aligned_shift shift; /* log of B's time over A's, at alpha */
    double layout; /* standard deviation of log time from order to order of links; NaN: one order */
    double reached;                         /* the resolution that came of it */
    struct race_difference own, difference; /* of A's results from itself, and of B's from A's */
    bool other_results;
    enum race_outcome outcome;
};

struct race_verdicts {
    size_t count; /* race_verdict_count() */
    struct race_verdict *list;
    size_t main; /* of them: the one that the race is told by */
};

/* Of a race that has come to its end. Clear with race_verdicts_clear(). */
struct race_verdicts race_judge(const struct race *race);
void race_verdicts_clear(struct race_verdicts *verdicts);

/* What the intervals of the complete rounds allow to tell: half of the widest, as a share of a
 * time. */
double race_resolution(const struct race *race);

/* B has other results than A in some task. */
bool race_has_other_results(const struct race_verdicts *verdicts);

static inline bool race_outcome_is_invalid(enum race_outcome outcome)
{
    return outcome == RACE_COPIES_APART || outcome == RACE_NOISY;
}

#endif
