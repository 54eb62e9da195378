/* SPDX-License-Identifier: MIT
 *
 * Blocks ascend by their rows, and are found by bisection.
 */
#include "data/incidence.h"

#include "base/memory.h"

void incidence_free(struct incidence *incidence)
{
    if (incidence == NULL)
        return;
    for (size_t i = 0; i < incidence->count; i++)
        memory_free(incidence->blocks[i].by_length);
    memory_free(incidence->blocks);
    memory_free(incidence);
}

const struct incidence_block *incidence_find(const struct incidence *incidence, size_t begin,
                                             size_t end)
{
    size_t low = 0, high = incidence->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (incidence->blocks[middle].begin < begin)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == incidence->count || incidence->blocks[low].begin != begin)
        return NULL;
    for (size_t i = low; i < incidence->count && incidence->blocks[i].end <= end; i++)
        if (incidence->blocks[i].end == end)
            return &incidence->blocks[low];
    return NULL;
}
