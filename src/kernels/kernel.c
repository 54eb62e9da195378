/* SPDX-License-Identifier: MIT
 *
 * The table of kernels, and the block of sums that passes add to. A new kernel is a file with its
 * row, and a line here.
 */
#include "kernels/kernel.h"

static const struct entry *const kernels[] = {
    &kernel_reference.entry, &kernel_blas.entry,  &kernel_fused.entry, &kernel_batched.entry,
    &kernel_chain.entry,     &kernel_lanes.entry, &kernel_gram.entry,
};

const struct table kernel_table = TABLE("kernel", kernels);

const struct kernel *kernel_of(const struct entry *entry)
{
    return (const struct kernel *)(const void *)entry; /* the entry is its first member */
}

double pass_flops(double rows, double features, double models)
{
    return rows * models * (4.0 * features + 16.0);
}

double bytes_one_reading(double rows, double features, double models)
{
    (void)models;
    return 8.0 * rows * (features + 1.0);
}

double bytes_one_reading_a_model(double rows, double features, double models)
{
    return models * bytes_one_reading(rows, features, 1.0);
}

size_t pass_sums_length(size_t features, size_t models)
{
    return (features + 3) * models;
}

struct pass_sums pass_sums_at(double *block, size_t features, size_t models)
{
    double *rest = block + features * models;
    return (struct pass_sums){
        .G = block, .gb = rest, .loss = rest + models, .correct = rest + 2 * models};
}
