/* SPDX-License-Identifier: MIT
 *
 * CSV, and what its parts share: format_csv.c reads rows in parallel, format_csv_layout.c finds out
 * what columns there are, format_csv_delimiter.c what separates them, format_csv_header.c what the
 * first line is, format_csv_names.c what features are called, format_csv_select.c which of them are
 * read, format_csv_decimal.c how numbers are written, format_csv_fault.c says what is wrong with a
 * row, format_csv_write.c writes. Cells that are no numbers are kept by format_csv_texts.c, and
 * format_csv_columns.c decides what their columns are by the rules of format_csv_kinds.c. The
 * dialect:
 *
 *   - one row a line; lines end in LF or CRLF, the last one perhaps in neither; blank lines only at
 *     the end; a UTF-8 byte order mark is skipped;
 *   - fields separated by tabs, semicolons or commas: in a .tsv by tabs if the first line has one,
 *     else by whichever stands most often outside quotes in the first line, and of equals the first
 *     of these three; but not by commas where others leave decimal commas between them; but by one
 * that splits the second line into as many fields, if only others do;
 *   - a field may be in double quotes, a quote in it doubled, a line break in it is an error;
 *     blanks around fields do not count, within the quotes either;
 *   - a value that is missing is nothing, or "?", "NA", "N/A", "NaN", "null" or "\N" without
 * quotes; in quotes these are texts like any other; what the attribute missing_tokens adds holds in
 * quotes as well, and a number among it stands for all that are equal;
 *   - decimals have a point; or a comma, as the attribute decimal says, or where the delimiter is
 *     none and the first megabyte has numbers with a comma, of which one at least has not just
 * three digits behind it (those may be thousands), and none with a point;
 *   - the first line is a header when the fields that are not the label's have names and no numbers
 *     (marks of missing values do not count), when the label column is asked for by name, or when
 *     it is 0, 1, 2, ..., which is how pandas numbers columns (a word may stand there for the label
 *     where rows have a number); when nothing at all stands in its fields; or when it has names and
 *     whole numbers and the label's would be a third class; but not when what stands in one of its
 *     fields does so in other rows, and no column tells it from rows of texts; or as the attribute
 *     header says;
 *   - a first column whose name in the header is empty, and that counts the rows or has a text in
 *     each, is what pandas and R write beside a table, and is left out;
 *   - names are UTF-8, or are taken for Windows-1252; no two features have the same (a column that
 *     has no name, or that of another, is given one).
 */
#ifndef DESCENT_DATA_FORMATS_CSV_CSV_H
#define DESCENT_DATA_FORMATS_CSV_CSV_H

#include "data/formats/csv/format_csv_list.h"
#include "data/formats/format.h"
#include "data/formats/labels.h"
#include "data/formats/word.h"

#include <stdint.h>

extern const struct format format_csv;

#define CSV_NO_LABEL SIZE_MAX

struct csv_field {
    const char
        *text; /* (length) without quotes and the blanks around; doubled quotes as they are */
    size_t length;
    bool quoted;
};

struct csv_layout {
    const char *path;
    char delimiter;
    bool header;
    size_t left_out;              /* 1: a column of row numbers comes before those counted here */
    size_t width;                 /* columns of a line, with all that are left out */
    size_t columns;               /* that are read, the label's with them */
    size_t label;                 /* column from 0, or CSV_NO_LABEL */
    bool label_ignored;           /* it is passed over, whatever is in it */
    struct csv_field *fields;     /* (columns) of the first line */
    struct csv_field *own_fields; /* what is to be freed of them */
    size_t
        *places; /* (columns) ascending, where they stand in a line, from 0; NULL: side by side */
    size_t *targets; /* (columns) which feature each is, in a model's order; NULL: as they stand */
    unsigned char *categories; /* (columns) not 0: its cells are texts, whatever they look like; or
                                * NULL */
    unsigned char *full;       /* (columns) not 0: there are too many texts to be kept */
    struct csv_list *tokens;   /* that were given as marks of missing values; NULL: none */
    double *token_numbers;     /* (token_number_count) those of them that are numbers */
    size_t token_number_count;
    bool tokens_only;                    /* the usual marks are none */
    bool decimal_comma;                  /* numbers are written with a comma */
    bool decimal_told;                   /* as was said, or as the model's were */
    const struct source *source;         /* as which it is read */
    const struct columns_wanted *wanted; /* by a model; or NULL */
    struct csv_texts **texts;            /* of blocks, a list; see format_csv_texts.h */
    const char *begin;                   /* of the first line */
    const char *body;                    /* of the first row */
    const char *end;                     /* behind the last row and its line break */
    char *notes;                         /* see struct dataset */
};

