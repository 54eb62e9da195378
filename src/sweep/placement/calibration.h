/* SPDX-License-Identifier: MIT
 *
 * Calibration: passes of each kind (candidates.h) are really trained for a short while, with the
 * threads of a placement and beside as many of their like, so that what they cost each other is
 * seen and not supposed. From the pace come the seconds of a whole pass:
 *
 *     setup + sum over its models of (epochs x step + points of the trace x point)
 *
 * Passes take turns in rounds, of which the median counts, and each round takes another example of
 * a kind, where there are several. How many epochs a model will have is not known beforehand; what
 * ends early while it is watched is taken for what others do as well.
 */
#ifndef DESCENT_SWEEP_PLACEMENT_CALIBRATION_H
#define DESCENT_SWEEP_PLACEMENT_CALIBRATION_H

#include "sweep/placement/candidates.h"

/* Seconds, and the share of the epochs allowed that models are trained for. */
struct pace {
    double setup; /* of a pass, before and after it trains; with its warm-up where it is alone */
    double step;  /* an epoch of one model */
    double point; /* evaluating and recording one */
    double share;
};

/* One kind under one placement. */
struct piece {
    size_t kind;
    int threads, side_by_side;
    struct pace pace;
};

/* What recording a trial of a data set takes, with so many passes side by side that want to. */
struct recording_time {
    size_t source;
    int side_by_side;
    double seconds;
};

struct calibration {
    struct candidates *candidates;
    size_t count, capacity;
    struct piece *pieces;          /* (count) */
    struct smoothness *smoothness; /* (data sets) */
    const double *optima;          /* (expansion count) F* of each configuration, or NaN */
    size_t recording_count, recording_capacity;
    struct recording_time *recording; /* (recording_count) */
};

/* Trains all that the candidates are made of, for about so many seconds in all; each piece for
 * three epochs at least. `folder`: of the sweep's results, where recording is tried as well, in a
 * store that is removed again. `optima` (expansion count) must live as long: F* of each
 * configuration, or NaN. */
bool calibrate(struct calibration *calibration, struct candidates *candidates, const char *folder,
               const double *optima, double seconds, struct error *error);
void calibration_clear(struct calibration *calibration);

/* The pace of a kind under a placement; the piece must be there. */
const struct pace *calibration_pace(const struct calibration *calibration, size_t kind, int threads,
                                    int side_by_side);

/* What recording a trial takes; it must be there. */
double calibration_recording(const struct calibration *calibration, size_t source,
                             int side_by_side);

/* Fills in the seconds of calibration->recording: calibration_recording.c. */
bool calibrate_recording(struct calibration *calibration, const char *folder, struct error *error);

#endif
