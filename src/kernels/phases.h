/* SPDX-License-Identifier: MIT
 *
 * Phases: where the time of an epoch goes. Off, they cost a look at a pointer for each block of
 * rows; on, less than one per cent of an epoch that takes longer than its forks and joins.
 *
 * Every thread has a mark, the moment up to which its time is accounted for. A lap moves the mark
 * to now, and what lies between goes to a phase. So no moment is lost or counted twice, and the
 * phases of a thread add up to its time. A parallel region lasts equally long for all its threads:
 * what a thread does not work in it, from the fork to the join, is `wait`. In a region a phase gets
 * the mean over the threads, outside of one the time of the thread that is there; so the phases of
 * all threads together add up to the time on the wall, and `wait` is what would be won if no thread
 * ever waited for another.
 *
 * Blocks of rows are too short to read a clock around each. A kernel says where they begin and
 * where a phase of them ends; one of SAMPLED blocks is timed, and the time of a chunk, which is
 * measured, is shared out in proportion to what was seen. Likewise of the many short passes of an
 * epoch of mini-batches only some are looked into, and speak for the others.
 *
 * One training run at a time is timed. For a picture of the threads, laps can be kept as events:
 * then every block is timed, and the clock has its share in what is seen.
 */
#ifndef DESCENT_KERNELS_PHASES_H
#define DESCENT_KERNELS_PHASES_H

#include "kernels/phases/phase_slot.h"

#include <stdbool.h>
#include <stddef.h>

/* --- The run: outside of parallel regions ---------------------------------------------------- */

/* Times the training run that begins, on so many threads; until phases_end(). */
void phases_begin(int threads);
void phases_end(void);

/* What was seen so far; NULL while nothing is timed. Free with phase_totals_free(). */
struct phase_totals *phases_read(void);

/* An evaluation ends: its passes are those of the next step, or count for nothing. */
void phases_end_evaluation(void);

/* What went before was to be seen, whatever the steps: rows held out. */
void phases_end_aside(void);

/* A step ends; did it take the last evaluation? */
void phases_end_step(bool took_evaluation);

/* --- Kernels: what a pass or an epoch of samples costs --------------------------------------- */

struct dataset;
struct kernel;
struct problem_size;

/* A pass with this kernel over so many rows of the data, as they lie or in an order, for so many
 * models, or samples; and its reduction of so many sums of so many chunks. */
void phases_count_pass(const struct kernel *kernel, const struct dataset *data, size_t rows,
                       size_t models, bool in_order);
void phases_count_samples(const struct kernel *kernel, const struct problem_size *problem);
void phases_count_sums(size_t chunks, size_t length);

/* --- Regions --------------------------------------------------------------------------------- */

/* Around a parallel region, or what stands for one on one thread: by the thread that opens it. Time
 * since its mark was `update`. */
void phases_fork(int threads);
void phases_join(void);

/* By every thread of the region, after threads_enter(). */
void phases_enter(void);

/* --- Events ---------------------------------------------------------------------------------- */

/* From the next phases_begin() on at most so many events a thread are kept; 0: none. */
void phases_keep_events(size_t most);

/* Those of a thread (count), by their ends; of the last run that was timed. Valid until the next
 * begins or phases_keep_events() is called. */
const struct phase_event *phases_events(int thread, size_t *count);

#endif
