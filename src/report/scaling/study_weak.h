/* SPDX-License-Identifier: MIT
 *
 * Weak scaling among studies: the same configuration on data sets that differ in their rows alone
 * (data_family.h), p times the rows on p threads.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_WEAK_H
#define DESCENT_REPORT_SCALING_STUDY_WEAK_H

#include "report/scaling/study.h"

/* Fills studies->weak: one for each configuration that has at least two such points. */
void studies_find_weak(struct studies *studies);

#endif
