/* SPDX-License-Identifier: MIT
 *
 * What a plain `descent train DATA` does. Where nothing is said of how to train, an answer is
 * wanted, not a lesson: Newton's method, whose steps are the same whatever the units of columns
 * are, until F is within 1e-6 of its optimum F*, which is known with proof (optimum.h).
 *
 * Without regularisation there may be none. Where the data are separable, F falls for ever; where
 * they are so completely, towards 0, and F <= 1e-6 is the same distance from that. Elsewhere the
 * limit of epochs ends it, after which F falls by less than a user can see. Both are said, with the
 * lambda that helps. For data so large that a Hessian, and looking for F*, would take minutes, it
 * is L-BFGS and a limit of epochs.
 *
 * The solver's own default, gd with a rate of 0.1, stays that of every sweep, and of train as soon
 * as anything is said of how: a solver, a rate, a limit, the first weights, an animation.
 */
#ifndef DESCENT_COMMANDS_TRAIN_DEFAULTS_H
#define DESCENT_COMMANDS_TRAIN_DEFAULTS_H

#include "commands/training/training_command.h"
#include "data/sources/describe.h"

#include <stdbool.h>
#include <stddef.h>

/* Is nothing said of how to train? What the problem is (lambda) and what its answer does not depend
 * on (seed, threads, ranks) may be. */
bool train_is_plain(const struct arguments *arguments);

/* Chooses solver and limits for these data, in `arguments`, a copy that is the caller's own, and
 * writes to `words` what was chosen and why. Checks as arguments_check_training() does; *optimum is
 * what is known. */
enum { TRAIN_CHOICE = 768 };
bool train_choose(struct arguments *arguments, const struct dataset *data, struct optimum *optimum,
                  char words[static TRAIN_CHOICE], struct error *error);

/* Prints these words as lines. */
void train_tell_choice(const char *words);

/* The summaries of all features, where a look at all values is cheap; NULL elsewhere. Free with
 * memory_free(). */
struct feature_summary *train_look(const struct dataset *data);

/* Says on stderr, before training, that the scales of columns are far apart, and what to add; where
 * they were not scaled. `summaries`: NULL, they are not known. */
void train_tell_scales(const struct dataset *data, const struct feature_summary *summaries);

#endif
