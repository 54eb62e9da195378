/* SPDX-License-Identifier: MIT
 *
 * How data sets of a sweep are prepared: attributes of data (data/preparation.h), each a value or a
 * list, beside `file` and `generate` or at the top level for every set that has none of its own.
 *
 *     data: [a.csv, {file: b.csv, scale: maxabs}, {generate: pets, split: 0.2}]
 *     scale: [none, standard]
 *
 * Lists multiply: above are two sets from a.csv, one from b.csv and two from pets. Every way is a
 * source of its own; the last attribute changes fastest.
 */
#include "data/preparation.h"
#include "sweep/reading.h"

#include <assert.h>

enum { PREPARATIONS_MAX = 1000 }; /* of one entry: each is a data set in memory */

void names_add_attributes(struct names *names)
{
    for (size_t i = 0; i < source_attribute_count; i++)
        names_add(names, source_attributes[i].entry.name);
}

/* How many values a node gives: the items of a list, or the one. */
static size_t value_count(const struct yaml_node *node)
{
    return node != NULL && node->kind == YAML_LIST ? node->count : 1;
}

static bool check_values(const struct reading *reading, const char *name,
                         const struct yaml_node *node, size_t count)
{
    if (value_count(node) == 0)
        return reading_error(reading, node->place, "%s: the list is empty; give at least one value",
                             name);
    return count <= PREPARATIONS_MAX ||
           reading_error(reading, node->place,
                         "%s: these lists make more than %d data sets of one; use shorter ones",
                         name, PREPARATIONS_MAX);
}

bool reading_preparations(const struct reading *reading, const struct yaml_node *entry,
                          const struct yaml_node *root, struct preparations *preparations)
{
    assert(source_attribute_count <= ATTRIBUTES_MAX);
    *preparations = (struct preparations){.count = 1};
    for (size_t i = 0; i < source_attribute_count; i++) {
        const char *name = source_attributes[i].entry.name;
        const struct yaml_node *node = entry->kind == YAML_MAPPING ? yaml_find(entry, name) : NULL;
        node = node != NULL ? node : yaml_find(root, name);
        if (node == NULL)
            continue;
        preparations->values[i] = node;
        preparations->count *= value_count(node);
        if (!check_values(reading, name, node, preparations->count))
            return false;
    }
    return true;
}

static bool set_value(const struct reading *reading, const struct source_attribute *attribute,
                      const struct yaml_node *node, struct source *source)
{
    const char *name = attribute->entry.name;
    char reason[512];
    if (!reading_expect(reading, node, YAML_TEXT, name, "a value or a list of values"))
        return false;
    return attribute->set(source, node->text, reason, sizeof reason) ||
           reading_error(reading, node->place, "%s: %s", name, reason);
}

bool preparations_set(const struct reading *reading, const struct preparations *preparations,
                      size_t index, struct source *source)
{
    for (size_t i = source_attribute_count; i-- > 0;) {
        const struct yaml_node *node = preparations->values[i];
        size_t count = value_count(node), own = index % count;
        index /= count;
        if (node != NULL && !set_value(reading, &source_attributes[i],
                                       node->kind == YAML_LIST ? node->items[own] : node, source))
            return false;
    }
    return true;
}

bool preparations_check(const struct reading *reading, const struct yaml_node *mapping,
                        size_t first)
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
