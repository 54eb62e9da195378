/* SPDX-License-Identifier: MIT
 *
 * Reading text of which a line is a row, in two passes over blocks (blocks.h):
 *
 *   1. every block counts its rows and, for sparse sets, what may be values; summed up, they give
 *      each block its first row and the place of its first value;
 *   2. every block parses its rows straight into their places, and notes the labels it met.
 *
 * A format says how a block is read and what its faults are; which lines a rank reads, what fits
 * into memory, which label is 0 and what is said first are the same for all.
 */
#ifndef DESCENT_DATA_FORMATS_TEXT_READ_H
#define DESCENT_DATA_FORMATS_TEXT_READ_H

#include "data/formats/text_format.h"

/* Reads the rows of a text that are this rank's; NULL on error. All ranks call it together. */
struct dataset *text_rows_read(const struct text_format *row, struct share_text *text,
                               struct share *share, int threads, struct error *error);

#endif
