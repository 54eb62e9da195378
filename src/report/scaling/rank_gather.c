/* SPDX-License-Identifier: MIT
 *
 * The axis of ranks. For weak scaling the data count by their family, and of those that are alike
 * such are taken as have as many rows per rank as the one with the fewest rows, on its fewest
 * ranks.
 */
#include "report/scaling/rank_gather.h"

#include "base/memory.h"
#include "report/scaling/data_family.h"

#include <inttypes.h>
#include <stdio.h>

/* Times beside those of other passes are of no use; those of models side by side are. */
static bool takes(const struct stored_trial *trial)
{
    return (stored_trial_is_solo(trial) || trial->models > 1) &&
           hyperparameter_applies(hyperparameter_find("ranks"), &trial->values);
}

static int64_t ranks_of(const struct stored_trial *trial)
{
    return trial->values.ranks;
}

static void key_of(const struct stored_trial *trial, const char *data, char key[static DIGEST_TEXT])
{
    struct configuration values = trial->values;
    char *kind = NULL;
    values.ranks = 1;
    if (trial->shared != 0)
        configuration_share(&values);
    if (asprintf(&kind, "%s %" PRId64 " %" PRId64 " %s %s %" PRId64, data, trial->features,
                 trial->machine, trial->seat.host, trial->kernel, trial->models) < 0)
        memory_exhausted(1, 1);
    configuration_fingerprint(&values, kind, key);
    memory_free(kind);
}

static void strong_key(const struct stored_trial *trial, char key[static DIGEST_TEXT])
{
    key_of(trial, trial->data_digest, key);
}

static void weak_key(const struct stored_trial *trial, char key[static DIGEST_TEXT])
{
    char *family = data_family(trial->data, trial->data_digest);
    key_of(trial, family, key);
    memory_free(family);
}

static const struct study_axis strong_axis = {takes, ranks_of, strong_key},
                               weak_axis = {takes, ranks_of, weak_key};

/* The member with the fewest rows, on the fewest ranks. */
static struct study_member base_of(const struct study_gathering *gathering)
{
    struct study_member base = gathering->members[0];
    for (size_t i = 1; i < gathering->count; i++)
        if (gathering->members[i].trial->rows < base.trial->rows)
            base = gathering->members[i];
    return base;
}

static void keep_proportional(struct study_gathering *gathering)
{
    const struct study_member base = base_of(gathering);
    size_t kept = 0;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct study_member member = gathering->members[i];
        if (member.trial->rows * base.place == base.trial->rows * member.place)
            gathering->members[kept++] = member;
    }
    gathering->count = kept;
}

/* Are there trials on two numbers of ranks? Mostly there are not, and no key need be made. */
static bool ranks_vary(const struct results *results, const struct study_axis *axis)
{
    int64_t ranks = 0;
    for (size_t i = 0; i < results->count; i++)
        for (size_t j = 0; j < results->outcomes[i].count; j++) {
            const struct stored_trial *trial = &results->outcomes[i].trials[j];
            if (!study_has(axis, trial))
                continue;
            if (ranks != 0 && trial->values.ranks != ranks)
                return true;
            ranks = trial->values.ranks;
        }
    return false;
}

void rank_gather(const struct results *results, bool weak, struct study_gatherings *all)
{
    const struct study_axis *axis = weak ? &weak_axis : &strong_axis;
    *all = (struct study_gatherings){0};
    if (!ranks_vary(results, axis))
        return;
    study_gather(results, axis, all);
    for (size_t i = 0; i < all->count; i++) {
        struct study_gathering *gathering = &all->items[i];
        study_sort(gathering);
        if (weak)
            keep_proportional(gathering);
        if (study_next_place(gathering, 0) == gathering->count)
            gathering->count = 0;
    }
}
