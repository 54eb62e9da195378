/* SPDX-License-Identifier: MIT
 *
 * What a trained model shows of the optimum: that it is below F*, or that the data are separable.
 *
 * What training computes of F has the rounding of x.w + b in it, which
 * for columns far from 0 is larger than the bound on F*; so F is computed anew, with products and
 * sums in twice the precision (Ogita, Rump and Oishi, "Accurate sum and dot product", SIAM J.
 * Scientific Computing 2005).
 */
#include "base/memory.h"
#include "neuron/activation.h"
#include "solvers/optimum/optimum.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct twofold {
    double sum, rest;
};

static void add(struct twofold *to, double term)
{
    const double total = to->sum + term, of_term = total - to->sum;
    to->rest += (to->sum - (total - of_term)) + (term - of_term);
    to->sum = total;
}

static void add_product(struct twofold *to, double a, double b)
{
    const double product = a * b;
    add(to, product);
    to->rest += fma(a, b, -product);
}

static double objective_of(const struct dataset *data, double lambda, const double *w, double b)
{
    struct twofold loss = {0}, square = {0};
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        struct twofold z = {.sum = b};
        for (size_t t = 0; t < x.count; t++)
            add_product(&z, sample_value(&x, t), w[sample_column(&x, t)]);
        const double weight = class_weight(data, data->y[i]);
        add(&loss, weight * neuron_point(z.sum + z.rest, data->y[i]).loss);
    }
    double sums[] = {loss.sum, loss.rest};
    ranks_allreduce(data->ranks, sums, 2);
    for (size_t j = 0; j < data->features && lambda > 0.0; j++)
        add_product(&square, w[j], w[j]);
    return (sums[0] + sums[1]) / (double)dataset_samples(data) +
           0.5 * lambda * (square.sum + square.rest);
}

/* A few roundings of a term, and one of each rank's sum. */
static double slack(const struct optimum *found, const struct dataset *data)
{
    const double terms = 8.0 + (data != NULL ? ranks_count(data->ranks) : 0.0);
    return found->bound + terms * DBL_EPSILON * fabs(found->objective);
}

/* Of F as training computes it, where it cannot be computed anew. */
static const double rounding_of_training = 1e-8;

bool optimum_is_refuted(const struct optimum *found, const struct dataset *data, double objective,
                        const double *w, double b)
{
    const double floor = found->objective - slack(found, data);
    if (found->status != OPTIMUM_FOUND || !(objective < floor))
        return false;
    if (data == NULL)
        return objective < floor - rounding_of_training * fabs(found->objective);
    return objective_of(data, found->lambda, w, b) < floor;
}

bool optimum_is_separated_by(const struct dataset *data, const double *w, double b)
{
    double against = 0.0;
    for (size_t i = 0; i < data->rows && against == 0.0; i++) {
        const struct sample x = dataset_sample(data, i);
        double z = b, size = fabs(b);
        for (size_t t = 0; t < x.count; t++) {
            const double term = sample_value(&x, t) * w[sample_column(&x, t)];
            z += term;
            size += fabs(term);
        }
        const double doubt = ((double)x.count + 3.0) * (DBL_EPSILON * size + DBL_MIN);
        against += !((data->y[i] > 0.5 ? z : -z) > doubt);
    }
    return ranks_allreduce_max(data->ranks, against) == 0.0;
}

static const char withdrawn[] = "withdrawn: ";

void optimum_withdraw(struct optimum *found, double objective)
{
    snprintf(
        found->reason, sizeof found->reason,
        "withdrawn: a trial ended at F = %.17g, below F* = %.17g that was found; please report "
        "it",
        objective, found->objective);
    found->status = OPTIMUM_UNKNOWN;
    found->bound = INFINITY;
}

bool optimum_is_withdrawn(const struct optimum *optimum)
{
    return strncmp(optimum->reason, withdrawn, sizeof withdrawn - 1) == 0;
}

int optimum_weight(const struct optimum *optimum)
{
    if (optimum_is_withdrawn(optimum))
        return 3;
    return optimum->status == OPTIMUM_FOUND ? 2 : optimum->status == OPTIMUM_NONE ? 1 : 0;
}
