/* SPDX-License-Identifier: MIT
 *
 * The card of `descent blas`, as text, as JSON, and as advice.
 */
#ifndef DESCENT_COMMANDS_BLAS_BLAS_CARD_SHOW_H
#define DESCENT_COMMANDS_BLAS_BLAS_CARD_SHOW_H

#include "programs/blas/blas_card.h"

#include <stdio.h>

void blas_card_text(const struct blas_card *card, FILE *out);
void blas_card_advice(const struct blas_card *card, FILE *out);
void blas_card_json(const struct blas_card *card, FILE *out);

/* "100000x100x16"; without k for products of vectors. */
enum { BLAS_SHAPE_TEXT = 80 };
char *blas_shape_text(const struct blas_card *card, size_t heat, char text[static BLAS_SHAPE_TEXT]);

/* What the bits of a library in a race are to those that it has with the fewest threads: "same",
 * "other", or "do not repeat". */
const char *blas_bits_words(const struct blas_card *card, size_t heat, size_t library);

#endif
