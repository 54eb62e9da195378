/* SPDX-License-Identifier: MIT
 *
 * The loss as a landscape over the two weights, with the paths that training takes down through it:
 * contours of the surface (report/plots/lesson/surface.h), the stronger the lower, and a line for
 * each solver. SGD wavers, as every sample pulls its own way; the batch goes straight down, across
 * the contours.
 */
#include "base/memory.h"
#include "report/plots/lesson/path.h"
#include "report/plots/lesson/projection.h"
#include "report/plots/lesson/surface.h"
#include "report/plots/palette.h"
#include "report/plots/plot.h"

enum { LEVELS = 14 };

/* Contours lie closer together near the bottom, where the landscape is flat. */
static double level_of(const struct surface *surface, int level)
{
    double share = ((double)level + 1.0) / (double)(LEVELS + 1);
    return surface->least + share * share * (surface->most - surface->least);
}

/* All that is to be seen lies in the range of the surface, with a margin. */
static void find_range(struct surface *surface, const struct plot_subject *subject)
{
    for (int k = 0; k < 2; k++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t p = 0; p < subject->path_count; p++)
            for (size_t i = 0; i < subject->paths[p].count; i++) {
                low = fmin(low, subject->paths[p].at[i][k]);
                high = fmax(high, subject->paths[p].at[i][k]);
            }
        if (subject->minimum != NULL) {
            low = fmin(low, subject->minimum[k]);
            high = fmax(high, subject->minimum[k]);
        }
        double margin = fmax(0.2 * (high - low), 0.1);
        surface->low[k] = low - margin;
        surface->high[k] = high + margin;
    }
}

static void write_grid(const struct surface *surface, struct picture *picture)
{
    FILE *script = picture->script;
    fprintf(script, "$grid << END\n");
    for (size_t row = 0; row < SURFACE_SIZE; row++) {
        for (size_t column = 0; column < SURFACE_SIZE; column++)
            fprintf(script, "%.9g %.9g %.9g\n", surface_place(surface, 0, column),
                    surface_place(surface, 1, row), surface->values[row][column]);
        fprintf(script, "\n");
    }
    fprintf(script, "END\nset contour base\nunset surface\nset cntrparam levels discrete ");
    for (int level = 0; level < LEVELS; level++)
        fprintf(script, "%s%.9g", level > 0 ? ", " : "", level_of(surface, level));
    fprintf(script, "\nset table $contours\nsplot $grid with lines\nunset table\nunset contour\n");
}

static void write_paths(const struct plot_subject *subject, struct picture *picture)
{
    for (size_t p = 0; p < subject->path_count; p++) {
        const struct path *path = &subject->paths[p];
        fprintf(picture->script, "$path%zu << END\n", p);
        for (size_t i = 0; i < path->count; i++)
            fprintf(picture->script, "%.6g %.6g\n", path->at[i][0], path->at[i][1]);
        fprintf(picture->script, "END\n");
    }
}

static void plot_contours(const struct surface *surface, struct picture *picture)
{
    const double near = 1e-3 * (surface->most - surface->least) / ((LEVELS + 1) * (LEVELS + 1));
    char tint[PROJECTION_TINT];
    fprintf(picture->script, "plot ");
    for (int level = 0; level < LEVELS; level++)
        fprintf(picture->script,
                "%s$contours using 1:(abs($3 - %.9g) < %.3g ? $2 : NaN) with lines linewidth 1.2 "
                "linecolor rgb '%s' notitle",
                level > 0 ? ", " : "", level_of(surface, level), near,
                projection_tint(palette_boundary, 0.65 - 0.5 * level / (LEVELS - 1), tint));
}

/* A path, and its end. */
static void plot_path(const struct path *path, size_t p, const struct plot_sheet *sheet,
                      struct picture *picture)
{
    struct ink ink = palette_ink(path->configuration.solver->name, p);
    char name[PLOT_NAME];
    fprintf(picture->script, ", $path%zu with lines linewidth 2 linecolor rgb '%s'", p, ink.colour);
    plot_sheet_entry(picture, sheet, plot_name(&path->configuration, name));
    fprintf(picture->script,
            ", '+' using (%.6g):(%.6g) every ::0::0 with points pointtype 7 pointsize 1 linecolor "
            "rgb '%s' notitle",
            path->last[0], path->last[1], ink.colour);
}

