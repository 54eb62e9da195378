/* SPDX-License-Identifier: MIT
 *
 * Cells that are no numbers. While a block is read nothing is known of the others, so that a column
 * may turn out to hold categories in the last line of a file. Until then such a cell is a NaN in X
 * that says which text it was:
 *
 *     NaN, without more       the value is missing
 *     NaN with n + 1          text number n of this block
 *     NaN with all ones       a text of a column that has too many to be kept
 *
 * A block numbers the texts of all its columns together, in one lookup of (column, text), in the
 * order in which they come; what the numbers are for the whole is decided when all blocks are read
 * (format_csv_columns.c). A block without such cells has nothing of all this.
 *
 * A text comes again and again, so that most are found in a small cache, by a comparison with where
 * they stand in the file, before anything else is asked of them: that they are no numbers and no
 * marks of missing values was seen the first time.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_CSV_TEXTS_H
#define DESCENT_DATA_FORMATS_FORMAT_CSV_TEXTS_H

#include "base/lookup.h"
#include "data/formats/blocks.h"
#include "data/formats/csv/csv.h"

enum {
    CSV_TEXTS_MOST = 1000,     /* distinct texts of a column of categories */
    CSV_TEXTS_ASKED = 1 << 20, /* the same of a column that is said to be one */
};

/* What a block has seen of a column. */
struct csv_tally {
    uint32_t distinct; /* texts that were kept, each once */
    uint32_t texts;    /* cells */
    uint32_t missing;
};

struct csv_texts {
    struct csv_texts *next;
    struct lookup lookup; /* of csv_text_key */
    char *key;
    size_t key_capacity;
    struct csv_tally *tally;  /* (columns) */
    struct csv_recent *cache; /* while the block is read */
};

/* The value of a cell that is no number: NaN. */
double csv_text_keep(const struct csv_layout *layout, struct block *block,
                     const struct csv_field *field, size_t c);
double csv_missing_keep(const struct csv_layout *layout, struct block *block, size_t c);

/* The same for a cell at `p` that is, byte by byte, one kept lately. Returns where its field ends;
 * NULL: it is not, or nothing is known of it. */
const char *csv_text_again(const struct csv_layout *layout, const struct block *block,
                           const char *p, size_t c, double *value);

/* The bits of a NaN without more. */
#define CSV_QUIET UINT64_C(0x7ff8000000000000)

/* Is the value a text, and its number in its block? UINT32_MAX: it was not kept. */
static inline bool csv_value_is_text(double value, uint32_t *number)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t payload = (uint32_t)bits;
    *number = payload == UINT32_MAX ? UINT32_MAX : payload - 1;
    return (bits & ~(uint64_t)UINT32_MAX) == CSV_QUIET && payload != 0;
}

/* The number of a text of column c in a lookup like those of blocks. */
size_t csv_text_number(struct lookup *lookup, char **key, size_t *capacity, size_t c,
                       const char *text, size_t length);

/* A text in such a lookup: its column, and where it stands there (length). */
struct csv_kept {
    size_t column;
    const char *text;
    size_t length;
};
struct csv_kept csv_text_kept(const struct lookup *lookup, size_t number);

/* How many distinct texts of column c are kept. */
size_t csv_texts_most(const struct csv_layout *layout, size_t c);

/* The texts of a block, which are made if it has none. */
struct csv_texts *csv_texts_of(const struct csv_layout *layout, struct block *block);

/* The block is read: what only helps with that is freed. */
void csv_texts_rest(struct block *block);

/* Frees those of all blocks. */
void csv_texts_free(struct csv_layout *layout);

#endif
