/* SPDX-License-Identifier: MIT
 *
 * A panel for each group of machines, for their times are not to be read off one axis. Across are
 * the runs in their order, at equal distances: what happened between two commits is not known.
 */
#include "history/history_plot.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/plots/plot.h"
#include "report/quantity.h"

#include <string.h>

enum { PANELS_MOST = 4, LABELS_MOST = 8, LABEL_ROWS = 4 };

/* How values of a panel are written on its axis. */
struct value_scale {
    double factor;
    const char *word;
};

static struct value_scale scale_of(const char *unit, double value)
{
    static const struct value_scale seconds[] = {{1.0, "s"}, {1e3, "ms"}, {1e6, "µs"}, {1e9, "ns"}};
    static const struct value_scale bytes[] = {
        {1.0 / 1073741824.0, "GiB"}, {1.0 / 1048576.0, "MiB"}, {1.0 / 1024.0, "KiB"}, {1.0, "B"}};
    const struct value_scale *scales = strcmp(unit, "s") == 0       ? seconds
                                       : strcmp(unit, "bytes") == 0 ? bytes
                                                                    : NULL;
    for (size_t i = 0; scales != NULL && i < 4; i++)
        if (i == 3 || scales[i].factor * value >= 1.0)
            return scales[i];
    return (struct value_scale){1.0, unit};
}

/* Level number `i` of a line, from the last back by the ratios of its changes. */
static double level_at(const struct history_line *line, size_t i)
{
    double level = line->changes.level;
    for (size_t c = line->changes.count; c-- > i;)
        level /= line->changes.points[c].ratio;
    return level;
}

static struct plot_range range_of(const struct history_line *line)
{
    struct plot_range range = PLOT_EMPTY;
    for (size_t i = 0; i < line->count; i++) {
        const struct history_value *point = line->points[i];
        plot_widen(&range, point->value);
        plot_widen(&range, isnan(point->low) ? point->value : point->low);
        plot_widen(&range, isnan(point->high) ? point->value : point->high);
    }
    const double margin = fmax(range.high - range.low, 0.02 * range.high);
    return (struct plot_range){fmax(range.low - 0.1 * margin, 0.0), range.high + 0.35 * margin};
}

static void write_data(const struct history_line *line, size_t panel, struct value_scale scale,
                       struct picture *picture)
{
    fprintf(picture->script, "$runs%zu << END\n", panel);
    for (size_t i = 0; i < line->count; i++) {
        const struct history_value *point = line->points[i];
        const double low = isnan(point->low) ? point->value : point->low;
        const double high = isnan(point->high) ? point->value : point->high;
        fprintf(picture->script, "%zu %.9g %.9g %.9g\n", i + 1, scale.factor * point->value,
                scale.factor * low, scale.factor * high);
    }
    fprintf(picture->script, "END\n$levels%zu << END\n", panel);
    for (size_t i = 0; i <= line->changes.count; i++) {
        const size_t from = i > 0 ? line->changes.points[i - 1].first : 0;
        const size_t to = i < line->changes.count ? line->changes.points[i].first : line->count;
        const double level = scale.factor * level_at(line, i);
        fprintf(picture->script, "%g %.9g\n%g %.9g\n\n", (double)from + 0.5, level,
                (double)to + 0.5, level);
    }
    fprintf(picture->script, "END\n");
}

