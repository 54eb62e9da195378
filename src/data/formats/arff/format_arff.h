/* SPDX-License-Identifier: MIT
 *
 * ARFF, the format of Weka, and what its parts share: format_arff.c reads rows in parallel,
 * arff_header.c what is declared, arff_label.c says which attribute is the label, arff_token.c what
 * a value is, arff_row.c parses rows, arff_fault.c says what is wrong with one, arff_columns.c
 * describes the columns, format_arff_write.c writes. The dialect, after Weka's ArffLoader:
 *
 *     % a comment
 *     @relation NAME
 *     @attribute NAME numeric                  real and integer are the same
 *     @attribute NAME {red, 'dark green'}      nominal: one of these values
 *     @data
 *     5.1, red                                 a value for each attribute, in order
 *     {0 5.1, 1 red}                           or those that are not 0, with indices from 0
 *
 *   - one row a line; lines end in LF or CRLF; blank lines do not count; keywords in any case;
 *   - what is separated is separated by commas, or, but for the pairs of a sparse row, by blanks;
 *   - names and values may be in single or double quotes, in which a backslash takes the next
 *     character as it is (\n, \r and \t: as in C); % outside quotes begins a comment;
 *   - ? is a value that is missing; in quotes it is a text;
 *   - what a sparse row does not give is 0, or, if nominal, the first value that is declared;
 *   - rows are all sparse, or all dense;
 *   - the label is the last attribute, or what the source's label names: two values of it may
 *     occur, of which the smaller number, or the first text, is 0 (labels.h); all others are
 *     features, but for those that the source's columns and drop leave out;
 *   - features that are strings, dates or relations, and rows with weights, are refused.
 *
 * Sparse rows of numbers become a sparse set, or a dense one where that is better (sparse_rows.h).
 * With a nominal feature, or a missing value, the set is dense, and its table (columns.h) has all
 * values that are declared, whether they occur or not.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_ARFF_H
#define DESCENT_DATA_FORMATS_FORMAT_ARFF_H

#include "data/formats/blocks.h"
#include "data/formats/format.h"

#include <stdint.h>

extern const struct format format_arff;

#define ARFF_NONE SIZE_MAX

/* A name, a value or a keyword, as it stands in the file. */
struct arff_token {
    const char *text; /* (length) within its quotes */
    size_t length;
    char quote; /* NUL: it has none */
};

/* A value of a nominal attribute. */
struct arff_value {
    char *meant; /* as UTF-8 */
    struct arff_token token;
};

enum arff_type { ARFF_NUMERIC, ARFF_NOMINAL, ARFF_STRING, ARFF_DATE, ARFF_RELATION };

struct arff_attribute {
    char *name;
    const char *place; /* of its name in the file */
    enum arff_type type;
    size_t count;              /* of values; 0 unless nominal */
    struct arff_value *values; /* (count) ascending by their bytes: the index is the category */
    size_t first;              /* index of the one declared first */
    size_t feature;            /* column of X; ARFF_NONE: it is the label, or passed over */
};

/* A file and what it declares. */
struct arff_text {
    const char *path;
    const char *begin, *data, *end; /* of the file; where rows begin; where they end */
    size_t count;
    struct arff_attribute *attributes; /* (count) */
    size_t features;
    size_t label;            /* an attribute; ARFF_NONE: there is none, or it is passed over */
    bool sparse;             /* rows are in braces */
    bool nominal;            /* a feature is */
    bool permuted;           /* features have another order than attributes */
    double *absent;          /* (features) what a sparse row does not give */
    bool alone;              /* one process reads it */
    struct scratch *scratch; /* of the source, or NULL */
    FILE *told;              /* where columns are told (struct source), or NULL */
};

/* --- arff_token.c -------------------------------------------------------------------------- */

static inline bool arff_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static inline const char *arff_blanks_skip(const char *p)
{
    while (arff_blank(*p))
        p++;
    return p;
}

/* Does a line end at `p`, but for a comment? Behind the file there is a NUL. */
static inline bool arff_line_ends(const char *p, const char *end)
{
    return *p == '\n' || *p == '%' || p == end;
}

/* Does a token without quotes end at `p`? */
static inline bool arff_token_ends(char c)
{
    return arff_blank(c) || c == ',' || c == '\n' || c == '%' || c == '{' || c == '}' || c == '\0';
}

/* Where the line after `p` begins, or the file ends. */
const char *arff_line_next(const char *p, const char *end);

/* Reads a token at `p`, which is no blank. Returns where it ends; NULL for one in quotes that does
 * not end on its line. Without quotes it may be empty. */
const char *arff_token_read(const char *p, struct arff_token *token);

/* Is the token ?, without quotes; is it this word, in any case? */
bool arff_token_is_missing(const struct arff_token *token);
bool arff_token_is_word(const struct arff_token *token, const char *word);

/* A copy of what the token means, as UTF-8; free with memory_free(). */
char *arff_token_meant(const struct arff_token *token);

/* The index of a value of a nominal attribute; ARFF_NONE: it is not declared. */
size_t arff_value_find(const struct arff_attribute *attribute, const struct arff_token *token);

/* Says what is wrong at a place in the file. */
bool arff_error(const struct arff_text *text, const char *at, struct error *error,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* --- Reading ------------------------------------------------------------------------------- */

/* Reads what is declared, up to the rows. Free with arff_text_clear(), also on failure. */
bool arff_header_read(struct arff_text *text, struct error *error);
void arff_text_clear(struct arff_text *text);

/* Chooses the label, and gives features their columns; false, with an error, where one cannot be
 * used. */
bool arff_columns_choose(struct arff_text *text, const struct source *source, struct error *error);

/* The name nearest to a word, or NULL. */
const char *arff_name_nearest(const struct arff_text *text, const char *word);

/* Its parts (arff_features.c): gives attributes the columns that a model has under their names; are
 * all of the model's there? Gives columns in order to all that are chosen, but for the label.
 * Checks features. */
bool arff_features_find(struct arff_text *text, const struct columns_wanted *wanted);
bool arff_features_number(struct arff_text *text, const struct source *source, size_t label,
                          struct error *error);
bool arff_features_check(struct arff_text *text, const struct columns_wanted *wanted,
                         struct error *error);

/* Reads the rows of a block of a struct arff_text; see struct text_format. Into a sparse set only
 * where rows are sparse and no feature is nominal. */
void arff_block_read(const void *format, struct block *block, struct dataset *data);

/* Says what is wrong with the row in which a reader could not go on at `at`. */
bool arff_fault_row(const struct arff_text *text, const char *at, struct error *error);

/* Says that there is a third class. */
bool arff_fault_classes(const struct arff_text *text, const struct labels *labels,
                        struct error *error);

/* Describes the columns of a set whose rows were read: names, table, where the label was. All ranks
 * call it together; `missing`: does any of them miss a value? False, with an error, when there is
 * no memory. */
bool arff_columns_describe(const struct arff_text *text, const struct share *share, bool missing,
                           struct dataset *data, int threads, struct error *error);

/* Writes a set; see struct format. */
void arff_write(const struct dataset *data, struct format_writing how, FILE *file);

#endif
