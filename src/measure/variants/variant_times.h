/* SPDX-License-Identifier: MIT
 *
 * What each variant of a kernel takes in one case (kernels/variants.h), measured on data of that
 * case: in passes over some of the rows, a millisecond or so each, the variants in turn.
 */
#ifndef DESCENT_MEASURE_VARIANTS_VARIANT_TIMES_H
#define DESCENT_MEASURE_VARIANTS_VARIANT_TIMES_H

#include "kernels/variants.h"

struct variant_times {
    const struct table *variants;
    double *seconds; /* (variants->count) of a pass over all rows: the least that was seen */
    size_t best;     /* the first, unless another is clearly faster beside it */
};

/* Seconds that a pass over all rows takes by the first variant, from a look of a millisecond. */
double variant_first_seconds(const struct dataset *data, const struct variant_case *what);

/* Measures all of them, in a tenth of a second or so. Outside of parallel regions. */
void variants_measure(const struct dataset *data, const struct variant_case *what,
                      struct variant_times *times);
const struct entry *variant_times_best(const struct variant_times *times);
void variant_times_clear(struct variant_times *times);

/* What variants_measure() takes, about, where a look takes as long as it should. */
double variants_measure_seconds(const struct variant_case *what);

#endif
