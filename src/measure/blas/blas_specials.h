/* SPDX-License-Identifier: MIT
 *
 * What a library makes of NaN, infinity and nothing: what the standard leaves open or what a
 * program relies on without a word. A question is a row of the table.
 */
#ifndef DESCENT_MEASURE_BLAS_BLAS_SPECIALS_H
#define DESCENT_MEASURE_BLAS_BLAS_SPECIALS_H

#include "base/table.h"

enum { SPECIAL_WORDS = 96 };

/* A row says what is called; its answer says what came of it. */
struct blas_special {
    struct entry entry;
    const char
        *expected; /* the answer that programs rely on; NULL: libraries are known to differ */
    void (*answer)(char words[static SPECIAL_WORDS]);
};

extern const struct table blas_special_table;

#endif
