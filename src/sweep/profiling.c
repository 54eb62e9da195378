/* SPDX-License-Identifier: MIT
 *
 * Ceilings are measured by a team as large as a trial's, bound as its threads are. They are facts
 * of a machine and a number of threads, and are recorded once.
 */
#include "sweep/profiling.h"

#include "base/interruption.h"
#include "base/memory.h"
#include "base/threads.h"
#include "measure/ceilings.h"
#include "measure/counters.h"
#include "solvers/solver.h"
#include "store/store_profile.h"

#include <inttypes.h>
#include <stdio.h>

/* For which a number of threads is measured. */
#define CEILING_SECONDS 1.5

static int64_t threads_of(const struct planned *item)
{
    const struct configuration *configuration = &item->configuration;
    return (solver_of(configuration->solver)->uses & USES_THREADS) != 0 ? configuration->threads
                                                                        : 1;
}

static bool is_recorded(const struct ceilings *list, size_t count, int threads)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].threads == threads)
            return true;
    return false;
}

static bool measure(struct runner *runner, int threads)
{
    struct ceilings ceilings;
    if (!runner->options->quiet) {
        fprintf(runner->options->out, "%s: measuring the ceilings of %d thread%s\n",
                runner->workload->file->name, threads, threads > 1 ? "s" : "");
        fflush(runner->options->out);
    }
    threads_release(); /* a larger team would spin beside this one */
    return ceilings_measure(threads, CEILING_SECONDS, &ceilings, runner->error) &&
           store_add_ceilings(runner->recording.store, runner->recording.machine, &ceilings,
                              runner->error);
}

/* Every number of threads of the plan that has none yet. */
static bool measure_ceilings(struct runner *runner)
{
    const struct expansion *expansion = &runner->workload->expansion;
    bool done = true;
    for (size_t i = 0; i < expansion->count && done && !interruption_requested; i++) {
        struct ceilings *list;
        size_t count;
        int threads = (int)threads_of(&expansion->items[i]);
        done = store_read_ceilings(runner->recording.store, runner->recording.machine, &list,
                                   &count, runner->error);
        if (done && !is_recorded(list, count, threads))
            done = measure(runner, threads);
        memory_free(list);
    }
    return done;
}

static bool remark_counters(struct runner *runner)
{
    char reason[COUNTER_REASON];
    return counters_available(reason) ||
           store_add_remark(runner->recording.store, runner->recording.machine, "counters", reason,
                            runner->error);
}

bool profiling_prepare(struct runner *runner)
{
    if (runner->workload->file->profile != &profile_on ||
        runner->outcome->recorded == runner->outcome->planned)
        return true;
    return measure_ceilings(runner) && remark_counters(runner);
}
