/* SPDX-License-Identifier: MIT
 *
 * Reading text while it is unpacked: one thread unpacks, and the others count and parse the lines
 * that are there already. Rows go straight to their places, as they do when all text is there
 * (text_read.h): how many come is guessed from the beginning and from how much of the file that is,
 * and what a guess sets aside beyond what is filled never becomes memory. Where more come, the rest
 * waits until all is unpacked. Values, labels and errors are the same.
 *
 * Where rows may lie on the disk (scratch.h), only a text streams that memory holds easily, with
 * its rows. Others are unpacked first, to the disk as well, and then counted exactly.
 */
#ifndef DESCENT_DATA_FORMATS_TEXT_STREAM_H
#define DESCENT_DATA_FORMATS_TEXT_STREAM_H

#include "data/formats/text_format.h"

/* Is more of the text still to come, and is it known about how much, and does that fit? */
bool text_may_stream(const struct text_format *row, const struct share_text *text);

/* Reads the rows of a text of which more is still to come, and which is read here as a whole; NULL
 * on error. `*again`: memory does not hold them, and as their scratch may, they are to be read in
 * the other way; that is no error, and the text waits for text_wait(). */
struct dataset *text_stream_read(const struct text_format *row, struct share_text *text,
                                 struct share *share, int threads, bool *again,
                                 struct error *error);

/* Has all of a text unpacked before it is read, one that has been read in part or whose end is not
 * known. */
bool text_wait(const struct text_format *row, struct share_text *text, int threads,
               struct error *error);

#endif
