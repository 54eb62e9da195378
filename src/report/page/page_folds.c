/* SPDX-License-Identifier: MIT
 *
 * Of very many curves the best are drawn, as many as can be told apart.
 */
#include "report/page/page_folds.h"

#include "report/page/page_comparison.h"
#include "report/validation_curves.h"
#include "store/json_value.h"

enum { CURVES_MOST = 12 };

static json_t *curve_json(const struct validation_curves *curves, size_t c,
                          const struct cross_validation *validation)
{
    const struct validation_curve *curve = &curves->curves[c];
    json_t *object = page_ink(curve->name, palette_ink(curve->name, c));
    json_t *at = json_value_array(), *mean = json_value_array(), *error = json_value_array();
    for (size_t i = 0; i < curve->count; i++) {
        const struct validated *of = curve->points[i];
        json_value_append(at, json_value_real(validation_across(curves, of)));
        json_value_append(mean, json_value_real(of->means.heldout_loss.mean));
        json_value_append(error, json_value_real(of->means.heldout_loss.error));
        if (of == validation->best)
            json_value_set(object, "best", json_value_integer((int64_t)i));
        if (of == validation->simplest)
            json_value_set(object, "simplest", json_value_integer((int64_t)i));
    }
    json_value_set(object, "at", at);
    json_value_set(object, "mean", mean);
    json_value_set(object, "error", error);
    return object;
}

static json_t *picture_json(const struct cross_validation *validation)
{
    struct validation_curves curves = validation_curves_of(validation, NULL);
    json_t *picture = json_null();
    char across[HYPERPARAMETER_TEXT];
    if (curves.count > 0) {
        json_t *list = json_value_array();
        for (size_t c = 0; c < curves.count && c < CURVES_MOST; c++)
            json_value_append(list, curve_json(&curves, c, validation));
        picture = json_value_object();
        json_value_set(
            picture, "across",
            json_value_text(hyperparameter_column(curves.across, across, sizeof across)));
        json_value_set(picture, "all", json_value_integer((int64_t)curves.count));
        json_value_set(picture, "curves", list);
    }
    validation_curves_clear(&curves);
    return picture;
}

json_t *page_folds(const struct results *results)
{
    if (!results_have_folds(results))
        return json_null();
    struct cross_validation validation = cross_validation_of(results);
    json_t *object = cross_validation_to_json(&validation);
    json_value_set(object, "picture", picture_json(&validation));
    cross_validation_clear(&validation);
    return object;
}
