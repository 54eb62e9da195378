/* SPDX-License-Identifier: MIT
 *
 * A verdict: one problem, one target, and the best entrant of each side: of those that arrive most
 * often the soonest (contenders.h).
 *
 * Times are of the finals where all of them have been there, and else of the sweep. The side with
 * the least median is ahead. How many times faster it is than another that comes there too, with an
 * interval, is read from the rounds in which both ran (measure/statistics/paired.h): what disturbed
 * the machine in a round met both. It is `first` only if it is separated from every one of these. A
 * side of which no trial arrives at all has not come there, whatever the clock says: where that is
 * so of all others, one side is the only one. A side that was never timed alone has its epochs, and
 * no verdict names it.
 *
 * Noise.   Only rounds count in which nothing disturbed either of the two (measure/machine/
 *          evidence.h). Where these are too few for an interval and all rounds together would not
 *          be, the ratio is withheld, and so is the verdict: what a busy machine says of two sides
 *          is no answer.
 *
 * What is known only to lie between two recorded epochs is taken where it is least favourable to
 * the verdict: of a round, the ends of both arrivals, and of a side, its best, for another of its
 * configurations may have been sooner (`slack`).
 */
#ifndef DESCENT_REPORT_COMPARISON_VERDICT_H
#define DESCENT_REPORT_COMPARISON_VERDICT_H

#include "measure/statistics/paired.h"
#include "report/comparison/contenders.h"

/* A side's best. */
struct side_best {
    const struct entrant *entrant; /* NULL: no entrant of the side is fit */
    bool timed;                    /* alone; else it is the one with the fewest epochs */
    bool arrives;                  /* some trial of the side does */
    double seconds, epochs;        /* medians; infinite: most of its trials miss the target */
    double after, first_epochs;    /* the least that these may be; equal where arrivals are known */
    double slack;                  /* of `after`: the side's least over that of its best, <= 1 */
    size_t arrived, runs;          /* of its trials (that were timed, if any), those that arrived */
    size_t disturbed;              /* of them, with noise over a limit */
    struct paired_ratio ratio;     /* how many times faster the side ahead is; not of that itself */
    size_t common, quiet;          /* rounds that both had; of them, those that count */
    bool withheld;                 /* noise has left too few for an interval */
    enum paired_outcome separation; /* SEPARATION_FIRST: the side ahead is faster */
};

enum verdict_outcome {
    VERDICT_NOBODY,    /* comes there */
    VERDICT_UNTIMED,   /* those that do were never timed alone */
    VERDICT_DISTURBED, /* a ratio to the side ahead is withheld */
    VERDICT_ONLY,      /* one side does */
    VERDICT_OPEN,      /* the side ahead is not separated from every other that does */
    VERDICT_FIRST,     /* it is */
};

struct verdict {
    enum timing timing;
    size_t competing; /* sides with an entrant that was timed */
    size_t arriving;  /* of them, those that arrive */
    size_t untimed;   /* sides that arrive and were never timed */
    int ahead;        /* side; -1: none arrives in most of its trials */
    enum verdict_outcome outcome;
    size_t seeds; /* that the verdict rests on: the fewest of a comparison; 0: sides are seeds */
    int64_t seed; /* the only one */
    struct side_best *places; /* (sides) */
};

/* Chooses the best of each side; places (sides) are the verdict's, and are filled. */
void verdict_open(struct verdict *verdict, const struct contenders *contenders,
                  const struct problem *problem, size_t target, struct side_best *places);

/* Comparisons that verdict_decide() will make. */
size_t verdict_comparisons(const struct verdict *verdict);

/* Compares the side ahead with each other, at a level of alpha each. */
void verdict_decide(struct verdict *verdict, const struct contenders *contenders,
                    const struct problem *problem, size_t target, double alpha);

#endif
