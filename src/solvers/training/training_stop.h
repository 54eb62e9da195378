/* SPDX-License-Identifier: MIT
 *
 * When a training run is asked to stop. Ranks must end in the same epoch: who wants to stop, and
 * how long rank 0 has trained, travels with the sums of the passes that follow. All of this is
 * asked in every epoch, which may take less than a microsecond, and is inlined.
 */
#ifndef DESCENT_SOLVERS_TRAINING_STOP_H
#define DESCENT_SOLVERS_TRAINING_STOP_H

#include "solvers/training/training_run.h"

enum { NOTE_STOP, NOTE_SECONDS }; /* of struct agreement */

/* By this rank. */
static inline bool stop_is_wanted(const struct training *training)
{
    return training->stopped || training->keeping.over ||
           (training->hooks->interrupt != NULL && *training->hooks->interrupt != 0);
}

/* What this rank has to say, with the sums of the pass that follows. */
static inline void stop_tell_ranks(struct training *training)
{
    double *said = training->agreement.said;
    said[NOTE_STOP] = stop_is_wanted(training);
    said[NOTE_SECONDS] = ranks_index(training->data->ranks) == 0 ? training->own_seconds : 0.0;
}

/* The same for all ranks, in the same epoch. */
static inline bool stop_is_agreed(const struct training *training)
{
    if (training->data->ranks != NULL)
        return training->agreement.heard[NOTE_STOP] > 0.0;
    return stop_is_wanted(training);
}

/* Is there a place for snapshots? */
static inline bool stop_can_pause(const struct training *training)
{
    return training->hooks->paused != NULL || training->hooks->keeper != NULL;
}

/* What can be paused needs no last point. */
static inline bool stop_ends(const struct training *training)
{
    return !stop_can_pause(training) && stop_is_agreed(training);
}

/* Are the models that still train to be paused after this epoch? */
static inline bool stop_pauses(const struct training *training)
{
    const struct training_hooks *hooks = training->hooks;
    return (hooks->pause > 0 && training->epoch == hooks->pause) ||
           (stop_can_pause(training) && stop_is_agreed(training));
}

/* That it has been trained, the same on all ranks. */
static inline double stop_seconds(const struct training *training)
{
    if (training->data->ranks != NULL)
        return training->agreement.heard[NOTE_SECONDS];
    return training->own_seconds;
}

#endif
