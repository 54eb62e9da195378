/* SPDX-License-Identifier: MIT
 *
 * The gaps that the answer is about:
 *
 *     targets: [1e-3, 1e-6]
 *
 * They are among those that arrivals are recorded at (solvers/trial.h). Finals then have the best
 * for these and no other, and a comparison has fewer statements to be sure of together.
 */
#include "base/text.h"
#include "store/targets.h"
#include "sweep/file/sweep_file_reading.h"

static bool refuse(const struct reading *reading, const struct yaml_node *node)
{
    char list[GAP_TARGETS * TEXT_NUMBER] = "", number[TEXT_NUMBER];
    for (size_t t = 0, used = 0; t < GAP_TARGETS; t++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", t > 0 ? ", " : "",
                                 text_from_real(number, gap_targets[t]));
    return reading_error(reading, node->place,
                         "targets: '%s' is no gap at which arrivals are recorded; these are: %s",
                         node->text, list);
}

/* Marks the gap of a node among all. */
static bool mark(const struct reading *reading, const struct yaml_node *node,
                 bool marked[static GAP_TARGETS])
{
    double gap;
    if (!reading_expect(reading, node, YAML_TEXT, "targets", "a gap, or a list of gaps") ||
        !reading_expect_number(reading, node, "targets"))
        return false;
    const size_t t = text_to_real(node->text, &gap) ? targets_find(gap) : GAP_TARGETS;
    if (t == GAP_TARGETS)
        return refuse(reading, node);
    if (marked[t])
        return reading_error(reading, node->place, "targets: %s is given twice; leave one out",
                             node->text);
    marked[t] = true;
    return true;
}

static bool mark_all(const struct reading *reading, const struct yaml_node *node,
                     bool marked[static GAP_TARGETS])
{
    if (node == NULL)
        return true;
    if (node->kind != YAML_LIST)
        return mark(reading, node, marked);
    bool done = node->count > 0 || reading_error(reading, node->place,
                                                 "targets: the list is empty; give gaps, as in "
                                                 "targets: [1e-3, 1e-6], or leave it out");
    for (size_t i = 0; i < node->count && done; i++)
        done = mark(reading, node->items[i], marked);
    return done;
}

bool reading_targets(const struct reading *reading, const struct yaml_node *node)
{
    bool marked[GAP_TARGETS] = {false};
    const bool done = mark_all(reading, node, marked);
    reading->file->targets = targets_write(marked);
    return done;
}
