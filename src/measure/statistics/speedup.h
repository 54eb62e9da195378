/* SPDX-License-Identifier: MIT
 *
 * How a piece of work scales with threads: the models of speedup_models.h fitted to its times, what
 * they predict, and which of them the data speak for.
 *
 * A fit minimises squares of log t, because times scatter by a share of themselves, over all
 * samples, within the bounds of the parameters. With n samples, k parameters and S their sum of
 * squares at the minimum, the 95 % interval of a parameter holds all its values for which the
 * others can be chosen so that
 *
 *     S(x) <= S (1 + F(0.95; 1, n - k) / (n - k))
 *
 * (profile likelihood; Bates and Watts 1988). That takes few samples into account by F, keeps to
 * the bounds, and needs no numbers drawn. A model of k parameters is fitted from k + 1 distinct
 * numbers of threads on: with k it passes through all of them, and says nothing.
 *
 * Models are compared by Akaike's criterion with its correction for few samples,
 *
 *     AICc = n log(S / n) + 2 K + 2 K (K + 1) / (n - K - 1),   K = k + 1 (the variance counts)
 *
 * (Burnham and Anderson, "Model selection and multimodel inference", 2002); those within 2 of the
 * least are not told apart. It needs n > K + 1, so a model may be fitted and not compared.
 *
 * All of this takes samples to be independent. Those of one number of threads, taken one after the
 * other, share what the machine did meanwhile, and intervals are then too narrow: take them in
 * interleaved rounds. Even the best of three models may be wrong, which `misfit` tells where there
 * are repeats.
 */
#ifndef DESCENT_MEASURE_STATISTICS_SPEEDUP_H
#define DESCENT_MEASURE_STATISTICS_SPEEDUP_H

#include "measure/statistics/speedup_fit.h"

enum speedup_verdict {
    SPEEDUP_NONE,         /* of the models can be compared */
    SPEEDUP_ONLY_ONE,     /* can: it has nothing to be compared with */
    SPEEDUP_NOT_SEPARATE, /* several are likely */
    SPEEDUP_SEPARATE,     /* one is */
};

struct speedup {
    struct speedup_counts counts;
    size_t samples;
    size_t maximum; /* threads to which best_count is bound */
    struct speedup_fit fits[SPEEDUP_MODELS];
    enum speedup_verdict verdict;
    size_t first; /* of fits: that of the least AICc; SPEEDUP_MODELS where none has one */
};

/* Analyses samples (count), in any order, of the same work. `maximum` >= 1: the threads of the
 * hardware. False as speedup_counts_strong(). Free with speedup_free(). */
bool speedup_analyse(const struct speedup_sample *samples, size_t count, size_t maximum,
                     struct speedup *speedup, struct error *error);

void speedup_free(struct speedup *speedup);

/* Seconds on p threads, p >= 1 and real, by a fit that is one; NaN by one that is not. */
double speedup_predict(const struct speedup_fit *fit, double p);

/* The verdict in words. Returns `text`. */
char *speedup_describe_verdict(const struct speedup *speedup, char *text, size_t size);

#endif
