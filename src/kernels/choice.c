/* SPDX-License-Identifier: MIT
 *
 * The rules of `auto`:
 *
 *     pass   alone          blas       d <= 2: rows are too short for vectors along them
 *                           fused      X from memory once; two dgemv calls read it twice
 *            side by side   batched    one reading of X for all
 *     SGD    alone          chain      a step is shorter than that of a vector
 *            side by side   lanes      d <= 16: weights of 64 models lie in the nearest cache
 *                           gram       d > 16: products of matrices win over loads and stores of W
 *
 * `pipelined` is wished for, never chosen: its threads meet once a sample, and where one of them
 * has no processor, all wait for it.
 *
 * Sparse data have one kernel for both, `sparse`, and the reference. Rows that are stored in fewer
 * bits have the same rules and kernels of their own, save that nothing takes the place of blas.
 * Passes over rows of float32 in doubles are those over doubles; there is no SGD over them.
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

static bool takes(const struct entry *wish, unsigned kind)
{
    return (kernel_of(wish)->takes & kind) != 0;
}

bool kernel_takes(const struct entry *wish, const struct dataset *data)
{
    return wish == &kernel_auto || takes(wish, kernel_kind(data));
}

/* The kernels of one kind of dense rows. */
struct family {
    unsigned kind;
    const struct kernel *shortest, *alone, *side_by_side; /* passes */
    const struct kernel *chain, *lanes, *gram;            /* SGD */
};

static const struct family doubles = {
    .kind = TAKES_DENSE,
    .shortest = &kernel_blas,
    .alone = &kernel_fused,
    .side_by_side = &kernel_batched,
    .chain = &kernel_chain,
    .lanes = &kernel_lanes,
    .gram = &kernel_gram,
};
static const struct family narrow = {
    .kind = TAKES_NARROW,
    .shortest = &kernel_fused_narrow,
    .alone = &kernel_fused_narrow,
    .side_by_side = &kernel_batched_narrow,
    .chain = &kernel_chain_narrow,
    .lanes = &kernel_lanes_narrow,
    .gram = &kernel_gram_narrow,
};

static const struct family *family_of(unsigned kind)
{
    return (kind & TAKES_NARROW) != 0 ? &narrow : &doubles;
}

static const struct kernel *pass_of_one(const struct family *family, size_t features)
{
    return features <= SHORT_ROW ? family->shortest : family->alone;
}

const struct kernel *kernel_for_pass(const struct entry *wish, const struct dataset *data,
                                     bool side_by_side)
{
    const unsigned kind = kernel_kind(data);
    if (wish != &kernel_auto && kernel_has_pass(wish) && takes(wish, kind))
        return kernel_of(wish);
    if ((kind & (TAKES_SPARSE | TAKES_SPARSE_NARROW)) != 0)
        return &kernel_sparse;
    const struct family *family = family_of(kind);
    return side_by_side ? family->side_by_side : pass_of_one(family, data->features);
}

const struct kernel *kernel_for_sgd(const struct entry *wish, const struct dataset *data,
                                    bool side_by_side)
{
    const unsigned kind = kernel_kind(data);
    if (wish != &kernel_auto && kernel_has_sgd(wish) && takes(wish, kind))
        return kernel_of(wish);
    if ((kind & (TAKES_SPARSE | TAKES_SPARSE_NARROW)) != 0)
        return &kernel_sparse;
    const struct family *family = family_of(kind);
    if (!side_by_side)
        return family->chain;
    return data->features <= FEW_FEATURES ? family->lanes : family->gram;
}

const struct kernel *kernel_beside(const struct kernel *ran, const struct entry *wish,
                                   size_t features)
{
    const struct family *family = family_of(ran->takes);
    if (ran->pass != NULL)
        return ran;
    if (wish != &kernel_auto && kernel_has_pass(wish) && takes(wish, family->kind))
        return kernel_of(wish);
    const bool one = ran == family->chain || ran == &kernel_pipelined;
    return one ? pass_of_one(family, features) : family->side_by_side;
}
