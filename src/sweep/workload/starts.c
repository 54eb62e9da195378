/* SPDX-License-Identifier: MIT
 *
 * Three fields a model, one after the other.
 */
#include "sweep/workload/starts.h"

#include "base/memory.h"

#include <assert.h>
#include <string.h>

enum { HAS, BIAS, WEIGHTS };

static size_t doubles_of(size_t features)
{
    return WEIGHTS + features;
}

void *starts_write(const void *head, size_t head_size, const struct model_start *starts,
                   size_t count, size_t features, size_t *size)
{
    const size_t length = doubles_of(features), models = starts != NULL ? count : 0;
    assert(head_size % sizeof(double) == 0);
    *size = head_size + models * length * sizeof(double);
    char *message = memory_allocate(*size, 1);
    memcpy(message, head, head_size);
    double *rest = (double *)(void *)(message + head_size);
    for (size_t i = 0; i < models; i++, rest += length) {
        rest[HAS] = starts[i].weights != NULL;
        rest[BIAS] = starts[i].bias;
        if (starts[i].weights != NULL)
            memcpy(rest + WEIGHTS, starts[i].weights, features * sizeof *rest);
    }
    return message;
}

bool starts_read(const void *message, size_t size, size_t head_size, struct model_start *starts,
                 size_t count, size_t features)
{
    const size_t length = doubles_of(features);
    if (size == head_size)
        return false;
    assert(size == head_size + count * length * sizeof(double));
    const double *rest = (const double *)(const void *)((const char *)message + head_size);
    for (size_t i = 0; i < count; i++, rest += length)
        starts[i] = (struct model_start){rest[HAS] > 0.0 ? rest + WEIGHTS : NULL, rest[BIAS]};
    return true;
}
