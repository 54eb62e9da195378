/* SPDX-License-Identifier: MIT
 *
 * Points and lines are projected here, so that those who draw know of no features.
 */
#include "report/plots/lesson/projection.h"

#include "base/memory.h"
#include "data/preparation/scaling.h"

#include <math.h>
#include <string.h>

/* A scaling by columns, which a plane of two features undoes. */
static const struct scaling *undone(const struct projection *projection)
{
    const struct scaling *scaling = projection->data->scaling;
    bool columns = !projection->reduced && scaling != NULL && scaling->factor != NULL;
    return columns ? scaling : NULL;
}

void projection_point(const struct projection *projection, size_t i, double at[static 2])
{
    const struct sample x = dataset_sample(projection->data, i);
    const struct scaling *scaling = undone(projection);
    const double *axes = projection->components.axes;
    at[0] = at[1] = 0.0;
    if (projection->reduced) {
        for (size_t k = 0; k < 2; k++)
            at[k] = sample_dot(&x, axes + k * projection->data->features) - projection->shift[k];
        return;
    }
    for (size_t t = 0; t < x.count; t++)
        at[sample_column(&x, t)] = sample_value(&x, t);
    for (size_t k = 0; k < 2 && scaling != NULL; k++)
        at[k] = at[k] * scaling->factor[k] + (scaling->offset != NULL ? scaling->offset[k] : 0.0);
}

static void find_range(struct projection *projection)
{
    for (int k = 0; k < 2; k++) {
        projection->low[k] = INFINITY;
        projection->high[k] = -INFINITY;
    }
    for (size_t i = 0; i < projection->data->rows; i++) {
        double at[2];
        projection_point(projection, i, at);
        for (int k = 0; k < 2; k++) {
            projection->low[k] = fmin(projection->low[k], at[k]);
            projection->high[k] = fmax(projection->high[k], at[k]);
        }
    }
    for (int k = 0; k < 2; k++) {
        double margin = 0.05 * (projection->high[k] - projection->low[k]);
        margin = margin > 0.0 ? margin : 1.0;
        projection->low[k] -= margin;
        projection->high[k] += margin;
    }
}

static void name_axes(struct projection *projection)
{
    const struct scaling *scaling = projection->data->scaling;
    for (size_t k = 0; k < 2; k++) {
        char number[DATASET_NAME];
        if (projection->reduced)
            snprintf(projection->names[k], PROJECTION_TEXT, "c%zu", k + 1);
        else
            snprintf(projection->names[k], PROJECTION_TEXT, "%s%s",
                     dataset_feature_name(projection->data, k, number),
                     scaling != NULL && scaling->factor == NULL ? " (scaled)" : "");
    }
}

static void reduce(struct projection *projection)
{
    projection->components = principal_components(projection->data);
    for (size_t k = 0; k < 2; k++)
        for (size_t f = 0; f < projection->data->features; f++)
            projection->shift[k] += projection->components.mean[f] *
                                    projection->components.axes[k * projection->data->features + f];
}

bool projection_create(struct projection *projection, const struct dataset *data,
                       struct error *error)
{
    *projection = (struct projection){.data = data, .reduced = data->features > 2};
    if (data->features < 2)
        return error_usage(error, "%s: one feature only, and points are drawn in a plane of two",
                           data->name);
    if (projection->reduced)
        reduce(projection);
    name_axes(projection);
    find_range(projection);
    return true;
}

void projection_clear(struct projection *projection)
{
    principal_clear(&projection->components);
    *projection = (struct projection){0};
}

/* --- Boundaries ---------------------------------------------------------------------------- */

void projection_line(const struct projection *projection, const double *w, double b,
                     double line[static 3])
{
    const struct scaling *scaling = undone(projection);
    size_t d = projection->data->features;
    if (!projection->reduced) {
        memcpy(line + 1, w, 2 * sizeof *w);
        line[0] = b;
        if (scaling != NULL)
            scaling_fold(scaling, w, b, line + 1, line);
        return;
    }
    memset(line, 0, 3 * sizeof *line);
    line[0] = b;
    for (size_t f = 0; f < d; f++) {
        line[0] += w[f] * projection->components.mean[f];
        line[1] += w[f] * projection->components.axes[f];
        line[2] += w[f] * projection->components.axes[d + f];
    }
}

/* Moves along the line p + t q from edge to edge of the box (Liang and Barsky). */
bool projection_clip(const struct projection *projection, const double line[static 3],
                     double ends[static 4])
{
    double square = line[1] * line[1] + line[2] * line[2];
    if (!(square > 0.0) || !isfinite(square) || !isfinite(line[0]))
        return false;
    const double p[2] = {-line[0] * line[1] / square, -line[0] * line[2] / square};
    const double q[2] = {-line[2], line[1]};
    double first = -INFINITY, last = INFINITY;
    for (int k = 0; k < 2; k++) {
        if (q[k] == 0.0) {
            if (p[k] < projection->low[k] || p[k] > projection->high[k])
                return false;
            continue;
        }
        double a = (projection->low[k] - p[k]) / q[k], c = (projection->high[k] - p[k]) / q[k];
        first = fmax(first, fmin(a, c));
        last = fmin(last, fmax(a, c));
    }
    for (int k = 0; k < 2; k++) {
        ends[k] = p[k] + first * q[k];
        ends[2 + k] = p[k] + last * q[k];
    }
    return first < last;
}

static void compose(const double line[static 3], const char *x, const char *y,
                    char text[static PROJECTION_EQUATION])
{
    snprintf(text, PROJECTION_EQUATION, "%.4g %s %c %.4g %s %c %.4g = 0", line[1], x,
             line[2] < 0.0 ? '-' : '+', fabs(line[2]), y, line[0] < 0.0 ? '-' : '+', fabs(line[0]));
}

/* Letters of the longer name, so that both together have no more than these; a few in any case. */
static size_t name_letters(size_t x, size_t y, size_t both)
{
    const size_t few = 3, half = both / 2, shorter = x < y ? x : y,
                 most = shorter < half ? both - shorter : half;
    return most > few ? most : few;
}

char *projection_equation(const struct projection *projection, const double line[static 3],
                          size_t letters, char text[static PROJECTION_EQUATION])
{
    char x[PROJECTION_TEXT], y[PROJECTION_TEXT];
    if (line[1] == 0.0 && line[2] == 0.0) {
        snprintf(text, PROJECTION_EQUATION, "none, both weights are zero");
        return text;
    }
    compose(line, projection->names[0], projection->names[1], text);
    size_t whole = plot_letters(text), first = plot_letters(projection->names[0]),
           second = plot_letters(projection->names[1]), rest = whole - first - second;
    if (whole <= letters)
        return text;
    size_t most = name_letters(first, second, letters > rest ? letters - rest : 0);
    compose(line, plot_shorten(projection->names[0], most, x, sizeof x),
            plot_shorten(projection->names[1], most, y, sizeof y), text);
    return text;
}
