/* SPDX-License-Identifier: MIT
 *
 * Which kernel runs. `auto` chooses by the shape of the problem alone, never by a clock: the bits
 * of a trial must not depend on what else the machine did while it was calibrated. The rules are
 * the measurements of bench/, written down.
 */
#ifndef DESCENT_KERNELS_CHOICE_H
#define DESCENT_KERNELS_CHOICE_H

#include "kernels/kernel.h"

/* What may be wished for: auto, and every row of kernel_table. */
extern const struct table kernel_choice_table;
extern const struct entry kernel_auto;

/* The kernel of passes over such data, and of epochs of SGD: the one wished for if it has them and
 * takes such data, otherwise as `auto` chooses for models that are trained one after the other or
 * side by side. */
const struct kernel *kernel_for_pass(const struct entry *wish, const struct dataset *data,
                                     bool side_by_side);
const struct kernel *kernel_for_sgd(const struct entry *wish, const struct dataset *data,
                                    bool side_by_side);

/* The kernel of passes that goes with one that ran, for what a trace records: itself, if it has
 * them. */
const struct kernel *kernel_beside(const struct kernel *ran, const struct entry *wish,
                                   size_t features);

/* Can the wish be met? */
bool kernel_has_pass(const struct entry *wish);
bool kernel_has_sgd(const struct entry *wish);

/* Does it take such data? */
bool kernel_takes(const struct entry *wish, const struct dataset *data);

#endif
