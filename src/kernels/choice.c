/* SPDX-License-Identifier: MIT
 *
 * The rules of `auto`.
 *
 *     pass   one model       fused      X from memory once; two dgemv calls read it twice
 *            several         batched    from two on, one reading for all is cheaper than one each
 *     SGD    up to 3 models  chain      one after the other: a chain is shorter than a vector's
 * step from 4 on       lanes      d <= 16: weights of 64 models in the nearest cache gram       d >
 * 16: products of matrices win over loads and stores of W
 */
#include "kernels/choice.h"

enum { SEVERAL = 4, FEW_FEATURES = 16 };

const struct entry kernel_auto = {"auto", "chosen by the shape of the problem"};

static const struct entry *const choices[] = {
    &kernel_auto,          &kernel_reference.entry, &kernel_blas.entry,  &kernel_fused.entry,
    &kernel_batched.entry, &kernel_chain.entry,     &kernel_lanes.entry, &kernel_gram.entry,
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

const struct kernel *kernel_for_pass(const struct entry *wish, size_t features, size_t models)
{
    (void)features;
    if (wish != &kernel_auto && kernel_has_pass(wish))
        return kernel_of(wish);
    return models == 1 ? &kernel_fused : &kernel_batched;
}

const struct kernel *kernel_for_sgd(const struct entry *wish, size_t features, size_t models)
{
    if (wish != &kernel_auto && kernel_has_sgd(wish))
        return kernel_of(wish);
    if (models < SEVERAL)
        return &kernel_chain;
    return features <= FEW_FEATURES ? &kernel_lanes : &kernel_gram;
}
