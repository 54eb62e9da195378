/* SPDX-License-Identifier: MIT
 *
 * What tables of studies over threads and over ranks have in common. A number that is not known is
 * "-", never 0.
 */
#ifndef DESCENT_REPORT_SCALING_STUDY_TEXT_H
#define DESCENT_REPORT_SCALING_STUDY_TEXT_H

#include "report/text_table.h"

/* Cells: a duration, and a number or a share, as per cent, with so many decimal places. */
void study_cell_seconds(struct text_table *table, double seconds);
void study_cell_number(struct text_table *table, double value, int places);
void study_cell_share(struct text_table *table, double share, int places);

/* "\n12 more profiles are not shown (--top)", where a list has more than `most`. */
void study_print_rest(size_t count, size_t most, FILE *out);

#endif
