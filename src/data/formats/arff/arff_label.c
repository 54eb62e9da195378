/* SPDX-License-Identifier: MIT
 *
 * Which attribute is the label. In a file for a model it is the one that has the label's name, or,
 * of one attribute more than the model has features, the one in its place.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

enum { SHOWN = 60 };

static size_t attribute_called(const struct arff_text *text, const char *name)
{
    size_t c = 0;
    while (c < text->count && strcmp(text->attributes[c].name, name) != 0)
        c++;
    return c < text->count ? c : ARFF_NONE;
}

const char *arff_name_nearest(const struct arff_text *text, const char *word)
{
    const char **names = memory_allocate(text->count, sizeof *names);
    for (size_t c = 0; c < text->count; c++)
        names[c] = text->attributes[c].name;
    const char *nearest = text_nearest(word, names, text->count);
    memory_free(names);
    return nearest;
}

static bool label_unknown(const struct arff_text *text, const char *name, struct error *error)
{
    const char *nearest = arff_name_nearest(text, name);
    if (nearest != NULL)
        return error_usage(error, "%s: no attribute is named '%.*s'; did you mean '%.*s'?",
                           text->path, SHOWN, name, SHOWN, nearest);
    return error_usage(error,
                       "%s: no attribute is named '%.*s'; name one, or give a position from 1 to "
                       "%zu, or none",
                       text->path, SHOWN, name, text->count);
}

/* The attribute that is meant by a name or, unless it is a name, a position. */
static bool label_find(const struct arff_text *text, const char *label, size_t *found,
                       struct error *error)
{
    int64_t position;
    if (text_to_integer(label, &position) && position >= 1 && (uint64_t)position <= text->count) {
        *found = (size_t)position - 1;
        return true;
    }
    char *name = utf8_copy(label);
    *found = attribute_called(text, name);
    bool known = *found != ARFF_NONE || label_unknown(text, name, error);
    memory_free(name);
    return known;
}

/* In a file for a model. Where all of the model's features are there by their names, what else
 * there is may be the label, and is passed over otherwise. */
static size_t label_wanted(const struct arff_text *text, const struct columns_wanted *wanted,
                           bool named)
{
    const struct columns_found *trained = wanted->found;
    size_t label =
        trained->label_name != NULL ? attribute_called(text, trained->label_name) : ARFF_NONE;
    bool one_more = text->count == wanted->features + 1;
    if (label != ARFF_NONE || !one_more || (named && trained->label_name != NULL))
        return label;
    if (named) {
        for (label = 0; text->attributes[label].feature != ARFF_NONE;)
            label++;
        return label;
    }
    return trained->label > 0 && trained->label <= text->count ? trained->label - 1
                                                               : text->count - 1;
}

static bool is_none(const char *label)
{
    return label != NULL && strcmp(label, "none") == 0;
}

/* The attribute that is the label; `named`: features are found by their names. */
static bool label_choose(const struct arff_text *text, const struct source *source, bool named,
                         size_t *found, struct error *error)
{
    *found = text->count - 1;
    if (source->wanted != NULL && (source->label == NULL || is_none(source->label)))
        *found = label_wanted(text, source->wanted, named);
    else if (is_none(source->label))
        *found = ARFF_NONE;
    else if (source->label != NULL)
        return label_find(text, source->label, found, error);
    return true;
}

/* Labels are compared as fields of CSV (labels.h), where two quotes stand for one. */
static bool label_check(const struct arff_text *text, const struct arff_attribute *label,
                        struct error *error)
{
    if (label->type > ARFF_NOMINAL)
        return arff_error(text, label->place, error,
                          "attribute '%.*s' cannot be the label, which is nominal or numeric; "
                          "choose another with --label, or none",
                          SHOWN, label->name);
    for (size_t k = 0; k < label->count; k++) {
        const struct arff_token *token = &label->values[k].token;
        if (memmem(token->text, token->length, "\"\"", 2) != NULL)
            return arff_error(text, token->text, error,
                              "a class has two quotes side by side in its name; write \\\" for "
                              "each, in single quotes");
    }
    return true;
}

bool arff_columns_choose(struct arff_text *text, const struct source *source, struct error *error)
{
    size_t other;
    bool named = source->wanted != NULL && arff_features_find(text, source->wanted);
    if (!label_choose(text, source, named, &other, error))
        return false;
    text->label = is_none(source->label) ? ARFF_NONE : other;
    if (text->label != ARFF_NONE && !label_check(text, &text->attributes[text->label], error))
        return false;
    if (!named && !arff_features_number(text, source, other, error))
        return false;
    if (named && other != ARFF_NONE)
        text->attributes[other].feature = ARFF_NONE;
    return arff_features_check(text, source->wanted, error);
}
