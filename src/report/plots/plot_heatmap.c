/* SPDX-License-Identifier: MIT
 *
 * A map over two hyper-parameters: in each cell the best that any configuration with these two
 * values came to, whatever its others are: its final gap, or its seconds to a target. A cross marks
 * where all of them diverged or failed, a dot where none came to the target, and a cell that is
 * empty was not tried. Colours are those of the map "cividis", which rises in brightness alone.
 *
 * Reference: Nunez, Anderton and Renslow, "Optimizing colormaps with consideration for color vision
 * deficiency", PLOS ONE 2018.
 */
#include "base/memory.h"
#include "base/text.h"
#include "report/comparison/comparison.h"
#include "report/plots/plot.h"
#include "report/varying_columns.h"

#include <string.h>

enum { VALUES_MOST = 48, VALUES_TOLD = 12 };

/* The values of an axis, ascending, each as a configuration that has it. */
struct heatmap_axis {
    const struct hyperparameter *row;
    size_t count;
    const struct configuration *values[VALUES_MOST];
};

struct heatmap_cell {
    bool tried, lost; /* lost: all that were tried diverged or failed */
    double value;     /* the least; infinite: none */
};

struct map {
    const struct contenders *contenders;
    const struct problem *problem;
    int target; /* -1: the final gap */
    struct heatmap_axis x, y;
    struct heatmap_cell *cells; /* (y.count, x.count) */
    struct plot_range range;
};

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
        if (axis->count == VALUES_MOST)
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
        return VALUES_MOST + 2;
    if (strcmp(row->entry.name, "batch") == 0)
        return VALUES_MOST + 1;
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

static bool find_axes(struct map *map, const struct plot_subject *subject, struct error *error)
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

static double final_value(const struct problem *problem, const struct outcome *outcome)
{
    return problem->by_gap ? fmax(outcome->objective - problem->optimum.objective, 1e-16)
                           : outcome->objective;
}

static void add_outcome(struct map *map, const struct outcome *outcome,
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
    double value = map->target >= 0 ? entrant_tuned(entrant, (size_t)map->target)
                                    : final_value(map->problem, outcome);
    cell->lost = false;
    cell->value = fmin(cell->value, value); /* fmin() leaves out what was never timed (NaN) */
}

static void fill_cells(struct map *map)
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

