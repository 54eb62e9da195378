/* SPDX-License-Identifier: MIT
 *
 * Keys and values wherever they stand in a sweep file, and what is said where they are wrong.
 */
#include "sweep/file/sweep_file_reading.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 5000000 }; /* of all axes of all runs: more make too many configurations */

void names_add(struct names *names, const char *name)
{
    assert(names->count < NAMES_MAX);
    names->items[names->count++] = name;
}

bool reading_error(const struct reading *reading, struct place place, const char *format, ...)
{
    char message[ERROR_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_at(reading->error, place, yaml_line(reading->file->text, place.line), "%s",
                    message);
}

static bool refuse_key(const struct reading *reading, const struct yaml_node *key,
                       const char *where, const struct names *allowed)
{
    char list[768];
    size_t used = 0;
    for (size_t i = 0; i < allowed->count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                                 allowed->items[i]);
    const char *nearest = text_nearest(key->text, allowed->items, allowed->count);
    if (nearest == NULL)
        return reading_error(reading, key->place, "unknown key '%s' %s; allowed: %s", key->text,
                             where, list);
    return reading_error(reading, key->place, "unknown key '%s' %s; did you mean '%s'? allowed: %s",
                         key->text, where, nearest, list);
}

bool reading_check_keys(const struct reading *reading, const struct yaml_node *mapping,
                        const char *where, const struct names *allowed)
{
    for (size_t i = 0; i < mapping->count; i++) {
        size_t j = 0;
        while (j < allowed->count && strcmp(allowed->items[j], mapping->keys[i]->text) != 0)
            j++;
        if (j == allowed->count)
            return refuse_key(reading, mapping->keys[i], where, allowed);
    }
    return true;
}

bool reading_expect(const struct reading *reading, const struct yaml_node *node,
                    enum yaml_kind kind, const char *name, const char *expected)
{
    if (node->kind == kind && (kind != YAML_TEXT || *node->text != '\0'))
        return true;
    return reading_error(reading, node->place, "%s: expected %s; this is %s", name, expected,
                         yaml_kind_name(node));
}

bool reading_expect_number(const struct reading *reading, const struct yaml_node *node,
                           const char *name)
{
    return !node->string ||
           reading_error(
               reading, node->place,
               "%s: a number is expected, and its tag makes '%s' a text; leave the tag out", name,
               node->text);
}

bool reading_count_values(const struct reading *reading, struct place place, size_t count)
{
    *reading->values += count;
    return *reading->values <= VALUES_MAX ||
           reading_error(reading, place,
                         "the axes of the runs up to here have more than %d values together; use "
                         "fewer, or method: random with trials",
                         VALUES_MAX);
}

bool reading_value(const struct reading *reading, const struct setting *row,
                   const struct yaml_node *node, struct value *value)
{
    char text[1024];
    if (!reading_expect(reading, node, YAML_TEXT, row->entry.name,
                        setting_allowed(row, text, sizeof text)))
        return false;
    bool number = row->type == TYPE_REAL || row->type == TYPE_INTEGER;
    if (number && !reading_expect_number(reading, node, row->entry.name))
        return false;
    return setting_parse(row, node->text, value, text, sizeof text) ||
           reading_error(reading, node->place, "%s", text);
}
