/* SPDX-License-Identifier: MIT
 *
 * What solvers share: their families, and their rows of state.
 */
#include "solvers/solver.h"

const char *const solver_family_names[FAMILIES] = {"SGD", "mini-batch", "reduced variance", "batch",
                                                   "other programs"};

const struct solver *solver_of(const struct entry *entry)
{
    return (const struct solver *)(const void *)entry; /* the entry is its first member */
}

size_t state_rows_vector(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)common;
    return features + 1;
}

size_t state_rows_number(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)features, (void)common;
    return 1;
}

size_t state_rows_none(size_t samples, size_t features, const struct configuration *common)
{
    (void)samples, (void)features, (void)common;
    return 0;
}
