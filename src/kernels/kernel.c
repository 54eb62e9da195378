/* SPDX-License-Identifier: MIT
 *
 * The table of kernels, and the block of sums that passes add to. A new kernel is a file with its
 * row, and a line here.
 */
#include "kernels/kernel.h"

static const struct entry *const kernels[] = {
    &kernel_reference.entry, &kernel_blas.entry,  &kernel_fused.entry, &kernel_batched.entry,
    &kernel_chain.entry,     &kernel_lanes.entry, &kernel_gram.entry,  &kernel_sparse.entry,
};

const struct table kernel_table = TABLE("kernel", kernels);

const struct kernel *kernel_of(const struct entry *entry)
{
    return (const struct kernel *)(const void *)entry; /* the entry is its first member */
}

struct problem problem_of(const struct dataset *data, size_t models)
{
    return (struct problem){
        .rows = (double)data->rows,
        .features = (double)data->features,
        .entries = (double)dataset_entries(data),
        .models = (double)models,
        .sparse = dataset_is_sparse(data),
    };
}

double pass_flops(struct problem problem)
{
    return problem.models * (4.0 * problem.entries + 16.0 * problem.rows);
}

double bytes_one_reading(struct problem problem)
{
    double entry = sizeof(double), row = sizeof(double);
    if (problem.sparse) {
        entry += sizeof(uint32_t);
        row += sizeof(size_t);
    }
    return entry * problem.entries + row * problem.rows;
}

double bytes_one_reading_a_model(struct problem problem)
{
    return problem.models * bytes_one_reading(problem);
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
