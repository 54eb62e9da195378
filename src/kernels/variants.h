/* SPDX-License-Identifier: MIT
 *
 * Which variant of a kernel's pass runs. All variants have the same bits (kernel.h), so a clock may
 * decide: what is measured, and kept, is the business of measure/variants/. Here is what it came
 * to, for all passes of this process. Where nothing was chosen it is the first variant.
 *
 * What is fastest depends on the processor and on the case: the kernel, how long a row is, how many
 * models share it, how many threads share the memory, and whether the rows lie in a cache.
 */
#ifndef DESCENT_KERNELS_VARIANTS_H
#define DESCENT_KERNELS_VARIANTS_H

#include "kernels/kernel.h"

enum {
    VARIANT_SIZE_MOST = 28, /* from 256 MiB on no size is told from another */
    VARIANT_CASES = 128,    /* that something is chosen for, at most */
};

struct variant_case {
    const struct kernel *kernel; /* one that has variants */
    size_t features, models;
    int threads;
    int size; /* of X as it is read: the logarithm of its bytes to base 2, rounded down */
};

/* Is it the same case? */
bool variant_case_same(const struct variant_case *a, const struct variant_case *b);

/* The case of passes over `rows` rows of numbers that are `width` bytes long. */
struct variant_case variant_case_of(const struct kernel *kernel, size_t rows, size_t features,
                                    size_t width, size_t models, int threads);

struct variant_choice {
    struct variant_case what;
    const struct entry *variant;
};

/* The variant of passes of that case; NULL: the kernel has none. */
const struct entry *variant_of(const struct variant_case *what);

/* Is something chosen for it? */
bool variant_is_chosen(const struct variant_case *what);

/* From now on passes of that case take that variant; where VARIANT_CASES cases are known, the one
 * that was chosen for first makes room. Not to be called while there are passes in other threads.
 */
void variant_choose(const struct variant_choice *choice);

/* All that was chosen (*count), in that order; and none of it any more. */
const struct variant_choice *variants_chosen(size_t *count);
void variants_forget(void);

#endif
