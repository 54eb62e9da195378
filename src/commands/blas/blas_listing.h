/* SPDX-License-Identifier: MIT
 *
 * BLAS libraries as people are shown them: in `descent list blas` and above the card of
 * `descent blas`.
 */
#ifndef DESCENT_COMMANDS_BLAS_BLAS_LISTING_H
#define DESCENT_COMMANDS_BLAS_BLAS_LISTING_H

#include "base/error.h"
#include "programs/blas/blas_list.h"

#include <stdbool.h>
#include <stdio.h>

/* A table of those that can be used, a line for each other, and what could be installed. */
void blas_listing_write(const struct blas_list *list, FILE *out);

/* The same for those of this machine, on standard output. */
bool blas_listing_print(struct error *error);

#endif
