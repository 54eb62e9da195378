/* SPDX-License-Identifier: MIT
 *
 * Traces are read once where F* is known, for gaps are targets by themselves; else twice: the first
 * reading says how far the sides get, which settles the targets, and the second when they get
 * there. A trace may be gone when its trial ran again since the list was read; it is then as one
 * that never arrived.
 */
#include "report/comparison/contenders.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "data/sources/attributes.h"
#include "data/sources/source_text.h"
#include "report/comparison/ladders.h"
#include "report/hosts.h"
#include "store/targets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double shares[] = {0.5, 0.9, 0.99, 0.999};
enum { SHARES = sizeof shares / sizeof *shares };
_Static_assert((int)GAP_TARGETS <= (int)TARGETS_MOST && (int)SHARES <= (int)TARGETS_MOST,
               "they fit");

/* --- Problems and entrants ----------------------------------------------------------------- */

/* What is met again is found by its key: numbers of problems and, of all together, entrants. */
struct seating {
    struct lookup problems, entrants;
    size_t capacity; /* of contenders->problems */
    size_t seated;   /* entrants */
    size_t *places;  /* (seated) of each, in its problem */
    size_t places_capacity;
};

/* Sides of several preparations share what the data are without; NULL: the sides are no such. */
static char *common_data(const struct sides *sides, const struct section *section)
{
    char *common = NULL, value[TEXT_NUMBER];
    if (sides->preparation != NULL)
        source_described(section->data, sides->preparation, value, &common);
    if (sides->preparation == source_attribute_find("precision")) {
        char *refined = common; /* a value of its own among sides of a precision */
        source_described(refined, source_attribute_find("refine"), value, &common);
        memory_free(refined);
    }
    return common;
}

/* A problem is one content of data and one lambda, in whatever stores. */
static size_t find_problem(struct contenders *contenders, struct seating *seating,
                           const struct opened_store *source, const struct outcome *outcome)
{
    const struct section *section = &source->results.sections[outcome->section];
    char *common = common_data(&contenders->sides, section), digest[DIGEST_TEXT];
    if (common != NULL)
        digest_of_text(common, digest);
    else
        snprintf(digest, sizeof digest, "%s", outcome->trials[0].data_digest);
    struct {
        char digest[DIGEST_TEXT + 7]; /* so that there are no gaps */
        int64_t has_lambda;
        double lambda;
    } key = {.has_lambda = !isnan(section->lambda) && !contenders->heldout,
             .lambda = isnan(section->lambda) || contenders->heldout ? 0.0 : section->lambda};
    snprintf(key.digest, sizeof key.digest, "%s", digest);
    size_t number = lookup_number(&seating->problems, &key, sizeof key);
    if (number < contenders->count) { /* what another store knows better counts */
        struct optimum *known = &contenders->problems[number].optimum;
        if (!contenders->heldout && optimum_weight(&section->optimum) > optimum_weight(known))
            *known = section->optimum;
        memory_free(common);
        return number;
    }
    contenders->problems = memory_grow(contenders->problems, &seating->capacity, number + 1,
                                       sizeof *contenders->problems);
    contenders->problems[contenders->count++] = (struct problem){
        .data = common != NULL ? common : section->data,
        .common = common,
        .digest = outcome->trials[0].data_digest,
        .rows = section->rows,
        .features = section->features,
        .lambda = contenders->heldout ? (double)NAN : section->lambda,
        .optimum =
            contenders->heldout ? (struct optimum){.status = OPTIMUM_UNKNOWN} : section->optimum,
    };
    return number;
}

/* memory_grow() for the many lists that mostly stay short: it begins with what is needed. */
static void *make_room(void *old, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return old;
    *capacity = needed > 2 * *capacity ? needed : 2 * *capacity;
    return memory_resize(old, *capacity, size);
}

