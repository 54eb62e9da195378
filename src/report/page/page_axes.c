/* SPDX-License-Identifier: MIT
 *
 * An axis is offered where a comparison by it has sides to compare.
 */
#include "report/page/page_comparison.h"

#include <string.h>

/* What a method is, rather than what it is tuned by. */
static const char *const methods[] = {"family", "solver",   "program",
                                      "batch",  "schedule", "threads"};
enum { METHODS = sizeof methods / sizeof *methods };

static const char *const left_out[] = {"lambda", "seed"};
enum { LEFT_OUT = sizeof left_out / sizeof *left_out };

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Too many values are an error of sides_create(), and no sides here. */
static bool has_sides(const struct opened_store *opened, const char *axis)
{
    struct sides sides;
    struct error error = {0};
    return sides_create(&sides, axis, opened, 1, &error) && sides.count > 1;
}

struct offer {
    const struct opened_store *opened;
    size_t count, most;
    const char **axes; /* (most) */
};

static void offer_axis(struct offer *offer, const char *axis)
{
    if (offer->count < offer->most && !is_among(axis, offer->axes, offer->count) &&
        has_sides(offer->opened, axis))
        offer->axes[offer->count++] = axis;
}

size_t page_axes(const struct opened_store *opened, const char *by,
                 const char *axes[static PAGE_COMPARISONS])
{
    const bool large = opened->results.done > PAGE_COMPARED_TRIALS;
    struct offer offer = {.opened = opened, .most = large ? 1 : PAGE_COMPARISONS, .axes = axes};
    axes[offer.count++] = by != NULL ? by : sides_axis(opened, 1);
    for (size_t i = 0; i < METHODS; i++)
        offer_axis(&offer, methods[i]);
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].section == NULL &&
            !is_among(hyperparameters[i].entry.name, left_out, LEFT_OUT))
            offer_axis(&offer, hyperparameters[i].entry.name);
    return offer.count;
}
