/* SPDX-License-Identifier: MIT
 *
 * All records of all stores are put into groups; what differs is told of the groups.
 */
#include "report/machines.h"

#include "base/memory.h"
#include "measure/machine/comparability.h"

struct machines machines_of(const struct results *const *results, size_t count, bool builds)
{
    struct comparability_groups groups = {0};
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < results[s]->machines; i++)
            comparability_join(&groups, comparability_read(results[s]->records[i], builds));
    struct machines machines = {groups.count, comparability_differences(groups.keys, groups.count)};
    comparability_groups_clear(&groups);
    return machines;
}

void machines_clear(struct machines *machines)
{
    memory_free(machines->differences);
    *machines = (struct machines){0};
}
