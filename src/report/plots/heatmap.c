/* SPDX-License-Identifier: MIT
 *
 * Axes that are not named are those that vary most.
 */
#include "report/plots/heatmap.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/ranking.h"
#include "report/varying_columns.h"

#include <string.h>

/* --- Axes ----------------------------------------------------------------------------------- */

static double order_of(const struct hyperparameter *row, const struct configuration *values)
{
    return setting_number(&row->setting, hyperparameter_get(row, values));
}

/* Index of the value, where it is or where it belongs. */
static size_t axis_place(const struct heatmap_axis *axis, const struct configuration *values)
{
    size_t at = 0;
    while (at < axis->count && order_of(axis->row, axis->values[at]) < order_of(axis->row, values))
        at++;
    return at;
}

/* False when there are too many. */
static bool axis_fill(struct heatmap_axis *axis, const struct heatmap *map)
{
    for (size_t i = 0; i < map->count; i++) {
        const struct configuration *values = map->entries[i].values;
        if (!hyperparameter_applies(axis->row, values))
            continue;
        size_t at = axis_place(axis, values);
        if (at < axis->count && hyperparameter_equal(axis->row, axis->values[at], values))
            continue;
        if (axis->count == HEATMAP_VALUES)
            return false;
        memmove(&axis->values[at + 1], &axis->values[at],
                (axis->count - at) * sizeof *axis->values);
        axis->values[at] = values;
        axis->count++;
    }
    return true;
}

/* The rank of a hyper-parameter among those that vary: first rate and batch, then those with the
 * most values. */
static int rank_of(const struct hyperparameter *row, const struct heatmap *map)
{
    struct heatmap_axis axis = {.row = row};
    if (strcmp(row->entry.name, "rate") == 0)
        return HEATMAP_VALUES + 2;
    if (strcmp(row->entry.name, "batch") == 0)
        return HEATMAP_VALUES + 1;
    return axis_fill(&axis, map) ? (int)axis.count : 0;
}

static const struct hyperparameter *axis_choose(const struct varying_columns *choices,
                                                const struct heatmap *map,
                                                const struct hyperparameter *other)
{
    const struct hyperparameter *const lambda = hyperparameter_find("lambda");
    const struct hyperparameter *best = NULL;
    int highest = 0;
    for (size_t i = 0; i <= choices->count; i++) {
        const struct hyperparameter *row = i < choices->count ? choices->rows[i] : lambda;
        if (row == other || (row == lambda && !map->folds))
            continue;
        const int rank = rank_of(row, map), least = row == lambda ? 1 : 0; /* may be but one */
        if (rank > highest && rank > least) {
            highest = rank;
            best = row;
        }
    }
    return best;
}

static bool axis_find(const char *option, const char *name, struct heatmap_axis *axis,
                      struct error *error)
{
    if (name == NULL)
        return true;
    axis->row = hyperparameter_find(name);
    return axis->row != NULL ||
           error_usage(error, "--%s: no hyper-parameter '%s'; 'descent list options' names them",
                       option, name);
}

static bool find_axes(struct heatmap *map, const struct plot_subject *subject, struct error *error)
{
    if (!axis_find("x", subject->x, &map->x, error) || !axis_find("y", subject->y, &map->y, error))
        return false;
    const struct configuration **values = memory_allocate(map->count, sizeof *values);
    for (size_t i = 0; i < map->count; i++)
        values[i] = map->entries[i].values;
    struct varying_columns *choices = varying_columns_among(values, map->count);
    if (map->x.row == NULL)
        map->x.row = axis_choose(choices, map, map->y.row);
    if (map->y.row == NULL)
        map->y.row = axis_choose(choices, map, map->x.row);
    varying_columns_free(choices);
    memory_free(values);
    if (map->x.row == NULL || map->y.row == NULL || map->x.row == map->y.row)
        return error_usage(error, "a heat map needs two hyper-parameters that vary, and here %s%s",
                           map->x.row == NULL ? "none does"
                                              : "only one does; name two others "
                                                "with --x and --y",
                           map->folds ? "; 'descent plot validation' draws a line over one" : "");
    struct heatmap_axis *const axes[] = {&map->x, &map->y};
    for (int k = 0; k < 2; k++)
        if (!axis_fill(axes[k], map) || axes[k]->count == 0)
            return error_usage(error, "%s has %s values here", axes[k]->row->entry.name,
                               axes[k]->count == 0 ? "no" : "too many");
    return true;
}

/* --- Cells ---------------------------------------------------------------------------------- */

static const double least_shown = 1e-16; /* of gaps and losses, on a logarithmic scale */

static void add_entry(struct heatmap *map, const struct heatmap_entry *entry)
{
    const struct configuration *values = entry->values;
    if (!entry->tried || !hyperparameter_applies(map->x.row, values) ||
        !hyperparameter_applies(map->y.row, values))
        return;
    struct heatmap_cell *cell =
        &map->cells[axis_place(&map->y, values) * map->x.count + axis_place(&map->x, values)];
    if (!cell->tried)
        *cell = (struct heatmap_cell){.tried = true, .lost = true, .value = INFINITY};
    if (!entry->sound)
        return;
    cell->lost = false;
    cell->value =
        fmin(cell->value, entry->value); /* fmin() leaves out what was never timed (NaN) */
}

