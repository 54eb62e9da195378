/* SPDX-License-Identifier: MIT
 *
 * Words: texts that users give freely, as rows of tables (base/table.h) whose names nobody knows
 * beforehand: how a program is called, what it was told. A word is kept once and for good, so that
 * equal texts are the same row, and what has one is copied and compared like any other field.
 */
#ifndef DESCENT_BASE_WORDS_H
#define DESCENT_BASE_WORDS_H

#include "base/table.h"

#include <stddef.h>

/* The row whose name is this text, made where there is none yet. Threads may ask at a time. */
const struct entry *word_of(const char *text);

/* Its number, from 0, in the order in which words were made. */
size_t word_number(const struct entry *word);

#endif
