/* SPDX-License-Identifier: MIT
 *
 * Which attributes are features, and of which column: all but the label, and but those that the
 * source's columns and drop leave out. A model's are found by their names, in any order, if all are
 * there, and must be of the kind that it was trained on.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/formats/csv/format_csv_list.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 60 };

/* --- Those of a model ------------------------------------------------------------------------ */

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

/* --- Those that are chosen ------------------------------------------------------------------- */

/* An item of a list that means no attribute. */
static bool refuse_unknown(const struct arff_text *text, const char *list,
                           const struct csv_item *item, struct error *error)
{
    const char *nearest = arff_name_nearest(text, item->text);
    if (nearest != NULL)
        return error_usage(error, "%s: %s: no attribute is named '%.*s'; did you mean '%.*s'?",
                           text->path, list, SHOWN, item->text, SHOWN, nearest);
    return error_usage(error,
                       "%s: %s: no attribute is named '%.*s'; give names, positions from 1 to %zu, "
                       "ranges (2-5) or patterns (x*)",
                       text->path, list, SHOWN, item->text, text->count);
}

/* Marks the attributes that a list means (count), with how they are meant. What a model brings
 * along may be of attributes that this file does not have: `lenient`. */
static bool list_mark(const struct arff_text *text, const char *list, const char *items,
                      bool lenient, unsigned char *marks, struct error *error)
{
    struct csv_list parsed = csv_list_parse(items);
    bool known = true;
    for (size_t i = 0; i < parsed.count && known; i++) {
        known = lenient;
        for (size_t c = 0; c < text->count; c++) {
            enum csv_match match =
                csv_item_match(&parsed.items[i], text->attributes[c].name, c + 1, text->count);
            known = known || match != CSV_MATCH_NONE;
            marks[c] = match > marks[c] ? (unsigned char)match : marks[c];
        }
        known = known || refuse_unknown(text, list, &parsed.items[i], error);
    }
    csv_list_clear(&parsed);
    return known;
}

/* The label was named among those to leave out. */
static bool refuse_label(const struct arff_text *text, size_t label, struct error *error)
{
    return error_usage(error,
                       "%s: drop: attribute '%.*s' is the label; choose another with --label NAME, "
                       "or --label none",
                       text->path, SHOWN, text->attributes[label].name);
}

bool arff_features_number(struct arff_text *text, const struct source *source, size_t label,
                          struct error *error)
{
    size_t features = 0;
    bool lenient = source->wanted != NULL;
    unsigned char *chosen = memory_allocate(text->count, 1);
    unsigned char *dropped = memory_allocate(text->count, 1);
    bool sound = list_mark(text, "columns", source->columns, lenient, chosen, error) &&
                 list_mark(text, "drop", source->drop, lenient, dropped, error);
    if (sound && label != ARFF_NONE && dropped[label] >= CSV_MATCH_POSITION)
        sound = refuse_label(text, label, error);
    for (size_t c = 0; c < text->count; c++) {
        bool kept = (source->columns == NULL || chosen[c] != 0) && dropped[c] == 0;
        text->attributes[c].feature = kept && c != label ? features++ : ARFF_NONE;
    }
    memory_free(chosen);
    memory_free(dropped);
    return sound;
}

/* --- What they are --------------------------------------------------------------------------- */

static bool type_check(const struct arff_text *text, const struct arff_attribute *attribute,
                       struct error *error)
{
    static const char *const what[] = {
        [ARFF_STRING] = "a string", [ARFF_DATE] = "a date", [ARFF_RELATION] = "a relation"};
    if (attribute->type <= ARFF_NOMINAL)
        return true;
    struct memory_stream stream;
    csv_item_write_word(attribute->name, memory_stream_open(&stream));
    char *item = memory_stream_close(&stream);
    arff_error(text, attribute->place, error,
               "attribute '%.*s' is %s, and features are numbers or nominal; leave it out: "
               "--drop %s",
               SHOWN, attribute->name, what[attribute->type], item);
    memory_free(item);
    return false;
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
           error_usage(error, "%s: no attribute but the label is read; keep a feature", text->path);
}
