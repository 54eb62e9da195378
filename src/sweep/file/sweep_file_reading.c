/* SPDX-License-Identifier: MIT
 *
 * Keys and values wherever they stand in a sweep file, and what is said where they are wrong.
 */
#include "sweep/file/sweep_file_reading.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "sweep/file/hints.h"

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

static bool is_among(const struct names *names, const char *name)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->items[i], name) != 0)
        i++;
    return i < names->count;
}

/* A value as it might be written on one line. */
static char *value_text(const struct yaml_node *node)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    if (node->kind == YAML_LIST)
        putc('[', out);
    for (size_t i = 0; node->kind == YAML_LIST && i < node->count; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : "",
                node->items[i]->kind == YAML_TEXT ? node->items[i]->text : "...");
    if (node->kind == YAML_LIST)
        putc(']', out);
    else
        fputs(node->kind == YAML_TEXT && *node->text != '\0' ? node->text : "...", out);
    return memory_stream_close(&stream);
}

/* A key that has another name, or none, in other programs. */
static bool refuse_foreign(const struct reading *reading, const struct yaml_node *mapping,
                           size_t index, const struct hint *hint, const char *where,
                           const struct names *allowed)
{
    const struct yaml_node *key = mapping->keys[index];
    bool here = hint->key != NULL && is_among(allowed, hint->key);
    double rows = hint->inverse ? reading_rows(reading, mapping) : 0.0;
    char *value = value_text(mapping->items[index]);
    char *remedy = hint_for_file(hint, value, here, rows);
    reading_error(reading, key->place, "unknown key '%s' %s; %s", key->text, where, remedy);
    memory_free(value);
    memory_free(remedy);
    return false;
}

static bool refuse_key(const struct reading *reading, const struct yaml_node *mapping, size_t index,
                       const char *where, const struct names *allowed)
{
    const struct yaml_node *key = mapping->keys[index], *value = mapping->items[index];
    const struct hint *hint = hint_find(key->text, value->kind == YAML_TEXT ? value->text : NULL);
    if (hint != NULL)
        return refuse_foreign(reading, mapping, index, hint, where, allowed);
    char list[1536];
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
    for (size_t i = 0; i < mapping->count; i++)
        if (!is_among(allowed, mapping->keys[i]->text))
            return refuse_key(reading, mapping, i, where, allowed);
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

/* A choice may have another name in other programs. */
static bool refuse_value(const struct reading *reading, const struct setting *row,
                         const struct yaml_node *node, const char *reason)
{
    const struct hint *hint = hint_find_value(row->entry.name, node->text);
    if (hint == NULL || row->choices == NULL)
        return reading_error(reading, node->place, "%s", reason);
    char known[512], *remedy = hint_for_file(hint, node->text, true, 0.0);
    reading_error(reading, node->place, "unknown %s '%s'; %s; known: %s", row->choices->noun,
                  node->text, remedy, table_names(row->choices, known, sizeof known));
    memory_free(remedy);
    return false;
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
           refuse_value(reading, row, node, text);
}
