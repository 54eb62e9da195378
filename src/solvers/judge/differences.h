/* SPDX-License-Identifier: MIT
 *
 * In what other programs differ from what they were asked for: five tables, of which an objective
 * is one row each. The first row of each is ours. judge_explain.c looks for the rows that explain
 * weights; docs/peers.md has the programs that were seen to minimise each.
 */
#ifndef DESCENT_SOLVERS_JUDGE_DIFFERENCES_H
#define DESCENT_SOLVERS_JUDGE_DIFFERENCES_H

#include <stdbool.h>
#include <stddef.h>

/* What was done to the weights after training: those that were trained, in place of (w, b), are
 * (weights w, bias b). */
struct rescaling {
    double weights, bias;
    bool standardised; /* w is of (x - mean) / deviation, and b too */
    const char *words;
};

/* What is a mean over samples. */
struct loss {
    /* d loss / dz of a sample with z = x.w + b, label y and weight c of its class */
    double (*slope)(double z, double y, double c);
    bool other_classes; /* c is 1 where classes are weighted, and balanced where they are not */
    bool kinked;        /* at a margin (2 y - 1) z of 1 the slope is any between those beside it */
    const char *words;
};

/* What lambda multiplies, summed over the weights v: share a |v| + (1 - share) / 2 (a v)^2, with a
 * the deviation of the column, or 1. */
struct penalty {
    double share;      /* of ||v||_1 */
    bool fitted;       /* the share is whatever explains the weights best */
    bool standardised; /* a is the deviation */
    const char *words;
};

/* What is done with the bias. */
struct bias {
    bool penalised, missing;
    bool fitted; /* penalised by what explains it, and not by what the weights are */
    const char *words;
};

/* By what lambda was multiplied. */
struct factor {
    double times;
    int samples; /* and by n to this power */
    bool fitted; /* by whatever explains the weights best */
    const char *words;
};

enum { RESCALINGS = 6, LOSSES = 8, PENALTIES = 6, BIASES = 4, FACTORS = 11 };

extern const struct rescaling judge_rescalings[RESCALINGS];
extern const struct loss judge_losses[LOSSES];
extern const struct penalty judge_penalties[PENALTIES];
extern const struct bias judge_biases[BIASES];
extern const struct factor judge_factors[FACTORS];

#endif
