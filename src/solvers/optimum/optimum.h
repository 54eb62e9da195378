/* SPDX-License-Identifier: MIT
 *
 * The optimum F* of the objective on a data set for one lambda, from a reference solve: gaps are
 * measured against it, and never against the best curve in a plot.
 *
 * It comes from Newton's method from zero weights, or from the optimum of a larger lambda, in
 * coordinates where every column is of size 1 (normalised.h), carried on until a step can gain no
 * more than rounding. F* without regularisation is a property of the classes, not of the units of
 * columns, and so is what is found.
 *
 * Nothing is said of it without a proof that holds in floating point:
 *
 *     found  a bound on F - F* at the last point, from the Newton decrement and the
 * self-concordance of the loss, or for lambda > 0 from strong convexity (optimum_certificate.c), to
 * which the rounding of F itself is added: of each sample's terms, and of their sum; none   a
 * direction along which F falls for ever: the data are separable (separation.h). "Completely" is
 * said when a direction has all samples on their own side, and "quasi-completely" when those that
 * it leaves undecided are shown to overlap.
 *
 * Where neither is had it is unknown, with the reason. And a model whose F is below F* by more than
 * all rounding refutes it, whatever was proven: then something is wrong, and F* is withdrawn.
 */
#ifndef DESCENT_SOLVERS_OPTIMUM_OPTIMUM_H
#define DESCENT_SOLVERS_OPTIMUM_OPTIMUM_H

#include "data/dataset.h"

#include <stdbool.h>

enum optimum_status {
    OPTIMUM_UNKNOWN = 0, /* not looked for, or not found: see `reason` */
    OPTIMUM_FOUND = 1,   /* objective is F*, to `bound` */
    OPTIMUM_NONE = -1,   /* no finite minimiser; `reason` says how that is known */
};

struct optimum {
    enum optimum_status status;
    double lambda;
    double objective;     /* F at the last point: F*, or where the search ended */
    double gradient_norm; /* there, weights and bias */
    double bound;         /* on |F - F*| there, rounding included; infinite unless it is found */
    int64_t steps;        /* of Newton's method */
    double seconds;       /* that it took */
    char reason[256];     /* for people; "" when found */
};

/* Looks for it with `threads` threads; the same bits at any number of them. */
struct optimum optimum_find(const struct dataset *data, double lambda, int threads);

/* The optima of one data set along a path of lambdas: each search begins where the last one ended,
 * and takes a third of the steps. What is said is proven at the point that was reached, from
 * wherever the search came; a search that proves nothing is made again from weights 0. F* then
 * depends in its last bits on the lambdas before: who wants the same bits goes the same way again.
 *
 * Lambdas should fall: F of the point begun with is then at most F at weights 0. Lambda 0 is
 * searched for from weights 0, where no sample is far on one side. All ranks of the data together.
 */
struct optimum_path;
struct optimum_path *optimum_path_open(const struct dataset *data, int threads);
struct optimum optimum_path_find(struct optimum_path *path, double lambda);
void optimum_path_close(struct optimum_path *path);

/* Is F of this model, as computed in twice the precision of doubles, below what was found by more
 * than the bound? Looks at the data only where `objective`, F as it was computed, says so. All
 * ranks of the data together. */
bool optimum_is_refuted(const struct optimum *found, const struct dataset *data, double objective,
                        const double *w, double b);

/* Makes it unknown, for that reason: a model with this F was found below it. */
void optimum_withdraw(struct optimum *found, double objective);
bool optimum_is_withdrawn(const struct optimum *optimum);

/* How much it weighs beside another of the same problem, from 0: what is known of it, and that it
 * was refuted most of all. */
int optimum_weight(const struct optimum *optimum);

/* Are all samples on the right side of this model's boundary, by more than rounding? Then the data
 * are completely separable. All ranks of the data together. */
bool optimum_is_separated_by(const struct dataset *data, const double *w, double b);

/* The operations that looking for it takes, roughly: what decides whether it is worth it. */
double optimum_flops(const struct dataset *data);

/* "unknown", "found", "none", and back; unknown when there is none of that name. */
const char *optimum_status_name(enum optimum_status status);
enum optimum_status optimum_status_find(const char *name);

#endif
