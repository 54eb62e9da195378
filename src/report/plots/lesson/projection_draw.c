/* SPDX-License-Identifier: MIT
 *
 * A plane as gnuplot is told to draw it: axes, points, boundaries and, behind them, probabilities.
 *
 * A model's probability is the same along every line parallel to its boundary, so the shading is
 * exact with few polygons: between the lines of p = 0.1, 0.2, ... 0.9, where z = log(p / (1 - p)).
 * Fainter inks are mixed with white here, for GIF knows no transparency.
 */
#include "report/plots/lesson/projection.h"
#include "report/plots/palette.h"

#include <math.h>
#include <stdlib.h>

/* --- Drawing ------------------------------------------------------------------------------- */

static int class_of(const struct dataset *data, size_t i)
{
    return data->y != NULL && data->y[i] > 0.5;
}

/* Every so many of the rows of a class. */
static void write_class(const struct projection *projection, struct picture *picture, int class)
{
    const struct dataset *data = projection->data;
    size_t count = 0, seen = 0;
    for (size_t i = 0; i < data->rows; i++)
        count += class_of(data, i) == class;
    size_t stride = (count + PROJECTION_POINTS - 1) / PROJECTION_POINTS;
    fprintf(picture->script, "$class%d << END\n", class);
    for (size_t i = 0; i < data->rows; i++) {
        double at[2];
        if (class_of(data, i) != class || seen++ % stride != 0)
            continue;
        projection_point(projection, i, at);
        fprintf(picture->script, "%.6g %.6g\n", at[0], at[1]);
    }
    if (count == 0)
        fprintf(picture->script, "NaN NaN\n");
    fprintf(picture->script, "END\n");
}

void projection_write(const struct projection *projection, struct picture *picture)
{
    FILE *script = picture->script;
    for (int k = 0; k < 2; k++) {
        char name[PROJECTION_TEXT + 64];
        snprintf(name, sizeof name, "%s", projection->names[k]);
        if (projection->reduced)
            snprintf(name, sizeof name, "c%d, principal component %d (%.3g %% of the variance)",
                     k + 1, k + 1, 100.0 * projection->components.shares[k]);
        fprintf(script, "set %clabel ", "xy"[k]);
        picture_text(picture, name);
        fprintf(script, "\nset %crange [%.9g:%.9g]\n", "xy"[k], projection -> low[k],
                projection -> high[k]);
    }
    fprintf(script, "set grid linecolor rgb '#e0e0e0' linetype 1\nset key outside bottom "
                    "center horizontal samplen 2\nset border 3\nset tics nomirror\nset samples 2\n"
                    "set bmargin 5\n"
                    "grain = GPVAL_TERM eq 'gif' ? 1.6 : 1.0\n"); /* which draws points small */
    for (int class = 0; class < 2; class ++)
        write_class(projection, picture, class);
}

void projection_plot(const struct projection *projection, struct picture *picture)
{
    const struct dataset *data = projection->data;
    double size = data->rows > 1000 ? 0.4 : 0.8;
    fprintf(picture->script, "plot ");
    for (int class = 0; class < 2 && (class == 0 || data->class_names[1] != NULL); class ++) {
        const char *name = data->y != NULL ? data->class_names[class] : "rows without a label";
        fprintf(
            picture->script,
            "%s$class%d with points pointtype %d pointsize %g * grain linecolor rgb '%s' title ",
            class > 0 ? ", " : "", class, class > 0 ? 9 : 7, size, palette_classes[class]);
        picture_text(picture, name);
    }
}

/* --- Labels -------------------------------------------------------------------------------- */

enum { ABOVE = 11 }; /* the first of the labels above the axes; those of the scale come before */

/* At a place relative to the axes; in the ink of texts, which other than titles has none of its
 * own. */
static void write_label(struct picture *picture, size_t number, const char *text, double x,
                        double y, const char *how)
{
    fprintf(picture->script, "set label %zu ", number);
    picture_text(picture, text);
    fprintf(picture->script, " at graph %g,%g %s textcolor rgb '#000000'\n", x, y, how);
}

void projection_write_above(const char *const *lines, size_t count, struct picture *picture)
{
    for (size_t i = 0; i < count; i++)
        write_label(picture, ABOVE + i, lines[i], 0.0, 1.03 + 0.06 * (double)(count - 1 - i),
                    "left");
    fprintf(picture->script, "set title offset 0,%g\nset tmargin %zu\n", 1.6 * (double)count,
            3 + 2 * count);
}

/* --- Boundaries ---------------------------------------------------------------------------- */

char *projection_tint(const char *colour, double share, char text[static PROJECTION_TINT])
{
    unsigned long ink = strtoul(colour + 1, NULL, 16), mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double part = 255.0 - share * (255.0 - (double)(ink >> shift & 0xff));
        mixed = mixed << 8 | (unsigned long)lround(part);
    }
    snprintf(text, PROJECTION_TINT, "#%06lx", mixed);
    return text;
}

void projection_plot_line(const struct projection *projection, const double line[static 3],
                          double share, struct picture *picture)
{
    double ends[4];
    char tint[PROJECTION_TINT];
    if (!projection_clip(projection, line, ends))
        return;
    fprintf(picture->script,
            ", '+' using (%.9g):(%.9g):(%.9g):(%.9g) every ::0::0 with vectors nohead linewidth %g "
            "linecolor rgb '%s' notitle",
            ends[0], ends[1], ends[2] - ends[0], ends[3] - ends[1], share < 1.0 ? 1.5 : 2.5,
            projection_tint(palette_boundary, share, tint));
}

