/* SPDX-License-Identifier: MIT
 *
 * What a run came to, beside its time: a build that is faster and comes to something else is not
 * faster. Of a training it is weights, bias and the digest of the whole trace; of a command what it
 * wrote to its standard output.
 */
#ifndef DESCENT_RACE_RACE_OUTPUT_H
#define DESCENT_RACE_RACE_OUTPUT_H

#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct race_output {
    char digest[DIGEST_TEXT]; /* of all of it: equal bits */
    size_t count;             /* 0: there are no numbers to compare */
    double *numbers;          /* (count) weights, then the bias; free with memory_free() */
    double objective;         /* F there; NaN: not known */
};

void race_output_clear(struct race_output *output);

/* The largest of several differences from one output. All 0: there was none. */
struct race_difference {
    bool bits;        /* in some bit */
    bool shape;       /* one has other numbers than the other, or none: there is no distance */
    double steps;     /* of the last place (ulp), between two numbers at the same place */
    double relative;  /* between two numbers, of the largest of them all */
    double objective; /* of F, of its size; NaN is passed over */
};

void race_difference_add(struct race_difference *difference, const struct race_output *from,
                         const struct race_output *to);

/* Is it more than what A differs by from itself? */
bool race_difference_exceeds(const struct race_difference *difference,
                             const struct race_difference *own);

/* "the same results, to the last bit", "they differ in the last bit", "weights differ by 3.1e-09 of
 * the largest, F by 1.2e-15 of itself", "another output". */
void race_difference_write(const struct race_difference *difference, FILE *out);

#endif
