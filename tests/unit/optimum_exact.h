/* SPDX-License-Identifier: MIT
 *
 * What is true of the optimum of a small set, by mathematics that shares nothing with the program.
 *
 * Is it separable? The directions (v, c) with s_i (x_i . v + c) >= 0 for all samples form a cone.
 * Where the columns of [x 1] are independent it has no lines in it, and so it is {0} or the sum of
 * its extreme rays, on each of which d of the inequalities are equalities that are independent. So
 * every choice of d samples is gone through, the direction that is 0 on them computed by cofactors,
 * and tried with both signs. Data are separable if there is a ray, and completely when every sample
 * is > 0 on one of them. All numbers are integers, with products below 2^63: nothing is rounded.
 *
 * What is F*? Newton's method in long double, in columns of size 1.
 */
#ifndef DESCENT_TESTS_OPTIMUM_EXACT_H
#define DESCENT_TESTS_OPTIMUM_EXACT_H

#include "base/random.h"
#include "data/dataset.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { ROWS = 12, FEATURES = 3, LENGTH = FEATURES + 1 };

enum verdict { OVERLAPPING, TOUCHING, COMPLETE };

struct small {
    size_t rows, features;
    int x[ROWS][FEATURES];
    int y[ROWS];
};

/* --- Random sets ----------------------------------------------------------------------------- */

static inline int below(struct random_stream *stream, int many)
{
    return (int)(random_uniform(stream) * many);
}

/* A data set of few values, so that touching classes, equal rows and dependent columns are common.
 */
static inline struct small random_small(struct random_stream *stream)
{
    struct small set = {.rows = 4 + (size_t)below(stream, ROWS - 3),
                        .features = 1 + (size_t)below(stream, FEATURES)};
    const int values = 2 + below(stream, 8), kind = below(stream, 4);
    for (size_t i = 0; i < set.rows; i++) {
        int z = 0;
        for (size_t j = 0; j < set.features; j++) {
            set.x[i][j] = below(stream, values) - values / 2;
            z += (j % 2 == 0 ? 1 : -1) * set.x[i][j];
        }
        if (kind == 1 && set.features > 1)
            set.x[i][1] = 1 - set.x[i][0];
        set.y[i] = kind == 0 ? below(stream, 2) : z > 0 || (z == 0 && below(stream, 2));
    }
    set.y[0] = 0;
    set.y[1] = 1;
    return set;
}

static inline struct dataset *as_data(const struct small *set, const double *factors)
{
    struct dataset *data = dataset_create(set->rows, set->features, true);
    for (size_t i = 0; i < set->rows; i++) {
        for (size_t j = 0; j < set->features; j++)
            data->X[i * set->features + j] = set->x[i][j] * factors[j];
        data->y[i] = set->y[i];
    }
    return data;
}

/* --- Separable, exactly ---------------------------------------------------------------------- */

/* [x 1] of samples, in those columns that are independent. */
struct matrix {
    size_t rows, columns;
    long long a[ROWS][LENGTH];
};

/* The determinant of the leading `size` rows and columns of m, by cofactors along the first row. */
static long long determinant(size_t size, long long m[LENGTH][LENGTH])
{
    long long sum = 0;
    if (size == 0)
        return 1;
    for (size_t c = 0; c < size; c++) {
        long long minor[LENGTH][LENGTH];
        for (size_t i = 1; i < size; i++)
            for (size_t j = 0, k = 0; j < size; j++)
                if (j != c)
                    minor[i - 1][k++] = m[i][j];
        sum += (c % 2 == 0 ? 1 : -1) * m[0][c] * determinant(size - 1, minor);
    }
    return sum;
}

/* Next choice of `count` of the numbers below `of`, ascending; false after the last. */
static bool next_choice(size_t *choice, size_t count, size_t of)
{
    for (size_t i = count; i-- > 0;)
        if (choice[i] < of - count + i) {
            choice[i]++;
            for (size_t j = i + 1; j < count; j++)
                choice[j] = choice[j - 1] + 1;
            return true;
        }
    return false;
}

