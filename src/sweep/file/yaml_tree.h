/* SPDX-License-Identifier: MIT
 *
 * A tree while it is built: for yaml_parse.c alone.
 */
#ifndef DESCENT_SWEEP_FILE_YAML_TREE_H
#define DESCENT_SWEEP_FILE_YAML_TREE_H

#include "sweep/file/yaml.h"

struct yaml {
    struct yaml_node *root;
    size_t count, capacity;
    struct yaml_node **nodes; /* (count): all of them, to be freed */
};

/* A node without contents. */
struct yaml_node *yaml_node_create(struct yaml *yaml, enum yaml_kind kind, struct place place);

/* Adds a pair to a mapping, or with `key` NULL an item to a list. */
void yaml_append(struct yaml_node *node, struct yaml_node *key, struct yaml_node *item);

/* Where a mapping has the key; its count: nowhere. */
size_t yaml_find_index(const struct yaml_node *mapping, const char *key);

#endif
