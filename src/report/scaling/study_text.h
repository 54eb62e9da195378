/* SPDX-License-Identifier: MIT
 *
 * Studies in a terminal. A number that is not known is "-", never 0.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_TEXT_H
#define DESCENT_REPORT_SCALING_STUDY_TEXT_H

#include "report/scaling/study.h"
#include "report/text_table.h"

/* Over threads: the ceilings of the machine, and of each study its phases, its scaling, its
 * threads, and why it is not faster. Nothing where nothing was profiled. It shows the first `most`
 * studies, and as many of weak scaling, and how many more there are. */
void study_print_threads(const struct studies *studies, size_t most, FILE *out);

/* Over ranks: what sums over ranks take on this machine, and of each study its times, what it
 * sends, and what is predicted of more ranks. Nothing where there are none. */
void study_print_ranks(const struct studies *studies, size_t most, FILE *out);

/* --- What they have in common ---------------------------------------------------------------- */

/* Cells: a duration, and a number or a share, as per cent, with so many decimal places. */
void study_cell_seconds(struct text_table *table, double seconds);
void study_cell_number(struct text_table *table, double value, int places);
void study_cell_share(struct text_table *table, double share, int places);

/* "\n12 more profiles are not shown (--top)", where a list has more than `most`. */
void study_print_rest(size_t count, size_t most, FILE *out);

#endif