static struct entrant *find_entrant(struct contenders *contenders, struct seating *seating,
                                    size_t problem, size_t side, const struct configuration *values)
{
    struct {
        uint64_t problem, side;
        char configuration[DIGEST_TEXT + 7];
    } key = {problem, side, ""};
    struct problem *of = &contenders->problems[problem];
    struct configuration seedless = *values;
    seedless.seed = 0;
    configuration_fingerprint(&seedless, of->digest, key.configuration);
    size_t number = lookup_number(&seating->entrants, &key, sizeof key);
    if (number < seating->seated)
        return &of->entrants[seating->places[number]];
    seating->seated++;
    seating->places = memory_grow(seating->places, &seating->places_capacity, number + 1,
                                  sizeof *seating->places);
    seating->places[number] = of->count;
    of->entrants = make_room(of->entrants, &of->capacity, of->count + 1, sizeof *of->entrants);
    of->entrants[of->count] = (struct entrant){.side = side, .values = *values, .sound = true};
    return &of->entrants[of->count++];
}

/* Trials of an outcome that have no time, though each was alone. */
static size_t count_in_parts(const struct outcome *outcome)
{
    size_t count = outcome->in_parts;
    for (size_t i = 0; i < outcome->final_count; i++)
        count += stored_trial_is_in_parts(&outcome->finals[i]);
    return count;
}

/* `busy`: what disturbed it is part of the question. */
static void add_run(struct entrant *entrant, size_t source, bool busy,
                    const struct stored_trial *trial)
{
    struct lap run = {
        .trial = trial->id,
        .source = source,
        .final = trial->final,
        .seed = trial->values.seed,
        .repeat = trial->repeat,
        .seat = &trial->seat,
        .solo = stored_trial_is_solo(trial),
        .disturbed = !busy && trial->evidence.disturbed[0] != '\0',
        .start = INFINITY,
        .best = INFINITY,
    };
    for (size_t t = 0; t < TARGETS_MOST; t++) {
        run.seconds[t] = (struct arrival){INFINITY, INFINITY};
        run.epochs[t] = run.first_epochs[t] = INFINITY;
    }
    entrant->runs[entrant->count++] = run;
    entrant->cut = entrant->cut || trial->status == STATUS_CUT;
    entrant->needless = entrant->needless || trial->status == STATUS_NEEDLESS;
    entrant->sound = entrant->sound && trial->status != STATUS_DIVERGED &&
                     trial->status != STATUS_FAILED && trial->status != STATUS_NEEDLESS;
}

static struct membership add_outcome(struct contenders *contenders, struct seating *seating,
                                     size_t source, const struct outcome *outcome)
{
    const struct configuration *values = outcome_values(outcome);
    const bool busy = contenders->opened[source].results.busy;
    int side = sides_find(&contenders->sides, source, outcome);
    if (side < 0)
        return (struct membership){-1, 0};
    size_t p = find_problem(contenders, seating, &contenders->opened[source], outcome);
    struct entrant *entrant = find_entrant(contenders, seating, p, (size_t)side, values);
    entrant->planned++;
    entrant->pending += outcome->count == 0;
    contenders->problems[p].in_parts += count_in_parts(outcome);
    entrant->runs =
        make_room(entrant->runs, &entrant->capacity,
                  entrant->count + outcome->count + outcome->final_count, sizeof *entrant->runs);
    for (size_t i = 0; i < outcome->count; i++)
        add_run(entrant, source, busy, &outcome->trials[i]);
    contenders->problems[p].led += outcome->led;
    for (size_t i = 0; i < outcome->final_count; i++)
        add_run(entrant, source, busy, &outcome->finals[i]);
    return (struct membership){(int64_t)p, (size_t)(entrant - contenders->problems[p].entrants)};
}

