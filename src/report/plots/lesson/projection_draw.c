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
#include "report/plots/plot.h"

#include <math.h>
#include <stdlib.h>

static const char *const boundary_legend = "boundary", *const earlier_legend = "earlier boundaries";

/* Beside the axes, in points: the scale of probabilities, its marks, its name, and all of it. */
enum { SCALE_FROM = 14, SCALE_TO = 30, SCALE_MARKS = 36, SCALE_NAME = 84, SCALE_ROOM = 104 };
enum { EDGE = 14 }; /* between a line of text and the edge of the sheet */

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

/* How many classes have points, and what the legend calls them. */
static int count_classes(const struct dataset *data)
{
    return data->class_names[1] != NULL ? 2 : 1;
}

static const char *class_name(const struct dataset *data, int class)
{
    return data->y != NULL ? data->class_names[class] : "rows without a label";
}

static void write_axes(const struct projection *projection, const struct plot_sheet *sheet,
                       struct picture *picture)
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    const double height = box.top - box.bottom;
    for (int k = 0; k < 2; k++) {
        char name[PROJECTION_TEXT + 64];
        snprintf(name, sizeof name, "%s", projection->names[k]);
        if (projection->reduced)
            snprintf(name, sizeof name, "c%d, principal component %d (%.3g %% of the variance)",
                     k + 1, k + 1, 100.0 * projection->components.shares[k]);
        if (projection->reduced && k == 1 && plot_letters(name) > plot_sheet_letters(height))
            snprintf(name, sizeof name, "c%d (%.3g %%)", k + 1,
                     100.0 * projection->components.shares[k]);
        plot_sheet_label(picture, sheet, "xy"[k], name);
        fprintf(picture->script, "set %crange [%.9g:%.9g]\n", "xy"[k], projection -> low[k],
                projection -> high[k]);
    }
}

void projection_begin(const struct projection *projection, const struct projection_parts *parts,
                      struct plot_sheet *sheet, struct picture *picture)
{
    const struct dataset *data = projection->data;
    sheet->panels = 1;
    sheet->left = plot_sheet_left(projection->low[1], projection->high[1]);
    sheet->top = 12 + PLOT_LINE * (int)parts->lines;
    if (parts->probability)
        sheet->right = SCALE_ROOM;
    for (int class = 0; class < count_classes(data); class ++)
        plot_sheet_count(sheet, class_name(data, class));
    if (parts->boundary)
        plot_sheet_count(sheet, boundary_legend);
    if (parts->earlier)
        plot_sheet_count(sheet, earlier_legend);
    plot_sheet_begin(picture, sheet);
    write_axes(projection, sheet, picture);
    plot_sheet_place(picture, sheet, 0);
    fprintf(picture->script, "set samples 2\ngrain = GPVAL_TERM eq 'gif' ? 1.6 : 1.0\n");
    for (int class = 0; class < 2; class ++) /* a GIF draws points small */
        write_class(projection, picture, class);
}

void projection_plot(const struct projection *projection, const struct plot_sheet *sheet,
                     struct picture *picture)
{
    const struct dataset *data = projection->data;
    double size = data->rows > 1000 ? 0.4 : 0.8;
    fprintf(picture->script, "plot ");
    for (int class = 0; class < count_classes(data); class ++) {
        fprintf(picture->script,
                "%s$class%d with points pointtype %d pointsize %g * grain linecolor rgb '%s'",
                class > 0 ? ", " : "", class, class > 0 ? 9 : 7, size, palette_classes[class]);
        plot_sheet_entry(picture, sheet, class_name(data, class));
    }
}

/* --- Labels -------------------------------------------------------------------------------- */

enum { ABOVE = 11 }; /* the first of the labels above the axes; those of the scale come before */

size_t projection_letters(const struct plot_sheet *sheet)
{
    return plot_sheet_letters(sheet->all.width - 2.0 * (double)EDGE);
}

