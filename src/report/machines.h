/* SPDX-License-Identifier: MIT
 *
 * The machines that recorded results, and whether their times may be compared
 * (measure/machine/comparability.h).
 */
#ifndef DESCENT_REPORT_MACHINES_H
#define DESCENT_REPORT_MACHINES_H

#include "report/results.h"

struct machines {
    size_t count;      /* groups whose times may not be compared with those of another */
    char *differences; /* between them, in words; "": none */
};

/* Of the results of stores (count). `builds`: another version or commit of descent makes another
 * group. Clear with machines_clear(). */
struct machines machines_of(const struct results *const *results, size_t count, bool builds);
void machines_clear(struct machines *machines);

#endif