/* A line at each change, and at the last of them the commit and what it changed. */
static void write_changes(const struct history_lines *lines, const struct history_line *line,
                          struct picture *picture)
{
    const char *unit = line_series(lines, line)->unit;
    for (size_t i = 0; i < line->changes.count; i++) {
        const struct change_point *point = &line->changes.points[i];
        const double x = (double)point->first + 0.5;
        char change[LINE_VALUE], commit[32], text[128];
        fprintf(picture->script,
                "set arrow %zu from first %g,graph 0 to first %g,graph 1 nohead linecolor rgb '%s' "
                "dashtype 3\n",
                i + 1, x, x, palette_note);
        if (i + LABELS_MOST < line->changes.count)
            continue;
        const bool right = point->first > line->count / 2;
        snprintf(text, sizeof text, "%s: %s",
                 plot_shorten(text_shown(line_commit(lines, line, point->first)), 12, commit,
                              sizeof commit),
                 line_change(change, point->ratio, unit));
        fprintf(picture->script, "set label %zu ", i % LABELS_MOST + 1);
        picture_text(picture, text);
        fprintf(picture->script,
                " at first %g,graph %g %s offset character %d,0 textcolor rgb '%s'\n", x,
                0.96 - 0.06 * (double)(i % LABEL_ROWS), right ? "right" : "left", right ? -1 : 1,
                palette_note);
    }
}

static void draw_panel(const struct history_lines *lines, const struct plot_sheet *sheet,
                       size_t panel, struct picture *picture)
{
    const struct history_line *line = &lines->list[panel];
    const struct value_scale scale = scale_of(line_series(lines, line)->unit, line->changes.level);
    const struct plot_range range = range_of(line);
    char label[128];
    write_data(line, panel, scale, picture);
    plot_sheet_place(picture, sheet, (int)panel);
    fprintf(picture->script, "unset arrow\nset xrange [0:%zu]\nset yrange [%.9g:%.9g]\n",
            line->count + 1, scale.factor * range.low, scale.factor * range.high);
    fprintf(picture->script, "set xtics %s\n", line->count < 10 ? "1" : "autofreq");
    snprintf(label, sizeof label, lines->count > 1 ? "run on machine %zu" : "run", line->group + 1);
    plot_sheet_label(picture, sheet, 'x', label);
    plot_sheet_label(picture, sheet, 'y', scale.word);
    write_changes(lines, line, picture);
    fprintf(picture->script, "plot $levels%zu using 1:2 with lines linewidth 3", panel);
    plot_ink(picture, palette_ink("level", 1));
    plot_sheet_entry(picture, sheet, "level");
    fprintf(picture->script, ", $runs%zu using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.5",
            panel);
    plot_ink(picture, (struct ink){palette_ink("run", 0).colour, 1});
    plot_sheet_entry(picture, sheet, "run, 95 % interval");
    fprintf(picture->script, "\n");
    for (size_t i = 1; i <= LABELS_MOST; i++) /* those of the sheet stay */
        fprintf(picture->script, "unset label %zu\n", i);
}

static bool check_lines(const struct history_lines *lines, struct error *error)
{
    const struct history_line *first = &lines->list[0];
    for (size_t i = 1; i < lines->count; i++)
        if (lines->list[i].series != first->series)
            return error_usage(error,
                               "a picture shows one series, and there are several; choose one with "
                               "--series, by a text that only its name has: '%s' or '%s'",
                               text_shown(line_series(lines, first)->name),
                               text_shown(line_series(lines, &lines->list[i])->name));
    return lines->count <= PANELS_MOST ||
           error_usage(error,
                       "this series is of %zu machines whose times are not comparable, and a "
                       "picture has room for %d; keep a history for each",
                       lines->count, PANELS_MOST);
}

bool history_draw(const struct history_lines *lines, struct picture *picture, struct error *error)
{
    if (!check_lines(lines, error))
        return false;
    char *differences = comparability_differences(lines->groups.keys, lines->groups.count);
    struct plot_sheet sheet = {.title = text_shown(line_series(lines, &lines->list[0])->name),
                               .panels = (int)lines->count,
                               .width = 760 * (int)lines->count,
                               .height = 380,
                               .left = 90,
                               .notes = {lines->count > 1 ? differences : "",
                                         "Dotted: a change, and the commit that it begins with."}};
    plot_sheet_count(&sheet, "level");
    plot_sheet_count(&sheet, "run, 95 % interval");
    plot_sheet_begin(picture, &sheet);
    for (size_t panel = 0; panel < lines->count; panel++)
        draw_panel(lines, &sheet, panel, picture);
    plot_sheet_end(picture);
    memory_free(differences);
    return true;
}
