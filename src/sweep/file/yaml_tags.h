/* SPDX-License-Identifier: MIT
 *
 * The tags that a node of a YAML text may have.
 */
#ifndef DESCENT_SWEEP_FILE_YAML_TAGS_H
#define DESCENT_SWEEP_FILE_YAML_TAGS_H

#include "sweep/file/yaml.h"

/* Takes a tag (its whole name, "tag:yaml.org,2002:str", or "!own") at its word. False, with why in
 * `reason`, when it is not known, or not true of the node, of which kind and text must be set. */
bool yaml_tag_apply(const char *tag, struct yaml_node *node, char *reason, size_t size);

#endif
