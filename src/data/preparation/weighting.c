/* SPDX-License-Identifier: MIT
 *
 * Weights are computed from the rows that are trained on, and from no others.
 */
#include "data/preparation/weighting.h"

#include "data/share.h"

const struct entry weighting_none = {"none", "every row counts 1"};
static const struct entry weighting_balanced = {
    "balanced",
    "a row counts n / (2 n_c), where n_c is the size of its class: both classes count alike"};

static const struct entry *const rows[] = {&weighting_none, &weighting_balanced};

const struct table weighting_table = TABLE("weights", rows);

bool weighting_apply(const struct entry *method, struct dataset *data, struct error *error)
{
    if (method == &weighting_none)
        return true;
    size_t ones = 0, n = dataset_samples(data), before;
    for (size_t i = 0; data->y != NULL && i < data->rows; i++)
        ones += data->y[i] != 0.0;
    ones = ranks_total(data->ranks, ones, &before);
    if (ones == 0 || ones == n)
        return error_usage(error, "weights balanced needs rows of two classes, and there %s",
                           data->y == NULL ? "are no labels" : "is one class only");
    double half = (double)n / 2.0;
    data->class_weights[0] = half / (double)(n - ones); /* n / (2 n_c) */
    data->class_weights[1] = half / (double)ones;
    for (int k = 0; k < 2 && data->heldout != NULL; k++)
        data->heldout->class_weights[k] = data->class_weights[k];
    return true;
}
