/* SPDX-License-Identifier: MIT
 *
 * The rules of `auto`:
 *
 *     pass   alone          blas     d <= 2: rows are too short for vectors along them
 *                           fused    X from memory once; two dgemv calls read it twice
 *            side by side   batched  one reading of X for all
 *     SGD    alone          chain    a step is shorter than that of a vector
 *            side by side   lanes    d <= 16: weights of 64 models lie in the nearest cache
 *                           gram     d > 16: products of matrices win over loads and stores of W
 *
 * Sparse data have one kernel for both, `sparse`, and the reference.
 *
 * What decides is how a sweep trains, one model after the other or side by side, and never how many
 * happen to be there: the last group of a sweep may have one model, and one more configuration, a
 * resumption, or another placement may give a model other companions. Its bits must not change by
 * that. Two or three models would be faster with the kernels of one, and pay for it. For the same
 * reason blas is never chosen for several models.
 *
 * A kernel of SGD has a kernel of passes beside it, for mini-batches and for what a trace records.
 * It goes with the first and not with the execution, so that a model whose kernel is wished for has
 * the same trace in any execution.
 */
#include "kernels/choice.h"

enum { SHORT_ROW = 2, FEW_FEATURES = 16 }; /* features */

const struct entry kernel_auto = {"auto", "chosen by the shape of the problem"};

bool kernel_has_pass(const struct entry *wish)
{
    return wish == &kernel_auto || kernel_of(wish)->pass != NULL;
}

bool kernel_has_sgd(const struct entry *wish)
{
    return wish == &kernel_auto || kernel_of(wish)->sgd_epoch != NULL;
}

bool kernel_takes(const struct entry *wish, bool sparse)
{
    unsigned kind = sparse ? TAKES_SPARSE : TAKES_DENSE;
    return wish == &kernel_auto || (kernel_of(wish)->takes & kind) != 0;
}

static const struct kernel *pass_of_one(size_t features)
{
    return features <= SHORT_ROW ? &kernel_blas : &kernel_fused;
}

const struct kernel *kernel_for_pass(const struct entry *wish, bool sparse, size_t features,
                                     bool side_by_side)
{
    if (wish != &kernel_auto && kernel_has_pass(wish) && kernel_takes(wish, sparse))
        return kernel_of(wish);
    if (sparse)
        return &kernel_sparse;
    return side_by_side ? &kernel_batched : pass_of_one(features);
}

const struct kernel *kernel_for_sgd(const struct entry *wish, bool sparse, size_t features,
                                    bool side_by_side)
{
    if (wish != &kernel_auto && kernel_has_sgd(wish) && kernel_takes(wish, sparse))
        return kernel_of(wish);
    if (sparse)
        return &kernel_sparse;
    if (!side_by_side)
        return &kernel_chain;
    return features <= FEW_FEATURES ? &kernel_lanes : &kernel_gram;
}

const struct kernel *kernel_beside(const struct kernel *ran, const struct entry *wish,
                                   size_t features)
{
    if (ran->pass != NULL)
        return ran;
    if (wish != &kernel_auto && kernel_has_pass(wish) && kernel_takes(wish, false))
        return kernel_of(wish);
    return ran == &kernel_chain ? pass_of_one(features) : &kernel_batched;
}
