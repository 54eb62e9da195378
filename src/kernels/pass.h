/* SPDX-License-Identifier: MIT
 *
 * A pass over rows in parallel, with the same bits at any number of threads, and of ranks that
 * divides the number of chunks.
 *
 * The rows are cut into chunks by the shape of the problem alone, and the sums of chunks are added
 * in a fixed tree (chunks.h). So the number of threads decides who computes, never what is
 * computed; and 64 partial sums at most, not n, is all the memory the reduction takes. Where rows
 * are distributed, a rank's chunks are a part of that tree, and ranks_allreduce() adds up what is
 * left of it: one exchange per pass, of the sums of all models at once.
 */
#ifndef DESCENT_KERNELS_PASS_H
#define DESCENT_KERNELS_PASS_H

#include "kernels/kernel_problem.h"
#include "kernels/variants.h"

#include <stdbool.h>

struct pass; /* the workspace: buffers for partial sums and for each thread */

/* What ranks have to agree upon travels with the sums of passes over distributed rows: what this
 * rank says before, and the sums of what all said, afterwards. */
enum { AGREEMENT_NOTES = 2 };
struct agreement {
    double said[AGREEMENT_NOTES], heard[AGREEMENT_NOTES];
};

/* The sums (length) of every rank become those of all, and the ranks agree: notes travel behind the
 * sums, where there is room for AGREEMENT_NOTES. NULL: there is nothing to agree upon. Its time is
 * PHASE_EXCHANGE (phases.h). */
void agreement_sum(const struct ranks *ranks, struct agreement *agreement, double *sums,
                   size_t length);

/* Over at most `rows` rows of the data at a time. `gathers`: rows may be picked by an order, which
 * takes room for a copy of them. */
struct pass *pass_create(const struct kernel_problem *problem, size_t rows, bool gathers);
void pass_free(struct pass *pass); /* NULL is allowed */

/* The variant of the kernel that it runs (variants.h); NULL: there is one way only. And the case
 * that passes over so many rows, none of them picked by an order, have it for. */
const struct entry *pass_variant(const struct pass *pass);
struct variant_case pass_case(const struct kernel_problem *problem, size_t rows);

/* Passes of one model over rows as they lie write the residual of each into residuals (rows of the
 * data), from now on; NULL: no more. False where the kernel keeps none: nothing is written. */
bool pass_keep_residuals(struct pass *pass, double *residuals);

/* Bytes that such a workspace takes. */
double pass_bytes(const struct kernel_problem *problem, size_t rows, bool gathers);

/* Sums over the rows [row_begin, row_end), which are summed over ranks too, and the ranks agree,
 * where they are all that are here of a distributed set; or, with an order (only of a pass that
 * gathers), over order[row_begin .. row_end). The result stays valid until the next run. */
struct pass_sums pass_run(struct pass *pass, const uint32_t *order, size_t row_begin,
                          size_t row_end, const struct models *models);

#endif