void projection_write_above(const char *const *lines, size_t count, const struct plot_sheet *sheet,
                            struct picture *picture)
{
    for (size_t i = 0; i < count; i++)
        plot_sheet_line(picture, sheet, ABOVE + i, count - 1 - i, lines[i]);
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
                               const struct plot_sheet *sheet, struct picture *picture)
{
    double ends[4];
    char equation[PROJECTION_EQUATION], text[PROJECTION_EQUATION + 32];
    const char *const lines[] = {text}, *before = projection_clip(projection, line, ends)
                                                      ? "boundary: "
                                                      : "boundary (out of sight): ";
    snprintf(text, sizeof text, "%s%s", before,
             projection_equation(projection, line, projection_letters(sheet) - plot_letters(before),
                                 equation));
    projection_write_above(lines, 1, sheet, picture);
}

void projection_plot_boundary(const struct projection *projection, const double line[static 3],
                              const struct plot_sheet *sheet, struct picture *picture)
{
    projection_plot_line(projection, line, 1.0, picture);
    fprintf(picture->script, ", NaN with lines linewidth 2.5 linecolor rgb '%s'", palette_boundary);
    plot_sheet_entry(picture, sheet, boundary_legend);
}

void projection_plot_earlier_entry(const struct plot_sheet *sheet, struct picture *picture)
{
    char tint[PROJECTION_TINT];
    fprintf(picture->script, ", NaN with lines linewidth 1.5 linecolor rgb '%s'",
            projection_tint(palette_boundary, 0.4, tint));
    plot_sheet_entry(picture, sheet, earlier_legend);
}

int projection_width(const struct projection *projection, const double line[static 3], int least)
{
    enum { MOST = 1000 };
    char equation[PROJECTION_EQUATION];
    int width = plot_width(projection_equation(projection, line, SIZE_MAX, equation), least);
    return width < MOST ? width : MOST;
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

/* A label right of the axes, so many points from them, at a share of their height. */
static void write_label(struct picture *picture, const struct plot_sheet *sheet, size_t number,
                        const char *text, double beside, double share, const char *how)
{
    const double right = plot_sheet_box(sheet, 0).right;
    fprintf(picture->script, "set label %zu ", number);
    picture_text(picture, text);
    fprintf(picture->script, " at screen %.5f, graph %g %s textcolor rgb '#000000'\n",
            (right + beside) / sheet->all.width, share, how);
}

static void write_scale_name(const struct projection *projection, const struct plot_sheet *sheet,
                             struct picture *picture)
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    const char *name = projection->data->class_names[1];
    char text[PROJECTION_TEXT], shown[PROJECTION_TEXT];
    snprintf(text, sizeof text, "probability of %.60s", name != NULL ? name : "class 1");
    plot_shorten(text, plot_sheet_letters(box.top - box.bottom + (double)EDGE), shown,
                 sizeof shown);
    write_label(picture, sheet, 6, shown, SCALE_NAME, 0.5, "center rotate by 90");
}

/* A scale right of the axes: the colours from below to above, and what they stand for. */
static void write_scale(const struct projection *projection, const struct plot_sheet *sheet,
                        struct picture *picture)
{
    const double right = plot_sheet_box(sheet, 0).right, width = sheet->all.width;
    char tint[PROJECTION_TINT], text[PROJECTION_TEXT];
    for (int band = 0; band < BANDS; band++)
        fprintf(picture->script,
                "set object %d rectangle from screen %.5f, graph %g to screen %.5f, graph %g "
                "behind noclip fillstyle solid noborder fillcolor rgb '%s'\n",
                BANDS + band + 1, (right + (double)SCALE_FROM) / width,
                (double)band / (double)BANDS, (right + (double)SCALE_TO) / width,
                ((double)band + 1.0) / (double)BANDS, band_colour(band, tint));
    for (int mark = 0; mark <= 4; mark++) {
        snprintf(text, sizeof text, "%g", 0.25 * mark);
        write_label(picture, sheet, (size_t)mark + 1, text, SCALE_MARKS, 0.25 * mark, "left");
    }
    write_scale_name(projection, sheet, picture);
}

void projection_shade(const struct projection *projection, const double line[static 3],
                      const struct plot_sheet *sheet, struct picture *picture)
{
    if (!isfinite(line[0]) || !isfinite(line[1]) || !isfinite(line[2]))
        return; /* of a model that diverged */
    for (int band = 0; band < BANDS; band++)
        write_band(projection, line, band, picture);
    write_scale(projection, sheet, picture);
}
