/* SPDX-License-Identifier: MIT
 *
 * Copying models into lanes and back.
 */
#include "kernels/lanes.h"

#include <string.h>

size_t lanes_numbers(size_t features, size_t width)
{
    return (features + 3) * width;
}

static void copy_in(struct lanes *lanes, const struct models *models)
{
    size_t bytes = lanes->models * sizeof(double), width = lanes->width;
    memset(lanes->W, 0, (models->features + 1) * width * sizeof(double));
    for (size_t f = 0; f < models->features; f++)
        memcpy(lanes->W + f * width, models->W + f * models->count + lanes->first, bytes);
    memcpy(lanes->b, models->b + lanes->first, bytes);
}

struct lanes lanes_open(const struct sgd_epoch *epoch, const struct models *models, size_t first,
                        size_t count, size_t width, double *numbers)
{
    struct lanes lanes = {.first = first, .models = count, .width = width};
    lanes.rates = numbers;
    lanes.shrink = lanes.rates + width;
    if (count == width && width == models->count) {
        lanes.W = models->W;
        lanes.b = models->b;
    } else {
        lanes.W = numbers + 2 * width;
        lanes.b = lanes.W + models->features * width;
        copy_in(&lanes, models);
    }
    for (size_t j = 0; j < width; j++) {
        double lambda = j < count ? epoch->lambdas[first + j] : 0.0;
        lanes.rates[j] = j < count ? epoch->rates[first + j] : 0.0;
        lanes.shrink[j] = 1.0 - lanes.rates[j] * lambda;
    }
    return lanes;
}

void lanes_close(const struct lanes *lanes, const struct models *models)
{
    size_t bytes = lanes->models * sizeof(double);
    if (lanes->W == models->W)
        return;
    for (size_t f = 0; f < models->features; f++)
        memcpy(models->W + f * models->count + lanes->first, lanes->W + f * lanes->width, bytes);
    memcpy(models->b + lanes->first, lanes->b, bytes);
}
