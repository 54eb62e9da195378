/* SPDX-License-Identifier: MIT
 *
 * The table of formats. CSV is the last resort of format_of_path(): text with one row per line is
 * what files ending in .txt, .data, .tsv, or in nothing at all, are.
 */
#include "data/formats/format.h"

#include "data/formats/format_csv.h"
#include "data/formats/format_libsvm.h"
#include "data/formats/format_npy.h"

static const struct entry *const rows[] = {
    &format_csv.entry,
    &format_libsvm.entry,
    &format_npy.entry,
};

const struct table format_table = TABLE("format", rows);

const struct format *const format_last_resort = &format_csv;
