/* SPDX-License-Identifier: MIT
 *
 * Axes that go together: a configuration has the i-th value of each.
 *
 *     zip: {rate: [0.1, 1], batch: [32, 512]}                 two pairs, where a grid has four
 *     zip: [{rate: ..., batch: ...}, {lambda: ..., seed: ...}]   two zips, which multiply
 *
 * Each has as many values as the others. A range that random search draws from has none to be put
 * side by side with others; one with steps has.
 */
#include "sweep/file/sweep_file_reading.h"

/* Those from `first` on are the axes of one zip. */
static bool check_lengths(const struct reading *reading, const struct axes *axes, size_t first)
{
    const struct axis *begin = &axes->items[first];
    for (size_t i = first; i < axes->count; i++) {
        const struct axis *axis = &axes->items[i];
        const char *name = axis->hyperparameter->entry.name;
        if (axis->range)
            return reading_error(reading, axis->place,
                                 "%s: a range that is drawn from cannot go together with other "
                                 "axes; give it steps, or a list",
                                 name);
        if (axis->count != begin->count)
            return reading_error(reading, axis->place,
                                 "%s has %zu value%s and %s, which it goes together with, has "
                                 "%zu; give as many for each",
                                 name, axis->count, axis->count == 1 ? "" : "s",
                                 begin->hyperparameter->entry.name, begin->count);
    }
    return true;
}

static bool read_zip(const struct reading *reading, const struct yaml_node *node, struct axes *axes)
{
    const size_t first = axes->count;
    struct names allowed = {1, {"stop"}};
    names_add_hyperparameters(&allowed, NULL);
    if (!reading_expect(reading, node, YAML_MAPPING, "zip",
                        "a mapping, as in {rate: [0.1, 1], batch: [32, 512]}") ||
        !reading_check_keys(reading, node, "in a zip", &allowed) ||
        !reading_axes(reading, node, axes))
        return false;
    if (axes->count < first + 2)
        return reading_error(reading, node->place,
                             "zip: two axes or more go together; this has %zu",
                             axes->count - first);
    if (!check_lengths(reading, axes, first))
        return false;
    ++*reading->zips;
    for (size_t i = first; i < axes->count; i++)
        axes->items[i].zip = *reading->zips;
    return true;
}

bool reading_zip(const struct reading *reading, const struct yaml_node *node, struct axes *axes)
{
    if (node->kind != YAML_LIST)
        return read_zip(reading, node, axes);
    for (size_t i = 0; i < node->count; i++)
        if (!read_zip(reading, node->items[i], axes))
            return false;
    return node->count > 0 ||
           reading_error(reading, node->place, "zip: the list is empty; give at least one");
}