/* The last target that any side reaches, or the one that is given. */
static bool find_target(struct map *map, const struct plot_subject *subject, struct error *error)
{
    const struct problem *problem = map->problem;
    const char *value = subject->value;
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

/* --- Drawing -------------------------------------------------------------------------------- */

static void set_tics(const struct heatmap_axis *axis, char letter, struct picture *picture)
{
    fprintf(picture->script, "set %clabel ", letter);
    picture_text(picture, axis->row->entry.name);
    fprintf(picture->script, "\nset %crange [-0.5:%zu.5]\nset %ctics %s (", letter, axis->count - 1,
            letter, letter == 'x' && axis->count > 8 ? "rotate by -45" : "");
    for (size_t i = 0; i < axis->count; i++) {
        char text[QUANTITY_TEXT];
        fprintf(picture->script, "%s", i > 0 ? ", " : "");
        picture_text(picture, quantity_hyperparameter(text, axis->row, axis->values[i]));
        fprintf(picture->script, " %zu", i);
    }
    fprintf(picture->script, ")\n");
}

/* What stands in a cell, and whether it is written dark on a bright colour. */
static void write_label(const struct map *map, const struct heatmap_cell *cell, size_t x, size_t y,
                        struct picture *picture)
{
    char text[QUANTITY_TEXT] = "x";
    bool told = map->x.count <= VALUES_TOLD && map->y.count <= 2 * VALUES_TOLD, bright = true;
    if (!cell->lost && !isfinite(cell->value)) {
        snprintf(text, sizeof text, ".");
    } else if (!cell->lost) {
        double span = log(map->range.high / map->range.low);
        bright = !(span > 0.0) || log(cell->value / map->range.low) > 0.5 * span;
        if (!told)
            return;
        if (map->target >= 0)
            quantity_seconds(text, cell->value);
        else
            quantity_gap(text, cell->value);
    }
    fprintf(picture->script, "set label ");
    picture_text(picture, text);
    fprintf(picture->script, " at %zu,%zu center front textcolor rgb '%s'\n", x, y,
            bright ? "#000000" : "#ffffff");
}

static void write_cells(const struct map *map, struct picture *picture)
{
    fprintf(picture->script, "$cells << END\n");
    for (size_t c = 0; c < map->x.count * map->y.count; c++) {
        const struct heatmap_cell *cell = &map->cells[c];
        if (cell->tried && !cell->lost && isfinite(cell->value))
            fprintf(picture->script, "%zu %zu %.6g\n", c % map->x.count, c / map->x.count,
                    cell->value);
    }
    fprintf(picture->script, "NaN NaN NaN\nEND\n$lost << END\n");
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        if (map->cells[c].tried && !isfinite(map->cells[c].value))
            fprintf(picture->script, "%zu %zu\n", c % map->x.count, c / map->x.count);
    fprintf(picture->script, "NaN NaN\nEND\n");
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        if (map->cells[c].tried)
            write_label(map, &map->cells[c], c % map->x.count, c / map->x.count, picture);
}

static void write_value(const struct map *map, char *text, size_t size)
{
    if (map->target < 0)
        snprintf(text, size, "%s", map->problem->by_gap ? "final gap F - F*" : "final objective F");
    else if (map->problem->by_gap)
        snprintf(text, size, "time to gap %.0e", map->problem->marks[map->target]);
    else
        snprintf(text, size, "time to %.4g %% of the way",
                 100.0 * map->problem->marks[map->target]);
}

static void draw_map(const struct map *map, const char *name, struct picture *picture)
{
    char value[64], title[PLOT_SET_TEXT + 160];
    struct plot_range range = map->range;
    int width = 68 * (int)map->x.count, height = 40 * (int)map->y.count;
    write_value(map, value, sizeof value);
    snprintf(title, sizeof title, "%s: %s, the best in each cell (x: diverged%s)", name, value,
             map->target >= 0 ? ", .: not reached" : "");
    picture_size(picture, plot_width(title, 220 + (width < 500 ? 500 : width)),
                 140 + (height < 260 ? 260 : height), 0);
    plot_set_text(picture, "title", title);
    fprintf(picture->script,
            "unset key\nset border 3\nset tics nomirror out\nset palette defined (0 '#00204d', 1 "
            "'#31446b', 2 '#666970', 3 '#958f78', 4 '#cab969', 5 '#ffea46')\n");
    if (!(range.low <= range.high))
        range = (struct plot_range){0.1, 1.0};
    if (!(range.high > range.low))
        range.high = 2.0 * range.low;
    fprintf(picture->script, "set logscale cb\nset cbrange [%.6g:%.6g]\nset format cb '%s'\n",
            range.low, range.high, map->target >= 0 ? "%.0s %cs" : "%.0e");
    set_tics(&map->x, 'x', picture);
    set_tics(&map->y, 'y', picture);
    write_cells(map, picture);
    fprintf(picture->script,
            "set style fill solid 1 noborder\nplot $lost using 1:2:(0.5):(0.5) with boxxyerror "
            "linecolor rgb '#dddddd', $cells using 1:2:(0.5):(0.5):3 with boxxyerror linecolor "
            "palette\n");
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct contenders contenders;
    struct map *map = memory_allocate(1, sizeof *map);
    char name[PLOT_SET_TEXT];
    bool done = contenders_create(&contenders, "family", subject->opened, 1, error);
    int p = done ? plot_choose_problem(&contenders, subject->set, name, error) : -1;
    if (p >= 0) {
        map->contenders = &contenders;
        map->problem = &contenders.problems[p];
        map->range = PLOT_EMPTY;
    }
    done = p >= 0 && find_target(map, subject, error) && find_axes(map, subject, error);
    if (done) {
        fill_cells(map);
        draw_map(map, name, picture);
    }
    memory_free(map->cells);
    memory_free(map);
    contenders_clear(&contenders);
    return done;
}

const struct plot_kind plot_heatmap = {
    .entry = {"heatmap", "RESULTS: final gap or time to target over two hyper-parameters"},
    .uses = PLOT_RESULTS | PLOT_AXES | PLOT_SET,
    .draw = draw,
};
