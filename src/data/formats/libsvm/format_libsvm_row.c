/* SPDX-License-Identifier: MIT
 *
 * Parsing the rows of a LIBSVM file. Most values of such files are short whole numbers, often all
 * of them are 1: these are read without number_parse_before(), which reads the rest.
 */
#include "data/formats/libsvm/format_libsvm.h"

#include "data/formats/number_words.h"
#include "data/formats/sparse_rows.h"

#include <math.h>
#include <string.h>

enum {
    INDEX_DIGITS = 10, /* of the largest index */
    SHORT_DIGITS = 9,  /* of a value that is read as a whole number */
};

/* Reads digits, `most` of them at most; NULL when there are none. */
static inline const char *digits_read(const char *p, ptrdiff_t most, uint64_t *number)
{
    const char *first = p;
    uint64_t sum = 0;
    for (unsigned digit; (digit = (unsigned)(unsigned char)*p - '0') <= 9 && p - first < most; p++)
        sum = 10 * sum + digit;
    *number = sum;
    return p > first ? p : NULL;
}

/* Reads "nan", in any case and with any sign: a missing value. Of what is not finite it is the one
 * that ends so. Returns where it ends, or NULL. */
static const char *missing_read(const struct libsvm_text *text, struct block *block, const char *p,
                                double *value)
{
    const char *end = libsvm_field_end(text, p);
    if (!number_not_finite(p, (size_t)(end - p)) || (end[-1] != 'n' && end[-1] != 'N'))
        return NULL;
    *value = (double)NAN;
    block->missing++;
    return end;
}

/* Reads "INDEX:VALUE". Returns where it ends, or NULL when it is something else. */
static inline const char *value_read(const struct libsvm_text *text, struct block *block,
                                     const char *p, uint64_t *index, double *value)
{
    p = digits_read(p, INDEX_DIGITS, index);
    if (p == NULL || *p != ':')
        return NULL;
    uint64_t whole;
    const char *end = digits_read(p + 1, SHORT_DIGITS, &whole);
    if (end != NULL && libsvm_ends_field(text, end)) {
        *value = (double)whole;
        return end;
    }
    end = number_parse_before(p + 1, block->end, value);
    if (end == NULL)
        return missing_read(text, block, p + 1, value);
    return libsvm_ends_field(text, end) && isfinite(*value) ? end : NULL;
}

/* Reads the label, as its index in the block, into y. Returns where it ends; NULL for a field that
 * is no number. */
static const char *label_read(const struct libsvm_text *text, struct block *block, const char *p,
                              size_t row, double *y)
{
    size_t length = (size_t)(libsvm_field_end(text, p) - p);
    if (!text->labelled)
        return memchr(p, ':', length) == NULL ? p + length : p;
    int index = labels_index(&block->labels, p, length, row);
    if (index < 0 || !block->labels.kept[index].is_number)
        return NULL;
    *y = index;
    return p + length;
}

static const char *fault_note(struct block *block, const char *p, size_t row)
{
    block->fault = p;
    block->fault_row = row;
    return NULL;
}

/* Reads the row that begins at `p`, its values to `*place` and on. Returns where the next line
 * begins; NULL at a fault, which is noted. */
static const char *row_read(const struct libsvm_text *text, struct block *block, const char *p,
                            size_t row, struct dataset *data, size_t *place)
{
    double unlabelled;
    double *y = data->y != NULL ? &data->y[row] : &unlabelled;
    const char *end = label_read(text, block, p, data->first_row + row, y);
    if (end == NULL)
        return fault_note(block, p, row);
    uint64_t least = text->first_index, index;
    for (;;) {
        p = libsvm_blanks_skip(end);
        if (libsvm_line_is_empty(text, p))
            break;
        double value;
        end = value_read(text, block, p, &index, &value);
        if (end == NULL || index < least || index > text->last_index)
            return fault_note(block, p, row);
        data->columns[*place] = (uint32_t)(index - text->first_index);
        data->values[*place] = value;
        *place += sparse_is_stored(value);
        least = index + 1;
    }
    size_t columns = (size_t)(least - text->first_index);
    block->columns = columns > block->columns ? columns : block->columns;
    data->starts[row + 1] = *place;
    return libsvm_line_next(text, p);
}

void libsvm_block_read(const void *format, struct block *block, struct dataset *data)
{
    const struct libsvm_text *text = format;
    size_t row = block->first_row, place = block->first_value;
    const char *p = block->begin;
    while (p != NULL && p < block->end && block->labels.count < LABELS_KEPT) {
        p = libsvm_blanks_skip(p);
        if (libsvm_line_is_empty(text, p))
            p = libsvm_line_next(text, p);
        else
            p = row_read(text, block, p, row++, data, &place);
    }
    block->values = place - block->first_value;
}
