/* SPDX-License-Identifier: MIT
 *
 * A balanced tree of the C library, so that a text of a hundred thousand anchors is read as fast,
 * line by line, as one of ten.
 */
#include "sweep/file/yaml_anchors.h"

#include "base/memory.h"

#include <search.h>
#include <string.h>

struct anchor {
    const char *name;
    struct yaml_node *node;
    char *own; /* the name, to be freed */
};

static int compare(const void *a, const void *b)
{
    const struct anchor *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static void anchor_free(void *item)
{
    struct anchor *anchor = item;
    memory_free(anchor->own);
    memory_free(anchor);
}

void yaml_anchors_set(struct yaml_anchors *anchors, char *name, struct yaml_node *node)
{
    struct anchor *anchor = memory_allocate(1, sizeof *anchor);
    *anchor = (struct anchor){name, node, name};
    struct anchor **place = tsearch(anchor, &anchors->tree, compare);
    if (place == NULL)
        memory_exhausted(1, sizeof *anchor);
    if (*place == anchor)
        return;
    (*place)->node = node;
    anchor_free(anchor);
}

struct yaml_node *yaml_anchors_find(const struct yaml_anchors *anchors, const char *name)
{
    const struct anchor wanted = {.name = name};
    struct anchor *const *place = tfind(&wanted, &anchors->tree, compare);
    return place != NULL ? (*place)->node : NULL;
}

void yaml_anchors_clear(struct yaml_anchors *anchors)
{
    tdestroy(anchors->tree, anchor_free);
    anchors->tree = NULL;
}
