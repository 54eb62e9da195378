/* SPDX-License-Identifier: MIT
 *
 * An epoch in mini-batches.
 */
#include "solvers/methods/minibatches.h"

void minibatches_run(const struct step *step,
                     void (*descend)(const struct step *step, const struct evaluation *at))
{
    size_t samples = objective_samples(step->objective);
    for (size_t begin = 0; begin < samples; begin += step->batch) {
        size_t count = samples - begin < step->batch ? samples - begin : step->batch;
        struct evaluation at =
            objective_batch_gradient(step->objective, step->models, step->order, begin, count);
        descend(step, &at);
    }
}