static void seat_all(struct contenders *contenders)
{
    size_t outcomes = 0;
    struct seating seating = {0};
    for (size_t s = 0; s < contenders->opened_count; s++)
        outcomes += contenders->opened[s].results.count;
    contenders->memberships = memory_allocate(outcomes, sizeof *contenders->memberships);
    struct membership *seat = contenders->memberships;
    for (size_t s = 0; s < contenders->opened_count; s++)
        for (size_t i = 0; i < contenders->opened[s].results.count; i++)
            *seat++ =
                add_outcome(contenders, &seating, s, &contenders->opened[s].results.outcomes[i]);
    lookup_clear(&seating.problems);
    lookup_clear(&seating.entrants);
    memory_free(seating.places);
}

/* Lambda tells problems apart where there is more than one of it. */
static void find_lambdas(struct contenders *contenders)
{
    const struct problem *first = NULL;
    bool differ = false;
    for (size_t p = 0; p < contenders->count; p++) {
        const struct problem *problem = &contenders->problems[p];
        if (isnan(problem->lambda))
            continue;
        differ = differ || (first != NULL && first->lambda != problem->lambda);
        first = problem;
    }
    for (size_t p = 0; p < contenders->count; p++)
        contenders->problems[p].regularised = differ && !isnan(contenders->problems[p].lambda);
}

static void count_seeds(struct problem *problem)
{
    struct lookup seeds = {0};
    for (size_t i = 0; i < problem->count; i++)
        for (size_t r = 0; r < problem->entrants[i].count; r++) {
            problem->seed = problem->entrants[i].runs[r].seed;
            lookup_number(&seeds, &problem->seed, sizeof problem->seed);
        }
    problem->seeds = seeds.count;
    lookup_clear(&seeds);
}

/* --- Hosts ----------------------------------------------------------------------------------- */

/* What settling hosts does with each timed lap. */
typedef void settle(struct problem *problem, struct lap *lap, struct hosts *hosts, bool finals);

static void each_timed(struct problem *problem, settle *visit, struct hosts *hosts, bool finals)
{
    for (size_t i = 0; i < problem->count; i++)
        for (size_t r = 0; r < problem->entrants[i].count; r++)
            if (problem->entrants[i].runs[r].solo)
                visit(problem, &problem->entrants[i].runs[r], hosts, finals);
}

static void count_host(struct problem *problem, struct lap *lap, struct hosts *hosts, bool finals)
{
    (void)problem;
    if (!finals || lap->final > 0)
        hosts_add(hosts, lap->seat);
}

static void leave_out(struct problem *problem, struct lap *lap, struct hosts *hosts, bool finals)
{
    lap->solo = seat_is_alike(lap->seat, hosts_chosen(hosts)) && (!finals || lap->final > 0);
    problem->elsewhere += !lap->solo;
}

/* Where several hosts timed a problem, the finals are on one of them, if there are any, and the
 * times of the sweep, which are of all, no longer count; else those of the host with the most do.
 */
static void choose_host(struct problem *problem)
{
    struct hosts all = {0}, finals = {0};
    each_timed(problem, count_host, &all, false);
    each_timed(problem, count_host, &finals, true);
    if (all.count > 1 && finals.count > 0)
        each_timed(problem, leave_out, &finals, true);
    else if (all.count > 1)
        each_timed(problem, leave_out, &all, false);
    hosts_clear(&all);
    hosts_clear(&finals);
}

/* --- Readings ------------------------------------------------------------------------------ */

/* When a point was come to: of epochs that are all recorded, just then; else after the point before
 * it. A target that is met before the first step needs no time. */
static void note_arrival(struct lap *run, size_t target, const struct trace *trace, size_t point)
{
    const struct trace_point *met = &trace->points[point];
    const struct trace_point *missed = point > 0 ? met - 1 : met;
    bool between = met->epoch > missed->epoch + 1;
    run->seconds[target] = (struct arrival){between ? missed->seconds : met->seconds, met->seconds};
    run->epochs[target] = (double)met->epoch;
    run->first_epochs[target] = (double)(between ? missed->epoch + 1 : met->epoch);
}

