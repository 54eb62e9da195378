/* SPDX-License-Identifier: MIT
 *
 * A film of a training run: the boundary at each recorded epoch, as a line in a plane. It observes
 * the run (solvers/training.h), keeps three numbers an epoch, and never more than a few hundred
 * epochs: when it is full, every other frame is dropped and from then on every other epoch is left
 * out. The first and the last epoch are always there.
 */
#ifndef DESCENT_REPORT_PLOTS_ANIMATION_H
#define DESCENT_REPORT_PLOTS_ANIMATION_H

#include "report/plots/projection.h"
#include "solvers/training.h"

enum { FILM_SHOWN = 100 }; /* frames of an animation at most */

struct frame {
    int64_t epoch;
    double loss, accuracy;
    double line[3]; /* the boundary: plane_line() */
};

struct film {
    struct plane plane;
    double *w; /* (d) workspace */
    size_t count, capacity;
    struct frame *frames; /* (count), ascending epochs */
    size_t stride;        /* points that were seen for each that is kept */
    size_t seen;
    struct frame last;
};

/* A film without frames, of training on these data. Clear with film_clear() in any case. */
bool film_create(struct film *film, const struct dataset *data, struct error *error);
void film_clear(struct film *film);

/* For training_hooks.observe, with the film as context, of one model. */
void film_observe(void *film, const struct observation *seen);

/* Adds the last epoch, if it was left out. */
void film_end(struct film *film);

/* Writes the script of the picture of the boundary after training, the earlier ones fainter; and of
 * an animation, a frame per epoch, FILM_SHOWN at most. */
void film_still(const struct film *film, struct picture *picture);
void film_animate(const struct film *film, struct picture *picture);

#endif
