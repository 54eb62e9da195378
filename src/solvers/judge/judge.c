/* SPDX-License-Identifier: MIT
 *
 * The judgement itself: one pass with the kernel that training would take.
 */
#include "solvers/judge/judge.h"

#include "kernels/choice.h"
#include "kernels/models.h"
#include "solvers/objective.h"

#include <math.h>
#include <string.h>

/* Where the objective is refuted is looked at with the data as they were given. */
static bool is_refuted(const struct judged *judged, const struct optimum *optimum, double objective)
{
    return optimum != NULL &&
           optimum_is_refuted(optimum, judged->data, objective, judged->w, judged->b);
}

struct judgement judge_weights(const struct judged *judged, const struct optimum *optimum)
{
    const struct dataset data = dataset_as_given(judged->data);
    const struct kernel *pass = kernel_for_pass(&kernel_auto, &data, false);
    const struct kernel_problem problem = {
        .data = &data, .pass = pass, .given = pass, .models = 1, .threads = judged->threads};
    struct models models = models_create(data.features, 1);
    struct objective *objective = objective_create(&problem, 0, &judged->lambda);
    memcpy(models.W, judged->w, data.features * sizeof *models.W);
    models.b[0] = judged->b;
    const struct evaluation at = objective_at(objective, &models);
    const struct heldout heldout = objective_heldout(objective, &models);
    const bool known = optimum != NULL && optimum->status == OPTIMUM_FOUND;
    const struct judgement judgement = {
        .loss = at.loss[0],
        .objective = at.objective[0],
        .gap = known ? at.objective[0] - optimum->objective : NAN,
        .gradient_norm = at.gradient_norm[0],
        .accuracy = at.accuracy[0],
        .heldout_loss = heldout.loss[0],
        .heldout_accuracy = heldout.accuracy[0],
        .refutes = is_refuted(judged, optimum, at.objective[0]),
    };
    objective_free(objective);
    models_clear(&models);
    return judgement;
}
