/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a row of an ARFF file. The parser only knows that it could not go on at some
 * place; here, once in a program's life, the row is read again with all the time in the world.
 */
#include "data/formats/arff/format_arff.h"

#include "data/formats/number_parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 40,       /* bytes of an offending text that are quoted */
    VALUES_SHOWN = 6, /* of a nominal attribute */
    INDEX_DIGITS = 10,
};

static int shown(const struct arff_token *token)
{
    return (int)(token->length < SHOWN ? token->length : SHOWN);
}

/* --- Values ---------------------------------------------------------------------------------- */

/* "red, green, blue, ...": what may be meant instead. Returns `list`. */
static char *values_list(const struct arff_attribute *attribute, char *list, size_t size)
{
    size_t used = 0, most = attribute->count < VALUES_SHOWN ? attribute->count : VALUES_SHOWN;
    for (size_t k = 0; k < most; k++)
        used += (size_t)snprintf(list + used, size - used, "%s'%.*s'", k > 0 ? ", " : "", SHOWN,
                                 attribute->values[k].meant);
    if (most < attribute->count)
        snprintf(list + used, size - used, ", ...");
    return list;
}

static bool nominal_fault(const struct arff_text *text, const char *at,
                          const struct arff_attribute *attribute, const struct arff_token *token,
                          struct error *error)
{
    char list[VALUES_SHOWN * (SHOWN + 4) + 8];
    if (arff_value_find(attribute, token) != ARFF_NONE)
        return arff_error(text, at, error, "'%.*s' cannot be the name of a class", shown(token),
                          token->text);
    return arff_error(text, at, error,
                      "'%.*s' is not a value of attribute '%.*s', which declares %s; add it there",
                      shown(token), token->text, SHOWN, attribute->name,
                      values_list(attribute, list, sizeof list));
}

static bool number_fault(const struct arff_text *text, const char *at,
                         const struct arff_attribute *attribute, const struct arff_token *token,
                         struct error *error)
{
    double value;
    const char *why = "is not a number, and the attribute is numeric";
    if (number_not_finite(token->text, token->length))
        why = "is not a finite number; a missing value is ?";
    else if (number_parse_whole(token->text, token->length, &value))
        why = "is too large for a double (1.8e308 at most)";
    return arff_error(text, at, error, "'%.*s' in attribute '%.*s' %s", shown(token), token->text,
                      SHOWN, attribute->name, why);
}

/* The value of attribute `c` at a place cannot be used. */
static bool value_fault(const struct arff_text *text, size_t c, const char *at, struct error *error)
{
    struct arff_token token;
    const struct arff_attribute *attribute = &text->attributes[c];
    const char *end = arff_token_read(at, &token);
    if (end == NULL)
        return arff_error(text, at, error, "a quote does not end on its line");
    if (end == at)
        return arff_error(text, at, error,
                          "expected a value of attribute '%.*s'; a missing one is ?, and one with "
                          "blanks, commas, braces or %% stands in quotes",
                          SHOWN, attribute->name);
    if (arff_token_is_missing(&token))
        return arff_error(text, at, error, "the label '%.*s' is missing; leave out the row", SHOWN,
                          attribute->name);
    return attribute->type == ARFF_NOMINAL ? nominal_fault(text, at, attribute, &token, error)
                                           : number_fault(text, at, attribute, &token, error);
}

/* --- Rows ------------------------------------------------------------------------------------ */

/* What follows a whole row. */
static bool rest_fault(const struct arff_text *text, const char *at, struct error *error)
{
    const char *p = *at == ',' ? arff_blanks_skip(at + 1) : at;
    if (*p == '{')
        return arff_error(text, p, error,
                          "weights of rows, as in {5}, are not read; leave them out, or repeat "
                          "the row");
    if (text->sparse)
        return arff_error(text, at, error, "text follows the closing brace of a row");
    return arff_error(text, at, error, "there are more values than the %zu attributes",
                      text->count);
}

static bool short_fault(const struct arff_text *text, const char *at, size_t found,
                        struct error *error)
{
    return arff_error(text, at, error,
                      "expected %zu values, one for each attribute, and found %zu%s", text->count,
                      found, *at == '%' ? "; outside quotes, % begins a comment" : "");
}

