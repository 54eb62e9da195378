/* SPDX-License-Identifier: MIT
 *
 * Each is asked at three sizes, by rows and by columns where there is a matrix: libraries take
 * another way through small ones, and some a third through the rest of a division into vectors.
 */
#include "measure/blas/blas_specials.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SIZES = 3, MOST = 40 };
static const int sizes[SIZES] = {3, 10, 33};
static const CBLAS_ORDER orders[2] = {CblasRowMajor, CblasColMajor};
static const char *const order_names[2] = {"rows", "columns"};

static void fill(double *values, int count, double value)
{
    for (int i = 0; i < count; i++)
        values[i] = value;
}

static bool all_equal(const double *values, int count, double value)
{
    for (int i = 0; i < count; i++)
        if (!(values[i] == value || (isnan(value) && isnan(values[i]))))
            return false;
    return true;
}

/* One word for all cases, or which case has which: "NaN", or "finite (3 by columns), else NaN". */
struct special_outcome {
    const char *usual, *other;
    char where[SPECIAL_WORDS];
    size_t count, others;
};

static void special_outcome_add(struct special_outcome *outcome, bool usual, int size,
                                const char *order)
{
    const size_t used = strlen(outcome->where);
    outcome->count++;
    if (usual)
        return;
    outcome->others++;
    snprintf(outcome->where + used, sizeof outcome->where - used, "%s%d%s%s", used > 0 ? ", " : "",
             size, *order != '\0' ? " by " : "", order);
}

static void special_outcome_tell(const struct special_outcome *outcome,
                                 char words[static SPECIAL_WORDS])
{
    if (outcome->others == 0 || outcome->others == outcome->count)
        snprintf(words, SPECIAL_WORDS, "%s",
                 outcome->others == 0 ? outcome->usual : outcome->other);
    else
        snprintf(words, SPECIAL_WORDS, "%s, but %s for %.50s", outcome->usual, outcome->other,
                 outcome->where);
}

/* Calls `gemv` for each size and order, and tallies whether all of y is `expected`. */
struct gemv_case {
    double A, x, y; /* what all of them are, */
    double special; /* but for column 1 of A, */
    double x_there; /* and this element of x */
    double alpha, beta, expected;
};

static void ask_gemv(const struct gemv_case *at, struct special_outcome *outcome)
{
    static double A[MOST * MOST], x[MOST], y[MOST];
    for (int s = 0; s < SIZES; s++)
        for (int o = 0; o < 2; o++) {
            const int n = sizes[s];
            fill(A, n * n, at->A);
            fill(x, n, at->x);
            fill(y, n, at->y);
            for (int i = 0; i < n; i++)
                A[o == 0 ? i * n + 1 : n + i] = at->special;
            x[1] = at->x_there;
            cblas_dgemv(orders[o], CblasNoTrans, n, n, at->alpha, A, n, x, 1, at->beta, y, 1);
            special_outcome_add(outcome, all_equal(y, n, at->expected), n, order_names[o]);
        }
}

static void beta_zero(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "overwritten", .other = "NaN"};
    const struct gemv_case at = {1.0, 0.0, NAN, 1.0, 0.0, 1.0, 0.0, 0.0};
    ask_gemv(&at, &outcome);
    special_outcome_tell(&outcome, words);
}

static void alpha_zero(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "not looked at", .other = "NaN"};
    const struct gemv_case at = {NAN, 1.0, 2.0, NAN, 1.0, 0.0, 1.0, 2.0};
    ask_gemv(&at, &outcome);
    special_outcome_tell(&outcome, words);
}

static void zero_times_infinity(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "NaN", .other = "finite"};
    const struct gemv_case at = {1.0, 1.0, 0.0, INFINITY, 0.0, 1.0, 0.0, NAN};
    ask_gemv(&at, &outcome);
    special_outcome_tell(&outcome, words);
}

