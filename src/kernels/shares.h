/* SPDX-License-Identifier: MIT
 *
 * Epochs of samples that are shared out among threads: by models, or, where threads race, by rows;
 * and the orders of workers' samples.
 */
#ifndef DESCENT_KERNELS_SHARES_H
#define DESCENT_KERNELS_SHARES_H

#include "kernels/phases.h"

/* Calls work(context, share, shares) for each share from 0 to shares - 1, on as many threads; all
 * of them are done also where the system gives fewer. Its time is that phase's (phases.h). */
void shares_run(enum phase phase, int shares,
                void (*work)(const void *context, int share, int shares), const void *context);

#endif