/* Whether the first line is one: rows of a table for the attribute header. */
extern const struct table header_table;
extern const struct entry header_auto, header_yes, header_no;

/* How numbers are written: rows of a table for the attribute decimal. */
extern const struct table decimal_table;
extern const struct entry decimal_auto, decimal_point, decimal_comma;

/* Where column c stands in a line, from 0. */
static inline size_t csv_place(const struct csv_layout *layout, size_t c)
{
    return layout->places != NULL ? layout->places[c] : c + layout->left_out;
}

/* What separates the columns of a file, of which `line` is the first line. */
char csv_delimiter_detect(const char *path, const char *line);

/* Reads one field. Returns where it ends, at a delimiter, a line break or NUL; NULL for a quoted
 * field that does not end on its line, or is followed by more than blanks, and for one with a CR
 * within, where a line ends for another program. */
const char *csv_field_read(const char *p, char delimiter, struct csv_field *field);

/* Does a field end at this character? Most of a text is beyond all that may end it, ';' the last.
 */
static inline bool csv_ends_field(char c, char delimiter)
{
    return c <= ';' && (c == delimiter || c == '\n' || c == '\0');
}

/* Where the field that begins at `p` ends, of a text of which all before `end` may be read; a NUL
 * that should not be in it is passed over. */
static inline const char *csv_field_end(const char *p, const char *end, char delimiter)
{
    for (; end - p >= WORD_BYTES; p += WORD_BYTES) {
        uint64_t word = word_load(p);
        uint64_t mask = word_mask(word, delimiter) | word_mask(word, '\n');
        if (mask != 0)
            return p + word_first(mask);
    }
    while (!csv_ends_field(*p, delimiter))
        p++;
    return p;
}

/* May a text that begins so be one of the usual marks of missing values? */
static inline bool csv_may_be_missing(char c)
{
    return c == 'N' || c == 'n' || c == '?' || c == '\\';
}

/* Does the text stand for a value that is missing, by the usual marks: empty, "?", "NA", "null"? */
bool csv_field_missing(const struct csv_field *field);

/* The same by the marks that hold for this file. */
bool csv_field_marked(const struct csv_layout *layout, const struct csv_field *field);

/* Takes note of marks that were given. */
void csv_tokens_read(struct csv_layout *layout, const char *text);

/* Is the number one that was given as a mark of a missing value? */
static inline bool csv_number_marked(const struct csv_layout *layout, double number)
{
    for (size_t i = 0; i < layout->token_number_count; i++)
        if (layout->token_numbers[i] == number)
            return true;
    return false;
}

/* Finds out whether numbers are written with a comma (format_csv_decimal.c), once fields can be
 * told apart. */
void csv_decimal_detect(struct csv_layout *layout, const struct source *source);

/* Is the whole text a number, as numbers are written in this file? */
bool csv_number_read(const struct csv_layout *layout, const char *text, size_t length,
                     double *value);

/* Is it one with a comma for its decimals, or for its thousands? */
bool csv_text_has_comma(const char *text, size_t length);

/* Is a field a number, finite or not? */
bool csv_field_is_number(const struct csv_layout *layout, const struct csv_field *field);

/* Is the field, as it is meant, this name? */
bool csv_field_is(const struct csv_field *field, const char *name);

/* Where the rows of [begin, end) end: trailing blank lines are left out. */
const char *csv_rows_end(const char *begin, const char *end, char delimiter);

