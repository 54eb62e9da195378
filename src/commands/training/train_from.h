/* SPDX-License-Identifier: MIT
 *
 * train --from RESULTS: the best configuration of a sweep, trained again, so that its model can be
 * looked at and saved. A sweep keeps traces and final weights' digests; the same configuration on
 * the same data gives the same weights again.
 *
 * The best is the one with the least held-out loss where rows were held out, since that is what a
 * model is for; else the one with the least objective F. F of one lambda says nothing beside F of
 * another: where lambda differs and no rows were held out, it is to be chosen with --lambda. Of
 * several data sets it is the largest, unless --set names one. Numbers are medians over the repeats
 * of a configuration; none of which a trial diverged or failed is taken, and of equal ones the
 * first in the plan.
 */
#ifndef DESCENT_COMMANDS_TRAIN_FROM_H
#define DESCENT_COMMANDS_TRAIN_FROM_H

#include "base/digest.h"
#include "commands/parsing/command.h"
#include "commands/training/train_defaults.h"

#include <stdbool.h>

/* Where a configuration comes from. */
struct train_origin {
    char words[TRAIN_CHOICE]; /* which was taken, and by what */
    char digest[DIGEST_TEXT]; /* of what the sweep trained on; "": others are trained on */
    struct configuration of;  /* by which: without a fold those are not all rows */
};

/* Are these data others than the sweep's? */
bool train_from_changed(const struct train_origin *origin, const struct dataset *data);

/* Chooses for the results in the folder that --from names: sets arguments->configuration, in a copy
 * that is the caller's own, and the source, which is that of the sweep, or DATA prepared as it is
 * said there and, where that says nothing, in the sweep. On success clear it with source_clear().
 */
bool train_from(struct arguments *arguments, struct source *source, struct train_origin *origin,
                struct error *error);

#endif
