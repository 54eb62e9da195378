/* SPDX-License-Identifier: MIT
 *
 * The plan: what a sweep would run, what is done already, how much memory and time it will take,
 * and which learning rates exceed what theory allows. It reads data and store, and runs nothing but
 * a few passes over the data to estimate.
 */
#ifndef DESCENT_SWEEP_PLAN_PLAN_H
#define DESCENT_SWEEP_PLAN_PLAN_H

#include "base/error.h"
#include "sweep/file/sweep_file.h"

#include <stdbool.h>
#include <stdio.h>

/* Prints the plan of `file` with results under `results` to `out`. `targets`: finalists are the
 * best at so many targets, at most. */
bool plan_print(const struct sweep_file *file, const char *results, size_t targets, FILE *out,
                struct error *error);

#endif
