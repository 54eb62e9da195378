/* SPDX-License-Identifier: MIT
 *
 * Several sides measured once in every round: by how much is one of them shifted against the
 * others?
 *
 * Each round has a level of its own (what the machine did meanwhile), which its sides share. It is
 * taken away: from each value, the median of its round. What is left, of all rounds together, is
 * ranked, and T is the sum of the ranks of the side in question. Where that side differs from the
 * others in nothing but its name, each of the sides could as well have been it, in each round anew,
 * whatever the noise is like: so in round i its rank is each of r(i,1) .. r(i,k) with the same
 * probability, and given the ranks
 *
 *     E(T) = sum_i mean_i,    Var(T) = sum_i (1/k) sum_j (r(i,j) - mean_i)^2
 *
 * exactly. (T - E) / sqrt(Var) is compared with the normal distribution, less half a rank. The
 * interval of the shift has each s that is not refuted when the side's values are lowered by s; the
 * estimate is the s at which T is what it would be without any shift.
 *
 * Why not others. A t test follows one disturbed round; here that is one rank. The sign test and
 * the signed ranks are of differences of two sides: three sides give more, and the mean of two of
 * them against the third is not symmetric where noise is skewed, as that of clocks is, so that
 * these tests do not hold their level there. With two sides this is the signed-rank test.
 *
 * Reference: Hodges and Lehmann, "Rank methods for combination of independent experiments in
 * analysis of variance", Annals of Mathematical Statistics 1962.
 */
#ifndef DESCENT_MEASURE_STATISTICS_ALIGNED_RANKS_H
#define DESCENT_MEASURE_STATISTICS_ALIGNED_RANKS_H

#include <stddef.h>

enum { ALIGNED_SIDES_MOST = 8 };

struct aligned_shift {
    double estimate;
    double low, high; /* of the interval; infinite: rounds are too few for this end */
    double p;         /* two-sided probability of what was seen, or more, without a shift */
};

/* values (rounds, sides), finite; 2 <= sides <= ALIGNED_SIDES_MOST; `side` against all others;
 * 0 < alpha < 1: the interval covers the shift with a probability of 1 - alpha. */
struct aligned_shift aligned_shift(const double *values, size_t rounds, size_t sides, size_t side,
                                   double alpha);

/* The least number of rounds of any number of sides whose interval has two ends: 10 for alpha =
 * 0.01.
 */
size_t aligned_rounds_needed(double alpha);

#endif
