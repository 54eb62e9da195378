/* SPDX-License-Identifier: MIT
 *
 * A profile in a terminal: the ceilings of the machine, and of each study its phases, its scaling,
 * its threads, and why it is not faster.
 */
#ifndef DESCENT_REPORT_PROFILE_TEXT_H
#define DESCENT_REPORT_PROFILE_TEXT_H

#include "report/study.h"

#include <stdio.h>

/* Nothing where nothing was profiled. */
void profile_print(const struct studies *studies, FILE *out);

#endif
