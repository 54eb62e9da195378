/* SPDX-License-Identifier: MIT
 *
 * What the rows say of the first line; see format_csv_evidence.c.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_CSV_EVIDENCE_H
#define DESCENT_DATA_FORMATS_FORMAT_CSV_EVIDENCE_H

#include "data/formats/csv/csv.h"

struct csv_evidence {
    bool names_numbers; /* a text stands above a number */
    bool recurs;        /* a text of the first line stands in other rows, in the same column, ... */
    size_t column;      /* this one */
    bool label_recurs;  /* the label's does */
    bool third;         /* it would be a third class, beside two that come more than once */
};

/* Looks at rows from `second` on, as many as the sample has and no more than a thousand. The
 * label's column is known. Unless all that can be told is asked for (`whole`), nothing is looked at
 * after a text that stands above a number. */
struct csv_evidence csv_evidence_look(const struct csv_layout *layout, const char *second,
                                      bool whole);

#endif
