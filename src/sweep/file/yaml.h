/* SPDX-License-Identifier: MIT
 *
 * YAML as a plain tree in which every node knows its place. Only yaml_parse.c knows libfyaml.
 *
 * Anchors, aliases and merge keys (<<) are resolved, duplicate keys are refused, also of merge
 * keys, and every key is a text. Tags are those of YAML's core schema, and must be true of what
 * they are given to; others are refused. So are lists and mappings nested deeper than anything in a
 * sweep file, and aliases that stand for more than there is in any.
 */
#ifndef DESCENT_SWEEP_FILE_YAML_H
#define DESCENT_SWEEP_FILE_YAML_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct place place;       /* of nothing: of its key, of the list it is in, or 1:1 */
    char *text;               /* YAML_TEXT: its text, "" when nothing is given */
    bool quoted;              /* that text is, or is in a block of its own: it is no merge key */
    bool string;              /* its tag says so (!!str): it is no number */
    double weight;            /* nodes in it, itself included, those of aliases again each time */
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

/* Is it YAML's null: null, ~ or nothing, and no text that is quoted or tagged as one? */
bool yaml_is_null(const struct yaml_node *node);

/* "a text", "a list", "a mapping", or "nothing" for an empty text: for messages. */
const char *yaml_kind_name(const struct yaml_node *node);

/* The version of libfyaml that runs. */
const char *yaml_library_version(void);

/* Where line `line` (from 1) of a text begins, for error_at(). */
const char *yaml_line(const char *text, size_t line);

#endif
