/* SPDX-License-Identifier: MIT
 *
 * Animations that stand still at their end: an .mp4 is made of PNG pictures by ffmpeg, a program
 * that runs as a child; of an animated GIF that gnuplot has made, the last frame is given its time.
 */
#ifndef DESCENT_REPORT_PLOTS_FILM_H
#define DESCENT_REPORT_PLOTS_FILM_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

/* Is ffmpeg there? An error names the package where it is not. */
bool film_can_be_made(struct error *error);

/* Makes a film of the pictures in `frames`, one after the other, each shown for `delay` hundredths
 * of a second and the last one for `pause`, and writes it to `output`, which is to be called
 * `name`.
 */
bool film_make(FILE *frames, int delay, int pause, FILE *output, const char *name,
               struct error *error);

/* Writes the animated GIF in `frames` to `output`, its last frame shown for `pause`. */
bool film_make_gif(FILE *frames, int pause, FILE *output, const char *name, struct error *error);

#endif
