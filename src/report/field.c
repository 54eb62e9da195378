/* SPDX-License-Identifier: MIT
 *
 * Traces are read twice: the first reading says how far the sides get, which settles the targets,
 * and the second when they get there. A trace may be gone when its trial ran again since the list
 * was read; it is then as one that never arrived.
 */
#include "report/field.h"

#include "base/memory.h"
#include "measure/statistics.h"
#include "report/hosts.h"

#include <math.h>
#include <string.h>

static const double gaps[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
static const double shares[] = {0.5, 0.9, 0.99, 0.999};
enum { GAPS = sizeof gaps / sizeof *gaps, SHARES = sizeof shares / sizeof *shares };
_Static_assert((int)GAPS <= (int)TARGETS_MOST && (int)SHARES <= (int)TARGETS_MOST, "they fit");

/* --- Problems and entrants ----------------------------------------------------------------- */

static struct problem *find_problem(struct field *field, size_t *capacity,
                                    const struct exhibit *source, const struct outcome *outcome)
{
    const struct section *section = &source->results.sections[outcome->section];
    const char *digest = outcome->trials[0].data_digest;
    for (size_t i = field->count; i-- > 0;) {
        struct problem *problem = &field->problems[i];
        if (problem->regularised == section->regularised && problem->lambda == section->lambda &&
            strcmp(problem->digest, digest) == 0)
            return problem;
    }
    field->problems =
        memory_grow(field->problems, capacity, field->count + 1, sizeof *field->problems);
    field->problems[field->count] = (struct problem){
        .data = section->data,
        .digest = digest,
        .rows = section->rows,
        .features = section->features,
        .regularised = section->regularised,
        .lambda = section->lambda,
        .optimum = section->optimum,
    };
    return &field->problems[field->count++];
}

static struct entrant *find_entrant(struct problem *problem, size_t side,
                                    const struct configuration *values)
{
    char key[DIGEST_TEXT];
    struct configuration seedless = *values;
    seedless.seed = 0;
    configuration_key(&seedless, problem->digest, key);
    for (size_t i = problem->count; i-- > 0;)
        if (problem->entrants[i].side == side && strcmp(problem->entrants[i].key, key) == 0)
            return &problem->entrants[i];
    problem->entrants = memory_grow(problem->entrants, &problem->capacity, problem->count + 1,
                                    sizeof *problem->entrants);
    struct entrant *entrant = &problem->entrants[problem->count++];
    *entrant = (struct entrant){.side = side, .values = *values, .sound = true};
    memcpy(entrant->key, key, sizeof key);
    return entrant;
}

static void add_run(struct entrant *entrant, size_t source, const struct stored_trial *trial)
{
    struct lap run = {
        .trial = trial->id,
        .source = source,
        .final = trial->final,
        .seed = trial->values.seed,
        .repeat = trial->repeat,
        .seat = &trial->seat,
        .solo = stored_trial_is_solo(trial),
        .disturbed = trial->evidence.disturbed[0] != '\0',
        .start = INFINITY,
        .best = INFINITY,
    };
    for (size_t t = 0; t < TARGETS_MOST; t++)
        run.seconds[t] = run.epochs[t] = INFINITY;
    entrant->runs =
        memory_grow(entrant->runs, &entrant->capacity, entrant->count + 1, sizeof *entrant->runs);
    entrant->runs[entrant->count++] = run;
    entrant->sound =
        entrant->sound && trial->status != STATUS_DIVERGED && trial->status != STATUS_FAILED;
}

static struct membership add_outcome(struct field *field, size_t *capacity, size_t source,
                                     const struct outcome *outcome)
{
    const struct configuration *values = outcome_values(outcome);
    int side = sides_find(&field->sides, source, values);
    if (side < 0)
        return (struct membership){-1, 0};
    struct problem *problem = find_problem(field, capacity, &field->exhibits[source], outcome);
    struct entrant *entrant = find_entrant(problem, (size_t)side, values);
    entrant->planned++;
    entrant->pending += outcome->count == 0;
    for (size_t i = 0; i < outcome->count; i++)
        add_run(entrant, source, &outcome->trials[i]);
    for (size_t i = 0; i < outcome->final_count; i++)
        add_run(entrant, source, &outcome->finals[i]);
    return (struct membership){problem - field->problems, (size_t)(entrant - problem->entrants)};
}

static void seat_all(struct field *field)
{
    size_t capacity = 0, outcomes = 0;
    for (size_t s = 0; s < field->exhibit_count; s++)
        outcomes += field->exhibits[s].results.count;
    field->memberships = memory_allocate(outcomes, sizeof *field->memberships);
    struct membership *seat = field->memberships;
    for (size_t s = 0; s < field->exhibit_count; s++)
        for (size_t i = 0; i < field->exhibits[s].results.count; i++)
            *seat++ = add_outcome(field, &capacity, s, &field->exhibits[s].results.outcomes[i]);
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

/* What a reading does with each trace. */
typedef void look(const struct problem *problem, struct lap *run, const struct trace *trace);

static bool read_entrant(const struct field *field, const struct problem *problem,
                         struct entrant *entrant, look *visit, struct error *error)
{
    for (size_t r = 0; r < entrant->count; r++) {
        struct lap *run = &entrant->runs[r];
        struct trace trace;
        if (!store_read_trace(field->exhibits[run->source].store, run->trial, &trace, error))
            return false;
        visit(problem, run, &trace);
        memory_free(trace.points);
    }
    return true;
}

static bool read_all(struct field *field, look *visit, struct error *error)
{
    for (size_t p = 0; p < field->count; p++)
        for (size_t i = 0; i < field->problems[p].count; i++)
            if (!read_entrant(field, &field->problems[p], &field->problems[p].entrants[i], visit,
                              error))
                return false;
    return true;
}

static void note_range(const struct problem *problem, struct lap *run, const struct trace *trace)
{
    (void)problem;
    if (trace->count > 0)
        run->start = trace->points[0].objective;
    for (size_t p = 0; p < trace->count; p++)
        run->best = fmin(run->best, trace->points[p].objective);
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
        run->seconds[t] = trace->points[point].seconds;
        run->epochs[t] = (double)trace->points[point].epoch;
    }
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
    if (!(objective < problem->start))
        return;
    problem->marks[problem->targets] = mark;
    problem->objectives[problem->targets++] = objective;
}

static void set_targets(struct problem *problem, size_t sides)
{
    find_range(problem, sides);
    problem->by_gap = problem->optimum.status == OPTIMUM_FOUND;
    if (!isfinite(problem->start))
        return;
    for (size_t t = 0; problem->by_gap && t < GAPS; t++)
        add_target(problem, gaps[t], problem->optimum.objective + gaps[t]);
    bool on_the_way = !problem->by_gap && isfinite(problem->best);
    for (size_t t = 0; on_the_way && t < SHARES; t++)
        add_target(problem, shares[t],
                   problem->start - shares[t] * (problem->start - problem->best));
}

bool field_create(struct field *field, const char *by, const struct exhibit *exhibits, size_t count,
                  struct error *error)
{
    *field = (struct field){.exhibits = exhibits, .exhibit_count = count};
    if (!sides_create(&field->sides, by, exhibits, count, error))
        return false;
    seat_all(field);
    for (size_t i = 0; i < field->count; i++)
        choose_host(&field->problems[i]);
    if (!read_all(field, note_range, error))
        return false;
    for (size_t i = 0; i < field->count; i++)
        set_targets(&field->problems[i], field->sides.count);
    return read_all(field, note_arrivals, error);
}

void field_clear(struct field *field)
{
    for (size_t i = 0; i < field->count; i++) {
        for (size_t j = 0; j < field->problems[i].count; j++)
            memory_free(field->problems[i].entrants[j].runs);
        memory_free(field->problems[i].entrants);
    }
    memory_free(field->problems);
    memory_free(field->memberships);
    *field = (struct field){0};
}

/* --- Entrants ------------------------------------------------------------------------------ */

bool lap_is_timed(const struct lap *lap, enum timing timing)
{
    return lap->solo && (lap->final > 0) == (timing == TIMED_IN_FINALS);
}

bool entrant_has(const struct entrant *entrant, enum timing timing)
{
    for (size_t r = 0; r < entrant->count; r++)
        if (lap_is_timed(&entrant->runs[r], timing))
            return true;
    return false;
}

double entrant_seconds(const struct entrant *entrant, size_t target, enum timing timing)
{
    double *values = memory_allocate(entrant->count, sizeof *values);
    size_t count = 0;
    for (size_t r = 0; r < entrant->count; r++)
        if (lap_is_timed(&entrant->runs[r], timing))
            values[count++] = entrant->runs[r].seconds[target];
    double seconds = median(values, count);
    memory_free(values);
    return seconds;
}

double entrant_epochs(const struct entrant *entrant, size_t target)
{
    double *values = memory_allocate(entrant->count, sizeof *values);
    for (size_t r = 0; r < entrant->count; r++)
        values[r] = entrant->runs[r].epochs[target];
    double epochs = median(values, entrant->count);
    memory_free(values);
    return epochs;
}

double entrant_tuned(const struct entrant *entrant, size_t target)
{
    double swept = entrant_seconds(entrant, target, TIMED_IN_SWEEP);
    return isnan(swept) ? entrant_seconds(entrant, target, TIMED_IN_FINALS) : swept;
}
