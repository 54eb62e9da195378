/* SPDX-License-Identifier: MIT
 *
 * File formats of data sets: one row each in format_table (descent list formats). A file's ending
 * picks the format, or where it is that of a compressed file (.gz), the one before, and of data.zip
 * that of the file in it; CSV is what has no ending that another claims.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_H
#define DESCENT_DATA_FORMATS_FORMAT_H

#include "base/error.h"
#include "base/table.h"
#include "data/dataset.h"
#include "data/input.h"
#include "data/share.h"
#include "data/source.h"

#include <stdbool.h>
#include <stdio.h>

/* How a set is written, where a format has room for it. */
struct format_writing {
    bool header;     /* with the names of columns */
    bool safe_cells; /* no text that a spreadsheet would run (base/text.h) */
};

struct format {
    struct entry entry;
    const char *const *extensions; /* in lower case, without the point; ended by NULL */

    /* Columns are told by their numbers: the source's first_index and features count. */
    bool indexed;

    /* Rows are lines, of which the first may be a header: the source's `header` counts. */
    bool lines;

    /* Columns have names: those that are read may be chosen, by the source's columns and drop. */
    bool columns;

    /* There may be several arrays, of which one is chosen: the source's array counts. */
    bool arrays;

    /* Text that text_rows_read() reads, so that it may still be unpacked meanwhile: all of a set in
     * one process, from input_open_begin(). */
    bool streams;

    /* Reads the rows of a set that are this process's share, which is filled in, with `threads`
     * threads: X, y, feature_names and class_names, the rest is the caller's. Ranks call it at the
     * same time, with inputs of share_open(); what is not a row, they all get. One class alone is
     * not an error here: class_names[1] is NULL then, and y is 0. `source` says how the file is
     * meant. Results do not depend on `threads`. NULL on error, which is the first in the file. */
    struct dataset *(*read)(struct input *input, const struct source *source, struct share *share,
                            int threads, struct error *error);

    /* Writes a set so that reading it gives the same bits. Whether all was written, the caller asks
     * the file. */
    void (*write)(const struct dataset *data, struct format_writing how, FILE *file);

    /* For formats that keep labels in a file of their own (others: NULL): writes it, and gives its
     * path, which is freed with memory_free(), or NULL with an error when the first has none. */
    void (*write_labels)(const struct dataset *data, FILE *file);
    char *(*labels_path)(const char *path, struct error *error);
};

extern const struct table format_table;
extern const struct format *const format_last_resort; /* of a file whose ending tells nothing */

/* The format whose ending the path has, in any case; otherwise CSV. */
const struct format *format_of_path(const char *path);

/* Does a format claim the path's ending; has it one at all, as pipes have none; and do two paths
 * have the same? */
bool format_is_told(const char *path);
bool format_has_ending(const char *path);
bool format_same_ending(const char *path, const char *other);

/* What the label of a set is called where columns have names: "label", or label.1 beside a feature
 * of that name; free with memory_free(). */
char *format_label_name(const struct dataset *data);

/* The format of a source's file. */
const struct format *source_format(const struct source *source);

#endif
