/* SPDX-License-Identifier: MIT
 *
 * Parsing the rows of an ARFF file. A number that a separator follows is read at once; all else is
 * read as a token first. Where a nominal attribute is the label, the label is the text of its
 * declaration, which stands in the file once, however rows write it.
 */
#include "data/formats/arff/format_arff.h"

#include "data/formats/number_parse.h"
#include "data/formats/sparse_rows.h"

#include <math.h>
#include <string.h>

enum { INDEX_DIGITS = 10 };

/* The label of a sparse row that does not give it, if it is numeric. */
static const char zero[] = " 0";
static const struct arff_token zero_token = {.text = zero + 1, .length = 1};

/* Where a row goes: its number in the file, its features, dense or sparse, and its label. */
struct row {
    struct block *block;
    size_t number;
    double *x; /* (features), or NULL: to the place in data */
    struct dataset *data;
    size_t place;
    double *y;
    double unlabelled; /* where y is, in a set without labels */
};

static void feature_put(struct row *row, size_t feature, double value)
{
    if (row->x != NULL) {
        row->x[feature] = value;
        return;
    }
    row->data->columns[row->place] = (uint32_t)feature;
    row->data->values[row->place] = value;
    row->place += sparse_is_stored(value);
}

static bool feature_read(const struct arff_attribute *attribute, const struct arff_token *token,
                         struct row *row)
{
    double value = (double)NAN;
    if (arff_token_is_missing(token)) {
        row->block->missing++;
    } else if (attribute->type == ARFF_NUMERIC) {
        if (!number_parse_whole(token->text, token->length, &value) || !isfinite(value))
            return false;
    } else {
        size_t found = arff_value_find(attribute, token);
        if (found == ARFF_NONE)
            return false;
        value = (double)found;
    }
    feature_put(row, attribute->feature, value);
    return true;
}

static bool label_read(const struct arff_attribute *attribute, const struct arff_token *token,
                       struct row *row)
{
    double value;
    if (arff_token_is_missing(token))
        return false;
    if (attribute->type == ARFF_NOMINAL) {
        size_t found = arff_value_find(attribute, token);
        if (found == ARFF_NONE)
            return false;
        token = &attribute->values[found].token;
    } else if (!number_parse_whole(token->text, token->length, &value)) {
        return false;
    }
    int index = labels_index(&row->block->labels, token->text, token->length, row->number);
    *row->y = index;
    return index >= 0;
}

/* Reads the value of attribute `c` at `p`. Returns where it ends, or NULL. */
static const char *value_read(const struct arff_text *text, size_t c, const char *p,
                              struct row *row)
{
    const struct arff_attribute *attribute = &text->attributes[c];
    double value;
    if (attribute->type == ARFF_NUMERIC && attribute->feature != ARFF_NONE) {
        const char *end = number_parse(p, &value);
        if (end != NULL && arff_token_ends(*end) && isfinite(value)) {
            feature_put(row, attribute->feature, value);
            return end;
        }
    }
    struct arff_token token;
    const char *end = arff_token_read(p, &token);
    if (end == NULL || end == p)
        return NULL;
    if (c == text->label)
        return label_read(attribute, &token, row) ? end : NULL;
    return attribute->feature == ARFF_NONE || feature_read(attribute, &token, row) ? end : NULL;
}

static const char *fault_note(struct row *row, const char *p)
{
    row->block->fault = p;
    row->block->fault_row = row->number;
    return NULL;
}

/* Reads the row that begins at `p`. Returns where the next line begins; NULL at a fault, which is
 * noted. */
static const char *dense_read(const struct arff_text *text, const char *p, struct row *row)
{
    for (size_t c = 0; c < text->count; c++) {
        const char *end = value_read(text, c, p, row);
        if (end == NULL)
            return fault_note(row, p);
        p = arff_blanks_skip(end);
        if (c + 1 == text->count)
            break;
        bool comma = *p == ',';
        if (!comma && p == end)
            return fault_note(row, p);
        p = comma ? arff_blanks_skip(p + 1) : p;
        if (arff_line_ends(p, text->end))
            return fault_note(row, p);
    }
    return arff_line_ends(p, text->end) ? arff_line_next(p, text->end) : fault_note(row, p);
}

