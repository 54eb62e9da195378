/* SPDX-License-Identifier: MIT
 *
 * LIBSVM (SVMlight) files, and what their parts share: format_libsvm.c reads in parallel,
 * format_libsvm_row.c parses rows, format_libsvm_fault.c says what is wrong with a row,
 * format_libsvm_write.c writes. The dialect:
 *
 *     LABEL INDEX:VALUE INDEX:VALUE ... [# comment]
 *
 *   - one row a line; lines end in LF or CRLF, the last one perhaps in neither; blank lines, and
 *     those that hold only a comment, do not count; a UTF-8 byte order mark is skipped;
 *   - what is separated is separated by blanks or tabs; a comment ends any row; qid is
 *     refused, since it is for ranking;
 *   - the label is a number, and the two classes are any two numbers (labels.h). A set read without
 *     labels may have them or not: a first field without a colon is passed over;
 *   - indices ascend within a row and count from 1, or from 0 where that is asked for;
 *   - a value may be nan, in any case: it is missing, which what is not given is not;
 *   - what is not given is 0, and a row may give nothing. A zero that is given is not stored, but
 *     counts for the number of features, which is the largest index of all.
 *
 * The result is sparse, or dense when at least half of all values are not 0: from there on a matrix
 * is about as small, and loops over it are faster. That depends on the data alone, so that a file
 * is the same set on every machine.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_LIBSVM_H
#define DESCENT_DATA_FORMATS_FORMAT_LIBSVM_H

#include "data/formats/blocks.h"
#include "data/formats/format.h"

#include <stdint.h>
#include <string.h>

extern const struct format format_libsvm;

/* What the first column is counted as: rows of a table for the attribute first_index. */
extern const struct table first_index_table;
extern const struct entry first_index_one, first_index_zero;

/* So columns, indices and their number fit into 32 bits, counted from 0 or from 1. */
#define LIBSVM_FEATURES_MOST (UINT32_MAX - 1)

/* The text of a file, and how it is meant. */
struct libsvm_text {
    const char *path;
    const char *begin, *end;
    bool labelled, for_model;         /* for_model: features are as many as a model has */
    size_t features;                  /* that were asked for, or 0 */
    uint64_t first_index, last_index; /* that are allowed */
    struct scratch *scratch;          /* of the source, or NULL */
};

static inline bool libsvm_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Does a field that reaches to `p` end there? */
static inline bool libsvm_ends_field(const struct libsvm_text *text, const char *p)
{
    return libsvm_blank(*p) || *p == '\n' || *p == '#' || p == text->end;
}

/* Where the field that begins at `p` ends. */
static inline const char *libsvm_field_end(const struct libsvm_text *text, const char *p)
{
    while (!libsvm_ends_field(text, p))
        p++;
    return p;
}

static inline const char *libsvm_blanks_skip(const char *p)
{
    while (libsvm_blank(*p))
        p++;
    return p;
}

/* Where the line after `p` begins, or the file ends. */
static inline const char *libsvm_line_next(const struct libsvm_text *text, const char *p)
{
    const char *line_break = memchr(p, '\n', (size_t)(text->end - p));
    return line_break != NULL ? line_break + 1 : text->end;
}

/* Does a line whose first byte that is no blank is at `p` hold no row? */
static inline bool libsvm_line_is_empty(const struct libsvm_text *text, const char *p)
{
    return *p == '\n' || *p == '#' || p == text->end;
}

/* Reads the rows of a block of a struct libsvm_text; see struct text_format. */
void libsvm_block_read(const void *format, struct block *block, struct dataset *data);

/* Says what is wrong with the field that begins at `at`. */
bool libsvm_fault_field(const struct libsvm_text *text, const char *at, struct error *error);

/* Says that there is a third class. */
bool libsvm_fault_classes(const struct libsvm_text *text, const struct labels *labels,
                          struct error *error);

/* Writes a set; see struct format. */
void libsvm_write(const struct dataset *data, struct format_writing how, FILE *file);

#endif
