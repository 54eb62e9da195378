/* SPDX-License-Identifier: MIT
 *
 * Ceilings are measured by a team as large as a trial's, bound as its threads are. They are facts
 * of a machine and a number of threads, as sums over ranks are of a number of ranks, and are
 * recorded once.
 */
#include "sweep/run/ceilings_recording.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "measure/ceilings/ceilings.h"
#include "measure/counters/counters.h"
#include "measure/machine/grant.h"
#include "measure/machine/residence.h"
#include "store/store_profile.h"
#include "sweep/workload/rows_together.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* For which a number of threads is measured. */
#define CEILING_SECONDS 1.5

static int threads_of(const struct runner *runner, size_t item)
{
    return placement_threads_used(runner->workload->file, &runner->placement,
                                  &runner->workload->expansion.items[item].configuration);
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

static bool read_ceilings(struct runner *runner, struct ceilings **list, size_t *count)
{
    return store_read_ceilings(runner->recording.store, runner->recording.machine, list, count,
                               runner->error);
}

/* Every number of threads of the plan that has none yet. */
static bool measure_ceilings(struct runner *runner)
{
    const struct expansion *expansion = &runner->workload->expansion;
    struct ceilings *list;
    size_t count;
    bool done = read_ceilings(runner, &list, &count);
    for (size_t i = 0; i < expansion->count && done && !interruption_requested; i++) {
        int threads = threads_of(runner, i);
        if (is_recorded(list, count, threads))
            continue;
        memory_free(list);
        list = NULL;
        done = measure(runner, threads) && read_ceilings(runner, &list, &count);
    }
    memory_free(list);
    return done;
}

/* --- Sums over ranks ------------------------------------------------------------------------- */

/* For which a number of ranks is measured. */
static const double exchange_seconds_each = 1.5;

/* Samples of all sizes of one number of ranks are recorded together: one of them tells that the
 * others are there. */
static bool sums_are_recorded(const struct exchange_sample *list, size_t count, int64_t ranks)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].ranks == ranks)
            return true;
    return false;
}

static bool measure_sums(struct runner *runner, int ranks)
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

/* By those ranks, together (rows_together.h), where rows are distributed. */
static bool measure_exchange(struct runner *runner)
{
    const struct expansion *expansion = &runner->workload->expansion;
    struct exchange_sample *list = NULL;
    size_t count = 0;
    if (ranks_count(runner->workload->ranks) == 1)
        return true;
    bool done = read_exchange(runner, &list, &count);
    for (size_t i = 0; i < expansion->count && done && !interruption_requested; i++) {
        int64_t ranks = expansion->items[i].configuration.ranks;
        if (ranks == 1 || sums_are_recorded(list, count, ranks))
            continue;
        memory_free(list);
        list = NULL;
        done = measure_sums(runner, (int)ranks) && read_exchange(runner, &list, &count);
    }
    memory_free(list);
    return done;
}

/* --- Remarks --------------------------------------------------------------------------------- */

static bool remark(struct runner *runner, const char *about, const char *text)
{
    return store_add_remark(runner->recording.store, runner->recording.machine, about, text,
                            runner->error);
}

static bool remark_counters(struct runner *runner)
{
    char reason[COUNTER_REASON];
    return counters_available(reason) || remark(runner, "counters", reason);
}

/* What this process really got, whatever was asked for. */
static bool remark_grant(struct runner *runner)
{
    struct grant grant;
    char text[REMARK_TEXT], quota[32] = "not limited";
    grant_read("", &grant);
    if (isfinite(grant.quota))
        snprintf(quota, sizeof quota, "of %.2f processors", grant.quota);
    int used = snprintf(text, sizeof text,
                        "%d of %d processors, time %s; a region that asks for %d threads gets %d",
                        grant.processors, grant.online, isnan(grant.quota) ? "unknown" : quota,
                        grant.processors, grant.team);
    for (size_t i = 0; i < grant_variable_table.count; i++) {
        const struct entry *row = grant_variable_table.entries[i];
        const char *value = grant_variable_value(row);
        if (value != NULL && used > 0 && (size_t)used < sizeof text)
            used +=
                snprintf(text + used, sizeof text - (size_t)used, "; %s=%.40s", row->name, value);
    }
    return remark(runner, "granted", text);
}

/* Where the pages of a set lie, seen from as many threads as a trial has at most. */
static bool remark_residence(struct runner *runner, size_t source, int threads)
{
    const struct dataset *data = runner->workload->data[source];
    const void *array = dataset_is_stored(data)   ? data->stored.values
                        : dataset_is_sparse(data) ? data->values
                                                  : data->X;
    const size_t width = dataset_width(data);
    struct residence residence;
    char about[REMARK_ABOUT], text[REMARK_TEXT];
    residence_measure(array, dataset_entries(data) * width, threads, &residence);
    snprintf(about, sizeof about, "memory of set %zu", source + 1);
    int used = snprintf(text, sizeof text, "%.200s: ", runner->workload->descriptions[source]);
    size_t left = sizeof text - (size_t)used;
    if (*residence.reason != '\0')
        snprintf(text + used, left, "%s", residence.reason);
    else
        snprintf(text + used, left,
                 "%.0f %% of X lies on the NUMA node of the thread that reads it (%d nodes)%s",
                 100.0 * residence.local, residence.nodes,
                 residence.local < 0.9 ? "; 'numactl --interleave=all' shares out what is far"
                                       : "");
    return remark(runner, about, text);
}

static bool remark_residences(struct runner *runner)
{
    const struct expansion *expansion = &runner->workload->expansion;
    int threads = 1;
    bool done = true;
    for (size_t i = 0; i < expansion->count; i++)
        if (threads_of(runner, i) > threads)
            threads = threads_of(runner, i);
    for (size_t i = 0; i < runner->workload->file->source_count && done; i++)
        done = remark_residence(runner, i, threads);
    return done;
}

bool profiling_prepare(struct runner *runner)
{
    if (runner->workload->file->profile != &profile_on ||
        runner->outcome->recorded == runner->outcome->planned)
        return true;
    return measure_ceilings(runner) && measure_exchange(runner) && remark_counters(runner) &&
           remark_grant(runner) && remark_residences(runner);
}
