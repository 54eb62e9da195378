/* SPDX-License-Identifier: MIT
 *
 * Which attributes are features, and of which column. A model's are found by their names, in any
 * order, if all are there, and must be of the kind that it was trained on.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 60 };

/* A feature of the model. */
struct wanted_name {
    const char *name;
    size_t feature;
};

static int name_order(const void *a, const void *b)
{
    const struct wanted_name *one = a, *other = b;
    return strcmp(one->name, other->name);
}

/* The model's names, in order (features). */
static struct wanted_name *names_sort(const struct columns_wanted *wanted)
{
    struct wanted_name *names = memory_allocate(wanted->features, sizeof *names);
    for (size_t j = 0; j < wanted->features; j++)
        names[j] = (struct wanted_name){wanted->names[j], j};
    qsort(names, wanted->features, sizeof *names, name_order);
    return names;
}

bool arff_features_find(struct arff_text *text, const struct columns_wanted *wanted)
{
    if (wanted->names == NULL)
        return false;
    struct wanted_name *names = names_sort(wanted);
    size_t found = 0;
    for (size_t c = 0; c < text->count; c++) {
        struct arff_attribute *attribute = &text->attributes[c];
        const struct wanted_name key = {.name = attribute->name};
        const struct wanted_name *name =
            bsearch(&key, names, wanted->features, sizeof *names, name_order);
        attribute->feature = name != NULL ? name->feature : ARFF_NONE;
        found += name != NULL;
    }
    memory_free(names);
    return found == wanted->features;
}

void arff_features_number(struct arff_text *text, size_t other)
{
    size_t features = 0;
    for (size_t c = 0; c < text->count; c++)
        text->attributes[c].feature = c == other ? ARFF_NONE : features++;
}

static bool type_check(const struct arff_text *text, const struct arff_attribute *attribute,
                       struct error *error)
{
    static const char *const what[] = {
        [ARFF_STRING] = "a string", [ARFF_DATE] = "a date", [ARFF_RELATION] = "a relation"};
    if (attribute->type <= ARFF_NOMINAL)
        return true;
    return arff_error(text, attribute->place, error,
                      "attribute '%.*s' is %s, and features are numbers or nominal; leave it out: "
                      "--drop '%.*s' (drop: '%.*s')",
                      SHOWN, attribute->name, what[attribute->type], SHOWN, attribute->name, SHOWN,
                      attribute->name);
}

/* Is the feature of the kind that the model was trained on? */
static bool kind_check(const struct arff_text *text, const struct arff_attribute *attribute,
                       const struct columns_wanted *wanted, struct error *error)
{
    if (wanted == NULL || attribute->feature >= wanted->features)
        return true;
    bool category = wanted->categories != NULL && wanted->categories[attribute->feature];
    if (category == (attribute->type == ARFF_NOMINAL))
        return true;
    return arff_error(text, attribute->place, error,
                      "attribute '%.*s' is %s, and the model was trained on %s there; declare it "
                      "as %s",
                      SHOWN, attribute->name, category ? "numeric" : "nominal",
                      category ? "categories" : "numbers",
                      category ? "nominal, {A, B}" : "numeric");
}

bool arff_features_check(struct arff_text *text, const struct columns_wanted *wanted,
                         struct error *error)
{
    size_t features = 0;
    text->absent = memory_allocate(text->count, sizeof *text->absent);
    for (size_t c = 0; c < text->count; c++) {
        const struct arff_attribute *attribute = &text->attributes[c];
        if (attribute->feature == ARFF_NONE)
            continue;
        if (!type_check(text, attribute, error) || !kind_check(text, attribute, wanted, error))
            return false;
        text->nominal = text->nominal || attribute->type == ARFF_NOMINAL;
        text->permuted = text->permuted || attribute->feature != features;
        text->absent[attribute->feature] = (double)attribute->first;
        features++;
    }
    text->features = features;
    return features > 0 ||
           error_usage(error, "%s: there is one attribute, the label, and no feature", text->path);
}
