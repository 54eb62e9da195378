/* SPDX-License-Identifier: MIT
 *
 * See fold_json.h.
 */
#include "store/fold_json.h"

#include "store/json_value.h"

void fold_means_set(json_t *object, const struct fold_means *means)
{
    struct fold_means copy = *means;
    for (size_t i = 0; i < fold_measure_count; i++) {
        const struct fold_mean *of = fold_mean_find(&fold_measures[i], &copy);
        json_t *mean = json_value_object();
        json_value_set(mean, "mean", json_value_real(of->mean));
        json_value_set(mean, "standard_error", json_value_real(of->error));
        json_value_set(object, fold_measures[i].key, mean);
    }
}