/* Targets descend, so none is reached before the one above it. */
static void note_arrivals(const struct problem *problem, struct lap *run, const struct trace *trace)
{
    size_t point = 0;
    for (size_t t = 0; t < problem->targets; t++) {
        while (point < trace->count && !(trace->points[point].objective <= problem->objectives[t]))
            point++;
        if (point == trace->count)
            return;
        note_arrival(run, t, trace, point);
    }
}

static void note_range(struct lap *run, const struct trace *trace)
{
    if (trace->count > 0)
        run->start = trace->points[0].objective;
    for (size_t p = 0; p < trace->count; p++)
        run->best = fmin(run->best, trace->points[p].objective);
}

/* Held-out loss in the place of the objective. Points after the first that have none are left out:
 * there it was not looked at, and so an arrival is between those that are left. */
static void keep_heldout(struct trace *trace)
{
    size_t kept = 0;
    for (size_t p = 0; p < trace->count; p++) {
        struct trace_point point = trace->points[p];
        point.objective = point.heldout_loss;
        if (p == 0 || !isnan(point.heldout_loss))
            trace->points[kept++] = point;
    }
    trace->count = kept;
}

/* A trace of what the sides are judged by. Where rows are held out, their loss is known before the
 * first step; one that is no number later on, as of a trial that diverges, has missed. */
static bool read_judged(const struct contenders *contenders, const struct lap *run,
                        struct trace *trace, struct error *error)
{
    struct store *store = contenders->opened[run->source].store;
    if (!contenders->heldout)
        return store_read_descent(store, run->trial, trace, error);
    if (!store_read_trace(store, run->trial, trace, error))
        return false;
    keep_heldout(trace);
    if (trace->count > 0 && isnan(trace->points[0].heldout_loss)) {
        memory_free(trace->points);
        return error_usage(error,
                           "%s as an axis: the objective differs with %s, so sides are judged by "
                           "held-out loss, and no rows are held out; give split: 0.2 in the sweep "
                           "file",
                           contenders->sides.by, contenders->sides.by);
    }
    return true;
}

static bool read_problem(const struct contenders *contenders, struct problem *problem,
                         struct error *error)
{
    for (size_t i = 0; i < problem->count; i++)
        for (size_t r = 0; r < problem->entrants[i].count; r++) {
            struct lap *run = &problem->entrants[i].runs[r];
            struct trace trace;
            if (!read_judged(contenders, run, &trace, error))
                return false;
            note_range(run, &trace);
            note_arrivals(problem, run, &trace);
            memory_free(trace.points);
        }
    return true;
}

/* --- Targets ------------------------------------------------------------------------------- */

static void find_range(struct problem *problem, size_t sides)
{
    double best[SIDES_MOST];
    problem->start = INFINITY;
    problem->best = -INFINITY;
    for (size_t s = 0; s < sides; s++)
        best[s] = INFINITY;
    for (size_t i = 0; i < problem->count; i++) {
        const struct entrant *entrant = &problem->entrants[i];
        for (size_t r = 0; entrant->sound && r < entrant->count; r++) {
            problem->start = fmin(problem->start, entrant->runs[r].start);
            best[entrant->side] = fmin(best[entrant->side], entrant->runs[r].best);
        }
    }
    for (size_t s = 0; s < sides; s++)
        if (isfinite(best[s])) /* the others have nothing yet, or nothing here */
            problem->best = fmax(problem->best, best[s]);
}

static void add_target(struct problem *problem, double mark, double objective)
{
    problem->marks[problem->targets] = mark;
    problem->objectives[problem->targets++] = objective;
}