bool heatmap_fill(struct heatmap *map, const struct plot_subject *subject, struct error *error)
{
    map->range = PLOT_EMPTY;
    if (!find_axes(map, subject, error))
        return false;
    map->cells = memory_allocate(map->x.count * map->y.count, sizeof *map->cells);
    for (size_t i = 0; i < map->count; i++)
        add_entry(map, &map->entries[i]);
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        if (map->cells[c].tried)
            plot_widen(&map->range, map->cells[c].value);
    return true;
}

void heatmap_clear(struct heatmap *map)
{
    memory_free(map->entries);
    memory_free(map->cells);
    *map = (struct heatmap){0};
}

/* --- Of a problem --------------------------------------------------------------------------- */

/* The target whose seconds cells show; -1: they show what there is at the end. */
static bool find_target(const struct problem *problem, const struct plot_subject *subject,
                        int *target, struct error *error)
{
    double wanted = NAN;
    *target = -1;
    if (subject->value == NULL || strcmp(subject->value, "seconds") != 0)
        return subject->target == NULL ||
               error_usage(error, "--target is not used without --value seconds");
    if (subject->target != NULL && !text_to_real(subject->target, &wanted))
        return error_usage(error, "--target: '%s' is not a number", subject->target);
    for (size_t t = 0; t < problem->targets; t++) {
        bool met = false;
        for (size_t i = 0; i < problem->count; i++)
            met = met || isfinite(entrant_tuned(&problem->entrants[i], t));
        bool fits = fabs(problem->marks[t] - wanted) <= 1e-9 * wanted;
        if (subject->target == NULL ? met : fits)
            *target = (int)t;
    }
    if (*target >= 0)
        return true;
    return subject->target != NULL
               ? error_usage(error, "--target: %s is no target here; 'descent compare' lists them",
                             subject->target)
               : error_usage(error, "no configuration that was timed alone comes to a target here");
}

static void name_value(struct heatmap *map, const struct contenders *contenders,
                       const struct problem *problem, int target)
{
    const size_t size = sizeof map->value;
    map->unit = target >= 0 ? HEATMAP_SECONDS : contenders->heldout ? HEATMAP_LOSS : HEATMAP_GAP;
    if (map->unit == HEATMAP_LOSS)
        snprintf(map->value, size, "final held-out loss");
    else if (map->unit == HEATMAP_GAP)
        snprintf(map->value, size, "%s",
                 problem->by_gap ? "final gap F - F*" : "final objective F");
    else if (problem->by_gap)
        snprintf(map->value, size, "time to gap %.0e", problem->marks[target]);
    else
        snprintf(map->value, size, "time to %.4g %% of the way%s", 100.0 * problem->marks[target],
                 contenders->heldout ? " of the held-out loss" : "");
}

static double final_value(const struct heatmap *map, const struct problem *problem,
                          const struct outcome *outcome)
{
    if (map->unit == HEATMAP_LOSS)
        return fmax(ranking_value(outcome, &metric_heldout_loss), least_shown);
    return problem->by_gap ? fmax(outcome->objective - problem->optimum.objective, least_shown)
                           : outcome->objective;
}

bool heatmap_of_problem(struct heatmap *map, const struct contenders *contenders, size_t problem,
                        const struct plot_subject *subject, struct error *error)
{
    const struct problem *of = &contenders->problems[problem];
    const struct results *results = &contenders->opened->results;
    int target;
    if (!find_target(of, subject, &target, error))
        return false;
    name_value(map, contenders, of, target);
    map->entries = memory_allocate(results->count, sizeof *map->entries);
    for (size_t i = 0; i < results->count; i++) {
        const struct membership *seat = &contenders->memberships[i];
        const struct outcome *outcome = &results->outcomes[i];
        if (seat->problem != (int64_t)problem)
            continue;
        const struct entrant *entrant = &of->entrants[seat->entrant];
        map->entries[map->count++] = (struct heatmap_entry){
            .values = &entrant->values,
            .tried = outcome->count > 0,
            .sound = outcome->sound,
            .value = target >= 0 ? entrant_tuned(entrant, (size_t)target)
                                 : final_value(map, of, outcome),
        };
    }
    return true;
}

/* --- Of folds ------------------------------------------------------------------------------- */

void heatmap_of_folds(struct heatmap *map, const struct cross_validation *validation,
                      const char *data)
{
    map->unit = HEATMAP_LOSS;
    map->folds = true;
    snprintf(map->value, sizeof map->value, "mean held-out loss");
    map->entries = memory_allocate(validation->count + 1, sizeof *map->entries);
    for (size_t i = 0; i < validation->count; i++) {
        const struct validated *of = &validation->items[i];
        if (strcmp(of->first->trials[0].data, data) != 0)
            continue;
        map->entries[map->count++] = (struct heatmap_entry){
            .values = &of->values,
            .tried = validated_is_whole(of) || of->bad > 0,
            .sound = validated_is_whole(of),
            .value = fmax(of->means.heldout_loss.mean, least_shown),
        };
    }
}
