/* SPDX-License-Identifier: MIT
 *
 * The table of kernels, and that of what may be wished for: any of them, or `auto`. A new kernel is
 * a file with its row, and its name here; others find it by its entry's name.
 */
#include "kernels/choice.h"

#define KERNELS(X)                                                                                 \
    X(reference)                                                                                   \
    X(blas)                                                                                        \
    X(fused)                                                                                       \
    X(batched)                                                                                     \
    X(chain)                                                                                       \
    X(lanes)                                                                                       \
    X(gram)                                                                                        \
    X(pipelined)                                                                                   \
    X(sparse)                                                                                      \
    X(fused_narrow)                                                                                \
    X(batched_narrow)                                                                              \
    X(chain_narrow)                                                                                \
    X(lanes_narrow)                                                                                \
    X(gram_narrow)

#define DECLARE(name_) extern const struct kernel kernel_##name_;
KERNELS(DECLARE)
#undef DECLARE

#define ROW(name_) &kernel_##name_.entry,
static const struct entry *const kernels[] = {KERNELS(ROW)};
static const struct entry *const choices[] = {&kernel_auto, KERNELS(ROW)};
#undef ROW

const struct table kernel_table = TABLE("kernel", kernels);
const struct table kernel_choice_table = TABLE("kernel", choices);
