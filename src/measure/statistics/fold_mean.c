/* SPDX-License-Identifier: MIT
 *
 * In two passes, so that folds that are nearly equal keep their digits.
 */
#include "measure/statistics/fold_mean.h"

#include <math.h>

#define MEASURE(name_)                                                                             \
    {                                                                                              \
#name_, offsetof(struct fold_means, name_)                                                 \
    }

const struct fold_measure fold_measures[] = {
    MEASURE(heldout_loss),
    MEASURE(heldout_accuracy),
    MEASURE(heldout_auc),
    MEASURE(loss),
};
const size_t fold_measure_count = sizeof fold_measures / sizeof *fold_measures;

struct fold_mean fold_mean_of(const double *values, size_t count, size_t folds)
{
    struct fold_mean of = {.mean = NAN, .error = NAN};
    double sum = 0.0, squares = 0.0;
    const double independent = (double)(count < folds ? count : folds);
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    if (count > 0)
        of.mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (values[i] - of.mean) * (values[i] - of.mean);
    if (count > 1)
        of.error = sqrt(squares / ((double)count - 1.0) / independent);
    return of;
}
