/* SPDX-License-Identifier: MIT
 *
 * Pictures, drawn by gnuplot, a program that runs as a child: it reads a script and writes a
 * picture, in the format that the ending of the file names. The file is there whole or not at all
 * (base/system/output.h).
 *
 *     if (!picture_open(&picture, "gap.svg", false, error))
 *         return false;
 *     picture_size(&picture, 900, 400, 0);
 *     fprintf(picture.script, "plot sin(x) title ");
 *     picture_text(&picture, name);
 *     fprintf(picture.script, "\n");
 *     return picture_draw(&picture, error);
 *
 * An animation is a sequence of plots; an .mp4 of it is made by another child (film.h).
 *
 * Text is never interpreted: what comes from files goes through picture_text(), into quotes in
 * which gnuplot looks for nothing but their end, and markup of text is off in every format. No
 * shell is between the programs, and no name of a file is in the script.
 *
 * Colours in the script, each as rgb '#rrggbb' or, with transparency, rgb '#aarrggbb', are those of
 * ink on white. Where the look (report/plots/look.h) has a dark paper, or the format knows no
 * transparency, they are changed on their way to gnuplot, so that a kind of picture is drawn once
 * for all themes. The names 'black' and 'white' stay what they are: of text upon a colour.
 */
#ifndef DESCENT_REPORT_PLOTS_GNUPLOT_H
#define DESCENT_REPORT_PLOTS_GNUPLOT_H

#include "base/system/output.h"
#include "base/table.h"
#include "report/plots/look.h"

#include <stdbool.h>
#include <stdio.h>

struct picture_format;

extern const struct table picture_format_table; /* png, svg, pdf, gif, mp4 */

struct picture {
    FILE *script; /* to be written to */
    const struct picture_format *format;
    struct output output;
    int delay;        /* of an animation: hundredths of a second a frame, ... */
    int pause;        /* ... and of the last one; 0: like the others */
    struct look look; /* look_usual(), until the caller sets another */
};

/* The format that a path ends in; NULL, with an error that names them all, when there is none. */
const struct entry *picture_format_of(const char *path, struct error *error);

/* The same for a picture that moves, or does not; NULL also where the format is for others. */
const struct entry *picture_format_for(const char *path, bool moving, struct error *error);

/* Makes sure that gnuplot runs and that the file may be written, before anything is computed for
 * it. An existing file is an error unless `replace`. */
bool picture_open(struct picture *picture, const char *path, bool replace, struct error *error);

/* A sheet, in points of a screen. */
struct picture_sheet {
    int width, height;
};

/* The sheet of a picture that would have this one by itself: that of its look, if that has one. */
struct picture_sheet picture_sheet_of(const struct picture *picture, int width, int height);

/* Writes what every script begins with, for the sheet of that picture. `delay`, where it is not 0,
 * makes an animation, with so many hundredths of a second a frame. */
void picture_size(struct picture *picture, int width, int height, int delay);

/* Writes " font ',9'", for type so many points of the sheet high. */
void picture_font(struct picture *picture, double points);

/* 'black' or 'white', for text on a colour of the script that is easy to read in this look. A
 * colour of a scale (palette_shade()) is the same in all looks. */
const char *picture_text_on(const struct picture *picture, const char *colour);
const char *picture_text_on_shade(double share);

/* Writes a text in quotes. What cannot be shown (control characters, bytes that are not UTF-8)
 * becomes "?". */
void picture_text(struct picture *picture, const char *text);

/* Has the script drawn; closes the picture in any case. When gnuplot fails, the error has its
 * words. */
bool picture_draw(struct picture *picture, struct error *error);

/* Closes it, and nothing is left. */
void picture_discard(struct picture *picture);

#endif
