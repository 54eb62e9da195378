/* SPDX-License-Identifier: MIT
 *
 * The tree itself: its nodes, which it owns all together, since one may be in it many times.
 */
#include "sweep/file/yaml_tree.h"

#include "base/memory.h"

#include <string.h>

const char *yaml_line(const char *text, size_t line)
{
    for (; line > 1; line--) {
        const char *end = strchr(text, '\n');
        if (end == NULL)
            break;
        text = end + 1;
    }
    return text;
}

const char *yaml_kind_name(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_TEXT:
        return *node->text == '\0' ? "nothing" : "a text";
    case YAML_LIST:
        return "a list";
    case YAML_MAPPING:
        return "a mapping";
    }
    return "";
}

const struct yaml_node *yaml_root(const struct yaml *yaml)
{
    return yaml->root;
}

size_t yaml_find_index(const struct yaml_node *mapping, const char *key)
{
    size_t i = 0;
    while (i < mapping->count && strcmp(mapping->keys[i]->text, key) != 0)
        i++;
    return i;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    size_t i = yaml_find_index(mapping, key);
    return i < mapping->count ? mapping->items[i] : NULL;
}

void yaml_free(struct yaml *yaml)
{
    if (yaml == NULL)
        return;
    for (size_t i = 0; i < yaml->count; i++) {
        memory_free(yaml->nodes[i]->text);
        memory_free(yaml->nodes[i]->keys);
        memory_free(yaml->nodes[i]->items);
        memory_free(yaml->nodes[i]);
    }
    memory_free(yaml->nodes);
    memory_free(yaml);
}

struct yaml_node *yaml_node_create(struct yaml *yaml, enum yaml_kind kind, struct place place)
{
    yaml->nodes = memory_grow(yaml->nodes, &yaml->capacity, yaml->count + 1, sizeof *yaml->nodes);
    struct yaml_node *node = memory_allocate(1, sizeof *node);
    *node = (struct yaml_node){.kind = kind, .place = place, .weight = 1.0};
    yaml->nodes[yaml->count++] = node;
    return node;
}

/* Both arrays grow together, by doubling: they are full when the count is a power of two. */
void yaml_append(struct yaml_node *node, struct yaml_node *key, struct yaml_node *item)
{
    size_t count = node->count;
    if ((count & (count - 1)) == 0) {
        size_t capacity = count == 0 ? 1 : 2 * count;
        node->items = memory_resize(node->items, capacity, sizeof *node->items);
        node->keys = memory_resize(node->keys, capacity, sizeof *node->keys);
    }
    node->keys[count] = key;
    node->items[count] = item;
    node->weight += item->weight + (key != NULL ? key->weight : 0.0);
    node->count++;
}
