/* SPDX-License-Identifier: MIT
 *
 * Scaling over ranks in a terminal: what sums over ranks take on this machine, and of each study
 * its times, what it sends, and what is predicted of more ranks.
 */
#ifndef DESCENT_REPORT_SCALING_RANK_TEXT_H
#define DESCENT_REPORT_SCALING_RANK_TEXT_H

#include "report/scaling/study.h"

#include <stdio.h>

/* Nothing where nothing ran on several numbers of ranks. */
void rank_studies_print(const struct studies *studies, size_t most, FILE *out);

#endif
