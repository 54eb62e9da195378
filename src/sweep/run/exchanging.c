/* SPDX-License-Identifier: MIT
 *
 * Samples of all sizes of one number of ranks are recorded together, so that one of them tells that
 * the others are there.
 */
#include "sweep/run/exchanging.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "store/store_profile.h"
#include "sweep/workload/rows_together.h"

#include <stdio.h>

/* For which a number of ranks is measured. */
static const double exchange_seconds_each = 1.5;

static bool is_recorded(const struct exchange_sample *list, size_t count, int64_t ranks)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].ranks == ranks)
            return true;
    return false;
}

static bool measure(struct runner *runner, int ranks)
{
    struct exchange_sample *samples;
    size_t count;
    if (!runner->options->quiet) {
        fprintf(runner->options->out, "%s: measuring sums over %d ranks\n",
                runner->workload->file->name, ranks);
        fflush(runner->options->out);
    }
    threads_release(); /* a team would spin beside it */
    rows_together_measure_exchange(runner->workload, ranks, exchange_seconds_each, &samples,
                                   &count);
    bool done = store_add_exchange(runner->recording.store, runner->recording.machine, samples,
                                   count, runner->error);
    memory_free(samples);
    return done;
}

static bool read_exchange(struct runner *runner, struct exchange_sample **list, size_t *count)
{
    return store_read_exchange(runner->recording.store, runner->recording.machine, list, count,
                               runner->error);
}

bool exchange_prepare(struct runner *runner)
{
    const struct expansion *expansion = &runner->workload->expansion;
    struct exchange_sample *list = NULL;
    size_t count = 0;
    if (ranks_count(runner->workload->ranks) == 1)
        return true;
    bool done = read_exchange(runner, &list, &count);
    for (size_t i = 0; i < expansion->count && done && !interruption_requested; i++) {
        int64_t ranks = expansion->items[i].configuration.ranks;
        if (ranks == 1 || is_recorded(list, count, ranks))
            continue;
        memory_free(list);
        list = NULL;
        done = measure(runner, (int)ranks) && read_exchange(runner, &list, &count);
    }
    memory_free(list);
    return done;
}
