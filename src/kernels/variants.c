/* SPDX-License-Identifier: MIT
 *
 * A short list, looked through when the workspace of a pass is made.
 */
#include "kernels/variants.h"

#include <assert.h>
#include <string.h>

static struct variant_choice chosen[VARIANT_CASES];
static size_t chosen_count;

struct variant_case variant_case_of(const struct kernel *kernel, size_t rows, size_t features,
                                    size_t width, size_t models, int threads)
{
    size_t bytes = rows * features * width;
    struct variant_case what = {kernel, features, models, threads, 0};
    while (what.size < VARIANT_SIZE_MOST && bytes >> (what.size + 1) > 0)
        what.size++;
    return what;
}

bool variant_case_same(const struct variant_case *a, const struct variant_case *b)
{
    return a->kernel == b->kernel && a->features == b->features && a->models == b->models &&
           a->threads == b->threads && a->size == b->size;
}

static struct variant_choice *find(const struct variant_case *what)
{
    for (size_t i = 0; i < chosen_count; i++)
        if (variant_case_same(&chosen[i].what, what))
            return &chosen[i];
    return NULL;
}

const struct entry *variant_of(const struct variant_case *what)
{
    if (what->kernel->variants == NULL)
        return NULL;
    const struct variant_choice *choice = find(what);
    return choice != NULL ? choice->variant : what->kernel->variants->entries[0];
}

bool variant_is_chosen(const struct variant_case *what)
{
    return find(what) != NULL;
}

void variant_choose(const struct variant_choice *choice)
{
    assert(choice->what.kernel->variants != NULL);
    struct variant_choice *known = find(&choice->what);
    if (known != NULL) {
        *known = *choice;
        return;
    }
    if (chosen_count == VARIANT_CASES)
        memmove(chosen, chosen + 1, --chosen_count * sizeof *chosen);
    chosen[chosen_count++] = *choice;
}

const struct variant_choice *variants_chosen(size_t *count)
{
    *count = chosen_count;
    return chosen;
}

void variants_forget(void)
{
    chosen_count = 0;
}