/* Leaves out the first targets, and when they were met. */
static void leave_out_targets(struct problem *problem, size_t count)
{
    const size_t left = problem->targets - count;
    problem->targets = left;
    memmove(problem->marks, problem->marks + count, left * sizeof *problem->marks);
    memmove(problem->objectives, problem->objectives + count, left * sizeof *problem->objectives);
    for (size_t i = 0; i < problem->count; i++)
        for (size_t r = 0; r < problem->entrants[i].count; r++) {
            struct lap *run = &problem->entrants[i].runs[r];
            memmove(run->seconds, run->seconds + count, left * sizeof *run->seconds);
            memmove(run->epochs, run->epochs + count, left * sizeof *run->epochs);
            memmove(run->first_epochs, run->first_epochs + count, left * sizeof *run->first_epochs);
        }
}

/* Where all begin at or below a target, it is none. */
static void leave_out_met(struct problem *problem)
{
    size_t met = 0;
    while (met < problem->targets && !(problem->objectives[met] < problem->start))
        met++;
    leave_out_targets(problem, isfinite(problem->start) ? met : problem->targets);
}

/* Is an arrival known only to lie between two epochs? */
static bool any_between(const struct problem *problem)
{
    for (size_t i = 0; i < problem->count; i++)
        for (size_t r = 0; r < problem->entrants[i].count; r++)
            for (size_t t = 0; t < problem->targets; t++)
                if (problem->entrants[i].runs[r].first_epochs[t] <
                    problem->entrants[i].runs[r].epochs[t])
                    return true;
    return false;
}

/* The gaps that the answer is about; of two stores, those of any. */
static void find_asked(const struct contenders *contenders, bool asked[static GAP_TARGETS])
{
    for (size_t s = 0; s < contenders->opened_count; s++) {
        bool of_store[GAP_TARGETS];
        targets_read(contenders->opened[s].results.sweep.targets, of_store);
        for (size_t t = 0; t < GAP_TARGETS; t++)
            asked[t] = asked[t] || of_store[t];
    }
}

/* Gaps are known before traces are read; shares of the way only afterwards, and so where F* is not
 * known they are read twice. */
static bool set_targets(const struct contenders *contenders, struct problem *problem,
                        struct error *error)
{
    bool asked[GAP_TARGETS] = {false};
    problem->by_gap = problem->optimum.status == OPTIMUM_FOUND;
    find_asked(contenders, asked);
    for (size_t t = 0; problem->by_gap && t < GAP_TARGETS; t++)
        if (asked[t])
            add_target(problem, gap_targets[t], problem->optimum.objective + gap_targets[t]);
    if (!read_problem(contenders, problem, error))
        return false;
    find_range(problem, contenders->sides.count);
    const double way = problem->start - problem->best;
    for (size_t t = 0; !problem->by_gap && isfinite(way) && t < SHARES; t++)
        add_target(problem, shares[t], problem->start - shares[t] * way);
    leave_out_met(problem);
    if (!problem->by_gap && problem->targets > 0 && !read_problem(contenders, problem, error))
        return false;
    problem->between = any_between(problem);
    return true;
}

bool contenders_create(struct contenders *contenders, const char *by,
                       const struct opened_store *opened, size_t count, struct error *error)
{
    *contenders = (struct contenders){.opened = opened, .opened_count = count};
    if (!sides_create(&contenders->sides, by, opened, count, error))
        return false;
    contenders->heldout = sides_by_heldout(&contenders->sides);
    seat_all(contenders);
    find_lambdas(contenders);
    bool done = true;
    for (size_t i = 0; i < contenders->count && done; i++) {
        count_seeds(&contenders->problems[i]);
        choose_host(&contenders->problems[i]);
        done = set_targets(contenders, &contenders->problems[i], error);
        ladders_climb(&contenders->problems[i]);
    }
    return done;
}

void contenders_clear(struct contenders *contenders)
{
    for (size_t i = 0; i < contenders->count; i++) {
        for (size_t j = 0; j < contenders->problems[i].count; j++)
            memory_free(contenders->problems[i].entrants[j].runs);
        memory_free(contenders->problems[i].entrants);
        memory_free(contenders->problems[i].common);
    }
    memory_free(contenders->problems);
    memory_free(contenders->memberships);
    *contenders = (struct contenders){0};
}
