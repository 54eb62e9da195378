/* SPDX-License-Identifier: MIT
 *
 * Each label in turn takes the nearest place that is free: right of its point rather than left, and
 * as little above or below as may be.
 */
#include "report/plots/plot_labels.h"

#include "base/memory.h"

#include <math.h>

enum { TYPE = 12 };

/* In points of the sheet: of a letter, of a line, of a small point, from a point to its label, a
 * step up or down, and how far a label may be moved where there are no obstacles. */
static const double letter = 0.6 * (double)TYPE, line = 15.0, small = 5.0, beside = 4.0, step = 3.0,
                    near = 30.0;

static double width_of(const struct plot_label *label)
{
    return letter * (double)plot_letters(label->text);
}

static double radius_of(const struct plot_label *label)
{
    return label->radius > 0.0 ? label->radius : small;
}

static bool lie_on(const struct plot_label *a, const struct plot_label *b)
{
    return a->x < b->x + width_of(b) && b->x < a->x + width_of(a) && fabs(b->y - a->y) < line;
}

static bool covers(const struct plot_label *label, double x, double y, double size)
{
    return label->x < x + size && x - size < label->x + width_of(label) &&
           fabs(label->y - y) < line / 2.0 + size;
}

static bool is_clear(const struct plot_label *label, const struct plot_obstacles *obstacles)
{
    const double away = 2.0;
    const struct plot_box *within = &obstacles->within;
    if (label->x < within->left || label->x + width_of(label) > within->right ||
        label->y - line / 2.0 < within->bottom || label->y + line / 2.0 > within->top)
        return false;
    for (size_t i = 0; i < obstacles->count; i++)
        if (covers(label, obstacles->points[i][0], obstacles->points[i][1], away))
            return false;
    return true;
}

/* May the label at `i` lie where it is, those before it having been placed? */
static bool is_free(const struct plot_label *labels, size_t count, size_t i,
                    const struct plot_obstacles *obstacles)
{
    for (size_t j = 0; j < count; j++)
        if (covers(&labels[i], labels[j].point_x, labels[j].point_y, radius_of(&labels[j])) ||
            (j < i && labels[j].text[0] != '\0' && lie_on(&labels[i], &labels[j])))
            return false;
    return obstacles == NULL || is_clear(&labels[i], obstacles);
}

bool plot_label_place(struct plot_label *labels, size_t count, size_t i,
                      const struct plot_obstacles *obstacles)
{
    struct plot_label *label = &labels[i];
    const double reach = obstacles != NULL ? obstacles->reach : near,
                 aside = radius_of(label) + beside;
    for (int steps = 0; steps * step <= reach; steps++)
        for (int way = 0; way < 4; way++) { /* right and up, right and down, left and up, ... */
            const double away = steps * step;
            label->x = way < 2 ? label->point_x + aside : label->point_x - aside - width_of(label);
            label->y = label->point_y + (way % 2 == 0 ? away : -away);
            if (is_free(labels, count, i, obstacles))
                return true;
        }
    return false;
}

void plot_labels_place(struct plot_label *labels, size_t count,
                       const struct plot_obstacles *obstacles)
{
    for (size_t i = 0; i < count; i++)
        if (!plot_label_place(labels, count, i, obstacles) &&
            (obstacles == NULL || !plot_label_place(labels, count, i, NULL)))
            labels[i].text[0] = '\0';
}

void plot_labels_set(struct picture *picture, const struct plot_label *labels, size_t count,
                     struct picture_sheet sheet)
{
    for (size_t i = 0; i < count; i++) {
        if (labels[i].text[0] == '\0')
            continue;
        fprintf(picture->script, "set label %zu ", i + 1);
        picture_text(picture, labels[i].text);
        fprintf(picture->script, " at screen %.5f,%.5f left front textcolor rgb '%s'",
                labels[i].x / sheet.width, labels[i].y / sheet.height, labels[i].colour);
        picture_font(picture, TYPE);
        fprintf(picture->script, "\n");
    }
}

/* --- Obstacles ------------------------------------------------------------------------------- */

void plot_obstacles_add(struct plot_obstacles *obstacles, double x0, double y0, double x1,
                        double y1)
{
    const double apart = 4.0;
    size_t steps = (size_t)(hypot(x1 - x0, y1 - y0) / apart) + 1;
    for (size_t i = 0; i <= steps; i++) {
        double part = (double)i / (double)steps;
        obstacles->points = memory_grow(obstacles->points, &obstacles->capacity,
                                        obstacles->count + 1, sizeof *obstacles->points);
        obstacles->points[obstacles->count][0] = x0 + part * (x1 - x0);
        obstacles->points[obstacles->count++][1] = y0 + part * (y1 - y0);
    }
}

void plot_obstacles_clear(struct plot_obstacles *obstacles)
{
    memory_free(obstacles->points);
    *obstacles = (struct plot_obstacles){0};
}
