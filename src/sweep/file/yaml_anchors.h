/* SPDX-License-Identifier: MIT
 *
 * The anchors of a YAML text: nodes by name.
 */
#ifndef DESCENT_SWEEP_FILE_YAML_ANCHORS_H
#define DESCENT_SWEEP_FILE_YAML_ANCHORS_H

#include "sweep/file/yaml.h"

struct yaml_anchors {
    void *tree; /* of tsearch(); NULL: empty */
};

/* From now on the name, which is taken over, stands for this node, whatever it did before. */
void yaml_anchors_set(struct yaml_anchors *anchors, char *name, struct yaml_node *node);

/* What it stands for, or NULL. */
struct yaml_node *yaml_anchors_find(const struct yaml_anchors *anchors, const char *name);

void yaml_anchors_clear(struct yaml_anchors *anchors);

#endif
