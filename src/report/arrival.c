/* SPDX-License-Identifier: MIT
 *
 * A trace may be gone when its trial ran again since the list was read; it is then as one that
 * never arrived.
 */
#include "report/arrival.h"

#include "base/memory.h"
#include "measure/statistics.h"
#include "solvers/solver.h"

#include <math.h>

const double target_shares[TARGETS] = {0.5, 0.9, 0.99, 0.999};

bool outcome_side(const struct outcome *outcome, int *side)
{
    const struct solver *solver = solver_of(outcome_values(outcome)->solver);
    *side = solver->stochastic ? SIDE_STOCHASTIC : SIDE_BATCH;
    return solver->minimises_objective;
}

static bool competes(const struct outcome *outcome)
{
    return outcome->sound && outcome->solo > 0;
}

static void count_outcome(struct side *side, const struct outcome *outcome)
{
    side->planned++;
    if (outcome->count == 0)
        side->pending++;
    else if (!outcome->sound)
        side->unfit++;
    else if (outcome->solo == 0)
        side->batched++;
    else
        side->competing++;
}

/* Reads the traces of an outcome one at a time; those that shared a pass have no time of their own.
 */
static bool each_solo_trace(const struct outcome *outcome, struct store *store,
                            void (*visit)(void *context, const struct trace *trace), void *context,
                            struct error *error)
{
    for (size_t i = 0; i < outcome->count; i++) {
        struct trace trace;
        if (outcome->trials[i].models != 1)
            continue;
        if (!store_read_trace(store, outcome->trials[i].id, &trace, error))
            return false;
        visit(context, &trace);
        memory_free(trace.points);
    }
    return true;
}

/* --- First reading: how far each side gets -------------------------------------------------- */

static void widen_range(void *context, const struct trace *trace)
{
    struct side *side = context;
    if (trace->count > 0)
        side->start = fmin(side->start, trace->points[0].objective);
    for (size_t p = 0; p < trace->count; p++)
        side->best = fmin(side->best, trace->points[p].objective);
}

static bool find_range(const struct outcome *outcome, struct store *store, const double *targets,
                       struct side *side, struct error *error)
{
    (void)targets; /* they are what this reading is for */
    return each_solo_trace(outcome, store, widen_range, side, error);
}

static void set_targets(struct contest *contest)
{
    const struct side *a = &contest->sides[SIDE_STOCHASTIC], *b = &contest->sides[SIDE_BATCH];
    contest->start = fmin(a->start, b->start);
    contest->best = fmax(a->best, b->best);
    contest->decided = isfinite(contest->start) && contest->best < contest->start;
    for (size_t t = 0; t < TARGETS && contest->decided; t++)
        contest->targets[t] = contest->start - target_shares[t] * (contest->start - contest->best);
}

/* --- Second reading: when it gets there ----------------------------------------------------- */

/* When the repeats of one outcome arrive at each target: infinity where they do not. */
struct log {
    const double *targets; /* (TARGETS) */
    size_t repeats;
    double *seconds[TARGETS], *epochs[TARGETS]; /* (repeats) each */
};

static void log_trace(void *context, const struct trace *trace)
{
    struct log *log = context;
    size_t point = 0, repeat = log->repeats++;
    for (size_t t = 0; t < TARGETS; t++) { /* targets descend, so none is reached before the last */
        while (point < trace->count && !(trace->points[point].objective <= log->targets[t]))
            point++;
        bool arrived = point < trace->count;
        log->seconds[t][repeat] = arrived ? trace->points[point].seconds : INFINITY;
        log->epochs[t][repeat] = arrived ? (double)trace->points[point].epoch : INFINITY;
    }
}

static struct arrival log_arrival(const struct log *log, const struct outcome *outcome, size_t t)
{
    struct arrival arrival = {
        .outcome = outcome,
        .seconds = median(log->seconds[t], log->repeats),
        .epochs = median(log->epochs[t], log->repeats),
        .repeats = log->repeats,
    };
    for (size_t i = 0; i < log->repeats; i++)
        arrival.arrived += isfinite(log->seconds[t][i]) ? 1 : 0;
    return arrival;
}

/* The first configuration of equal ones stays: the order of the plan decides. */
static void arrival_update(struct arrival *first, struct arrival arrival)
{
    if (isfinite(arrival.seconds)) {
        if (first->outcome == NULL || arrival.seconds < first->seconds)
            *first = arrival;
    } else if (first->outcome == NULL) {
        first->arrived += arrival.arrived;
        first->repeats += arrival.repeats;
    }
}

static bool find_arrivals(const struct outcome *outcome, struct store *store, const double *targets,
                          struct side *side, struct error *error)
{
    struct log log = {.targets = targets};
    for (size_t t = 0; t < TARGETS; t++) {
        log.seconds[t] = memory_allocate(outcome->solo, sizeof *log.seconds[t]);
        log.epochs[t] = memory_allocate(outcome->solo, sizeof *log.epochs[t]);
    }
    bool done = each_solo_trace(outcome, store, log_trace, &log, error);
    for (size_t t = 0; t < TARGETS; t++) {
        if (done)
            arrival_update(&side->arrivals[t], log_arrival(&log, outcome, t));
        memory_free(log.seconds[t]);
        memory_free(log.epochs[t]);
    }
    return done;
}

/* Calls `visit` for every outcome that competes in this contest. */
static bool
each_competitor(const struct results *results, struct store *store, struct contest *contest,
                bool (*visit)(const struct outcome *outcome, struct store *store,
                              const double *targets, struct side *side, struct error *error),
                struct error *error)
{
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        int which;
        if (outcome->section == contest->section && outcome_side(outcome, &which) &&
            competes(outcome) &&
            !visit(outcome, store, contest->targets, &contest->sides[which], error))
            return false;
    }
    return true;
}

static void count_sides(const struct results *results, struct contest *contest)
{
    for (size_t i = 0; i < results->count; i++) {
        int which;
        if (results->outcomes[i].section == contest->section &&
            outcome_side(&results->outcomes[i], &which))
            count_outcome(&contest->sides[which], &results->outcomes[i]);
    }
}

bool contest_run(const struct results *results, size_t section, struct store *store,
                 struct contest *contest, struct error *error)
{
    *contest = (struct contest){.section = section};
    for (int s = 0; s < SIDES; s++)
        contest->sides[s].start = contest->sides[s].best = INFINITY;
    count_sides(results, contest);
    if (contest->sides[SIDE_STOCHASTIC].competing == 0 || contest->sides[SIDE_BATCH].competing == 0)
        return true;
    if (!each_competitor(results, store, contest, find_range, error))
        return false;
    set_targets(contest);
    return !contest->decided || each_competitor(results, store, contest, find_arrivals, error);
}
