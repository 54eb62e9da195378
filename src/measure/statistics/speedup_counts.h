/* SPDX-License-Identifier: MIT
 *
 * Times on several numbers of threads, and what they say without any model.
 *
 * Strong scaling, the same work on p threads: speed-up S = t(1) / t(p), efficiency S / p, and the
 * serial fraction of Karp and Flatt, e = (1/S - 1/p) / (1 - 1/p): the s for which Amdahl's law
 * gives that speed-up. If e is the same for all p, the work has a serial part; if it grows, the
 * threads get in each other's way.
 *
 * Weak scaling, p times the work on p threads: efficiency t(1) / t(p), the scaled speed-up of
 * Gustafson, S = p t(1) / t(p), and his serial fraction, s = (p - S) / (p - 1), from
 * S = s + (1 - s) p.
 *
 * Where there is no time on 1 thread, the least count b takes its place: S = t(b) / t(p) with
 * efficiency S b / p, or S = (p / b) t(b) / t(p) with efficiency t(b) / t(p), relative to b; serial
 * fractions are NaN then, and at p = 1.
 *
 * References: Karp and Flatt, "Measuring parallel processor performance", Communications of the ACM
 * 1990. Gustafson, "Reevaluating Amdahl's law", Communications of the ACM 1988.
 */
#ifndef DESCENT_MEASURE_STATISTICS_SPEEDUP_COUNTS_H
#define DESCENT_MEASURE_STATISTICS_SPEEDUP_COUNTS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct speedup_sample {
    size_t threads;
    double seconds;
};

struct speedup_count {
    size_t threads;
    size_t samples;
    double seconds; /* median */
    double speedup;
    double efficiency;
    double serial;
};

struct speedup_counts {
    size_t base;  /* the least number of threads */
    size_t count; /* distinct numbers of threads */
    struct speedup_count *rows;
};

/* Rows by threads, ascending, from samples (count) in any order. False where there are none, or one
 * of them is not a positive, finite time on at least one thread; then `counts` has no rows. Free
 * with speedup_counts_free(). */
bool speedup_counts_strong(const struct speedup_sample *samples, size_t count,
                           struct speedup_counts *counts, struct error *error);
bool speedup_counts_weak(const struct speedup_sample *samples, size_t count,
                         struct speedup_counts *counts, struct error *error);

void speedup_counts_free(struct speedup_counts *counts);

/* Says what the speed-up of strong scaling is relative to. Returns `text`. */
char *speedup_counts_definition(const struct speedup_counts *counts, char *text, size_t size);

#endif
