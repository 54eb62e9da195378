/* SPDX-License-Identifier: MIT
 *
 * Ratios are sorted as they are: their logarithms have the same order, and a side that never
 * arrived is at its end by itself, for b / a is infinite where b is, and 0 where a is.
 *
 * The binomial sums are those of Pascal's row, C(n, 0) + C(n, 1) + ..., whole numbers and exact up
 * to 2^53, so that at the edge (2 P = alpha, as for 6 rounds at 1/32) no rounding decides. The
 * factor 2^-n stays apart as an exponent: from 1075 rounds on it would be 0.
 */
#include "measure/paired.h"

#include "base/memory.h"
#include "measure/statistics.h"

#include <assert.h>
#include <math.h>

/* P(Bin(n, 1/2) <= i) = sum 2^exponent. */
struct lower_tail {
    size_t rounds; /* n */
    size_t i;
    double term; /* C(n, i), times the same factor as sum */
    double sum;
    int exponent;
};

static struct lower_tail tail_first(size_t rounds)
{
    return (struct lower_tail){rounds, 0, 1.0, 1.0, -(int)rounds};
}

static void tail_next(struct lower_tail *tail)
{
    tail->term = tail->term * (double)(tail->rounds - tail->i) / (double)(tail->i + 1);
    tail->sum += tail->term;
    tail->i++;
    if (tail->term > 0x1p500) {
        tail->term *= 0x1p-500;
        tail->sum *= 0x1p-500;
        tail->exponent += 500;
    }
}

static double both_tails(const struct lower_tail *tail)
{
    return ldexp(tail->sum, tail->exponent + 1);
}

/* sign_test_rank(), and in `outside` the probability 2 P(Bin(rounds, 1/2) <= rank). */
static int64_t find_rank(size_t rounds, double alpha, double *outside)
{
    assert(alpha > 0.0 && alpha < 1.0);
    int64_t rank = -1;
    *outside = 0.0;
    struct lower_tail tail = tail_first(rounds);
    while (both_tails(&tail) <= alpha) {
        *outside = both_tails(&tail);
        rank++;
        tail_next(&tail);
    }
    return rank;
}

int64_t sign_test_rank(size_t rounds, double alpha)
{
    double outside;
    return find_rank(rounds, alpha, &outside);
}

size_t paired_rounds_needed(double alpha)
{
    size_t rounds = 1;
    while (sign_test_rank(rounds, alpha) < 0)
        rounds++;
    return rounds;
}

/* The ratios of the rounds, ascending; counts rounds, misses and ties. Free with memory_free(). */
static double *sorted_ratios(const double *a, const double *b, size_t count,
                             struct paired_ratio *paired)
{
    double *ratios = memory_allocate_untouched(count, sizeof *ratios);
    for (size_t i = 0; i < count; i++) {
        assert(a[i] > 0.0 && b[i] > 0.0);
        if (isinf(a[i]) && isinf(b[i])) {
            paired->missed++;
            continue;
        }
        paired->tied += a[i] == b[i];
        ratios[paired->rounds++] = b[i] / a[i];
    }
    sort_ascending(ratios, paired->rounds);
    return ratios;
}

static double middle(const double *sorted, size_t count)
{
    if (count == 0)
        return NAN;
    double low = sorted[(count - 1) / 2], high = sorted[count / 2];
    if (low == high)
        return low;
    /* Half of the rounds without a, half without b: of all that lies between, what stays when the
     * sides are swapped. */
    if (low == 0.0 && isinf(high))
        return 1.0;
    return sqrt(low) * sqrt(high);
}

struct paired_ratio paired_ratio(const double *a, const double *b, size_t count, double alpha)
{
    struct paired_ratio paired = {.low = 0.0, .high = INFINITY, .confidence = NAN};
    double *ratios = sorted_ratios(a, b, count, &paired);
    paired.ratio = middle(ratios, paired.rounds);
    double outside;
    int64_t rank = find_rank(paired.rounds, alpha, &outside);
    if (rank >= 0) {
        paired.low = ratios[rank]; /* x(k+1) and x(n-k), from 0 */
        paired.high = ratios[paired.rounds - 1 - (size_t)rank];
        paired.confidence = 1.0 - outside;
    }
    memory_free(ratios);
    return paired;
}

enum separation separation_of(const struct paired_ratio *paired)
{
    if (isnan(paired->confidence))
        return SEPARATION_TOO_FEW;
    if (paired->low > 1.0)
        return SEPARATION_FIRST;
    return paired->high < 1.0 ? SEPARATION_SECOND : SEPARATION_NONE;
}
