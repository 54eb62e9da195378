/* SPDX-License-Identifier: MIT
 *
 * Wide files that are mostly zeros, such as counts of words: a matrix would take four bytes for
 * every byte of "0,". The rows of a file with at least WIDE features, of which in its first
 * megabyte less than a quarter are not 0, go to a sparse set, which takes a third of the memory of
 * a matrix or less. Once all are read, it becomes a matrix where at least half of all values are
 * not 0, as LIBSVM files do, and where cells are texts or missing, which columns describe.
 *
 * The numbers are the same either way. The digest is that of a LIBSVM file with these numbers, not
 * of the matrix: it covers what training sees, and loops over sparse rows add up in another order.
 */
#include "data/formats/csv/format_csv_sparse.h"

#include "data/formats/sparse_rows.h"

enum { WIDE = 1000, SHARE = 4 };

/* What a field looks like, so far. */
enum field_look {
    LOOK_EMPTY,
    LOOK_ZEROS,    /* 0, 00 */
    LOOK_POINT,    /* 0. */
    LOOK_DECIMALS, /* 0.0, 0.00 */
    LOOK_OTHER,
};

/* With one more byte that separates nothing. */
static enum field_look field_look_next(enum field_look look, char c)
{
    if (c == '0')
        return look == LOOK_EMPTY ? LOOK_ZEROS : look == LOOK_POINT ? LOOK_DECIMALS : look;
    if (c == '.' && look == LOOK_ZEROS)
        return LOOK_POINT;
    return c == '\r' ? look : LOOK_OTHER;
}

/* Must it be stored, or may it have to be? */
static bool field_look_counts(enum field_look look)
{
    return look != LOOK_ZEROS && look != LOOK_DECIMALS;
}

/* By whatever may separate fields: where something else does, one may be counted twice. */
size_t csv_sparse_count(const char *begin, const char *end)
{
    size_t count = 0;
    enum field_look look = LOOK_EMPTY;
    for (const char *p = begin; p < end; p++) {
        bool separates = *p == ',' || *p == ';' || *p == '\t' || *p == '\n';
        count += separates && field_look_counts(look);
        look = separates ? LOOK_EMPTY : field_look_next(look, *p);
    }
    return count + field_look_counts(look);
}

/* Where zeros may mean something else, as marks or categories, a matrix is read. */
bool csv_is_sparse(const struct csv_layout *layout)
{
    if (layout->columns <= WIDE || layout->source->dense || layout->categories != NULL ||
        layout->token_number_count > 0)
        return false;
    size_t size = (size_t)(layout->end - layout->body);
    const char *end = layout->body + (size < INPUT_SAMPLE ? size : INPUT_SAMPLE);
    size_t fields = 0;
    for (const char *p = layout->body; p < end; p++)
        fields += *p == layout->delimiter || *p == '\n';
    return fields > layout->width && csv_sparse_count(layout->body, end) < fields / SHARE;
}

bool csv_sparse_finish(const struct csv_layout *layout, const struct block *blocks, size_t count,
                       struct share *share, struct dataset *data, int threads, struct error *error)
{
    unsigned char more = 0;
    for (size_t i = 0; i < count; i++)
        more |= blocks[i].texts != NULL;
    ranks_allreduce_or(share->ranks, &more, 1);
    sparse_rows_close(blocks, count, data);
    return sparse_rows_settle(share, layout->path, more != 0, data, threads, error);
}
