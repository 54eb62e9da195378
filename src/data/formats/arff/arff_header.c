/* SPDX-License-Identifier: MIT
 *
 * What an ARFF file declares: attributes with their types and values, up to the rows.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "base/name_set.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 40 }; /* bytes of an offending text that are quoted */

/* What is being read. */
struct header {
    struct arff_text *text;
    struct name_set names;
    size_t capacity; /* of attributes */
};

static int shown(const struct arff_token *token)
{
    return (int)(token->length < SHOWN ? token->length : SHOWN);
}

/* --- Nominal values -------------------------------------------------------------------------- */

static int value_order(const void *a, const void *b)
{
    const struct arff_value *one = a, *other = b;
    return strcmp(one->meant, other->meant);
}

/* Puts values in order, and finds the one declared first there. */
static bool values_sort(const struct arff_text *text, struct arff_attribute *attribute,
                        struct error *error)
{
    struct arff_value *values = attribute->values;
    const char *first = values[0].token.text;
    qsort(values, attribute->count, sizeof *values, value_order);
    for (size_t k = 0; k < attribute->count; k++) {
        if (values[k].token.text == first)
            attribute->first = k;
        if (k > 0 && strcmp(values[k].meant, values[k - 1].meant) == 0)
            return arff_error(text, values[k].token.text, error,
                              "the value '%.*s' of attribute '%.*s' is declared twice; leave one "
                              "out",
                              SHOWN, values[k].meant, SHOWN, attribute->name);
    }
    return true;
}

/* Reads "{red, 'dark green'}" at `p`. */
static bool values_read(const struct arff_text *text, struct arff_attribute *attribute,
                        const char *p, struct error *error)
{
    size_t capacity = 0;
    attribute->type = ARFF_NOMINAL;
    for (p = arff_blanks_skip(p + 1); *p != '}'; p = arff_blanks_skip(p)) {
        struct arff_token token;
        const char *end = arff_token_read(p, &token);
        if (end == NULL)
            return arff_error(text, p, error, "a quote does not end on its line");
        bool separated = arff_blank(*end) || *end == ',' || *end == '}';
        if (end == p || !separated)
            return arff_error(text, end, error,
                              "expected a value, a comma or } here; values are declared on one "
                              "line, as in {red, 'dark green'}");
        attribute->values = memory_grow(attribute->values, &capacity, attribute->count + 1,
                                        sizeof *attribute->values);
        attribute->values[attribute->count++] =
            (struct arff_value){.meant = arff_token_meant(&token), .token = token};
        p = arff_blanks_skip(end);
        p += *p == ',';
    }
    if (attribute->count == 0)
        return arff_error(text, p, error, "attribute '%.*s' declares no value", SHOWN,
                          attribute->name);
    return values_sort(text, attribute, error);
}

/* --- Attributes ------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum arff_type type;
} types[] = {
    {"numeric", ARFF_NUMERIC}, {"real", ARFF_NUMERIC}, {"integer", ARFF_NUMERIC},
    {"string", ARFF_STRING},   {"date", ARFF_DATE},    {"relational", ARFF_RELATION},
};

/* What follows the word on its line, as the format of a date does, is passed over. */
static bool type_read(const struct arff_text *text, struct arff_attribute *attribute, const char *p,
                      struct error *error)
{
    struct arff_token token;
    if (*p == '{')
        return values_read(text, attribute, p, error);
    arff_token_read(p, &token);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (arff_token_is_word(&token, types[i].word)) {
            attribute->type = types[i].type;
            return true;
        }
    return arff_error(text, p, error,
                      "'%.*s' is no type of an attribute; numeric, real, integer and values in "
                      "braces are read",
                      shown(&token), token.text);
}

/* Reads what follows @attribute. */
static bool attribute_read(struct header *header, const char *p, struct error *error)
{
    struct arff_text *text = header->text;
    struct arff_token token;
    const char *end = arff_token_read(p, &token);
    if (end == NULL)
        return arff_error(text, p, error, "a quote does not end on its line");
    if (token.length == 0)
        return arff_error(text, p, error, "expected the name of an attribute");
    text->attributes =
        memory_grow(text->attributes, &header->capacity, text->count + 1, sizeof *text->attributes);
    struct arff_attribute *attribute = &text->attributes[text->count++];
    *attribute = (struct arff_attribute){.name = arff_token_meant(&token), .place = p};
    if (name_set_has(&header->names, attribute->name))
        return arff_error(text, p, error,
                          "another attribute is called '%.*s' as well; give each its own name",
                          SHOWN, attribute->name);
    name_set_add(&header->names, attribute->name);
    return type_read(text, attribute, arff_blanks_skip(end), error);
}

/* --- Lines ----------------------------------------------------------------------------------- */

/* Behind @data: are there rows, and attributes that they have? */
static bool rows_begin(struct arff_text *text, const char *p, struct error *error)
{
    p = arff_blanks_skip(p);
    if (!arff_line_ends(p, text->end))
        return arff_error(text, p, error, "rows begin on the line after @data");
    if (text->count == 0)
        return arff_error(text, p, error, "no attribute is declared before @data");
    text->data = arff_line_next(p, text->end);
    while (p = arff_blanks_skip(text->data), text->data < text->end && arff_line_ends(p, text->end))
        text->data = arff_line_next(p, text->end);
    text->sparse = *p == '{';
    return true;
}

/* Reads the line of a keyword at `p`. */
static bool keyword_read(struct header *header, const char *p, struct error *error)
{
    struct arff_token keyword;
    struct arff_text *text = header->text;
    const char *end = arff_token_read(p, &keyword);
    if (end != NULL && arff_token_is_word(&keyword, "@relation"))
        return true;
    if (end != NULL && arff_token_is_word(&keyword, "@attribute"))
        return attribute_read(header, arff_blanks_skip(end), error);
    if (end != NULL && arff_token_is_word(&keyword, "@data"))
        return rows_begin(text, end, error);
    return arff_error(
        text, p, error,
        "expected @relation, @attribute or @data; rows come after @data, and comments "
        "begin with %%");
}

bool arff_header_read(struct arff_text *text, struct error *error)
{
    struct header header = {.text = text};
    const char *p = text->begin;
    bool sound = true;
    while (sound && text->data == NULL && p < text->end) {
        p = arff_blanks_skip(p);
        sound = arff_line_ends(p, text->end) || keyword_read(&header, p, error);
        p = arff_line_next(p, text->end);
    }
    name_set_clear(&header.names);
    if (sound && text->data == NULL)
        return error_usage(error, "%s: there is no @data, after which rows come", text->path);
    return sound;
}

void arff_text_clear(struct arff_text *text)
{
    for (size_t c = 0; c < text->count; c++) {
        struct arff_attribute *attribute = &text->attributes[c];
        for (size_t k = 0; k < attribute->count; k++)
            memory_free(attribute->values[k].meant);
        memory_free(attribute->values);
        memory_free(attribute->name);
    }
    memory_free(text->attributes);
    memory_free(text->absent);
}