/* Reads an index and the blanks behind it; NULL when it is none, or not from `least` to before the
 * number of attributes. */
static const char *index_read(const struct arff_text *text, const char *p, uint64_t least,
                              uint64_t *index)
{
    const char *first = p;
    for (*index = 0; *p >= '0' && *p <= '9' && p - first < INDEX_DIGITS; p++)
        *index = 10 * *index + (uint64_t)(*p - '0');
    bool sound = p > first && arff_blank(*p) && *index >= least && *index < text->count;
    return sound ? arff_blanks_skip(p) : NULL;
}

static bool label_absent(const struct arff_text *text, struct row *row)
{
    const struct arff_attribute *label = &text->attributes[text->label];
    bool is_nominal = label->type == ARFF_NOMINAL;
    const struct arff_token *token = is_nominal ? &label->values[label->first].token : &zero_token;
    return (is_nominal || text->alone) && label_read(label, token, row);
}

/* The same for a row in braces. */
static const char *sparse_read(const struct arff_text *text, const char *p, struct row *row)
{
    const char *begin = p;
    uint64_t least = 0, index;
    bool labelled = text->label == ARFF_NONE;
    if (*p != '{')
        return fault_note(row, p);
    for (p = arff_blanks_skip(p + 1); *p != '}'; least = index + 1) {
        const char *value = index_read(text, p, least, &index);
        if (value == NULL)
            return fault_note(row, p);
        const char *end = value_read(text, (size_t)index, value, row);
        if (end == NULL)
            return fault_note(row, value);
        labelled = labelled || index == text->label;
        p = arff_blanks_skip(end);
        if (*p == ',')
            p = arff_blanks_skip(p + 1);
        else if (*p != '}')
            return fault_note(row, p);
    }
    p = arff_blanks_skip(p + 1);
    if (!arff_line_ends(p, text->end))
        return fault_note(row, p);
    if (!labelled && !label_absent(text, row))
        return fault_note(row, begin);
    return arff_line_next(p, text->end);
}

/* Puts the values of a sparse row, from place `first` on, in the order of their columns. */
static void row_sort(struct dataset *data, size_t first, size_t end)
{
    for (size_t t = first + 1; t < end; t++) {
        uint32_t column = data->columns[t];
        double value = data->values[t];
        size_t to = t;
        for (; to > first && data->columns[to - 1] > column; to--) {
            data->columns[to] = data->columns[to - 1];
            data->values[to] = data->values[to - 1];
        }
        data->columns[to] = column;
        data->values[to] = value;
    }
}

/* Reads rows of a block, until a fault or a third class. */
static void rows_read(const struct arff_text *text, struct row *row)
{
    struct block *block = row->block;
    struct dataset *data = row->data;
    const char *p = block->begin;
    for (size_t i = block->first_row; p != NULL && p < block->end;) {
        p = arff_blanks_skip(p);
        if (arff_line_ends(p, text->end)) {
            p = arff_line_next(p, text->end);
            continue;
        }
        row->number = data->first_row + i;
        row->y = data->y != NULL ? &data->y[i] : &row->unlabelled;
        row->x = data->X != NULL ? data->X + i * data->features : NULL;
        if (row->x != NULL && text->sparse)
            memcpy(row->x, text->absent, data->features * sizeof *row->x);
        size_t first = row->place;
        p = text->sparse ? sparse_read(text, p, row) : dense_read(text, p, row);
        if (row->x == NULL && text->permuted)
            row_sort(data, first, row->place);
        if (row->x == NULL)
            data->starts[i + 1] = row->place;
        i++;
        if (block->labels.count == LABELS_KEPT)
            break;
    }
}

void arff_block_read(const void *format, struct block *block, struct dataset *data)
{
    struct row row = {.block = block, .data = data, .place = block->first_value};
    rows_read(format, &row);
    block->values = row.place - block->first_value;
}
