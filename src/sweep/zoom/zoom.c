/* SPDX-License-Identifier: MIT
 *
 * Around one of the best: its slice are the items that differ from it in nothing but the axes of
 * the zoom and the seed. They tell what values each axis has there, and so its neighbours; an axis
 * of one value stays where it is. The new grid is the product of the values around the best
 * (zoom_points.h), for every seed that the best has.
 */
#include "sweep/zoom/zoom.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "base/text.h"
#include "sweep/zoom/zoom_best.h"
#include "sweep/zoom/zoom_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 1e7 /* of an expansion too */

struct zooming {
    struct workload *workload;
    const struct zoom *zoom;
    int64_t round;
    struct lookup known; /* fingerprints of all items, and of those that are added */
    size_t count, capacity;
    struct planned *more; /* (count) */
    FILE *out;            /* or NULL */
};

/* --- What is there ------------------------------------------------------------------------- */

static bool is_zoomed(const struct zoom *zoom, const struct hyperparameter *row)
{
    for (size_t i = 0; i < zoom->axis_count; i++)
        if (zoom->axes[i] == row)
            return true;
    return false;
}

static bool is_of_slice(const struct zoom *zoom, const struct planned *best,
                        const struct planned *item)
{
    const struct hyperparameter *seed = hyperparameter_find("seed");
    if (item->source != best->source)
        return false;
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (&hyperparameters[i] != seed && !is_zoomed(zoom, &hyperparameters[i]) &&
            !hyperparameter_equal(&hyperparameters[i], &item->configuration, &best->configuration))
            return false;
    return true;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The different finite numbers that the slice of the best has for a hyper-parameter, ascending;
 * free with memory_free(). `alone`: with all else as the best has it. */
static double *numbers_of(const struct zooming *zooming, const struct planned *best,
                          const struct hyperparameter *row, bool alone, size_t *count)
{
    const struct expansion *expansion = &zooming->workload->expansion;
    const struct zoom none = {0};
    double *numbers = memory_allocate(expansion->count, sizeof *numbers);
    size_t all = 0;
    for (size_t i = 0; i < expansion->count; i++) {
        struct value value = hyperparameter_get(row, &expansion->items[i].configuration);
        if (is_of_slice(alone ? &none : zooming->zoom, best, &expansion->items[i]) &&
            isfinite(setting_number(&row->setting, value)))
            numbers[all++] = setting_number(&row->setting, value);
    }
    qsort(numbers, all, sizeof *numbers, ascending);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[(*count)++] = numbers[i];
    return numbers;
}

/* As a range of the file says, or as its values are. */
static bool is_logarithmic(const struct sweep_file *file, const struct hyperparameter *row,
                           const double *numbers, size_t count)
{
    for (size_t i = 0; i < file->run_count; i++) {
        const struct run *run = &file->runs[i];
        const struct axis *axis = axes_find(run->axes, run->count, row);
        for (size_t c = 0; c < run->clause_count && axis == NULL; c++)
            axis = axes_find(run->clauses[c].axes, run->clauses[c].count, row);
        if (axis != NULL && axis->minimum < axis->maximum)
            return axis->logarithmic;
    }
    return zoom_is_logarithmic(numbers, count);
}

/* --- The next grid ------------------------------------------------------------------------- */

static void tell_edge(FILE *out, const struct hyperparameter *row, const struct planned *best,
                      const struct zoom_points *points)
{
    char own[TEXT_NUMBER], reach[TEXT_NUMBER];
    if (points->edge == ZOOM_INSIDE)
        return;
    fprintf(out, "; %s %s is the %s", row->entry.name,
            setting_text(&row->setting, hyperparameter_get(row, &best->configuration), own),
            points->edge == ZOOM_LEAST ? "least" : "largest");
    if (isnan(points->reach))
        fputs(" that is possible", out);
    else
        fprintf(out, " of its axis: one step beyond it, to %s",
                text_from_real(reach, points->reach));
}

/* The values of each axis around the best; those that stay where they are have none. */
static void find_points(const struct zooming *zooming, const struct planned *best,
                        struct zoom_points *points)
{
    const struct zoom *zoom = zooming->zoom;
    for (size_t i = 0; i < zoom->axis_count; i++) {
        const struct hyperparameter *row = zoom->axes[i];
        double own = setting_number(&row->setting, hyperparameter_get(row, &best->configuration));
        size_t count;
        double *numbers = numbers_of(zooming, best, row, false, &count);
        points[i] = (struct zoom_points){0};
        if (count > 1 && isfinite(own))
            points[i] = zoom_points_around(
                row, numbers, count, own,
                is_logarithmic(zooming->workload->file, row, numbers, count), (size_t)zoom->points);
        memory_free(numbers);
    }
}

/* Adds a configuration, unless it is there or the data do not bear it (a batch beyond them). */
static bool add(struct zooming *zooming, size_t source, struct configuration configuration)
{
    char key[DIGEST_TEXT], beside[TEXT_NUMBER], reason[512];
    const struct dataset *data = zooming->workload->data[source];
    configuration_canonicalise(&configuration);
    if (configuration_fault(&configuration, data, reason, sizeof reason) != NULL)
        return false;
    snprintf(beside, sizeof beside, "%zu", source);
    configuration_fingerprint(&configuration, beside, key);
    size_t before = zooming->known.count;
    if (lookup_number(&zooming->known, key, strlen(key)) < before)
        return false;
    zooming->more =
        memory_grow(zooming->more, &zooming->capacity, zooming->count + 1, sizeof *zooming->more);
    zooming->more[zooming->count++] =
        (struct planned){.source = source, .configuration = configuration, .zoom = zooming->round};
    return true;
}

/* Counts like an odometer whose last wheel turns fastest; false after the last combination. */
static bool advance(const struct zoom_points *points, size_t count, size_t *wheels)
{
    for (size_t i = count; i > 0; i--) {
        if (++wheels[i - 1] < points[i - 1].count)
            return true;
        wheels[i - 1] = 0;
    }
    return false;
}

/* All combinations of the points, for each of the seeds (seed_count); how many are new. */
static size_t add_grid(struct zooming *zooming, const struct planned *best,
                       const struct zoom_points *points, const double *seeds, size_t seed_count)
{
    const struct zoom *zoom = zooming->zoom;
    size_t wheels[ZOOM_AXES_MOST] = {0}, added = 0;
    do {
        struct configuration configuration = best->configuration;
        for (size_t i = 0; i < zoom->axis_count; i++)
            if (points[i].count > 0)
                hyperparameter_set(zoom->axes[i], &configuration, points[i].values[wheels[i]]);
        for (size_t s = 0; s < seed_count; s++) {
            configuration.seed = (int64_t)seeds[s];
            added += add(zooming, best->source, configuration);
        }
    } while (advance(points, zoom->axis_count, wheels));
    return added;
}

static void zoom_in(struct zooming *zooming, const struct planned *best)
{
    struct zoom_points points[ZOOM_AXES_MOST];
    char text[512];
    size_t seed_count;
    double *seeds = numbers_of(zooming, best, hyperparameter_find("seed"), true, &seed_count);
    find_points(zooming, best, points);
    size_t added = add_grid(zooming, best, points, seeds, seed_count);
    if (zooming->out != NULL) {
        fprintf(zooming->out, "zoom %lld of %lld: %zu configuration%s around %s (%s)",
                (long long)zooming->round, (long long)zooming->zoom->rounds, added,
                added == 1 ? "" : "s",
                configuration_describe(&best->configuration, text, sizeof text),
                text_shown(zooming->workload->descriptions[best->source]));
        for (size_t i = 0; i < zooming->zoom->axis_count; i++)
            if (points[i].count > 0)
                tell_edge(zooming->out, zooming->zoom->axes[i], best, &points[i]);
        fputc('\n', zooming->out);
    }
    for (size_t i = 0; i < zooming->zoom->axis_count; i++)
        zoom_points_clear(&points[i]);
    memory_free(seeds);
}

/* Those of one data set are together, as the best are in the order of the plan. */
static bool add_round(struct workload *workload, struct store *store, int64_t round, FILE *out,
                      size_t *added, struct error *error)
{
    struct zooming zooming = {
        .workload = workload, .zoom = &workload->file->zoom, .round = round, .out = out};
    size_t *best = NULL, count = 0;
    if (!zoom_find_best(workload, store, &best, &count, error))
        return false;
    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        char key[DIGEST_TEXT], beside[TEXT_NUMBER];
        snprintf(beside, sizeof beside, "%zu", item->source);
        configuration_fingerprint(&item->configuration, beside, key);
        lookup_number(&zooming.known, key, strlen(key));
    }
    for (size_t i = 0; i < count; i++) {
        const struct planned around = workload->expansion.items[best[i]];
        zoom_in(&zooming, &around);
    }
    if (count == 0 && out != NULL)
        fprintf(out,
                "zoom %lld of %lld: no trial ended well, and there is nothing to look around\n",
                (long long)round, (long long)workload->file->zoom.rounds);
    bool done = workload_extend(workload, zooming.more, zooming.count, error);
    *added = zooming.count;
    lookup_clear(&zooming.known);
    memory_free(zooming.more);
    memory_free(best);
    return done;
}

