/* SPDX-License-Identifier: MIT
 *
 * What a sweep file says of data beside `file` and `generate`: attributes
 * (data/sources/attributes.h), each a value or a list. How sets are prepared may also stand at the
 * top level, for every set that has no value of its own.
 *
 *     data: [a.csv, {file: b.csv, label: kind, scale: maxabs}, {generate: pets, split: 0.2}]
 *     scale: [none, standard]
 *
 * Lists multiply: above are two sets from a.csv, one from b.csv and two from pets. Every variant is
 * a source of its own; the last attribute changes fastest. An attribute that is a list itself has
 * variants in a list of lists: `drop: [id, date]` is one set, `drop: [[id], [id, date]]` two.
 */
#include "data/sources/attributes.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "data/formats/csv/format_csv_list.h"
#include "sweep/file/sweep_file_reading.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { VARIANTS_MAX = 1000 }; /* of one entry: each is a data set in memory */

void names_add_attributes(struct names *names, unsigned about)
{
    for (size_t i = 0; i < source_attribute_count; i++)
        if ((source_attributes[i].about & about) != 0)
            names_add(names, source_attributes[i].entry.name);
}

/* Is a node several values, each of a set of its own? Not where the value itself is a list of names
 * or the like (`drop: [id, date]`): several of those are a list with a list in it. */
static bool is_axis(const struct source_attribute *attribute, const struct yaml_node *node)
{
    if (node == NULL || node->kind != YAML_LIST)
        return false;
    size_t lists = 0;
    for (size_t i = 0; i < node->count; i++)
        lists += node->items[i]->kind == YAML_LIST;
    return lists > 0 || node->count == 0 || strcmp(attribute->argument, "LIST") != 0;
}

/* How many values a node gives. */
static size_t value_count(const struct source_attribute *attribute, const struct yaml_node *node)
{
    return is_axis(attribute, node) ? node->count : 1;
}

static bool check_values(const struct reading *reading, const struct source_attribute *attribute,
                         const struct yaml_node *node, size_t count)
{
    const char *name = attribute->entry.name;
    if (value_count(attribute, node) == 0)
        return reading_error(reading, node->place, "%s: the list is empty; give at least one value",
                             name);
    return count <= VARIANTS_MAX ||
           reading_error(reading, node->place,
                         "%s: these lists make more than %d data sets of one; use shorter ones",
                         name, VARIANTS_MAX);
}

/* Do two items of a list say the same? */
static bool is_repeated(const struct setting *row, const struct yaml_node *a,
                        const struct yaml_node *b)
{
    struct value one, other;
    char reason[512];
    return a->kind == YAML_TEXT && b->kind == YAML_TEXT &&
           setting_parse(row, a->text, &one, reason, sizeof reason) &&
           setting_parse(row, b->text, &other, reason, sizeof reason) &&
           setting_equal(row, one, other);
}

/* The same value twice is a slip, though it would make one set only. */
static bool check_repeated(const struct reading *reading, const struct setting *row,
                           const struct yaml_node *node)
{
    for (size_t i = 0; node->kind == YAML_LIST && i < node->count; i++)
        for (size_t j = 0; j < i; j++)
            if (is_repeated(row, node->items[j], node->items[i]))
                return reading_error(reading, node->items[i]->place,
                                     "%s: '%s' is given twice; leave one out", row->entry.name,
                                     node->items[i]->text);
    return true;
}

/* The value that stands beside the entry or else at the top level, or NULL. */
static const struct yaml_node *find_values(const struct source_attribute *attribute,
                                           const struct yaml_node *entry,
                                           const struct yaml_node *root)
{
    const char *name = attribute->entry.name;
    bool prepares = attribute->about == ATTRIBUTE_PREPARATION;
    bool mapping = entry->kind == YAML_MAPPING;
    const struct yaml_node *node = NULL;
    if (mapping && (prepares || yaml_find(entry, "file") != NULL))
        node = yaml_find(entry, name);
    return node == NULL && prepares ? yaml_find(root, name) : node;
}

bool reading_variants(const struct reading *reading, const struct yaml_node *entry,
                      const struct yaml_node *root, struct variants *variants)
{
    assert(source_attribute_count <= ATTRIBUTES_MAX);
    *variants = (struct variants){.count = 1};
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct yaml_node *node = find_values(&source_attributes[i], entry, root);
        if (node == NULL)
            continue;
        variants->values[i] = node;
        variants->count *= value_count(&source_attributes[i], node);
        if (!check_values(reading, &source_attributes[i], node, variants->count) ||
            !check_repeated(reading, &source_attributes[i].setting, node))
            return false;
    }
    return true;
}

/* An item that is in double quotes already is taken at its word. */
static void write_item(const char *text, FILE *out)
{
    if (*text == '"')
        fputs(text, out);
    else
        csv_item_write(text, out);
}

/* The items of a list as the option of that name takes them: "id,date". */
static bool set_list(const struct reading *reading, const struct source_attribute *attribute,
                     const struct yaml_node *list, struct source *source)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    struct value value;
    char reason[512];
    bool done = list->count > 0 ||
                reading_error(reading, list->place, "%s: the list is empty", attribute->entry.name);
    for (size_t i = 0; i < list->count && done; i++) {
        done = reading_value(reading, &attribute->setting, list->items[i], &value);
        fputs(i > 0 ? "," : "", out);
        write_item(done ? list->items[i]->text : "", out);
    }
    char *text = memory_stream_close(&stream);
    done = done && (source_attribute_set(attribute, source, text, reason, sizeof reason) ||
                    reading_error(reading, list->place, "%s", reason));
    memory_free(text);
    return done;
}

static bool set_value(const struct reading *reading, const struct source_attribute *attribute,
                      const struct yaml_node *node, struct source *source)
{
    struct value value;
    char reason[512];
    if (node->kind == YAML_LIST && strcmp(attribute->argument, "LIST") == 0)
        return set_list(reading, attribute, node, source);
    return reading_value(reading, &attribute->setting, node, &value) &&
           (source_attribute_set(attribute, source, node->text, reason, sizeof reason) ||
            reading_error(reading, node->place, "%s", reason));
}

bool variants_set(const struct reading *reading, const struct variants *variants, size_t index,
                  struct source *source)
{
    for (size_t i = source_attribute_count; i-- > 0;) {
        const struct yaml_node *node = variants->values[i];
        const struct source_attribute *attribute = &source_attributes[i];
        size_t count = value_count(attribute, node);
        assert(count > 0); /* empty lists were refused */
        size_t own = index % count;
        index /= count;
        if (node != NULL && !set_value(reading, attribute,
                                       is_axis(attribute, node) ? node->items[own] : node, source))
            return false;
    }
    return true;
}

bool variants_check(const struct reading *reading, const struct yaml_node *mapping, size_t first)
{
    const struct sweep_file *file = reading->file;
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        const struct yaml_node *node = yaml_find(mapping, attribute->entry.name);
        size_t source = first;
        while (source < file->source_count &&
               !source_attribute_applies(attribute, &file->sources[source]))
            source++;
        if (node != NULL && source == file->source_count)
            return reading_error(reading, node->place,
                                 "%s is not used without %s, and no data set here has one",
                                 attribute->entry.name, attribute->needs);
    }
    return true;
}
