/* SPDX-License-Identifier: MIT
 *
 * The layout of a picture of one panel or several side by side: from the top down its title, one
 * legend for all panels, the panels, and notes. gnuplot would place each by what its own legend and
 * labels leave, over curves where there is no room; here every part has a place of its own, which
 * is known before anything is drawn.
 *
 *     struct plot_sheet sheet = {.title = title, .width = 720, .height = 400, .panels = 1, ...};
 *     plot_sheet_begin(picture, &sheet);
 *     plot_sheet_place(picture, &sheet, 0);
 *     fprintf(picture->script, "plot $side using 1:2 with lines");
 *     plot_sheet_entry(picture, &sheet, name);
 *     fprintf(picture->script, "\n");
 *     plot_sheet_end(picture);
 *
 * All lengths are in points of the sheet (report/plots/look.h). On a small one the axes come first:
 * notes are left out, the title has one line, names of the legend are shortened, and at last there
 * is no legend, until two fifths of the height are theirs.
 */
#ifndef DESCENT_REPORT_PLOTS_PLOT_SHEET_H
#define DESCENT_REPORT_PLOTS_PLOT_SHEET_H

#include "report/plots/gnuplot.h"

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_NOTES = 4 };

struct plot_sheet {
    const char *title;
    int panels;
    int width, height; /* of the panels and of what stands beside their axes, if it may choose */
    int left, right, top, bottom;  /* room beside the axes of a panel; 0: the usual */
    size_t counted, letters;       /* names of the legend, and letters of the longest */
    const char *notes[PLOT_NOTES]; /* NULL or "": none */
    int delay; /* of an animation, which has no plot_sheet_end(): hundredths of a
                * second a frame */
    /* Found by plot_sheet_arrange(): */
    struct picture_sheet all;
    size_t title_lines, note_count, note_lines;
    size_t entries, rows, shown; /* of the legend; letters of an entry */
    int above, below;            /* what is not the panels' */
};

/* The axes of a panel, from the lower left corner of the sheet. */
struct plot_box {
    double left, right, bottom, top;
};

/* Characters of a text, which is UTF-8. */
size_t plot_letters(const char *text);

/* Counts a name of the legend. */
void plot_sheet_count(struct plot_sheet *sheet, const char *name);

/* Finds the layout, which may be done again after entries were added. */
void plot_sheet_arrange(const struct picture *picture, struct plot_sheet *sheet);

/* Finds the layout; writes the size of the picture, its title, its notes and its looks. Title and
 * notes must last until then. */
void plot_sheet_begin(struct picture *picture, struct plot_sheet *sheet);

/* The room left of an axis of such a range, whose marks are gnuplot's own, for plot_sheet.left. */
int plot_sheet_left(double low, double high);

/* Before a panel is plotted, its place. The legend belongs to the first; the others have none. */
void plot_sheet_place(struct picture *picture, const struct plot_sheet *sheet, int panel);
struct plot_box plot_sheet_box(const struct plot_sheet *sheet, int panel);

/* The same for a part of the place of a panel; the first has title, legend and notes. */
void plot_sheet_place_in(struct picture *picture, const struct plot_sheet *sheet,
                         struct plot_box box, bool first);

/* Letters of the type of labels for which a width in points has room. */
size_t plot_sheet_letters(double width);

/* Sets label number `number`, shortened to the width of the sheet, on a line of its own above the
 * axes: `line` 0 is next to them. Such lines are made room for by `top`. */
enum { PLOT_LINE = 20 };
void plot_sheet_line(struct picture *picture, const struct plot_sheet *sheet, size_t number,
                     size_t line, const char *text);

/* " title 'NAME'", the name shortened in its middle where the legend has no room for it. */
void plot_sheet_entry(struct picture *picture, const struct plot_sheet *sheet, const char *name);

/* The label of an axis ('x' or 'y') of every panel, shortened where the axis is. */
void plot_sheet_label(struct picture *picture, const struct plot_sheet *sheet, char axis,
                      const char *text);
void plot_sheet_label_in(struct picture *picture, struct plot_box box, char axis, const char *text);

void plot_sheet_end(struct picture *picture);

/* Cuts the middle out of a text of more letters than these. Returns `text`, of `size` bytes. */
char *plot_shorten(const char *whole, size_t letters, char *text, size_t size);

/* The looks that all have: grid, border, the legend outside where it has many entries. */
void plot_set_looks(struct picture *picture, size_t entries);

#endif
