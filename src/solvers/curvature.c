/* SPDX-License-Identifier: MIT
 *
 * The method of Lanczos on B = A'CA with A = [X 1] and C the weights of classes, mostly 1, and a
 * proof that its largest Ritz value theta is near lambda_max(B).
 *
 * From a random vector v_1, j steps make a tridiagonal matrix T_j with alpha_1 ... alpha_j on its
 * diagonal and beta_1 ... beta_(j-1) beside it, whose eigenvalues never pass those of B. That theta
 * has settled proves nothing: with d - 1 eigenvalues of 25 and one of 26.25 a power iteration rests
 * at 25 for long, because the share of the last in v_1 is one in sqrt(d). But the characteristic
 * polynomial p_j of T_j has
 *
 *     beta_1 beta_2 ... beta_j = ||p_j(B) v_1|| >= |p_j(lambda_max)| |u.v_1|
 *
 * with u the eigenvector of lambda_max. For v_1 = g / ||g||, g normal, u.g is a normal number,
 * which is smaller than MISSED with a probability of less than MISSED. p_j grows above theta. So as
 * soon as
 *
 *     p_j(x) / (beta_1 ... beta_j) > ||g|| / MISSED,    x = (1 + tolerance) theta,
 *
 * lambda_max is less than x (van Dorsselaer, Hochstenbach and van der Vorst, "Computing
 * probabilistic bounds for extreme eigenvalues of symmetric matrices with the Lanczos method", SIAM
 * J. Matrix Anal. Appl. 22, 2000). However B is made, that takes at most
 * log(2 sqrt(d) / MISSED) / (2 sqrt(tolerance)) steps or so (Kuczynski and Wozniakowski, the same
 * journal 13, 1992): 450 for a million features; usually ten to forty. Vectors are not made
 * orthogonal again: that they stop being so brings copies of Ritz values that have converged, none
 * beyond the spectrum (Paige 1980).
 *
 * p_j(x) = delta_1 ... delta_j with delta_1 = x - alpha_1 and delta_i = x - alpha_i -
 * beta_(i-1)^2 / delta_(i-1), all of them positive just if x is larger than theta.
 *
 * Features may be as large as 1e300: rows are divided by a power of two twice, as v is multiplied
 * and as the product is added, which changes no bit otherwise.
 *
 * A pass at any models gives X' (p - y), but A'(A v) is linear and needs none of the neuron; it is
 * written out here, with the chunks and the tree of a pass.
 */
#include "solvers/curvature.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "data/chunks.h"

#include <math.h>
#include <string.h>

enum { STEPS_MOST = 2000, BISECTIONS = 60 };
static const double missed = 1e-9;

/* --- B v ----------------------------------------------------------------------------------- */

/* B, and what a product with it takes. */
struct matrix {
    const struct dataset *data;
    size_t length;   /* d + 1, the bias last */
    int exponent;    /* features are less than 2 to it */
    double *scaled;  /* (length) v / 2^exponent */
    double *partial; /* (chunks, length) */
    int threads;
};

/* out += A' C A v / 2^(2 exponent) over the rows [begin, end). */
static void multiply_rows(const struct matrix *matrix, size_t begin, size_t end, double *out)
{
    const struct dataset *data = matrix->data;
    const double *v = matrix->scaled, inverse = ldexp(1.0, -matrix->exponent);
    size_t d = data->features;
    for (size_t i = begin; i < end; i++) {
        const struct sample x = dataset_sample(data, i);
        double weight = data->y == NULL ? 1.0 : class_weight(data, data->y[i]);
        double z = weight * (sample_dot(&x, v) + v[d]) * inverse;
        sample_add(&x, z, out);
        out[d] += z;
    }
}

/* out = A' C A v / 2^(2 exponent) */
static void multiply(const struct matrix *matrix, const double *v, double *out)
{
    size_t length = matrix->length;
    const struct chunking cut = chunking_of(matrix->data, matrix->data->rows);
    for (size_t i = 0; i < length; i++)
        matrix->scaled[i] = ldexp(v[i], -matrix->exponent);
#pragma omp parallel num_threads(matrix->threads)
    {
        threads_enter();
#pragma omp for schedule(static)
        for (size_t chunk = 0; chunk < cut.count; chunk++) {
            double *sums = matrix->partial + chunk * length;
            memset(sums, 0, length * sizeof *sums);
            multiply_rows(matrix, chunking_begin(&cut, chunk), chunking_begin(&cut, chunk + 1),
                          sums);
        }
        chunks_add(matrix->partial, length, cut.count, length);
    }
    ranks_allreduce(matrix->data->ranks, matrix->partial, length);
    memcpy(out, matrix->partial, length * sizeof *out);
}

