/* SPDX-License-Identifier: MIT
 *
 * Models of the time t(p) of one piece of work on p threads, as rows of a table. Each divides t1 /
 * p, the time of perfect scaling, by what it holds against it:
 *
 *     amdahl      t(p) = t1 (s + (1 - s) / p)                            a share s is serial
 *     usl         t(p) = t1 (1 + alpha (p - 1) + beta p (p - 1)) / p     threads wait for each
 *                                                    other (alpha), and talk in pairs (beta)
 *     bandwidth   t(p) = t1 max(1 / p, 1 / q)            q threads saturate the memory
 *
 * With beta = 0 the second is the first, and alpha is s; with beta > 0 there is a best p, after
 * which it goes back. The third has a sharp bend, as a roofline has: a thread alone takes 1 / q of
 * the bandwidth, and q is a real number.
 *
 * References: Amdahl, "Validity of the single processor approach to achieving large scale computing
 * capabilities", AFIPS 1967. Gunther, "Guerrilla capacity planning", 2007, chapter 4 (universal
 * scalability law). Suleman, Qureshi and Patt, "Feedback-driven threading", ASPLOS 2008, for the
 * third; Williams, Waterman and Patterson, "Roofline", Communications of the ACM 2009.
 */
#ifndef DESCENT_MEASURE_STATISTICS_SPEEDUP_MODELS_H
#define DESCENT_MEASURE_STATISTICS_SPEEDUP_MODELS_H

#include "base/table.h"
#include "measure/statistics/least_squares.h"

#include <stdbool.h>

enum { SPEEDUP_MODELS = 3, SPEEDUP_PARAMETERS = LEAST_SQUARES_PARAMETERS };

/* What a fit works with in place of a parameter: itself, its logarithm, or, where infinity is a
 * value like any other, its reciprocal. */
enum speedup_coordinate { SPEEDUP_ITSELF, SPEEDUP_LOGARITHM, SPEEDUP_RECIPROCAL };

struct speedup_parameter {
    const char *name;
    const char *summary;
    enum speedup_coordinate coordinate;
    double low, high; /* bounds of the coordinate */
};

struct speedup_model {
    struct entry entry;
    size_t parameters;
    struct speedup_parameter parameter[SPEEDUP_PARAMETERS]; /* the first is t1 */

    /* t(p) from the parameters themselves. */
    double (*seconds)(double p, const double *parameter);

    /* log t(p) from their coordinates; of a model that bends, `regime` is the least number of
     * threads beyond the bend. */
    least_squares_curve *curve;
    bool bends;

    /* The number of threads, real and at least 1, from which on more do not help; infinite: more
     * always do. It is monotone in the last parameter; where it depends on others as well,
     * curve_by_best has its reciprocal for the last coordinate. */
    double (*best)(const double *parameter);
    least_squares_curve *curve_by_best;

    /* The whole number of threads that is fastest where the real one is `best`. */
    double (*whole)(double best);
};

extern const struct speedup_model speedup_amdahl, speedup_usl, speedup_bandwidth;

/* The rows in the order of a report: amdahl, usl, bandwidth. */
extern const struct table speedup_table;

double speedup_parameter_value(const struct speedup_parameter *parameter, double coordinate);

#endif
