/* SPDX-License-Identifier: MIT
 *
 * What the parts of a runner do to its state.
 */
#include "sweep/run/runner_state.h"

#include "sweep/run/optima.h"
#include "sweep/workload/rows_together.h"

/* Not of one of those who train now. */
static bool is_foreign(const struct runner *runner, int64_t machine)
{
    for (int i = 0; i < runner->trainer_count; i++)
        if (runner->trainers[i].machine == machine)
            return false;
    return true;
}

bool runner_count(struct runner *runner, struct turn turn)
{
    struct trial_record record;
    if (!recording_find(&runner->recording, turn, &record, runner->error))
        return false;
    if (!recording_is_settled(runner->workload->file, &record)) {
        progress_count_remaining(
            &runner->progress,
            workload_class(runner->workload, &runner->workload->expansion.items[turn.item]));
        return true;
    }
    progress_count_done(&runner->progress);
    runner->outcome->recorded++;
    runner->outcome->old_failed += record.status == STATUS_FAILED;
    runner->foreign += is_foreign(runner, record.machine);
    return true;
}

bool runner_is_finished(const struct runner *runner)
{
    const struct sweep_outcome *outcome = runner->outcome;
    const size_t left = outcome->planned - outcome->recorded;
    return left == 0 ||
           error_failed(runner->error,
                        "%s: %zu of %zu trials are to be run, but this store is read-only; copy "
                        "the folder to a place where you can write, and name that with --results",
                        outcome->folder, left, outcome->planned);
}

bool runner_prepare_source(struct runner *runner, size_t source, bool told)
{
    progress_clear(&runner->progress); /* there may be something to be said */
    runner->smoothness[source] = rows_together_find_smoothness(runner->workload, source);
    return optima_find(&runner->recording, source, runner->optima, runner->options->quiet,
                       told ? NULL : runner->options->out, runner->error);
}
