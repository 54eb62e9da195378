/* SPDX-License-Identifier: MIT
 *
 * Two sides timed in the same rounds: how many times faster is one, and do the rounds suffice to
 * say so?
 *
 * Machines drift, so what is measured one after the other differs by what the machine did
 * meanwhile. Sides that are measured once in every round, in changing order, share the drift, and
 * the ratio of their times within a round is free of it. The median of these ratios is given, with
 * the interval of the sign test. Each of n independent ratios is below the median m that they have
 * in common with a probability of at most 1/2, and above it likewise, whatever their distribution;
 * so for x(1) <= ... <= x(n)
 *
 *     P(x(k+1) <= m <= x(n-k)) >= 1 - 2 P(Bin(n, 1/2) <= k)
 *
 * An outlier counts as one round, however far out it is, and so does a side that never arrived. The
 * bound is exact for 6 rounds as for 600, where those of a t test or a bootstrap are approximations
 * that want many rounds and light tails.
 *
 * Arrivals that are intervals. Where not every epoch was looked at, an arrival is known only to lie
 * after the last look that missed and at the first that met, at the latest (interval-censored
 * data). Then each ratio lies between that of the ends least favourable to a and that of the ends
 * most favourable to it, and so do their median and the ends of its interval, for order statistics
 * grow with each of their values: the interval told is from the low end of the one to the high end
 * of the other, and holds whatever the true arrivals are.
 *
 * Seeds. What is independent must be drawn anew. Rounds of one seed train the same trajectory
 * again: they draw the clock's noise and nothing else, so of one seed the interval is of that
 * seed's ratio. Where there are several seeds, each is one draw of the algorithm, and counts once,
 * by the median of its rounds: 15 rounds of 3 seeds are 3 draws and not 45.
 *
 * More than two sides. To say "a is first" only when a is separated from every other of S sides,
 * make each of a's S - 1 comparisons at alpha / (S - 1) (Bonferroni): then the probability of
 * naming a side that is not the only fastest is at most alpha, though it was the data that chose a.
 * For suppose that i is named wrongly: then another side t is in truth as fast as i or faster, and
 * i was found faster than t, which has probability alpha / (2 (S - 1)) at most, for it is one end
 * of one interval. Over the S sides that i may be, that is alpha S / (2 (S - 1)) at most, and from
 * S = 2 on no more than alpha. It holds for who is first, not for an order among the others.
 *
 * Reference: Dixon and Mood, "The statistical sign test", Journal of the American Statistical
 * Association 1946. The design, rounds with the interval of the sign test and "not separated" as a
 * verdict, is that of compare() in nanobench.
 */
#ifndef DESCENT_MEASURE_STATISTICS_PAIRED_H
#define DESCENT_MEASURE_STATISTICS_PAIRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When a side arrived, seconds: after `after` and at `latest` at the latest; equal: just then.
 * INFINITY, both: never. */
struct arrival {
    double after, latest;
};

/* One round: what two sides took in it. */
struct paired_round {
    int64_t seed;
    struct arrival a, b;
};

struct paired_ratio {
    size_t rounds;  /* pairs in which at least one side arrived */
    size_t missed;  /* pairs in which neither did: they say nothing */
    size_t tied;    /* of rounds: equal times */
    size_t between; /* of rounds: those in which an arrival is known only between two times */
    size_t seeds;   /* of all pairs, those that say nothing too */
    int64_t seed;   /* one of them */
    size_t draws;   /* values that the interval is of: the seeds, or the rounds of the only one */
    double ratio;   /* median of b / a: how many times faster a is; NaN: no rounds. Where arrivals
                       are known only between two times, what lies midway between: */
    double least, most; /* what the median may be; equal to `ratio` where arrivals are known */
    double low, high;   /* interval of that; 0 and infinity where the draws are too few */
    double confidence;  /* of the interval, >= 1 - alpha; NaN: there is none */
    bool blurred;       /* 1 is in the interval, and would not be if arrivals were known and where
                           they best may be for one of the sides */
};

/* rounds (count): each of the times > 0, `after` >= 0. A missing b is infinitely later than a, and
 * the other way round. The ratio of an even number is the geometric mean of the two in the middle
 * (the mean of their logarithms), so that sides that are swapped have the reciprocal.
 * 0 < alpha < 1. */
struct paired_ratio paired_rounds(const struct paired_round *rounds, size_t count, double alpha);

/* The same of arrivals a and b (count) that are known, all of one seed. */
struct paired_ratio paired_ratio(const double *a, const double *b, size_t count, double alpha);

/* The largest k with 2 P(Bin(rounds, 1/2) <= k) <= alpha; -1: there is none. This is the critical
 * value of the two-sided sign test. */
int64_t sign_test_rank(size_t rounds, double alpha);

/* The least number of draws with an interval: 6 for alpha = 0.05. */
size_t paired_rounds_needed(double alpha);

enum paired_outcome {
    SEPARATION_TOO_FEW, /* draws: no interval */
    SEPARATION_NONE,    /* 1 is within the interval, or an end of it */
    SEPARATION_BETWEEN, /* the same, for arrivals are known only between two times */
    SEPARATION_FIRST,   /* a is faster */
    SEPARATION_SECOND,  /* b is faster */
};

enum paired_outcome separation_of(const struct paired_ratio *paired);

#endif
