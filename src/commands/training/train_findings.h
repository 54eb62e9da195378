/* SPDX-License-Identifier: MIT
 *
 * What train finds of the model that it ends with, beside the trial itself: how good it is on the
 * rows trained on and held out, and its coefficients. And all of it as one JSON object.
 */
#ifndef DESCENT_COMMANDS_TRAIN_FINDINGS_H
#define DESCENT_COMMANDS_TRAIN_FINDINGS_H

#include "commands/training/coefficients.h"
#include "commands/training/quality.h"
#include "solvers/configuration.h"
#include "solvers/trial.h"
#include "store/model/model_file.h"

enum { TRAINED_ON, HELD_OUT, SIDES };

struct findings {
    struct quality quality[SIDES];
    struct coefficients coefficients; /* none where a weight is not finite */
};

/* `summaries` (d) of the features, or NULL: not known; class 1 is said above `threshold`; `most`
 * coefficients. Clear with findings_clear(). */
struct findings train_find(const struct dataset *data, const struct feature_summary *summaries,
                           const struct configuration *configuration, const struct trial *trial,
                           double threshold, size_t most);
void findings_clear(struct findings *findings);

void train_tell_findings(const struct dataset *data, const struct findings *findings);

/* Prints the trial, what was found and how it did in a cross-validation as one JSON object on a
 * line. `chosen`: in words what was
 * chosen where how to train was left open, or NULL. */
void train_print_json(const struct dataset *data, const struct configuration *configuration,
                      const struct trial *trial, const struct findings *findings,
                      const struct model_report *report, const char *chosen);

#endif
