/* SPDX-License-Identifier: MIT
 *
 * The roofline of a study at one number of threads: what a phase reaches, in operations per second,
 * over what it does with each byte; and the roofs above it,
 *
 *     rate <= min(bytes per second * operations a byte, operations per second of GEMM)
 *
 * Reference: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model
 * for multicore architectures", Communications of the ACM 2009.
 */
#ifndef DESCENT_REPORT_SCALING_ROOFLINE_H
#define DESCENT_REPORT_SCALING_ROOFLINE_H

#include "report/scaling/study.h"

/* A roof that slopes: memory, and the level that holds the data set. */
struct roof {
    const char *level; /* "memory", "L2", ... */
    double rate;       /* bytes per second */
};
enum { ROOFS_MOST = 2 };

/* Those above a point, memory first; none where there are no ceilings. */
size_t roofline_roofs(const struct study_point *point, struct roof roofs[static ROOFS_MOST]);

/* A phase, or "epoch", all of them together. */
struct roofline_mark {
    const char *name;
    double intensity; /* operations a byte */
    double rate;      /* operations per second */
};
enum { ROOFLINE_MARKS = PHASE_COUNT + 1 };

/* The marks of phases that took time and declare operations and bytes, in the order of an epoch,
 * and of the epoch where there are any. */
size_t roofline_marks(const struct study_point *point,
                      struct roofline_mark marks[static ROOFLINE_MARKS]);

/* Did the phase take time, and declares no operations or no bytes? */
bool roofline_lacks(const struct study_phase *phase);

#endif
