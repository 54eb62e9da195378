/* SPDX-License-Identifier: MIT
 *
 * A profile in a terminal: the ceilings of the machine, and of each study its phases, its scaling,
 * its threads, and why it is not faster.
 */
#ifndef DESCENT_REPORT_SCALING_PROFILE_TEXT_H
#define DESCENT_REPORT_SCALING_PROFILE_TEXT_H

#include "report/scaling/study.h"

#include <stdio.h>

/* Nothing where nothing was profiled. It shows the first `most` studies, and as many of weak
 * scaling, and how many more there are. */
void profile_print(const struct studies *studies, size_t most, FILE *out);

#endif
