/* SPDX-License-Identifier: MIT
 *
 * The table of formats. A new one is a folder with its row, NAME/format_NAME.c, and its name here;
 * others find it by its entry's name or by the endings of its files. CSV is the last resort of
 * format_of_path(): text with one row per line is what files ending in .txt, .data, .tsv, or in
 * nothing at all, are.
 */
#include "data/formats/format.h"

#define FORMATS(X)                                                                                 \
    X(csv)                                                                                         \
    X(libsvm)                                                                                      \
    X(npy)                                                                                         \
    X(arff)

#define DECLARE(name_) extern const struct format format_##name_;
FORMATS(DECLARE)
#undef DECLARE

#define ROW(name_) &format_##name_.entry,
static const struct entry *const rows[] = {FORMATS(ROW)};
#undef ROW

const struct table format_table = TABLE("format", rows);

const struct format *const format_last_resort = &format_csv;
