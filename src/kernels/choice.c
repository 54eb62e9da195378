/* SPDX-License-Identifier: MIT
 *
 * The rules of `auto`:
 *
 *     pass   1 model        blas     d <= 2: rows are too short for vectors along them
 *                           fused    X from memory once; two dgemv calls read it twice
 *            2 and 3        fused    abreast; most of batched's lanes would be empty
 *            4 and more     batched  one reading of X for all
 *     SGD    1 to 3         chain    one after the other: shorter than a step of a vector
 *            4 and more     lanes    d <= 16: weights of 64 models lie in the nearest cache
 *                           gram     d > 16: products of matrices win over loads and stores of W
 *
 * Sparse data have one kernel for both, `sparse`, and the reference.
 *
 * blas is never chosen for several models, though it is faster for four to eight whose data lie in
 * the cache: their bits would depend on how many they are.
 */
#include "kernels/choice.h"

enum { SHORT_ROW = 2, FEW_FEATURES = 16 }; /* features */
enum { PASS_MANY = 4, SGD_MANY = 4 };      /* models */

const struct entry kernel_auto = {"auto", "chosen by the shape of the problem"};

static const struct entry *const choices[] = {
    &kernel_auto,        &kernel_reference.entry, &kernel_blas.entry,
    &kernel_fused.entry, &kernel_batched.entry,   &kernel_chain.entry,
    &kernel_lanes.entry, &kernel_gram.entry,      &kernel_sparse.entry,
};

const struct table kernel_choice_table = TABLE("kernel", choices);

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

const struct kernel *kernel_for_pass(const struct entry *wish, bool sparse, size_t features,
                                     size_t models)
{
    if (wish != &kernel_auto && kernel_has_pass(wish) && kernel_takes(wish, sparse))
        return kernel_of(wish);
    if (sparse)
        return &kernel_sparse;
    if (models == 1 && features <= SHORT_ROW)
        return &kernel_blas;
    return models < PASS_MANY ? &kernel_fused : &kernel_batched;
}

const struct kernel *kernel_for_sgd(const struct entry *wish, bool sparse, size_t features,
                                    size_t models)
{
    if (wish != &kernel_auto && kernel_has_sgd(wish) && kernel_takes(wish, sparse))
        return kernel_of(wish);
    if (sparse)
        return &kernel_sparse;
    if (models < SGD_MANY)
        return &kernel_chain;
    return features <= FEW_FEATURES ? &kernel_lanes : &kernel_gram;
}
