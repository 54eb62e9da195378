/* SPDX-License-Identifier: MIT
 *
 * What models begin with (struct model_start), as bytes behind the head of a message to another
 * rank: for each model whether it has a start of its own, its bias and its weights, all doubles.
 * Nothing, where all begin as usual.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_STARTS_H
#define DESCENT_SWEEP_WORKLOAD_STARTS_H

#include "solvers/training/training_hooks.h"
#include "sweep/file/sweep_file.h"

/* The head (a multiple of eight bytes) with the starts (count; NULL: there are none) of models with
 * so many features behind it; to be freed with memory_free(). */
void *starts_write(const void *head, size_t head_size, const struct model_start *starts,
                   size_t count, size_t features, size_t *size);

/* Reads what is behind the head of a message into starts (count), whose weights are those of the
 * message. False: there are none. */
bool starts_read(const void *message, size_t size, size_t head_size, struct model_start *starts,
                 size_t count, size_t features);

#endif
