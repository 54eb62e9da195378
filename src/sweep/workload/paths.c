/* SPDX-License-Identifier: MIT
 *
 * Configurations with the same key, when the value on the axis is set aside, are sorted side by
 * side in the order of their values, and each is joined to the one before it.
 */
#include "sweep/workload/paths.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct step_candidate {
    size_t source;
    char key[DIGEST_TEXT]; /* without the axis */
    double value;          /* on the axis, ascending in the order of the path */
    size_t item;
};

static int along_paths(const void *a, const void *b)
{
    const struct step_candidate *left = a, *right = b;
    if (left->source != right->source)
        return left->source < right->source ? -1 : 1;
    const int order = strcmp(left->key, right->key);
    if (order != 0)
        return order;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return (left->item > right->item) - (left->item < right->item);
}

/* A rate that is `auto`, of which the number is not known yet, comes last. */
static double value_along(const struct hyperparameter *axis,
                          const struct configuration *configuration)
{
    const struct value value = hyperparameter_get(axis, configuration);
    const double number = axis->type == TYPE_INTEGER ? (double)value.integer : value.real;
    return axis->path == PATH_FALLING ? -number : number;
}

static struct step_candidate *step_candidates(const struct hyperparameter *axis,
                                              const struct expansion *expansion)
{
    struct step_candidate *candidates = memory_allocate(expansion->count, sizeof *candidates);
    for (size_t i = 0; i < expansion->count; i++) {
        struct configuration rest = expansion->items[i].configuration;
        candidates[i].source = expansion->items[i].source;
        candidates[i].item = i;
        candidates[i].value = value_along(axis, &rest);
        hyperparameter_set(axis, &rest, setting_fallback(&axis->setting));
        configuration_key(&rest, "", candidates[i].key);
    }
    qsort(candidates, expansion->count, sizeof *candidates, along_paths);
    return candidates;
}

/* What a configuration is called that begins with the solution of this one, or on a line that ends
 * there; never 0. */
static uint64_t start_after(const struct planned *from, bool predicted)
{
    char key[DIGEST_TEXT];
    configuration_key(&from->configuration, predicted ? predict_line.name : "", key);
    key[16] = '\0'; /* 64 of its 128 bits */
    return strtoull(key, NULL, 16) | 1;
}

/* The logarithm of its value on the axis; not finite where it has none. */
static double log_along(const struct hyperparameter *axis, const struct planned *item)
{
    return log(fabs(value_along(axis, &item->configuration)));
}

bool path_predicts(const struct sweep_file *file, const struct expansion *expansion,
                   const struct planned *item, double *share)
{
    const struct planned *items = expansion->items;
    if (file->predict != &predict_line || item->depth < 2)
        return false;
    const struct planned *last = &items[item->from - 1], *before = &items[last->from - 1];
    const double x = log_along(file->path_axis, item), x1 = log_along(file->path_axis, last),
                 x0 = log_along(file->path_axis, before);
    *share = (x - x1) / (x1 - x0);
    return isfinite(*share);
}

static void join(const struct sweep_file *file, struct expansion *expansion, size_t from, size_t to)
{
    double share;
    struct planned *before = &expansion->items[from], *item = &expansion->items[to];
    if (before->head == 0) {
        before->head = from + 1;
        expansion->paths++;
    }
    item->head = before->head;
    item->from = from + 1;
    item->depth = before->depth + 1;
    item->configuration.start = start_after(before, path_predicts(file, expansion, item, &share));
}

void paths_join(const struct sweep_file *file, struct expansion *expansion)
{
    if (file->path_axis == NULL)
        return;
    struct step_candidate *candidates = step_candidates(file->path_axis, expansion);
    for (size_t i = 1; i < expansion->count; i++)
        if (candidates[i].source == candidates[i - 1].source &&
            strcmp(candidates[i].key, candidates[i - 1].key) == 0)
            join(file, expansion, candidates[i - 1].item, candidates[i].item);
    memory_free(candidates);
}

char *path_start(const struct sweep_file *file, const struct planned *from,
                 const struct planned *before, char text[static START_TEXT])
{
    const struct hyperparameter *axis = file->path_axis;
    char first[TEXT_NUMBER] = "", last[TEXT_NUMBER];
    const char *value =
        setting_text(&axis->setting, hyperparameter_get(axis, &from->configuration), last);
    if (before == NULL)
        snprintf(text, START_TEXT, "%s=%s", axis->entry.name, value);
    else
        snprintf(
            text, START_TEXT, "%s=%s to %s", axis->entry.name,
            setting_text(&axis->setting, hyperparameter_get(axis, &before->configuration), first),
            value);
    return text;
}