/* The power of two that no feature, nor the 1 of the bias, reaches. */
static int exponent_of(const struct dataset *data)
{
    double largest = 1.0;
    int exponent;
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++)
            largest = fmax(largest, fabs(sample_value(&x, t)));
    }
    frexp(ranks_allreduce_max(data->ranks, largest), &exponent);
    return exponent;
}

/* --- T ------------------------------------------------------------------------------------- */

struct tridiagonal {
    size_t count;
    double alpha[STEPS_MOST], beta[STEPS_MOST];
};

/* log(p(x) / (beta_1 ... beta_j)); -INFINITY where x is not larger than all eigenvalues. */
static double growth(const struct tridiagonal *T, double x)
{
    double sum = 0.0, delta = 1.0, square = 0.0;
    for (size_t i = 0; i < T->count; i++) {
        delta = x - T->alpha[i] - square / delta;
        if (!(delta > 0.0))
            return -INFINITY;
        square = T->beta[i] * T->beta[i];
        sum += log(delta / T->beta[i]);
    }
    return sum;
}

/* The largest eigenvalue, from below, which is no less than `least`. */
static double largest_ritz(const struct tridiagonal *T, double least)
{
    double most = least;
    for (size_t i = 0; i < T->count; i++) {
        double beside = (i > 0 ? T->beta[i - 1] : 0.0) + (i + 1 < T->count ? T->beta[i] : 0.0);
        most = fmax(most, T->alpha[i] + beside); /* Gershgorin */
    }
    for (int i = 0; i < BISECTIONS && least < most; i++) {
        double middle = least + (most - least) / 2.0;
        if (growth(T, middle) > (double)-INFINITY)
            most = middle;
        else
            least = middle;
    }
    return least;
}

/* --- Lanczos ------------------------------------------------------------------------------- */

static double dot(const double *a, const double *b, size_t length)
{
    double sum = 0.0;
    for (size_t i = 0; i < length; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The vectors of the last steps. */
struct steps {
    double *before, *v, *next; /* (length) */
};

/* v_1; returns ||g||. */
static double start(struct steps *steps, size_t length)
{
    struct random_stream stream = random_open(0, RANDOM_START, 0);
    for (size_t i = 0; i < length; i++)
        steps->v[i] = random_normal(&stream);
    double norm = sqrt(dot(steps->v, steps->v, length));
    for (size_t i = 0; i < length; i++)
        steps->v[i] /= norm;
    return norm;
}

/* One more row of T. False when there is nothing beyond it: v spans all that B makes of it. */
static bool advance(struct steps *steps, const struct matrix *matrix, struct tridiagonal *T)
{
    size_t length = matrix->length, j = T->count++;
    double *w = steps->next, beta = j > 0 ? T->beta[j - 1] : 0.0;
    multiply(matrix, steps->v, w);
    for (size_t i = 0; i < length; i++)
        w[i] -= beta * steps->before[i];
    double alpha = dot(w, steps->v, length);
    for (size_t i = 0; i < length; i++)
        w[i] -= alpha * steps->v[i];
    T->alpha[j] = alpha;
    T->beta[j] = sqrt(dot(w, w, length));
    if (!(T->beta[j] > 0x1p-48 * alpha))
        return false;
    for (size_t i = 0; i < length; i++)
        w[i] /= T->beta[j];
    *steps = (struct steps){steps->v, w, steps->before};
    return true;
}

/* The largest eigenvalue of the matrix, from below. */
static double search(const struct matrix *matrix, struct steps *steps)
{
    struct tridiagonal *T = memory_allocate(1, sizeof *T);
    double needed = log(start(steps, matrix->length) / missed), theta = 0.0;
    for (bool more = true; more && T->count < STEPS_MOST;) {
        more = advance(steps, matrix, T);
        theta = largest_ritz(T, theta);
        more = more && growth(T, (1.0 + CURVATURE_TOLERANCE) * theta) <= needed;
    }
    memory_free(T);
    return theta;
}

double curvature_largest(const struct dataset *data, int threads)
{
    size_t length = data->features + 1, chunks = chunking_of(data, data->rows).count;
    double *numbers = memory_allocate(4 * length, sizeof *numbers);
    const struct matrix matrix = {
        .data = data,
        .length = length,
        .exponent = exponent_of(data),
        .scaled = numbers,
        .partial = memory_allocate_untouched(chunks * length, sizeof(double)),
        .threads = chunk_threads(data, threads),
    };
    struct steps steps = {numbers + length, numbers + 2 * length, numbers + 3 * length};
    double largest = search(&matrix, &steps);
    memory_free(matrix.partial);
    memory_free(numbers);
    return ldexp(largest / (4.0 * (double)dataset_samples(data)), 2 * matrix.exponent);
}