/* z = X w of no columns: a sum of no terms is 0, and yet the standard returns at once. */
static void no_columns(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "left as it was", .other = "set to 0"};
    for (int s = 0; s < SIZES; s++) {
        double A[MOST] = {0}, x[1] = {0}, y[MOST];
        fill(y, MOST, 7.0);
        cblas_dgemv(CblasColMajor, CblasNoTrans, sizes[s], 0, 1.0, A, sizes[s], x, 1, 0.0, y, 1);
        special_outcome_add(&outcome, all_equal(y, sizes[s], 7.0), sizes[s], "");
    }
    special_outcome_tell(&outcome, words);
}

/* --- gemm ----------------------------------------------------------------------------------- */

/* C (n,n) = alpha A B + beta C with constant matrices and so many terms. */
static void ask_gemm(double a, double c, double alpha, int terms, double beta, double expected,
                     struct special_outcome *outcome)
{
    static double A[MOST * MOST], B[MOST * MOST], C[MOST * MOST];
    for (int s = 0; s < SIZES; s++) {
        const int n = sizes[s], k = terms < 0 ? n : terms;
        fill(A, n * n, a);
        fill(B, n * n, 1.0);
        fill(C, n * n, c);
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, k, alpha, A, n, B, n, beta, C,
                    n);
        special_outcome_add(outcome, all_equal(C, n * n, expected), n, "");
    }
}

static void gemm_beta_zero(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "overwritten", .other = "NaN"};
    ask_gemm(0.0, NAN, 1.0, -1, 0.0, 0.0, &outcome);
    special_outcome_tell(&outcome, words);
}

static void gemm_alpha_zero(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "not looked at", .other = "NaN"};
    ask_gemm(NAN, 2.0, 0.0, -1, 1.0, 2.0, &outcome);
    special_outcome_tell(&outcome, words);
}

static void gemm_no_terms(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "set to 0", .other = "left as it was"};
    ask_gemm(1.0, 7.0, 1.0, 0, 0.0, 0.0, &outcome);
    special_outcome_tell(&outcome, words);
}

/* --- Vectors -------------------------------------------------------------------------------- */

static void scal_zero(char words[static SPECIAL_WORDS])
{
    struct special_outcome outcome = {.usual = "0", .other = "NaN"};
    for (int s = 0; s < SIZES; s++) {
        double x[MOST];
        fill(x, MOST, NAN);
        cblas_dscal(sizes[s], 0.0, x, 1);
        special_outcome_add(&outcome, all_equal(x, sizes[s], 0.0), sizes[s], "");
    }
    special_outcome_tell(&outcome, words);
}

static void dot_nothing(char words[static SPECIAL_WORDS])
{
    const double x[1] = {NAN};
    const double s = cblas_ddot(0, x, 1, x, 1);
    snprintf(words, SPECIAL_WORDS, "%g", s);
}

/* --- The table ------------------------------------------------------------------------------ */

static const struct blas_special specials[] = {
    {{"gemv, beta = 0", "y is NaN before y = A x + 0 y"}, "overwritten", beta_zero},
    {{"gemv, alpha = 0", "A is NaN in y = 0 A x + y"}, "not looked at", alpha_zero},
    {{"gemv, 0 times infinity", "a column of A is infinite, its x is 0"},
     "NaN",
     zero_times_infinity},
    {{"gemv, n = 0", "y of A x + 0 y, where A has no columns"}, "left as it was", no_columns},
    {{"gemm, beta = 0", "C is NaN before C = A B + 0 C"}, "overwritten", gemm_beta_zero},
    {{"gemm, alpha = 0", "A is NaN in C = 0 A B + C"}, "not looked at", gemm_alpha_zero},
    {{"gemm, k = 0", "C of A B + 0 C, where A has no columns"}, "set to 0", gemm_no_terms},
    {{"scal by 0", "x is NaN before x = 0 x"}, NULL, scal_zero},
    {{"dot, n = 0", "the sum of no terms"}, "0", dot_nothing},
};

static const struct entry *const rows[] = {
    &specials[0].entry, &specials[1].entry, &specials[2].entry,
    &specials[3].entry, &specials[4].entry, &specials[5].entry,
    &specials[6].entry, &specials[7].entry, &specials[8].entry,
};

const struct table blas_special_table = TABLE("special case", rows);
