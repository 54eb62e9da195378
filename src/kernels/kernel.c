/* SPDX-License-Identifier: MIT
 *
 * What kernels share: the cost of a pass, and the block of sums that passes add to.
 */
#include "kernels/kernel.h"

const struct kernel *kernel_of(const struct entry *entry)
{
    return (const struct kernel *)(const void *)entry; /* the entry is its first member */
}

unsigned kernel_kind(const struct dataset *data)
{
    if (dataset_is_stored(data))
        return dataset_is_sparse(data) ? TAKES_SPARSE_NARROW : TAKES_NARROW;
    if (data->singles != NULL)
        return TAKES_SINGLES;
    return dataset_is_sparse(data) ? TAKES_SPARSE : TAKES_DENSE;
}

struct problem_size problem_size_of(const struct dataset *data, size_t models)
{
    return (struct problem_size){
        .rows = (double)data->rows,
        .features = (double)data->features,
        .entries = (double)dataset_entries(data),
        .models = (double)models,
        .sparse = dataset_is_sparse(data),
        .width = (double)dataset_width(data),
    };
}

double pass_flops(struct problem_size problem)
{
    return problem.models * (4.0 * problem.entries + 16.0 * problem.rows);
}

double pass_phase_flops(enum phase phase, struct problem_size problem)
{
    switch (phase) {
    case PHASE_FORWARD:
    case PHASE_GRADIENT:
        return problem.models * 2.0 * problem.entries;
    case PHASE_PRODUCTS:
        return problem.models * 4.0 * problem.entries;
    case PHASE_LOSS:
        return problem.models * 16.0 * problem.rows;
    default:
        return 0.0;
    }
}

double bytes_entries(struct problem_size problem)
{
    double entry = problem.width + (problem.sparse ? (double)sizeof(uint32_t) : 0.0);
    return entry * problem.entries;
}

double bytes_rows(struct problem_size problem)
{
    size_t row = sizeof(double) + (problem.sparse ? sizeof(size_t) : 0);
    return (double)row * problem.rows;
}

double bytes_one_reading(struct problem_size problem)
{
    return bytes_entries(problem) + bytes_rows(problem);
}

struct phase_cost phase_cost_one_reading(enum phase phase, struct problem_size problem)
{
    switch (phase) {
    case PHASE_FORWARD:
        return (struct phase_cost){pass_phase_flops(phase, problem), bytes_entries(problem)};
    case PHASE_LOSS:
        return (struct phase_cost){pass_phase_flops(phase, problem), bytes_rows(problem)};
    case PHASE_GRADIENT:
        return (struct phase_cost){pass_phase_flops(phase, problem), 0.0};
    default:
        return (struct phase_cost){0};
    }
}

struct phase_cost kernel_phase_cost(const struct kernel *kernel, enum phase phase,
                                    struct problem_size problem)
{
    if (kernel->phase_cost != NULL)
        return kernel->phase_cost(phase, problem);
    if (phase == PHASE_PASS)
        return (struct phase_cost){kernel->flops(problem), kernel->bytes(problem)};
    return (struct phase_cost){0};
}

double bytes_one_reading_a_model(struct problem_size problem)
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