/* Is some minor of these columns not 0? */
static bool is_independent(const struct matrix *all, const size_t *columns, size_t count)
{
    size_t rows[LENGTH] = {0, 1, 2, 3};
    if (count > all->rows)
        return false;
    do {
        long long m[LENGTH][LENGTH];
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                m[i][j] = all->a[rows[i]][columns[j]];
        if (determinant(count, m) != 0)
            return true;
    } while (next_choice(rows, count, all->rows));
    return false;
}

/* Signed: the rows are s_i [x_i 1]. */
static struct matrix independent_columns(const struct small *set)
{
    struct matrix all = {set->rows, set->features + 1, {{0}}}, kept = {set->rows, 0, {{0}}};
    size_t columns[LENGTH];
    for (size_t i = 0; i < set->rows; i++)
        for (size_t j = 0; j <= set->features; j++)
            all.a[i][j] = (set->y[i] ? 1 : -1) * (j < set->features ? set->x[i][j] : 1);
    for (size_t j = 0; j < all.columns; j++) {
        columns[kept.columns] = j;
        if (!is_independent(&all, columns, kept.columns + 1))
            continue;
        for (size_t i = 0; i < all.rows; i++)
            kept.a[i][kept.columns] = all.a[i][j];
        kept.columns++;
    }
    return kept;
}

/* v, which is 0 on the chosen rows: (-1)^j times the minor without column j. */
static void direction_of(const struct matrix *m, const size_t *rows, long long *v)
{
    for (size_t j = 0; j < m->columns; j++) {
        long long minor[LENGTH][LENGTH];
        for (size_t i = 0; i + 1 < m->columns; i++)
            for (size_t c = 0, k = 0; c < m->columns; c++)
                if (c != j)
                    minor[i][k++] = m->a[rows[i]][c];
        v[j] = (j % 2 == 0 ? 1 : -1) * determinant(m->columns - 1, minor);
    }
}

/* Marks what a ray pushes; false when it is none. */
static bool try_ray(const struct matrix *m, const long long *v, int sign, bool *pushed)
{
    long long push[ROWS];
    bool any = false;
    for (size_t i = 0; i < m->rows; i++) {
        push[i] = 0;
        for (size_t j = 0; j < m->columns; j++)
            push[i] += sign * m->a[i][j] * v[j];
        if (push[i] < 0)
            return false;
        any = any || push[i] > 0;
    }
    for (size_t i = 0; i < m->rows && any; i++)
        pushed[i] = pushed[i] || push[i] > 0;
    return any;
}

static inline enum verdict exact_verdict(const struct small *set)
{
    const struct matrix m = independent_columns(set);
    size_t rows[LENGTH] = {0, 1, 2, 3};
    bool pushed[ROWS] = {false}, separable = false;
    do {
        long long v[LENGTH];
        direction_of(&m, rows, v);
        separable = try_ray(&m, v, 1, pushed) || separable;
        separable = try_ray(&m, v, -1, pushed) || separable;
    } while (next_choice(rows, m.columns - 1, m.rows));
    for (size_t i = 0; i < m.rows; i++)
        if (!pushed[i])
            return separable ? TOUCHING : OVERLAPPING;
    return COMPLETE;
}

/* --- F*, in long double ---------------------------------------------------------------------- */

/* g <- A^-1 g (length) by Gauss and Jordan, the largest pivot first; an element whose pivot is
 * rounding becomes 0. A has a unit diagonal. */
static void eliminate(size_t length, long double A[LENGTH][LENGTH], long double *g)
{
    bool used[LENGTH] = {false};
    for (size_t turn = 0; turn < length; turn++) {
        size_t best = LENGTH;
        for (size_t i = 0; i < length; i++)
            if (!used[i] && A[i][i] > 1e-15L && (best == LENGTH || A[i][i] > A[best][best]))
                best = i;
        if (best == LENGTH)
            break;
        used[best] = true;
        for (size_t i = 0; i < length; i++) {
            const long double factor = i != best ? A[i][best] / A[best][best] : 0.0L;
            for (size_t j = 0; j < length; j++)
                A[i][j] -= factor * A[best][j];
            g[i] -= factor * g[best];
        }
    }
    for (size_t i = 0; i < length; i++)
        g[i] = used[i] ? g[i] / A[i][i] : 0.0L;
}