/* --- How many at most ---------------------------------------------------------------------- */

/* The last grid that is in the workload. */
static int64_t last_round(const struct workload *workload)
{
    int64_t last = 0;
    for (size_t i = 0; i < workload->expansion.count; i++)
        if (workload->expansion.items[i].zoom > last)
            last = workload->expansion.items[i].zoom;
    return last;
}

/* The different values of each axis among the items of one contest, and its seeds. */
struct spread_of_contest {
    struct lookup values[ZOOM_AXES_MOST], seeds;
};

static void see(struct lookup *seen, const struct hyperparameter *row,
                const struct configuration *configuration)
{
    double number = setting_number(&row->setting, hyperparameter_get(row, configuration));
    lookup_number(seen, &number, sizeof number);
}

static double bound_of(const struct zoom *zoom, struct spread_of_contest *spread)
{
    double grid = 1.0, seeds = (double)spread->seeds.count;
    for (size_t i = 0; i < zoom->axis_count; i++) {
        grid *= spread->values[i].count > 1 ? (double)zoom->points : 1.0;
        lookup_clear(&spread->values[i]);
    }
    lookup_clear(&spread->seeds);
    return (grid - 1.0) * seeds;
}

static double zoom_most(const struct workload *workload)
{
    const struct zoom *zoom = &workload->file->zoom;
    const struct expansion *expansion = &workload->expansion;
    struct spread_of_contest *spreads = memory_allocate(expansion->count, sizeof *spreads);
    struct lookup contests = {0};
    double bound = 0.0;
    for (size_t i = 0; i < expansion->count; i++) {
        const struct planned *item = &expansion->items[i];
        char key[DIGEST_TEXT];
        zoom_contest(workload->file, item, key);
        struct spread_of_contest *spread = &spreads[lookup_number(&contests, key, strlen(key))];
        for (size_t a = 0; a < zoom->axis_count; a++)
            see(&spread->values[a], zoom->axes[a], &item->configuration);
        see(&spread->seeds, hyperparameter_find("seed"), &item->configuration);
    }
    for (size_t i = 0; i < contests.count; i++)
        bound += bound_of(zoom, &spreads[i]);
    lookup_clear(&contests);
    memory_free(spreads);
    return bound * (double)(zoom->rounds - last_round(workload));
}

