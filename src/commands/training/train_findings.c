/* SPDX-License-Identifier: MIT
 *
 * See train_findings.h.
 */
#include "commands/training/train_findings.h"

#include "solvers/solver.h"
#include "store/export/trial_json.h"
#include "store/json_value.h"

#include <math.h>
#include <stdio.h>

static bool is_finite(const struct trial *trial)
{
    for (size_t j = 0; j < trial->features; j++)
        if (!isfinite(trial->w[j]))
            return false;
    return isfinite(trial->b);
}

struct findings train_find(const struct dataset *data, const struct feature_summary *summaries,
                           const struct configuration *configuration, const struct trial *trial,
                           double threshold, size_t most)
{
    const double *w = trial->w, b = trial->b;
    bool odds = solver_of(configuration->solver)->minimises_objective; /* the perceptron has none */
    struct findings findings = {.coefficients = {.bias_per_unit = NAN}};
    findings.quality[TRAINED_ON] = quality_of(data, "training", w, b, threshold, false);
    findings.quality[HELD_OUT] = quality_of(data->heldout, "held out", w, b, threshold, false);
    if (is_finite(trial) && most > 0)
        findings.coefficients = coefficients_of(data, summaries, w, b, odds, most);
    findings.coefficients.shifted = configuration->lambda == 0.0 && coefficients_repeat_bias(data);
    return findings;
}

void findings_clear(struct findings *findings)
{
    coefficients_clear(&findings->coefficients);
}

void train_tell_findings(const struct dataset *data, const struct findings *findings)
{
    if (data->ranks != NULL)
        printf("\nQuality: not measured where rows are distributed; --save the model, and 'descent "
               "predict' measures it\n");
    quality_tell(findings->quality, SIDES, data->class_names, stdout);
    coefficients_tell(&findings->coefficients, data);
}

/* --- As JSON -------------------------------------------------------------------------------- */

static json_t *seconds_json(const struct trial *trial)
{
    json_t *seconds = json_value_object();
    json_value_set(seconds, "train", json_value_real(trial->train_seconds));
    json_value_set(seconds, "evaluate", json_value_real(trial->evaluate_seconds));
    json_value_set(seconds, "record", json_value_real(trial->record_seconds));
    return seconds;
}

static json_t *quality_json(const struct dataset *data, const struct findings *findings)
{
    const struct quality *quality = findings->quality;
    json_t *object = json_value_object();
    json_value_set(object, "training", quality_to_json(&quality[TRAINED_ON], data->class_names));
    json_value_set(object, "heldout", quality_to_json(&quality[HELD_OUT], data->class_names));
    return object;
}

void train_print_json(const struct dataset *data, const struct configuration *configuration,
                      const struct trial *trial, const struct findings *findings,
                      const struct model_report *report, const char *chosen)
{
    const struct trace_point *last = trial_last(trial);
    json_t *object = json_value_object();
    json_value_set(object, "configuration", configuration_to_json(configuration));
    json_value_set(object, "chosen", json_value_text(chosen));
    json_value_set(object, "status", json_value_text(trial_status_name(trial->status)));
    json_value_set(object, "epochs", json_value_integer(trial->epochs));
    json_value_set(object, "loss", json_value_real(last->loss));
    json_value_set(object, "objective", json_value_real(last->objective));
    json_value_set(object, "accuracy", json_value_real(last->accuracy));
    json_value_set(object, "weights", json_value_reals(trial->w, trial->features));
    json_value_set(object, "bias", json_value_real(trial->b));
    json_value_set(object, "cross_validation", model_report_to_json(report));
    json_value_set(object, "quality", quality_json(data, findings));
    json_value_set(object, "coefficients", coefficients_to_json(&findings->coefficients, data));
    json_value_set(object, "bias_per_unit", json_value_real(findings->coefficients.bias_per_unit));
    json_value_set(object, "continued", json_value_integer(trial->continued));
    json_value_set(object, "seconds", seconds_json(trial));
    json_value_set(object, "trace", trace_to_json(&trial->trace, trial->optimum));
    json_value_print(stdout, object);
}
