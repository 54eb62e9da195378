/* SPDX-License-Identifier: MIT
 *
 * What was said of the data is kept as the table of attributes has it, by name and as text, and is
 * read back through the same table: an attribute that is added there is kept from then on. Beside
 * it stands what was found in the file.
 */
#include "store/model/model_reading.h"

#include "base/memory.h"
#include "store/json_value.h"

#include <string.h>

enum { LABEL_MOST = 1 << 30 }; /* the column of a label, in a file of columns that were left out */

/* --- Writing ------------------------------------------------------------------------------- */

static json_t *attributes_to_json(const struct source *source)
{
    json_t *object = json_value_object();
    for (size_t i = 0; i < source_attribute_count; i++) {
        char number[TEXT_NUMBER];
        const char *text = source_attribute_get(&source_attributes[i], source, number);
        if (text != NULL && source_attributes[i].about != ATTRIBUTE_CACHE)
            json_value_set(object, source_attributes[i].entry.name, json_value_text(text));
    }
    return object;
}

static json_t *label_to_json(const struct columns_found *found)
{
    if (found->label == 0)
        return json_value_text(NULL);
    json_t *object = json_value_object();
    json_value_set(object, "column", json_value_integer((int64_t)found->label));
    json_value_set(object, "name", json_value_text(found->label_name));
    return object;
}

json_t *reading_to_json(const struct source *source, const struct dataset *data)
{
    const struct columns_found *found = &data->found;
    const char delimiter[2] = {found->delimiter, '\0'};
    json_t *object = json_value_object();
    json_value_set(object, "attributes", attributes_to_json(source));
    json_value_set(object, "delimiter",
                   json_value_text(found->delimiter != '\0' ? delimiter : NULL));
    json_value_set(object, "header", json_boolean(found->header));
    json_value_set(object, "decimal_comma", json_boolean(found->decimal_comma));
    json_value_set(object, "label", label_to_json(found));
    return object;
}

/* --- Reading ------------------------------------------------------------------------------- */

/* The attribute `header` was `first_line` before, with other words for yes and no. */
static const char *renamed(const char *name, const char **text)
{
    if (strcmp(name, "first_line") != 0)
        return name;
    *text = strcmp(*text, "header") == 0 ? "yes" : strcmp(*text, "row") == 0 ? "no" : *text;
    return "header";
}

static bool attributes_read(const char *path, const json_t *value, char **attributes,
                            struct error *error)
{
    const char *name;
    json_t *item;
    if (!json_is_object(value))
        return error_usage(error, "%s: \"attributes\" of the reading must be an object", path);
    json_object_foreach((json_t *)value, name, item)
    {
        const char *text = json_string_value(item);
        const struct source_attribute *attribute =
            text != NULL ? source_attribute_find(renamed(name, &text)) : NULL;
        if (attribute == NULL)
            return error_usage(error,
                               "%s: the data were read with the attribute '%.60s', which this "
                               "program does not know as a text; train the model again",
                               path, name);
        attributes[attribute - source_attributes] = memory_copy_text(text);
    }
    return true;
}

static bool delimiter_read(const char *path, const json_t *value, char *delimiter,
                           struct error *error)
{
    const char *text = json_string_value(value);
    *delimiter = text != NULL ? *text : '\0';
    return (text != NULL && strlen(text) == 1) || json_is_null(value) ||
           error_usage(error, "%s: \"delimiter\" must be null or one character", path);
}

/* Since version 4. */
static bool decimal_read(const char *path, const json_t *value, bool *comma, struct error *error)
{
    *comma = json_is_true(value);
    return value == NULL || json_is_boolean(value) ||
           error_usage(error, "%s: \"decimal_comma\" must be true or false", path);
}

static bool label_read(const char *path, const json_t *value, struct columns_found *found,
                       struct error *error)
{
    if (json_is_null(value))
        return true;
    const json_t *column = json_object_get(value, "column"), *name = json_object_get(value, "name");
    bool placed = json_is_integer(column) && json_integer_value(column) >= 1 &&
                  json_integer_value(column) <= LABEL_MOST;
    if (!placed || (!json_is_string(name) && !json_is_null(name)))
        return error_usage(error,
                           "%s: \"label\" must be null, or an object with a \"column\" from 1 to "
                           "%d and a \"name\", a text or null",
                           path, (int)LABEL_MOST);
    found->label = (size_t)json_integer_value(column);
    if (json_is_string(name))
        found->label_name = memory_copy_text(json_string_value(name));
    return true;
}

bool reading_from_json(const char *path, const json_t *value, struct columns_found *found,
                       char **attributes, struct error *error)
{
    const json_t *header = json_object_get(value, "header");
    if (!json_is_boolean(header))
        return error_usage(
            error, "%s: \"reading\" must be an object with a \"header\", true or false", path);
    found->header = json_is_true(header);
    return attributes_read(path, json_object_get(value, "attributes"), attributes, error) &&
           delimiter_read(path, json_object_get(value, "delimiter"), &found->delimiter, error) &&
           decimal_read(path, json_object_get(value, "decimal_comma"), &found->decimal_comma,
                        error) &&
           label_read(path, json_object_get(value, "label"), found, error);
}