static void plot_mark(struct picture *picture, const struct plot_sheet *sheet,
                      const double at[static 2], int type, const char *title)
{
    fprintf(picture->script,
            ", '+' using (%.6g):(%.6g) every ::0::0 with points pointtype %d pointsize 1.4 "
            "linewidth 2 linecolor rgb '%s'",
            at[0], at[1], type, palette_boundary);
    plot_sheet_entry(picture, sheet, title);
}

static void set_axes(const struct surface *surface, const struct dataset *data,
                     const struct plot_sheet *sheet, struct picture *picture)
{
    for (int k = 0; k < 2; k++) {
        char number[DATASET_NAME], text[PROJECTION_TEXT + 32];
        snprintf(text, sizeof text, "w%d, the weight of %.80s%s", k + 1,
                 dataset_feature_name(data, (size_t)k, number),
                 data->scaling != NULL ? " (scaled)" : "");
        plot_sheet_label(picture, sheet, "xy"[k], text);
        fprintf(picture->script, "set %crange [%.9g:%.9g]\n", "xy"[k], surface -> low[k],
                surface -> high[k]);
    }
    fprintf(picture->script, "unset grid\nset samples 2\n");
}

static const char *const start_legend = "start", *const minimum_legend = "minimum";

/* A sheet that says what contours stand for, in the words of their ends. */
static void begin(const struct surface *surface, const struct plot_subject *subject,
                  struct plot_sheet *sheet, struct picture *picture)
{
    char title[512], note[128], name[PLOT_SET_TEXT], solver[PLOT_NAME];
    snprintf(title, sizeof title, "%s: %s over the two weights, at the best bias of each",
             plot_data_name(subject->data->name, name),
             subject->configuration->lambda > 0.0 ? "the objective F" : "the loss");
    snprintf(note, sizeof note, "contours from %.3g (strong) to %.3g (faint)", level_of(surface, 0),
             level_of(surface, LEVELS - 1));
    *sheet = (struct plot_sheet){.title = title,
                                 .panels = 1,
                                 .width = 720,
                                 .height = 540,

                                 .top = 12 + PLOT_LINE};
    sheet->left = plot_sheet_left(surface->low[1], surface->high[1]);
    for (size_t p = 0; p < subject->path_count; p++)
        plot_sheet_count(sheet, plot_name(&subject->paths[p].configuration, solver));
    plot_sheet_count(sheet, start_legend);
    if (subject->minimum != NULL)
        plot_sheet_count(sheet, minimum_legend);
    plot_sheet_begin(picture, sheet);
    plot_sheet_line(picture, sheet, 1, 0, note);
}

static bool is_finite(const struct plot_subject *subject, const struct surface *surface)
{
    bool finite = surface->finite;
    for (size_t p = 0; p < subject->path_count; p++)
        for (size_t i = 0; i < subject->paths[p].count; i++)
            finite = finite && isfinite(subject->paths[p].at[i][0]) &&
                     isfinite(subject->paths[p].at[i][1]);
    return finite;
}

static void draw_surface(const struct surface *surface, const struct plot_subject *subject,
                         struct picture *picture)
{
    struct plot_sheet sheet;
    begin(surface, subject, &sheet, picture);
    set_axes(surface, subject->data, &sheet, picture);
    write_grid(surface, picture);
    write_paths(subject, picture);
    plot_sheet_place(picture, &sheet, 0);
    plot_contours(surface, picture);
    for (size_t p = 0; p < subject->path_count; p++)
        plot_path(&subject->paths[p], p, &sheet, picture);
    plot_mark(picture, &sheet, subject->paths[0].at[0], 6, start_legend);
    if (subject->minimum != NULL)
        plot_mark(picture, &sheet, subject->minimum, 2, minimum_legend);
    fprintf(picture->script, "\n");
    plot_sheet_end(picture);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct surface *surface = memory_allocate(1, sizeof *surface);
    find_range(surface, subject);
    surface_fill(surface, subject->data, subject->configuration->lambda);
    bool finite = is_finite(subject, surface);
    if (finite)
        draw_surface(surface, subject, picture);
    else
        error_usage(error,
                    "%s: training diverged, and its path leaves all numbers; give a smaller --rate",
                    subject->data->name);
    memory_free(surface);
    return finite;
}

const struct plot_kind plot_surface = {
    .entry = {"surface",
              "DATA: the loss over two weights, and the paths of sgd and gd (or --solver)"},
    .uses = PLOT_DATA | PLOT_TRAINS | PLOT_PATHS,
    .draw = draw,
};
