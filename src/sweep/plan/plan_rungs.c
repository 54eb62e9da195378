/* SPDX-License-Identifier: MIT
 *
 * Rungs in the plan. How many go on is known before anything is trained, and with it the most work
 * that there can be: models that diverge or end before do less.
 */
#include "base/duration.h"
#include "sweep/plan/plan_parts.h"

#include <inttypes.h>
#include <math.h>

/* Model-epochs of training all to the end. */
static double whole_work(const struct expansion *expansion)
{
    double work = 0.0;
    for (size_t i = 0; i < expansion->count; i++)
        work += (double)expansion->items[i].configuration.epochs;
    return work;
}

static double halved_work(const struct workload *workload)
{
    const struct rungs *rungs = &workload->rungs;
    double work = 0.0;
    for (size_t s = 0; s < rungs->set_count; s++)
        work += rung_set_work(rungs, &rungs->sets[s], workload->file->halving.eta,
                              &workload->expansion);
    return work;
}

static void print_table(const struct workload *workload, double work, FILE *out)
{
    const struct rungs *rungs = &workload->rungs;
    double left = (double)workload->expansion.count, counted = 0.0;
    int64_t before = 0;
    fprintf(out, "    rung  to epoch  configurations  model-epochs\n");
    for (size_t rung = 0; rung < rungs->count; rung++) {
        const double done = left * (double)(rungs->epochs[rung] - before);
        fprintf(out, "    %4zu  %8" PRId64 "  %14.0f  %12.0f\n", rung + 1, rungs->epochs[rung],
                left, done);
        counted += done;
        before = rungs->epochs[rung];
        left = (double)rungs_left(rungs, workload->file->halving.eta, rung);
    }
    fprintf(out, "    %4zu  %8s  %14.0f  %12.0f\n", rungs->count + 1, "the end", left,
            fmax(work - counted, 0.0));
}

/* What is compared with what. */
static void print_pools(const struct workload *workload, FILE *out)
{
    const struct halving *halving = &workload->file->halving;
    const bool in_order = sweep_file_halves_in_order(workload->file);
    fprintf(
        out, "\n%s: of every %" PRId64 " configurations %sthe best goes on, by %s: %s; %zu %s\n",
        in_order ? "asha" : "halving", halving->eta, in_order ? "up to each in the plan " : "",
        halving->criterion->name, halving->criterion->summary, workload->rungs.set_count,
        workload->rungs.set_count == 1 ? "set is compared" : "sets are compared, each in itself");
}

void plan_print_rungs(const struct plan *plan, double seconds, FILE *out)
{
    const struct workload *workload = plan->workload;
    char halved[DURATION_TEXT], whole[DURATION_TEXT];
    if (!sweep_file_halves(workload->file))
        return;
    const double work = halved_work(workload), all = whole_work(&workload->expansion);
    print_pools(workload, out);
    print_table(workload, work, out);
    fprintf(out, "    work:  %s%.0f model-epochs, %.3g %% of the %.0f of training all to the end\n",
            sweep_file_halves_in_order(workload->file) ? "about " : "", work, 100.0 * work / all,
            all);
    if (!isnan(seconds) && !isnan(plan->whole_seconds) && seconds > 0.0)
        fprintf(out, "    time:  about %s, where training all takes about %s\n",
                duration_text(seconds, halved), duration_text(plan->whole_seconds, whole));
}
