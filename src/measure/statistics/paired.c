/* SPDX-License-Identifier: MIT
 *
 * Ratios are sorted as they are: their logarithms have the same order, and a side that never
 * arrived is at its end by itself, for b / a is infinite where b is, and 0 where a is.
 *
 * The binomial sums are those of Pascal's row, C(n, 0) + C(n, 1) + ..., whole numbers and exact up
 * to 2^53, so that at the edge (2 P = alpha, as for 6 rounds at 1/32) no rounding decides. The
 * factor 2^-n stays apart as an exponent: from 1075 rounds on it would be 0.
 */
#include "measure/statistics/paired.h"

#include "base/memory.h"
#include "measure/statistics/statistics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* --- Ratios -------------------------------------------------------------------------------- */

/* Draws: the least and the most that the ratio b / a of each may be, each list ascending. */
struct draws {
    size_t count;
    double *least, *most; /* (count) */
};

/* Between two ratios, of which the sides have the reciprocals when they are swapped. */
static double between(double low, double high)
{
    if (low == high)
        return low;
    /* Half of the rounds without a, half without b: of all that lies between, what stays when the
     * sides are swapped. */
    if (low == 0.0 && isinf(high))
        return 1.0;
    return sqrt(low) * sqrt(high);
}

static double middle(const double *sorted, size_t count)
{
    return count > 0 ? between(sorted[(count - 1) / 2], sorted[count / 2]) : NAN;
}

static bool is_missed(const struct paired_round *round)
{
    return isinf(round->a.latest) && isinf(round->b.latest);
}

static bool is_between(const struct paired_round *round)
{
    return round->a.after < round->a.latest || round->b.after < round->b.latest;
}

/* Adds what rounds (count) say, and counts them. */
static void add_rounds(struct draws *draws, const struct paired_round *rounds, size_t count,
                       struct paired_ratio *paired)
{
    for (size_t i = 0; i < count; i++) {
        const struct paired_round *round = &rounds[i];
        assert(round->a.latest > 0.0 && round->b.latest > 0.0);
        if (is_missed(round)) {
            paired->missed++;
            continue;
        }
        paired->rounds++;
        paired->between += is_between(round);
        paired->tied += !is_between(round) && round->a.latest == round->b.latest;
        draws->least[draws->count] = round->b.after / round->a.latest;
        draws->most[draws->count++] = round->b.latest / round->a.after;
    }
}

/* In place of the last draws, from `first` on: their medians, if there are any. */
static void fold(struct draws *draws, size_t first)
{
    size_t count = draws->count - first;
    if (count == 0)
        return;
    sort_ascending(draws->least + first, count);
    sort_ascending(draws->most + first, count);
    draws->least[first] = middle(draws->least + first, count);
    draws->most[first] = middle(draws->most + first, count);
    draws->count = first + 1;
}

static int by_seed(const void *a, const void *b)
{
    const struct paired_round *left = a, *right = b;
    return (left->seed > right->seed) - (left->seed < right->seed);
}

/* rounds (count) are by seed. */
static struct draws draw(const struct paired_round *rounds, size_t count,
                         struct paired_ratio *paired)
{
    struct draws draws = {.least = memory_allocate_untouched(count, sizeof(double)),
                          .most = memory_allocate_untouched(count, sizeof(double))};
    bool several = count > 0 && rounds[0].seed != rounds[count - 1].seed;
    for (size_t i = 0, next; i < count; i = next) {
        size_t first = draws.count;
        for (next = i + 1; next < count && rounds[next].seed == rounds[i].seed;)
            next++;
        add_rounds(&draws, rounds + i, next - i, paired);
        if (several)
            fold(&draws, first);
        paired->seed = rounds[i].seed;
        paired->seeds++;
    }
    sort_ascending(draws.least, draws.count);
    sort_ascending(draws.most, draws.count);
    return draws;
}

/* --- Intervals ----------------------------------------------------------------------------- */

static void find_interval(const struct draws *draws, double alpha, struct paired_ratio *paired)
{
    double outside;
    int64_t rank = find_rank(draws->count, alpha, &outside);
    if (rank < 0)
        return;
    size_t low = (size_t)rank, high = draws->count - 1 - low; /* x(k+1) and x(n-k), from 0 */
    paired->low = draws->least[low];
    paired->high = draws->most[high];
    paired->confidence = 1.0 - outside;
    paired->blurred = paired->low <= 1.0 && paired->high >= 1.0 &&
                      (draws->most[low] > 1.0 || draws->least[high] < 1.0);
}

struct paired_ratio paired_rounds(const struct paired_round *rounds, size_t count, double alpha)
{
    struct paired_ratio paired = {.low = 0.0, .high = INFINITY, .confidence = NAN};
    struct paired_round *sorted = memory_allocate_untouched(count, sizeof *sorted);
    if (count > 0)
        memcpy(sorted, rounds, count * sizeof *sorted);
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, by_seed);
    struct draws draws = draw(sorted, count, &paired);
    paired.draws = draws.count;
    paired.least = middle(draws.least, draws.count);
    paired.most = middle(draws.most, draws.count);
    paired.ratio = draws.count > 0 ? between(paired.least, paired.most) : NAN;
    find_interval(&draws, alpha, &paired);
    memory_free(draws.least);
    memory_free(draws.most);
    memory_free(sorted);
    return paired;
}

struct paired_ratio paired_ratio(const double *a, const double *b, size_t count, double alpha)
{
    struct paired_round *rounds = memory_allocate(count, sizeof *rounds);
    for (size_t i = 0; i < count; i++)
        rounds[i] = (struct paired_round){.a = {a[i], a[i]}, .b = {b[i], b[i]}};
    struct paired_ratio paired = paired_rounds(rounds, count, alpha);
    memory_free(rounds);
    return paired;
}

enum paired_outcome separation_of(const struct paired_ratio *paired)
{
    if (isnan(paired->confidence))
        return SEPARATION_TOO_FEW;
    if (paired->low > 1.0)
        return SEPARATION_FIRST;
    if (paired->high < 1.0)
        return SEPARATION_SECOND;
    return paired->blurred ? SEPARATION_BETWEEN : SEPARATION_NONE;
}
