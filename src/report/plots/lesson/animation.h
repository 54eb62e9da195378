/* SPDX-License-Identifier: MIT
 *
 * An animation of a training run: the boundary at each recorded epoch, as a line in a projection.
 * It observes the run (solvers/training/training.h), keeps three numbers an epoch, and never more
 * than a few hundred epochs: when it is full, every other frame is dropped and from then on every
 * other epoch is left out. The first and the last epoch are always there.
 */
#ifndef DESCENT_REPORT_PLOTS_LESSON_ANIMATION_H
#define DESCENT_REPORT_PLOTS_LESSON_ANIMATION_H

#include "report/plots/lesson/projection.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"

enum { ANIMATION_SHOWN = 100 }; /* epochs that an animation shows at most */
enum { ANIMATION_PAUSE = 200 }; /* hundredths of a second that the last one stands */

struct frame {
    int64_t epoch;
    double loss, accuracy;
    double line[3]; /* the boundary: projection_line() */
};

struct animation {
    struct projection projection;
    bool minimises; /* the loss, which is worth telling then */
    double *w;      /* (d) workspace */
    size_t count;
    struct frame *frames; /* (count), ascending epochs */
    size_t stride;        /* points that were seen for each that is kept */
    size_t seen;
    struct frame last;
};

/* An animation without frames, of training on these data with this solver. Clear with
 * animation_clear() in any case. */
bool animation_create(struct animation *animation, const struct dataset *data,
                      const struct solver *solver, struct error *error);
void animation_clear(struct animation *animation);

/* For training_hooks.observe, with the animation as context, of one model. */
void animation_observe(void *animation, const struct observation *seen);

/* Adds the last epoch, if it was left out. */
void animation_end(struct animation *animation);

/* Writes the script of the picture of the boundary after training, the earlier ones fainter or, in
 * place of them, what is probable where; and of an animation, a frame per epoch, ANIMATION_SHOWN at
 * most, the last one standing still for a while. */
void animation_still(const struct animation *animation, bool probability, struct picture *picture);
void animation_animate(const struct animation *animation, struct picture *picture);

#endif
