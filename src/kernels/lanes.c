/* SPDX-License-Identifier: MIT
 *
 * Copying models into lanes and back.
 */
#include "kernels/lanes.h"

#include <string.h>

size_t lanes_numbers(size_t features, size_t models)
{
    return (features + 3) * round_up_to_lanes(models);
}

struct lanes lanes_open(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                        size_t count, double *numbers)
{
    size_t d = models->features, k = models->count;
    struct lanes lanes = {.first = first, .models = count, .width = round_up_to_lanes(count)};
    lanes.W = numbers;
    lanes.b = lanes.W + d * lanes.width;
    lanes.rates = lanes.b + lanes.width;
    lanes.shrink = lanes.rates + lanes.width;
    memset(numbers, 0, lanes_numbers(d, count) * sizeof *numbers);
    for (size_t f = 0; f < d; f++)
        memcpy(lanes.W + f * lanes.width, models->W + f * k + first, count * sizeof(double));
    memcpy(lanes.b, models->b + first, count * sizeof(double));
    for (size_t j = 0; j < lanes.width; j++) {
        double lambda = j < count ? epoch->lambdas[first + j] : 0.0;
        lanes.rates[j] = j < count ? epoch->rates[first + j] : 0.0;
        lanes.shrink[j] = 1.0 - lanes.rates[j] * lambda;
    }
    return lanes;
}

void lanes_close(const struct lanes *lanes, const struct models *models)
{
    size_t bytes = lanes->models * sizeof(double);
    for (size_t f = 0; f < models->features; f++)
        memcpy(models->W + f * models->count + lanes->first, lanes->W + f * lanes->width, bytes);
    memcpy(models->b + lanes->first, lanes->b, bytes);
}
