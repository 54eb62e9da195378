/* SPDX-License-Identifier: MIT
 *
 * Files of other kinds, told by how they begin: what they are, and what to do to have them read.
 * One row each in a table, which readers of data and of models ask before they complain about the
 * first line of something that was never meant for them.
 */
#ifndef DESCENT_DATA_FORMATS_SIGNATURE_H
#define DESCENT_DATA_FORMATS_SIGNATURE_H

#include <stddef.h>

/* A kind of file that is not read: "Parquet", and what to do about it. */
struct signature {
    const char *bytes; /* (length) with which it begins, behind blanks and comments of text */
    size_t length;
    const char *within; /* a text that follows soon; NULL: none need */
    const char *what, *remedy;
};

/* The row of the table that the first bytes match, or NULL. Magic numbers that are words also need
 * a byte that no text has, so that a column may be called PAR1. */
const struct signature *signature_find(const char *bytes, size_t size);

#endif