/* In a dense row that begins at `p`. */
static bool dense_fault(const struct arff_text *text, const char *p, const char *at,
                        struct error *error)
{
    for (size_t c = 0; p < at;) {
        struct arff_token token;
        const char *end = arff_token_read(p, &token);
        p = arff_blanks_skip(end);
        if (++c == text->count)
            return rest_fault(text, at, error);
        bool separated = *p == ',' || p > end;
        p = *p == ',' ? arff_blanks_skip(p + 1) : p;
        if (arff_line_ends(p, text->end))
            return short_fault(text, p, c, error);
        if (!separated)
            return arff_error(text, p, error,
                              "expected a comma or a blank behind a value; a quote within quotes "
                              "has a backslash before it");
        if (p == at)
            return value_fault(text, c, at, error);
    }
    return value_fault(text, 0, at, error);
}

static bool index_fault(const struct arff_text *text, const char *at, uint64_t least,
                        struct error *error)
{
    char *end;
    uint64_t index = strtoull(at, &end, 10); /* the largest of all when it is too large */
    if (arff_line_ends(at, text->end))
        return arff_error(text, at, error, "the brace of a sparse row does not end on its line");
    if (*at < '0' || *at > '9' || !arff_blank(*end) || end - at > INDEX_DIGITS)
        return arff_error(text, at, error,
                          "expected the index of an attribute, from 0, a blank and its value, as "
                          "in {0 1.5, 3 red}");
    if (index >= text->count)
        return arff_error(text, at, error,
                          "index %.*s is beyond the %zu attributes, which count from 0",
                          (int)(end - at < SHOWN ? end - at : SHOWN), at, text->count);
    return arff_error(text, at, error,
                      "index %" PRIu64 " after index %" PRIu64
                      "; indices ascend within a row: sort them, each once",
                      index, least - 1);
}

/* In a sparse row whose brace is at `p`. */
static bool sparse_fault(const struct arff_text *text, const char *p, const char *at,
                         struct error *error)
{
    if (p == at)
        return arff_error(text, at, error,
                          "the label is not given in this row, which means 0; over ranks, write "
                          "it out in each row, or declare it nominal");
    uint64_t least = 0;
    for (p = arff_blanks_skip(p + 1); p < at && *p != '}';) {
        struct arff_token token;
        char *digits;
        uint64_t index = strtoull(p, &digits, 10);
        p = arff_blanks_skip(digits);
        if (p == at)
            return value_fault(text, (size_t)index, at, error);
        const char *end = arff_token_read(p, &token);
        p = arff_blanks_skip(end);
        if (p == at)
            return arff_error(text, at, error,
                              "expected a comma or } behind a value; one that has a blank in it "
                              "stands in quotes");
        p = *p == ',' ? arff_blanks_skip(p + 1) : p;
        least = index + 1;
    }
    return p == at ? index_fault(text, at, least, error) : rest_fault(text, at, error);
}

static const char *line_begin(const struct arff_text *text, const char *at)
{
    const char *before = memrchr(text->begin, '\n', (size_t)(at - text->begin));
    return arff_blanks_skip(before != NULL ? before + 1 : text->begin);
}

bool arff_fault_row(const struct arff_text *text, const char *at, struct error *error)
{
    const char *line = line_begin(text, at);
    if (*at == '\0' && at < text->end)
        return arff_error(text, at, error, "a NUL byte: this is not a text file");
    if (text->sparse != (*line == '{'))
        return arff_error(text, line, error,
                          "this row is %s, and the first is %s; write all rows alike",
                          text->sparse ? "dense" : "sparse (in braces)",
                          text->sparse ? "sparse (in braces)" : "dense");
    return text->sparse ? sparse_fault(text, line, at, error) : dense_fault(text, line, at, error);
}

/* --- Classes --------------------------------------------------------------------------------- */

/* Where a row begins, counted in the whole file. */
static const char *row_find(const struct arff_text *text, size_t row)
{
    const char *p = arff_blanks_skip(text->data);
    for (;; p = arff_blanks_skip(arff_line_next(p, text->end)))
        if (!arff_line_ends(p, text->end) && row-- == 0)
            return p;
}

bool arff_fault_classes(const struct arff_text *text, const struct labels *labels,
                        struct error *error)
{
    const struct label *kept = labels->kept;
    return arff_error(text, row_find(text, kept[2].row), error,
                      "a third class of '%.*s': '%.*s', after '%.*s' and '%.*s'; two classes are "
                      "needed; say which attribute is the label, by its name or position: "
                      "--label NAME, or --label none",
                      SHOWN, text->attributes[text->label].name,
                      (int)(kept[2].length < SHOWN ? kept[2].length : SHOWN), kept[2].text,
                      (int)(kept[0].length < SHOWN ? kept[0].length : SHOWN), kept[0].text,
                      (int)(kept[1].length < SHOWN ? kept[1].length : SHOWN), kept[1].text);
}