/* Finds out delimiter, header, columns, the label's column and where rows begin and end, from the
 * first lines and the end of the file. Free with csv_layout_clear(), also on failure. */
bool csv_layout_detect(struct csv_layout *layout, const struct input *input,
                       const struct source *source, struct error *error);

/* Leaves out the columns that are not asked for, and marks those that are said to be categories
 * (format_csv_select.c). The label's column is known, if there is one. */
bool csv_columns_select(struct csv_layout *layout, const struct source *source,
                        struct error *error);

/* False, with an error, if columns were given by names and there is no header. */
bool csv_columns_named(const struct csv_layout *layout, const struct source *source,
                       struct error *error);

/* Keeps only some columns. */
void csv_columns_keep(struct csv_layout *layout, const bool *kept);

/* The same in a file for a model (format_csv_wanted.c): with as many columns as it has features
 * there is no label, with one more there is. */
char csv_wanted_delimiter(const struct columns_wanted *wanted, const char *line, char detected);
bool csv_wanted_label(struct csv_layout *layout, const struct source *source, bool ignored,
                      struct error *error);
bool csv_wanted_header(const struct csv_layout *layout, const struct columns_wanted *wanted);

/* Finds the model's columns by their names, in any order and with others among them, which are left
 * out, where they do not stand as csv_wanted_label() takes them. False: they are not all there. */
bool csv_wanted_find(struct csv_layout *layout, const struct source *source);

/* False, with an error, where the first line has names of the model's columns, but not all. */
bool csv_wanted_whole(const struct csv_layout *layout, const struct source *source,
                      struct error *error);

/* Are the columns the model's features by their names, but for one that may be the label's? */
bool csv_wanted_names(const struct csv_layout *layout, const struct columns_wanted *wanted);

/* Is the first column, which has no name, the model's first feature? */
bool csv_wanted_unnamed(const struct csv_layout *layout, const struct columns_wanted *wanted);
void csv_layout_clear(struct csv_layout *layout);

/* Is the first line a header, as `source` says or as its fields tell? The label's column is known;
 * `second` is the second line. */
bool csv_header_detect(struct csv_layout *layout, const struct source *source, const char *second);

/* Leaves the first column out, before the label's is known, if it numbers the rows, which begin at
 * `second` where there is a header. */
void csv_row_numbers_leave_out(struct csv_layout *layout, const struct source *source,
                               const char *second);

/* Names for the features of a file with a header; free as dataset_free() does. */
char **csv_feature_names(struct csv_layout *layout);

/* The names of all columns but `label`, or CSV_NO_LABEL, without a word about those that were given
 * one; free each and the array with memory_free(). */
char **csv_column_names(const struct csv_layout *layout, size_t label);

/* How many names are those that are wanted (features), from the first on, if column `label` (or
 * CSV_NO_LABEL) has the label. */
size_t csv_names_alike(const struct csv_layout *layout, size_t label, char *const *wanted,
                       size_t features);

/* Says what is wrong with the field that begins at `at`, in that row counted from 0. */
bool csv_fault_field(const struct csv_layout *layout, const char *at, size_t row,
                     struct error *error);

/* Says that there is a third class. */
bool csv_fault_classes(const struct csv_layout *layout, const struct labels *labels,
                       struct error *error);

/* Where the first line was taken for a row, and may have been meant otherwise. */
extern const char csv_header_hint[];

/* "column 3", or "column 3 (radius)". Returns `text`. */
enum { CSV_COLUMN_NAME = 80 };
char *csv_column_name(const struct csv_layout *layout, size_t column,
                      char text[static CSV_COLUMN_NAME]);

/* The line that has the byte `at`, and the column of that. */
struct csv_line {
    const char *begin;
    struct place place;
};
struct csv_line csv_line_at(const struct csv_layout *layout, const char *at, size_t row);

/* Writes the name of a class so that it is read back as a label: in quotes where it would read as a
 * missing value without. `safe`: text_write_csv() says what that is. */
void csv_class_write(const char *name, bool safe, FILE *file);

/* Writes a set; see struct format. */
void csv_write(const struct dataset *data, struct format_writing how, FILE *file);

#endif