void projection_write_boundary(const struct projection *projection, const double line[static 3],
                               struct picture *picture)
{
    double ends[4];
    char equation[PROJECTION_EQUATION], text[PROJECTION_EQUATION + 32];
    const char *const lines[] = {text};
    snprintf(text, sizeof text, "boundary%s: %s",
             projection_clip(projection, line, ends) ? "" : " (out of sight)",
             projection_equation(projection, line, equation));
    projection_write_above(lines, 1, picture);
}

void projection_plot_boundary(const struct projection *projection, const double line[static 3],
                              struct picture *picture)
{
    projection_plot_line(projection, line, 1.0, picture);
    fprintf(picture->script, ", NaN with lines linewidth 2.5 linecolor rgb '%s' title 'boundary'",
            palette_boundary);
}

/* --- Probabilities ------------------------------------------------------------------------- */

enum { BANDS = 10, CORNERS = 8 }; /* of the shading; of a rectangle that two lines cut */

struct polygon {
    size_t count;
    double at[CORNERS][2];
};

static double z_at(const double line[static 3], const double at[static 2])
{
    return line[0] + line[1] * at[0] + line[2] * at[1];
}

/* The part of it where sign (z - level) >= 0 (Sutherland and Hodgman). */
static struct polygon polygon_cut(const struct polygon *whole, const double line[static 3],
                                  double level, double sign)
{
    struct polygon part = {0};
    for (size_t i = 0; i < whole->count; i++) {
        const double *at = whole->at[i], *next = whole->at[(i + 1) % whole->count];
        double here = sign * (z_at(line, at) - level), there = sign * (z_at(line, next) - level);
        if (here >= 0.0) {
            part.at[part.count][0] = at[0];
            part.at[part.count++][1] = at[1];
        }
        if ((here >= 0.0) == (there >= 0.0))
            continue;
        double share = here / (here - there);
        for (int k = 0; k < 2; k++)
            part.at[part.count][k] = at[k] + share * (next[k] - at[k]);
        part.count++;
    }
    return part;
}

/* The colour of p between band / BANDS and the next: that of the class it speaks for. */
static const char *band_colour(int band, char tint[static PROJECTION_TINT])
{
    double p = ((double)band + 0.5) / (double)BANDS;
    return projection_tint(palette_classes[p > 0.5], 0.5 * fabs(2.0 * p - 1.0), tint);
}

static void write_band(const struct projection *projection, const double line[static 3], int band,
                       struct picture *picture)
{
    const double *low = projection->low, *high = projection->high;
    struct polygon area = {
        4, {{low[0], low[1]}, {high[0], low[1]}, {high[0], high[1]}, {low[0], high[1]}}};
    double from = (double)band / (double)BANDS, to = ((double)band + 1.0) / (double)BANDS;
    char tint[PROJECTION_TINT];
    if (band > 0)
        area = polygon_cut(&area, line, log(from / (1.0 - from)), 1.0);
    if (band + 1 < BANDS)
        area = polygon_cut(&area, line, log(to / (1.0 - to)), -1.0);
    if (area.count < 3)
        return;
    fprintf(picture->script, "set object %d polygon", band + 1);
    for (size_t i = 0; i <= area.count; i++)
        fprintf(picture->script, " %s %.6g,%.6g", i == 0 ? "from" : "to",
                area.at[i % area.count][0], area.at[i % area.count][1]);
    fprintf(picture->script, " behind fillstyle solid noborder fillcolor rgb '%s'\n",
            band_colour(band, tint));
}

/* A scale right of the axes: the colours from below to above, and what they stand for. */
static void write_scale(const struct projection *projection, struct picture *picture)
{
    FILE *script = picture->script;
    char tint[PROJECTION_TINT], text[PROJECTION_TEXT];
    for (int band = 0; band < BANDS; band++)
        fprintf(
            script,
            "set object %d rectangle from graph 1.03,%g to graph 1.06,%g behind noclip fillstyle "
            "solid noborder fillcolor rgb '%s'\n",
            BANDS + band + 1, (double)band / (double)BANDS, ((double)band + 1.0) / (double)BANDS,
            band_colour(band, tint));
    for (int mark = 0; mark <= 4; mark++) {
        snprintf(text, sizeof text, "%g", 0.25 * mark);
        write_label(picture, (size_t)mark + 1, text, 1.07, 0.25 * mark, "left");
    }
    const char *name = projection->data->class_names[1];
    snprintf(text, sizeof text, "probability of %.60s", name != NULL ? name : "class 1");
    write_label(picture, 6, text, 1.155, 0.5, "center rotate by 90");
    fprintf(script, "set rmargin 14\n");
}

void projection_shade(const struct projection *projection, const double line[static 3],
                      struct picture *picture)
{
    if (!isfinite(line[0]) || !isfinite(line[1]) || !isfinite(line[2]))
        return; /* of a model that diverged */
    for (int band = 0; band < BANDS; band++)
        write_band(projection, line, band, picture);
    write_scale(projection, picture);
}
