/* SPDX-License-Identifier: MIT
 *
 * T falls, in steps, as the shift that is taken away grows: the ends of the interval are found by
 * halving between shifts that lie outside of all differences of two sides.
 */
#include "measure/statistics/aligned_ranks.h"

#include "base/memory.h"
#include "measure/statistics/normal.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { HALVINGS = 45 };

struct residual {
    double value;
    size_t at; /* round * sides + side */
};

struct alignment {
    const double *values; /* (rounds, sides) */
    size_t rounds, sides, side;
    struct residual *residuals; /* (rounds * sides) */
    double *ranks;              /* (rounds, sides), from 1 */
};

static int by_value(const void *a, const void *b)
{
    const struct residual *left = a, *right = b;
    return (left->value > right->value) - (left->value < right->value);
}

/* The median of a round's values (sides). */
static double level_of(const double *row, size_t sides)
{
    double sorted[ALIGNED_SIDES_MOST];
    for (size_t j = 0; j < sides; j++) {
        size_t place = j;
        for (; place > 0 && sorted[place - 1] > row[j]; place--)
            sorted[place] = sorted[place - 1];
        sorted[place] = row[j];
    }
    return 0.5 * (sorted[(sides - 1) / 2] + sorted[sides / 2]);
}

static void align(const struct alignment *alignment, double shift)
{
    const size_t sides = alignment->sides;
    for (size_t i = 0; i < alignment->rounds; i++) {
        double row[ALIGNED_SIDES_MOST];
        for (size_t j = 0; j < sides; j++)
            row[j] = alignment->values[i * sides + j] - (j == alignment->side ? shift : 0.0);
        const double level = level_of(row, sides);
        for (size_t j = 0; j < sides; j++)
            alignment->residuals[i * sides + j] = (struct residual){row[j] - level, i * sides + j};
    }
}

/* Equal residuals share the mean of their ranks. */
static void rank(const struct alignment *alignment)
{
    const size_t count = alignment->rounds * alignment->sides;
    struct residual *residuals = alignment->residuals;
    qsort(residuals, count, sizeof *residuals, by_value);
    for (size_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && residuals[next].value == residuals[first].value;)
            next++;
        for (size_t i = first; i < next; i++)
            alignment->ranks[residuals[i].at] = 0.5 * (double)(first + 1 + next);
    }
}

/* (T - E) / sqrt(Var) once that shift is taken away; 0 where it is within half a rank of nothing.
 */
static double score(const struct alignment *alignment, double shift)
{
    const size_t sides = alignment->sides;
    double excess = 0.0, variance = 0.0;
    align(alignment, shift);
    rank(alignment);
    for (size_t i = 0; i < alignment->rounds; i++) {
        const double *ranks = alignment->ranks + i * sides;
        double mean = 0.0;
        for (size_t j = 0; j < sides; j++)
            mean += ranks[j] / (double)sides;
        for (size_t j = 0; j < sides; j++)
            variance += (ranks[j] - mean) * (ranks[j] - mean) / (double)sides;
        excess += ranks[alignment->side] - mean;
    }
    const double beyond = fabs(excess) - 0.5;
    return beyond > 0.0 && variance > 0.0 ? copysign(beyond / sqrt(variance), excess) : 0.0;
}

static double probability(double score)
{
    return 2.0 * normal_tail(fabs(score));
}

/* Is the side above the others (sign 1) or below them (-1) once the shift is taken away? */
static bool is_beyond(const struct alignment *alignment, double shift, double sign, double alpha)
{
    const double z = score(alignment, shift);
    return z * sign > 0.0 && probability(z) <= alpha;
}

/* From shifts at `outside`, where it is beyond, to those at `inside`, where it is not: the first
 * that it is not. Infinite: it is nowhere beyond. */
static double edge(const struct alignment *alignment, double outside, double inside, double alpha)
{
    const double sign = outside < inside ? 1.0 : -1.0;
    if (!is_beyond(alignment, outside, sign, alpha))
        return -sign * (double)INFINITY;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (outside + inside);
        if (is_beyond(alignment, middle, sign, alpha))
            outside = middle;
        else
            inside = middle;
    }
    return inside;
}

/* All differences between the side and another lie within. */
static void find_range(const struct alignment *alignment, double *least, double *most)
{
    *least = INFINITY;
    *most = -INFINITY;
    for (size_t i = 0; i < alignment->rounds; i++) {
        const double *row = alignment->values + i * alignment->sides;
        for (size_t j = 0; j < alignment->sides; j++) {
            if (j == alignment->side)
                continue;
            *least = fmin(*least, row[alignment->side] - row[j]);
            *most = fmax(*most, row[alignment->side] - row[j]);
        }
    }
    const double margin = 1e-3 * (*most - *least) + 1e-6 * fmax(fabs(*most), fabs(*least)) + 1e-12;
    *least -= margin;
    *most += margin;
}

struct aligned_shift aligned_shift(const double *values, size_t rounds, size_t sides, size_t side,
                                   double alpha)
{
    assert(rounds > 0 && sides >= 2 && sides <= ALIGNED_SIDES_MOST && side < sides);
    assert(alpha > 0.0 && alpha < 1.0);
    const struct alignment alignment = {
        .values = values,
        .rounds = rounds,
        .sides = sides,
        .side = side,
        .residuals = memory_allocate_untouched(rounds * sides, sizeof(struct residual)),
        .ranks = memory_allocate_untouched(rounds * sides, sizeof(double)),
    };
    double least, most;
    find_range(&alignment, &least, &most);
    const struct aligned_shift shift = {
        .estimate = 0.5 * (edge(&alignment, least, most, 1.0) + edge(&alignment, most, least, 1.0)),
        .low = edge(&alignment, least, most, alpha),
        .high = edge(&alignment, most, least, alpha),
        .p = probability(score(&alignment, 0.0)),
    };
    memory_free(alignment.residuals);
    memory_free(alignment.ranks);
    return shift;
}

/* With two sides the score is largest where all differences have one sign, and that of rank r adds
 * r - 1/2 to T - E: (n^2 - 1) / 2 over the root of n (4 n^2 - 1) / 12. With more sides it is
 * larger. */
size_t aligned_rounds_needed(double alpha)
{
    double rounds = 1.0, score = 0.0;
    while (probability(score) > alpha) {
        rounds++;
        score = 0.5 * (rounds * rounds - 1.0) / sqrt(rounds * (4.0 * rounds * rounds - 1.0) / 12.0);
    }
    return (size_t)rounds;
}
