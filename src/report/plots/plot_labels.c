/* SPDX-License-Identifier: MIT
 *
 * Each label in turn takes the nearest place that is free: right of its point rather than left, and
 * as little above or below as may be.
 */
#include "report/plots/plot_labels.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* In points of a screen: of a letter, of a line, of a point, from it to its label, a step up or
 * down, and how many of them a label may be moved. */
static const double letter = 6.2, line = 13.0, radius = 5.0, beside = 9.0, step = 3.0;
enum { STEPS = 10 };

static double width_of(const struct plot_label *label)
{
    return letter * (double)strlen(label->text);
}

static bool lie_on(const struct plot_label *a, const struct plot_label *b)
{
    return a->x < b->x + width_of(b) && b->x < a->x + width_of(a) && fabs(b->y - a->y) < line;
}

static bool covers(const struct plot_label *label, const struct plot_label *other)
{
    return label->x < other->point_x + radius &&
           other->point_x - radius < label->x + width_of(label) &&
           fabs(label->y - other->point_y) < line / 2.0 + radius;
}

/* May the label at `i` lie where it is, those before it having been placed? */
static bool is_free(const struct plot_label *labels, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++)
        if (covers(&labels[i], &labels[j]) ||
            (j < i && labels[j].text[0] != '\0' && lie_on(&labels[i], &labels[j])))
            return false;
    return true;
}

static void place(struct plot_label *labels, size_t count, size_t i)
{
    struct plot_label *label = &labels[i];
    for (int steps = 0; steps <= STEPS; steps++)
        for (int way = 0; way < 4; way++) { /* right and up, right and down, left and up, ... */
            label->x =
                way < 2 ? label->point_x + beside : label->point_x - beside - width_of(label);
            label->y = label->point_y + (way % 2 == 0 ? step : -step) * steps;
            if (is_free(labels, count, i))
                return;
        }
    label->text[0] = '\0';
}

void plot_labels_place(struct plot_label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        place(labels, count, i);
}

void plot_labels_set(struct picture *picture, const struct plot_label *labels, size_t count,
                     int width, int height)
{
    for (size_t i = 0; i < count; i++) {
        if (labels[i].text[0] == '\0')
            continue;
        fprintf(picture->script, "set label %zu ", i + 1);
        picture_text(picture, labels[i].text);
        fprintf(picture->script, " at screen %.4f,%.4f left front font ',9' textcolor rgb '%s'\n",
                labels[i].x / width, labels[i].y / height, labels[i].colour);
    }
}