size_t zoom_bound(const struct workload *workload)
{
    return (size_t)zoom_most(workload);
}

/* --- When ---------------------------------------------------------------------------------- */

/* Is all that is planned so far recorded? */
static bool is_complete(const struct workload *workload, struct store *store, zoom_settled *settled,
                        bool *complete, struct error *error)
{
    *complete = true;
    for (size_t i = 0; i < workload->expansion.count && *complete; i++) {
        const struct planned *item = &workload->expansion.items[i];
        struct trial_record record;
        char key[DIGEST_TEXT];
        int64_t id;
        configuration_key(&item->configuration, workload->data[item->source]->digest, key);
        if (!store_find_configuration(store, key, &id, error))
            return false;
        *complete = id != 0;
        for (int64_t repeat = 1; repeat <= workload->file->repeats && *complete; repeat++) {
            if (!store_find_trial(store, (struct trial_key){id, 0, repeat}, &record, error))
                return false;
            *complete = settled(workload->file, &record);
        }
    }
    return true;
}

bool zoom_extend(struct workload *workload, struct store *store, zoom_settled *settled, FILE *out,
                 bool *open, struct error *error)
{
    const int64_t rounds = workload->file->zoom.rounds;
    size_t added = 1;
    *open = rounds > 0 && store == NULL;
    if (rounds > 0 && zoom_most(workload) > ITEMS_MAX)
        return error_usage(error,
                           "%s: zoom comes to %.0f configurations, at most %.0f are possible; use "
                           "fewer points, axes, rounds or seeds",
                           workload->file->path, zoom_most(workload), ITEMS_MAX);
    for (int64_t round = last_round(workload) + 1; round <= rounds && store != NULL && added > 0;
         round++) {
        bool complete;
        if (!is_complete(workload, store, settled, &complete, error))
            return false;
        *open = !complete;
        if (*open)
            return true;
        if (!add_round(workload, store, round, out, &added, error))
            return false;
    }
    return true;
}
