/* SPDX-License-Identifier: MIT
 *
 * From weights that grow for ever to a direction in whole numbers. Let A be the rows of [x~ 1] that
 * stay where they are, and let Cholesky's method with pivoting find the columns that are
 * independent in A'A. Each of the others, k, has a null vector u_k of A that is 1 there and 0 on
 * the rest of the others, so the direction is the sum of w_k u_k: what weights are on the others
 * decides, and they may be rounded to a few bits, while the elements of u_k are fractions,
 * recovered from their continued fractions (Khinchin). Whether it is a direction at all is then for
 * separation_exactly() to say.
 */
#include "solvers/optimum/separation.h"

#include "base/memory.h"
#include "solvers/cholesky.h"

#include <math.h>
#include <string.h>

static const double left_behind = 20.0; /* z of samples that stay: 2e-9 from certain */
static const double largest_denominator = 1e6;
static const double tolerance = 1e-6; /* of a whole number */

/* Weight 1 for the samples that stay, 0 for those that are driven away; false when one of those is
 * on the wrong side, or there is none. */
static bool mark_staying(struct normalised *problem)
{
    double *D = hessian_weights(problem->hessian), against = 0.0, away = 0.0;
    for (size_t i = 0; i < problem->data->rows; i++) {
        const double sign = problem->data->y[i] > 0.5 ? 1.0 : -1.0;
        const bool far = fabs(problem->z[i]) > left_behind;
        D[i] = 0.0;
        if (!normalised_has(problem, i))
            continue;
        D[i] = far ? 0.0 : 1.0;
        away += far;
        against += far && sign * problem->z[i] < 0.0;
    }
    return ranks_allreduce_max(problem->data->ranks, away) > 0.0 &&
           ranks_allreduce_max(problem->data->ranks, against) == 0.0;
}

/* A denominator of x, by its continued fraction; 0: none that is small. */
static double denominator_of(double x)
{
    double last = 0.0, q = 1.0, rest = x - round(x);
    while (fabs(q * x - round(q * x)) > tolerance) {
        if (rest == 0.0)
            return 0.0;
        const double inverse = 1.0 / rest, whole = round(inverse), next = whole * q + last;
        rest = inverse - whole;
        last = q;
        q = next;
        if (fabs(q) > largest_denominator)
            return 0.0;
    }
    return fabs(q);
}

/* The least number by which all elements of the null vectors become whole; 0: there is none that is
 * small. basis (count, length). */
static double common_denominator(const double *basis, size_t count, size_t length)
{
    double common = 1.0;
    for (size_t i = 0; i < count * length; i++) {
        const double factor = denominator_of(common * basis[i]);
        common *= factor;
        if (factor == 0.0 || common > largest_denominator)
            return 0.0;
    }
    return common;
}

struct null_space {
    size_t count;
    double *basis;   /* (count, length) */
    double *weights; /* (count), the largest 1 */
};

static struct null_space find_null_space(struct normalised *problem)
{
    struct null_space space = {0};
    const size_t length = problem->length;
    struct cholesky *factor = cholesky_create(length);
    normalised_matrix(problem, factor->L);
    cholesky_factor(factor);
    space.count = length - factor->rank;
    space.basis = memory_allocate(space.count * (length + 1) + 1, sizeof *space.basis);
    space.weights = space.basis + space.count * length;
    double largest = 0.0;
    for (size_t k = 0; k < space.count; k++) {
        cholesky_null(factor, factor->rank + k, space.basis + k * length);
        space.weights[k] = problem->point[factor->order[factor->rank + k]];
        largest = fmax(largest, fabs(space.weights[k]));
    }
    for (size_t k = 0; k < space.count && largest > 0.0; k++)
        space.weights[k] /= largest;
    cholesky_free(factor);
    return space;
}

/* v (length) = the sum of the null vectors, with weights of so many bits, in whole numbers. */
static bool combine(const struct null_space *space, size_t length, double common, int bits,
                    double *v)
{
    bool whole = true;
    memset(v, 0, length * sizeof *v);
    for (size_t k = 0; k < space->count; k++) {
        const double weight = round(ldexp(space->weights[k], bits));
        for (size_t j = 0; j < length; j++) {
            v[j] += weight * round(common * space->basis[k * length + j]);
            whole = whole && fabs(v[j]) < 0x1p53;
        }
    }
    return whole;
}

/* The first sample that stays, on whatever rank. */
static void find_anchor(const struct normalised *problem, double *anchor)
{
    const struct dataset *data = problem->data;
    const double *D = hessian_weights(problem->hessian);
    size_t i = 0;
    while (i < data->rows && D[i] == 0.0)
        i++;
    const double own = i < data->rows ? (double)(data->first_row + i) : INFINITY;
    const double first = ranks_allreduce_min(data->ranks, own);
    memset(anchor, 0, problem->length * sizeof *anchor);
    if (own == first && isfinite(own)) {
        double *buffer = memory_allocate(problem->length, sizeof *buffer);
        const struct sample x = normalised_row(problem, i, buffer);
        for (size_t t = 0; t < x.count; t++)
            anchor[sample_column(&x, t)] = x.values[t];
        memory_free(buffer);
    }
    ranks_allreduce(data->ranks, anchor, problem->length);
}

static enum separation try_directions(struct normalised *problem, const struct null_space *space,
                                      unsigned char *touched)
{
    const size_t length = problem->length;
    double *v = memory_allocate(length, sizeof *v);
    enum separation answer = SEPARATION_UNPROVEN;
    if (space->count + 1 == length) {
        find_anchor(problem, v);
        answer = separation_exactly(problem, problem->point, v, touched);
    }
    const double common = common_denominator(space->basis, space->count, length);
    for (int bits = 2; bits <= 16 && common > 0.0 && answer == SEPARATION_UNPROVEN; bits += 7)
        if (combine(space, length, common, bits, v))
            answer = separation_exactly(problem, v, NULL, touched);
    memory_free(v);
    return answer;
}

enum separation separation_by_fractions(struct normalised *problem, size_t most,
                                        unsigned char *touched)
{
    const size_t rows = problem->data->rows;
    double *D = hessian_weights(problem->hessian);
    enum separation answer = SEPARATION_UNPROVEN;
    if (problem->length > most + 1)
        return answer;
    double *kept = memory_allocate(rows + 1, sizeof *kept);
    memcpy(kept, D, rows * sizeof *kept);
    if (mark_staying(problem)) {
        struct null_space space = find_null_space(problem);
        if (space.count > 0)
            answer = try_directions(problem, &space, touched);
        memory_free(space.basis);
    }
    memcpy(D, kept, rows * sizeof *kept);
    memory_free(kept);
    return answer;
}