/* A problem of any numbers, in columns that have been brought to size 1; mu: of the weights there.
 */
struct plain {
    size_t rows, length;
    long double x[ROWS][LENGTH]; /* the last column is 1 */
    long double sign[ROWS], mu[LENGTH];
};

static long double plain_objective(const struct plain *plain, const long double *v)
{
    long double sum = 0.0L, penalty = 0.0L;
    for (size_t i = 0; i < plain->rows; i++) {
        long double m = 0.0L;
        for (size_t j = 0; j < plain->length; j++)
            m += plain->sign[i] * plain->x[i][j] * v[j];
        sum += m > 0.0L ? log1pl(expl(-m)) : log1pl(expl(m)) - m;
    }
    for (size_t j = 0; j < plain->length; j++)
        penalty += plain->mu[j] * v[j] * v[j] / 2.0L;
    return sum / (long double)plain->rows + penalty;
}

/* g <- H^-1 g at v, each element in proportion to the root of its diagonal element. */
static void plain_direction(const struct plain *plain, const long double *v, long double *g)
{
    const size_t length = plain->length;
    const long double n = (long double)plain->rows;
    long double H[LENGTH][LENGTH] = {{0}}, root[LENGTH];
    for (size_t j = 0; j < length; j++) {
        g[j] = plain->mu[j] * v[j];
        H[j][j] = plain->mu[j];
    }
    for (size_t i = 0; i < plain->rows; i++) {
        long double m = 0.0L;
        for (size_t j = 0; j < length; j++)
            m += plain->sign[i] * plain->x[i][j] * v[j];
        const long double wrong = 1.0L / (1.0L + expl(m)), right = 1.0L / (1.0L + expl(-m));
        for (size_t j = 0; j < length; j++) {
            g[j] -= plain->sign[i] * wrong * plain->x[i][j] / n;
            for (size_t k = 0; k < length; k++)
                H[j][k] += wrong * right * plain->x[i][j] * plain->x[i][k] / n;
        }
    }
    for (size_t j = 0; j < length; j++)
        root[j] = H[j][j] > 0.0L ? sqrtl(H[j][j]) : 1.0L;
    for (size_t j = 0; j < length; j++) {
        g[j] /= root[j];
        for (size_t k = 0; k < length; k++)
            H[j][k] /= root[j] * root[k];
    }
    eliminate(length, H, g);
    for (size_t j = 0; j < length; j++)
        g[j] /= root[j];
}

static long double plain_minimum(const struct plain *plain)
{
    long double v[LENGTH] = {0}, objective = plain_objective(plain, v);
    for (int step = 0; step < 200; step++) {
        long double p[LENGTH], next[LENGTH], there = objective, t = 1.0L;
        plain_direction(plain, v, p);
        for (int half = 0; half < 60; half++, t /= 2.0L) {
            for (size_t j = 0; j < plain->length; j++)
                next[j] = v[j] - t * p[j];
            there = plain_objective(plain, next);
            if (there < objective)
                break;
        }
        if (!(there < objective))
            break;
        memcpy(v, next, sizeof v);
        objective = there;
    }
    return objective;
}

/* x (rows, features), of any size. */
static inline long double minimum_of(const struct dataset *data, double lambda)
{
    struct plain plain = {.rows = data->rows, .length = data->features + 1};
    for (size_t j = 0; j < plain.length; j++) {
        long double size = 0.0L;
        for (size_t i = 0; i < data->rows; i++) {
            plain.x[i][j] = j < data->features ? data->X[i * data->features + j] : 1.0L;
            size = fmaxl(size, fabsl(plain.x[i][j]));
        }
        size = size > 0.0L ? size : 1.0L;
        for (size_t i = 0; i < data->rows; i++)
            plain.x[i][j] /= size;
        plain.mu[j] = j < data->features ? lambda / size / size : 0.0L;
    }
    for (size_t i = 0; i < data->rows; i++)
        plain.sign[i] = data->y[i] > 0.5 ? 1.0L : -1.0L;
    return plain_minimum(&plain);
}

#endif
