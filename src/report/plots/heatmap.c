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
static bool axis_fill(struct heatmap_axis *axis, const struct problem *problem)
{
    for (size_t i = 0; i < problem->count; i++) {
        const struct configuration *values = &problem->entrants[i].values;
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
static int rank_of(const struct hyperparameter *row, const struct problem *problem)
{
    struct heatmap_axis axis = {.row = row};
    if (strcmp(row->entry.name, "rate") == 0)
        return HEATMAP_VALUES + 2;
    if (strcmp(row->entry.name, "batch") == 0)
        return HEATMAP_VALUES + 1;
    return axis_fill(&axis, problem) ? (int)axis.count : 0;
}

static const struct hyperparameter *axis_choose(const struct varying_columns *choices,
                                                const struct problem *problem,
                                                const struct hyperparameter *other)
{
    const struct hyperparameter *best = NULL;
    int highest = 0;
    for (size_t i = 0; i < choices->count; i++) {
        int rank = choices->rows[i] != other ? rank_of(choices->rows[i], problem) : 0;
        if (rank > highest) {
            highest = rank;
            best = choices->rows[i];
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

bool heatmap_find_axes(struct heatmap *map, const struct plot_subject *subject, struct error *error)
{
    const struct problem *problem = map->problem;
    if (!axis_find("x", subject->x, &map->x, error) || !axis_find("y", subject->y, &map->y, error))
        return false;
    const struct configuration **values = memory_allocate(problem->count, sizeof *values);
    for (size_t i = 0; i < problem->count; i++)
        values[i] = &problem->entrants[i].values;
    struct varying_columns *choices = varying_columns_among(values, problem->count);
    if (map->x.row == NULL)
        map->x.row = axis_choose(choices, problem, map->y.row);
    if (map->y.row == NULL)
        map->y.row = axis_choose(choices, problem, map->x.row);
    varying_columns_free(choices);
    memory_free(values);
    if (map->x.row == NULL || map->y.row == NULL || map->x.row == map->y.row)
        return error_usage(error, "a heat map needs two hyper-parameters that vary, and here %s",
                           map->x.row == NULL ? "none does"
                                              : "only one does; name two others "
                                                "with --x and --y");
    struct heatmap_axis *const axes[] = {&map->x, &map->y};
    for (int k = 0; k < 2; k++)
        if (!axis_fill(axes[k], problem) || axes[k]->count == 0)
            return error_usage(error, "%s has %s values here", axes[k]->row->entry.name,
                               axes[k]->count == 0 ? "no" : "too many");
    return true;
}

/* --- Cells ---------------------------------------------------------------------------------- */

static double final_value(const struct heatmap *map, const struct outcome *outcome)
{
    const struct problem *problem = map->problem;
    if (map->contenders->heldout)
        return fmax(ranking_value(outcome, &metric_heldout_loss), 1e-16);
    return problem->by_gap ? fmax(outcome->objective - problem->optimum.objective, 1e-16)
                           : outcome->objective;
}

static void add_outcome(struct heatmap *map, const struct outcome *outcome,
                        const struct entrant *entrant)
{
    const struct configuration *values = &entrant->values;
    if (outcome->count == 0 || !hyperparameter_applies(map->x.row, values) ||
        !hyperparameter_applies(map->y.row, values))
        return;
    struct heatmap_cell *cell =
        &map->cells[axis_place(&map->y, values) * map->x.count + axis_place(&map->x, values)];
    if (!cell->tried)
        *cell = (struct heatmap_cell){.tried = true, .lost = true, .value = INFINITY};
    if (!outcome->sound)
        return;
    double value =
        map->target >= 0 ? entrant_tuned(entrant, (size_t)map->target) : final_value(map, outcome);
    cell->lost = false;
    cell->value = fmin(cell->value, value); /* fmin() leaves out what was never timed (NaN) */
}

void heatmap_fill(struct heatmap *map)
{
    const struct contenders *contenders = map->contenders;
    const struct membership *seat = contenders->memberships;
    map->cells = memory_allocate(map->x.count * map->y.count, sizeof *map->cells);
    for (size_t s = 0; s < contenders->opened_count; s++)
        for (size_t i = 0; i < contenders->opened[s].results.count; i++, seat++)
            if (seat->problem >= 0 && &contenders->problems[seat->problem] == map->problem)
                add_outcome(map, &contenders->opened[s].results.outcomes[i],
                            &map->problem->entrants[seat->entrant]);
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        if (map->cells[c].tried)
            plot_widen(&map->range, map->cells[c].value);
}

bool heatmap_find_target(struct heatmap *map, const struct plot_subject *subject,
                         struct error *error)
{
    const struct problem *problem = map->problem;
    const char *value = subject->value != NULL ? subject->value : "gap";
    double wanted = NAN;
    map->target = -1;
    if (strcmp(value, "gap") != 0 && strcmp(value, "seconds") != 0)
        return error_usage(error, "--value: unknown value '%s'; known: gap, seconds", value);
    if (strcmp(value, "gap") == 0)
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
            map->target = (int)t;
    }
    if (map->target >= 0)
        return true;
    return subject->target != NULL
               ? error_usage(error, "--target: %s is no target here; 'descent compare' lists them",
                             subject->target)
               : error_usage(error, "no configuration that was timed alone comes to a target here");
}
