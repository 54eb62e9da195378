/* SPDX-License-Identifier: MIT
 *
 * The finals that a sweep will have at most. Of one that cuts configurations, those meet that go on
 * from the last cut. Else who is in them is known when the sweep is done: of
 * each set of configurations that could be trained side by side, for each data set and lambda, the
 * first at each target (report/comparison/finalists.h). There are no more of those than targets,
 * nor than configurations in the set, and each has all its seeds. The bound takes the slowest, and
 * of a clock that was shared the whole: alone, a configuration takes no longer than its group
 * together.
 */
#include "base/duration.h"
#include "base/memory.h"
#include "base/text.h"
#include "solvers/hyperparameter.h"
#include "sweep/plan/plan_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An item, or all seeds of one configuration. */
struct final_candidate {
    char set[DIGEST_TEXT], configuration[DIGEST_TEXT];
    size_t seeds;
    double seconds; /* of one round of all seeds; NaN: unknown */
};

/* Of a set are those of one data set and lambda that differ in nothing but what each model has for
 * itself; choices among that (the schedule) are sets of their own. */
static void name_set(struct final_candidate *candidate, const struct planned *item)
{
    struct configuration own = item->configuration, shared = own;
    char source[TEXT_NUMBER];
    snprintf(source, sizeof source, "%zu", item->source);
    own.seed = 0;
    configuration_share(&shared);
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].type == TYPE_CHOICE)
            hyperparameter_set(&hyperparameters[i], &shared,
                               hyperparameter_get(&hyperparameters[i], &own));
    shared.lambda = own.lambda;
    shared.seed = 0;
    configuration_fingerprint(&own, source, candidate->configuration);
    configuration_fingerprint(&shared, source, candidate->set);
}

static struct final_candidate *list_items(const struct plan *plan)
{
    const struct workload *workload = plan->workload;
    const struct groups *groups = &workload->groups;
    struct final_candidate *candidates =
        memory_allocate(workload->expansion.count, sizeof *candidates);
    for (size_t g = 0; g < groups->count; g++)
        for (size_t i = groups->starts[g]; i < groups->starts[g + 1]; i++) {
            size_t item = groups->members[i];
            name_set(&candidates[item], &workload->expansion.items[item]);
            candidates[item].seeds = 1;
            candidates[item].seconds =
                plan->seconds[item] * (double)groups_models(groups, &workload->expansion, g);
        }
    return candidates;
}

static int by_configuration(const void *a, const void *b)
{
    const struct final_candidate *left = a, *right = b;
    return strcmp(left->configuration, right->configuration);
}

static int slowest_of_set_first(const void *a, const void *b)
{
    const struct final_candidate *left = a, *right = b;
    int order = strcmp(left->set, right->set);
    double x = isnan(left->seconds) ? INFINITY : left->seconds;
    double y = isnan(right->seconds) ? INFINITY : right->seconds;
    return order != 0 ? order : (x < y) - (x > y);
}

/* Puts the seeds of each configuration together; how many configurations there are. */
static size_t join_seeds(struct final_candidate *candidates, size_t count)
{
    size_t joined = 0;
    qsort(candidates, count, sizeof *candidates, by_configuration);
    for (size_t i = 0; i < count; i++)
        if (joined > 0 && by_configuration(&candidates[joined - 1], &candidates[i]) == 0) {
            candidates[joined - 1].seeds++;
            candidates[joined - 1].seconds += candidates[i].seconds;
        } else {
            candidates[joined++] = candidates[i];
        }
    return joined;
}

/* The slowest of a set, with the seconds of its group. */
static double slowest_of(const struct rung_set *set, const struct final_candidate *items)
{
    double slowest = 0.0;
    for (size_t i = 0; i < set->count; i++) {
        const double seconds = items[set->members[i].item].seconds;
        if (isnan(seconds) || seconds > slowest)
            slowest = seconds;
        if (isnan(slowest))
            break;
    }
    return slowest;
}

/* Of sets that are cut, those that go on from the last cut. */
static struct finals_bound bound_of_rungs(const struct workload *workload,
                                          const struct final_candidate *items)
{
    const struct rungs *rungs = &workload->rungs;
    struct finals_bound bound = {0};
    for (size_t s = 0; s < rungs->set_count; s++) {
        const size_t left =
            rung_set_kept(&rungs->sets[s], workload->file->halving.eta, rungs->count - 1);
        bound.configurations += left;
        bound.seconds += (double)left * slowest_of(&rungs->sets[s], items);
    }
    return bound;
}

struct finals_bound plan_finals_bound(const struct plan *plan, size_t targets)
{
    struct finals_bound bound = {0};
    struct final_candidate *candidates = list_items(plan);
    if (sweep_file_halves(plan->workload->file)) {
        bound = bound_of_rungs(plan->workload, candidates);
        memory_free(candidates);
        return bound;
    }
    size_t count = join_seeds(candidates, plan->workload->expansion.count), place = 0;
    qsort(candidates, count, sizeof *candidates, slowest_of_set_first);
    for (size_t i = 0; i < count; i++) {
        place = i > 0 && strcmp(candidates[i - 1].set, candidates[i].set) == 0 ? place + 1 : 0;
        if (place >= targets)
            continue;
        bound.configurations += candidates[i].seeds;
        bound.seconds += candidates[i].seconds;
    }
    memory_free(candidates);
    return bound;
}

void plan_print_finals(const struct plan *plan, size_t targets, FILE *out)
{
    const struct sweep_file *file = plan->workload->file;
    const int64_t rounds = sweep_file_finals(file);
    char seconds[DURATION_TEXT];
    if (rounds == 0)
        return;
    const struct finals_bound bound = plan_finals_bound(plan, targets);
    fprintf(out,
            "finals: %" PRId64 " %s of the best, timed alone, in addition: %s %zu "
            "configuration%s, %zu trial%s",
            rounds, rounds == 1 ? "round" : "rounds",
            sweep_file_halves_in_order(file) ? "about" : "at most", bound.configurations,
            bound.configurations == 1 ? "" : "s", bound.configurations * (size_t)rounds,
            bound.configurations * (size_t)rounds == 1 ? "" : "s");
    if (bound.seconds != 0.0) /* nothing is expected of what is recorded already */
        fprintf(out, ", about %s", duration_text(bound.seconds * (double)rounds, seconds));
    if (plan->finals > 0)
        fprintf(out, "; %zu trials of finals are recorded", plan->finals);
    if (file->finals == FINALS_OPEN)
        fprintf(out, " (times of the sweep are shared; 'finals: 0' leaves them out)");
    fputc('\n', out);
}
