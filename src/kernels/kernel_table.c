/* SPDX-License-Identifier: MIT
 *
 * The table of kernels. A new kernel is a file with its row, and a line here.
 */
#include "kernels/kernel.h"

static const struct entry *const kernels[] = {
    &kernel_reference.entry, &kernel_blas.entry,  &kernel_fused.entry, &kernel_batched.entry,
    &kernel_chain.entry,     &kernel_lanes.entry, &kernel_gram.entry,  &kernel_sparse.entry,
};

const struct table kernel_table = TABLE("kernel", kernels);
