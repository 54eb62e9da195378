/* SPDX-License-Identifier: MIT
 *
 * YAML as a plain tree in which every node knows its place. Only yaml.c knows libfyaml.
 *
 * Anchors, aliases and merge keys (<<) are resolved, duplicate keys are refused, and every key is a
 * text. Lists and mappings nested deeper than anything in a sweep file are refused as well.
 */
#ifndef DESCENT_SWEEP_YAML_H
#define DESCENT_SWEEP_YAML_H

#include "base/error.h"

#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct place place;
    char *text;               /* YAML_TEXT: its text, "" when nothing is given */
    size_t count;             /* items of a list, pairs of a mapping */
    struct yaml_node **keys;  /* YAML_MAPPING: (count), each a YAML_TEXT */
    struct yaml_node **items; /* (count): of a list, or the values of a mapping */
};

struct yaml;

/* Parses one document. `path` is what messages call it; it must outlive the tree and the places
 * taken from it. NULL on error (ERROR_USAGE with line and column). */
struct yaml *yaml_parse(const char *path, const char *text, struct error *error);
void yaml_free(struct yaml *yaml); /* NULL is allowed */

/* The outermost node; NULL when the text has nothing but comments. */
const struct yaml_node *yaml_root(const struct yaml *yaml);

/* The value of a key of a mapping, or NULL. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

/* "a text", "a list", "a mapping", or "nothing" for an empty text: for messages. */
const char *yaml_kind_name(const struct yaml_node *node);

/* The version of libfyaml that runs. */
const char *yaml_library_version(void);

/* Where line `line` (from 1) of a text begins, for error_at(). */
const char *yaml_line(const char *text, size_t line);

#endif
