/* SPDX-License-Identifier: MIT
 *
 * What merging counts.
 */
#ifndef DESCENT_STORE_MERGE_MERGE_TALLY_H
#define DESCENT_STORE_MERGE_MERGE_TALLY_H

#include <stddef.h>

/* What came of one source. */
struct merge_tally {
    size_t trials;     /* of it */
    size_t added;      /* of them, to the store */
    size_t duplicates; /* there already, with the same bits */
    size_t kept;       /* there already with other bits, which may be: one of the two was stopped by
                          the clock or failed, or its solver races; the first was kept */
    size_t replaced;   /* of those added: in the place of one that failed */
    size_t left_out;   /* of finals other than those in the store */
    size_t planned;    /* trials that are this source's to run, without finals */
    size_t missing;    /* of them, not recorded yet */
};

#endif
