/* SPDX-License-Identifier: MIT
 *
 * The check of learning rates of full-batch descent. There are two limits, and they say different
 * things.
 *
 *     rate > 2 / (L + lambda)    L is the curvature where it is largest, and the logistic loss is
 *                                flatter elsewhere: beyond this limit a step may increase the
 *                                objective, and the run may settle all the same.
 *     rate * lambda > 2          The gradient of the loss is bounded, and the regulariser takes the
 *                                weights times |1 - rate * lambda| > 1 at every step: geometric
 *                                growth wins. Certain for a constant rate.
 */
#include "base/parallel/threads.h"
#include "base/text.h"
#include "solvers/curvature.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"
#include "sweep/plan/plan_parts.h"

#include <math.h>

enum { RATES_SHOWN = 8 };

struct rate_verdict {
    const char *text;
    size_t configurations;
    size_t rate_count;         /* different ones, */
    double rates[RATES_SHOWN]; /* of which the first few are kept */
};

static bool is_full_batch(const struct configuration *configuration)
{
    const struct solver *solver = solver_of(configuration->solver);
    return solver->family == FAMILY_BATCH && (solver->uses & USES_RATE) != 0;
}

static void verdict_add(struct rate_verdict *verdict, double rate)
{
    verdict->configurations++;
    size_t kept = verdict->rate_count < RATES_SHOWN ? verdict->rate_count : RATES_SHOWN;
    for (size_t i = 0; i < kept; i++)
        if (verdict->rates[i] == rate)
            return;
    if (verdict->rate_count < RATES_SHOWN)
        verdict->rates[verdict->rate_count] = rate;
    verdict->rate_count++;
}

static void verdict_print(const struct rate_verdict *verdict, FILE *out)
{
    if (verdict->configurations == 0)
        return;
    fprintf(out, "    %zu %s; rates ", verdict->configurations, verdict->text);
    for (size_t i = 0; i < verdict->rate_count && i < RATES_SHOWN; i++)
        fprintf(out, "%s%.6g", i > 0 ? ", " : "", verdict->rates[i]);
    fprintf(out, "%s\n", verdict->rate_count > RATES_SHOWN ? ", ..." : "");
}

/* "2/(L+lambda) = 1.2", or from the one to the other where lambda varies. */
static void print_limit(double L, double least, double most, FILE *out)
{
    fprintf(out, "L = %.4g, stability limit 2/(L+lambda) = %.4g", L, 2.0 / (L + most));
    if (least < most)
        fprintf(out, " (lambda %.3g) to %.4g (lambda %.3g)", most, 2.0 / (L + least), least);
    fputc('\n', out);
}

static void print_source(const struct workload *workload, size_t source, FILE *out)
{
    struct rate_verdict diverge = {.text = "will diverge, given enough epochs: rate x lambda > 2"};
    struct rate_verdict beyond = {
        .text = "beyond the stability limit 2/(L+lambda): descent is not guaranteed"};
    double L = curvature_largest(workload->data[source], threads_default());
    double least = INFINITY, most = 0.0;
    size_t checked = 0;
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++) {
        const struct configuration *configuration = &workload->expansion.items[i].configuration;
        if (!is_full_batch(configuration))
            continue;
        checked++;
        least = fmin(least, configuration->lambda);
        most = fmax(most, configuration->lambda);
        if (configuration_rate_is_auto(configuration)) /* it will be below */
            continue;
        bool constant = configuration->schedule == &schedule_constant.entry;
        if (constant && configuration->rate * configuration->lambda > 2.0)
            verdict_add(&diverge, configuration->rate);
        else if (configuration->rate * (L + configuration->lambda) > 2.0)
            verdict_add(&beyond, configuration->rate);
    }
    fprintf(out, "  %s: ", text_shown(workload->descriptions[source]));
    print_limit(L, least, most, out);
    verdict_print(&diverge, out);
    verdict_print(&beyond, out);
    if (diverge.configurations + beyond.configurations == 0)
        fprintf(out, "    all %zu configurations are below it\n", checked);
}

static bool has_full_batch(const struct workload *workload, size_t source)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        if (is_full_batch(&workload->expansion.items[i].configuration))
            return true;
    return false;
}

void plan_print_rates(const struct workload *workload, FILE *out)
{
    bool first = true;
    for (size_t i = 0; i < workload->file->source_count; i++) {
        if (!has_full_batch(workload, i))
            continue;
        if (first)
            fprintf(out, "\nlearning rates of full-batch descent, L being the largest curvature "
                         "of the mean loss:\n");
        first = false;
        print_source(workload, i, out);
    }
}
