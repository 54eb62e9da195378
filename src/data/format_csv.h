/* SPDX-License-Identifier: MIT
 *
 * CSV, and what its parts share: format_csv.c reads rows in parallel, format_csv_layout.c finds out
 * what columns there are, format_csv_fault.c says what is wrong with a row, format_csv_write.c
 * writes. The dialect:
 *
 *   - one row a line; lines end in LF or CRLF, the last one perhaps in neither; blank lines only at
 *     the end; a UTF-8 byte order mark is skipped;
 *   - fields separated by tabs, semicolons or commas: whichever stands most often outside quotes in
 *     the first line, and of equals the first of these three;
 *   - a field may be in double quotes, a quote in it doubled, a line break in it is an error;
 *     blanks around fields do not count;
 *   - the first line is a header when the fields that are not the label's have names and no numbers
 *     (marks of missing values do not count), or when the label column is asked for by name.
 */
#ifndef DESCENT_DATA_FORMAT_CSV_H
#define DESCENT_DATA_FORMAT_CSV_H

#include "data/format.h"
#include "data/labels.h"

#include <stdint.h>

extern const struct format format_csv;

#define CSV_NO_LABEL SIZE_MAX

struct csv_field {
    const char
        *text; /* (length) without quotes and the blanks around; doubled quotes as they are */
    size_t length;
};

struct csv_layout {
    const char *path;
    char delimiter;
    bool header;
    size_t columns;
    size_t label;             /* column from 0, or CSV_NO_LABEL */
    bool label_ignored;       /* it is passed over, whatever is in it */
    struct csv_field *fields; /* (columns) of the first line */
    const char *begin;        /* of the first line */
    const char *body;         /* of the first row */
    const char *end;          /* behind the last row and its line break */
};

/* Reads one field. Returns where it ends, at a delimiter, a line break or NUL; NULL for a quoted
 * field that does not end on its line, or is followed by more than blanks. */
const char *csv_field_read(const char *p, char delimiter, struct csv_field *field);

/* Does the text stand for a value that is missing: empty, "?", "NA", "null"? */
bool csv_field_missing(const struct csv_field *field);

/* A copy of a field's text with doubled quotes made single. */
char *csv_field_copy(const char *text, size_t length);

/* Finds out delimiter, header, columns, the label's column and where rows begin and end, from the
 * first line and the end of the file. Free with csv_layout_clear(), also on failure. */
bool csv_layout_detect(struct csv_layout *layout, const struct input *input,
                       const struct source *source, struct error *error);

/* The same in a file for a model (format_csv_wanted.c): with as many columns as it has features
 * there is no label, with one more there is. */
char csv_wanted_delimiter(const struct columns_wanted *wanted, const char *line, char detected);
bool csv_wanted_label(struct csv_layout *layout, const struct columns_wanted *wanted, bool ignored,
                      struct error *error);
bool csv_wanted_header(const struct csv_layout *layout, const struct columns_wanted *wanted);
void csv_layout_clear(struct csv_layout *layout);

/* Says what is wrong with the field that begins at `at`, in that row counted from 0. */
bool csv_fault_field(const struct csv_layout *layout, const char *at, size_t row,
                     struct error *error);

/* Says that there is a third class. */
bool csv_fault_classes(const struct csv_layout *layout, const struct labels *labels,
                       struct error *error);

/* Writes a set; see struct format. */
void csv_write(const struct dataset *data, bool header, FILE *file);

#endif
