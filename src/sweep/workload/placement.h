/* SPDX-License-Identifier: MIT
 *
 * The placement of a sweep (store/placement.h) on this machine: what the file says or, with
 * `execution: placed`, what `descent tune-placement` has recorded. It changes when and where a pass
 * runs and never its bits, so that a sweep may go on with another one.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_PLACEMENT_H
#define DESCENT_SWEEP_WORKLOAD_PLACEMENT_H

#include "sweep/file/sweep_file.h"

/* The placement that is in force; with `execution: solo` that is one model at a time. */
struct placement placement_of(const struct sweep_file *file);

/* Threads of a pass of this configuration and its like, for training_hooks.threads; 0: its own
 * affair. It is where the file gives numbers of threads to a solver that uses them, or where bits
 * depend on them. */
int placement_threads(const struct sweep_file *file, const struct placement *placement,
                      const struct configuration *configuration);

/* Threads that a pass of it has in the end, whoever decides: as training has them (training.h). */
int placement_threads_used(const struct sweep_file *file, const struct placement *placement,
                           const struct configuration *configuration);

/* Threads of a trial of it that is alone in its pass, and timed. */
int placement_threads_alone(const struct sweep_file *file, const struct placement *placement,
                            const struct configuration *configuration);

/* Looks up what is recorded for this machine and build under `results`; *found tells whether
 * anything is. To be called after blas_threads_probe(), whose answer is a fact of the machine. */
bool placement_find(const struct sweep_file *file, const char *results,
                    struct placement_record *record, bool *found, struct error *error);

/* With `execution: placed`, sets file->placement and file->placed to what is recorded; an error
 * where nothing is. Before any parallel region. */
bool placement_resolve(struct sweep_file *file, const char *results, struct error *error);

/* "16 models per pass, 1 thread, 2 passes side by side". Returns `text`. */
enum { PLACEMENT_TEXT = 128 };
char *placement_describe(const struct placement *placement, char text[static PLACEMENT_TEXT]);

#endif
