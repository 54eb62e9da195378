/* SPDX-License-Identifier: MIT
 *
 * How a picture looks, whatever it shows: its size, its type, its title, and a theme.
 *
 * Pictures are laid out in points of a screen in which type is LOOK_TYPE high. Larger type is the
 * same layout on a smaller sheet that is then enlarged: letters, lines, points and the room between
 * them grow together, and nothing that fits on the sheet runs into another. So a kind of picture
 * knows of a sheet and never of a font.
 */
#ifndef DESCENT_REPORT_PLOTS_LOOK_H
#define DESCENT_REPORT_PLOTS_LOOK_H

#include "base/table.h"

#include <stdbool.h>

#define LOOK_TYPE 13.0 /* points of a screen: the height of type that is not enlarged */

struct theme {
    struct entry entry;
    bool dark;         /* light ink on dark paper */
    int width, height; /* of a picture, where none is asked for; 0: as the kind has it */
    double zoom;       /* of type and all else */
    double lines;      /* of the width of lines, beyond that */
};

extern const struct table theme_table; /* light, dark, slide */

enum { LOOK_FONT = 64 };
struct look {
    const struct theme *theme;
    int width, height;    /* in points of a screen; 0: as the kind has it */
    char font[LOOK_FONT]; /* "": that of the format */
    double type;          /* its height, in points of a screen */
    const char *title;    /* NULL: the kind's */
};

/* The light theme, in which nothing is asked for. */
struct look look_usual(void);

/* What is asked for: of an option that was not given, NULL. `size` is "WIDTHxHEIGHT", `font` is
 * "NAME", "NAME,SIZE" or ",SIZE", `theme` the name of one. An error tells what is wrong. */
struct look_options {
    const char *size, *font, *title, *theme;
};
bool look_read(const struct look_options *options, struct look *look, struct error *error);

/* How many times larger all is than on the sheet. */
double look_zoom(const struct look *look);

#endif
