/* SPDX-License-Identifier: MIT
 *
 * What the parts of a group in training ask of it.
 */
#include "sweep/run/group_state.h"

bool group_is_profiled(const struct group_training *training)
{
    return training->runner->workload->file->profile == &profile_on;
}

struct placement group_placement(const struct group_training *training)
{
    return training->turn.final > 0 ? (struct placement){1, 0, 1} : training->runner->placement;
}

bool group_is_batched(const struct group_training *training)
{
    return training->turn.final == 0 && sweep_file_is_batched(training->runner->workload->file);
}

const struct configuration *group_configuration(const struct group_training *training)
{
    return &training->runner->workload->expansion.items[training->items[0]].configuration;
}

bool group_is_watched(const struct group_training *training)
{
    return training->alone && training->resume[0] == NULL;
}

void group_forget_snapshots(struct group_training *training)
{
    for (size_t i = 0; i < GROUP_MOST; i++) {
        snapshot_free(training->resume[i]);
        training->resume[i] = NULL;
        training->continued[i] = 0;
    }
}

size_t group_source(const struct group_training *training)
{
    return training->runner->workload->expansion.items[training->items[0]].source;
}
