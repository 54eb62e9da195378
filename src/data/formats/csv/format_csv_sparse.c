/* SPDX-License-Identifier: MIT
 *
 * Wide files that are mostly zeros, such as counts of words: a matrix would take four bytes for
 * every byte of "0,". A file with at least WIDE features, of which less than half of all values are
 * not 0, becomes a sparse set, as LIBSVM files do: the set is the same, with the same digest,
 * whichever of the two it comes from and however its numbers are written. (The digest is not that
 * of a matrix with these numbers: it covers what training sees, and loops over sparse rows add up
 * in another order.) Narrow files, those with cells that are texts or missing, and those whose
 * zeros will not stay zeros are matrices.
 *
 * What the file is like is guessed from its first megabyte: its rows go straight to sparse rows or
 * to a matrix. Where all rows say otherwise, the one is turned into the other.
 */
#include "data/formats/csv/format_csv_sparse.h"

#include "data/formats/sparse_rows.h"

enum { WIDE = 1000 };

/* What a field looks like, so far. */
enum field_look {
    LOOK_EMPTY,
    LOOK_ZEROS,    /* 0, 00 */
    LOOK_POINT,    /* 0. */
    LOOK_DECIMALS, /* 0.0, 0.00 */
    LOOK_EXPONENT, /* 0e, 0.0e+ */
    LOOK_POWER,    /* 0e3 */
    LOOK_OTHER,
};

static bool is_zero(enum field_look look)
{
    return look == LOOK_ZEROS || look == LOOK_DECIMALS || look == LOOK_POWER;
}

/* With one more byte that separates nothing. */
static enum field_look field_look_next(enum field_look look, char c)
{
    bool mantissa = look == LOOK_ZEROS || look == LOOK_DECIMALS;
    if (c == '0' && look <= LOOK_DECIMALS)
        return look == LOOK_EMPTY ? LOOK_ZEROS : look == LOOK_POINT ? LOOK_DECIMALS : look;
    if (c >= '0' && c <= '9' && (look == LOOK_EXPONENT || look == LOOK_POWER))
        return LOOK_POWER;
    if (c == '.' && look == LOOK_ZEROS)
        return LOOK_POINT;
    if ((c == 'e' || c == 'E') && mantissa)
        return LOOK_EXPONENT;
    return c == '\r' ? look : LOOK_OTHER;
}

/* By whatever may separate fields: where something else does, one may be counted twice. */
size_t csv_sparse_count(const char *begin, const char *end)
{
    size_t count = 0;
    enum field_look look = LOOK_EMPTY;
    for (const char *p = begin; p < end; p++) {
        bool separates = *p == ',' || *p == ';' || *p == '\t' || *p == '\n';
        count += separates && !is_zero(look);
        look = separates ? LOOK_EMPTY : field_look_next(look, *p);
    }
    return count + !is_zero(look);
}

bool csv_may_be_sparse(const struct csv_layout *layout)
{
    size_t features = layout->columns - (layout->label != CSV_NO_LABEL);
    return features >= WIDE && !layout->source->dense;
}

/* Zeros may also mean something else, as marks or categories. */
bool csv_is_sparse(const struct csv_layout *layout)
{
    size_t size = (size_t)(layout->end - layout->body), fields = 0;
    const char *end = layout->body + (size < INPUT_SAMPLE ? size : INPUT_SAMPLE);
    if (!csv_may_be_sparse(layout) || layout->categories != NULL || layout->token_number_count > 0)
        return false;
    for (const char *p = layout->body; p < end; p++)
        fields += *p == layout->delimiter || *p == '\n';
    return 2 * csv_sparse_count(layout->body, end) < fields;
}

bool csv_sparse_finish(const struct csv_layout *layout, const struct block *blocks, size_t count,
                       struct share *share, struct dataset *data, int threads, struct error *error)
{
    unsigned char more = 0;
    for (size_t i = 0; i < count; i++)
        more |= blocks[i].texts != NULL;
    ranks_allreduce_or(share->ranks, &more, 1);
    sparse_rows_close(blocks, count, data);
    return sparse_rows_settle(share, layout->path, more != 0, layout->source->scratch, data,
                              threads, error);
}
