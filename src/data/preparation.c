/* SPDX-License-Identifier: MIT
 *
 * The one order in which a set is prepared. A scale is fitted after the split: rows held out must
 * not be known to anything that is trained.
 */
#include "data/preparation.h"

#include "data/scaling.h"
#include "data/splitting.h"
#include "data/weighting.h"

static bool split(const struct source *source, struct dataset **data, int threads,
                  struct error *error)
{
    if (source->split == 0.0)
        return true;
    struct dataset *training =
        splitting_create(*data, source->split, source->split_seed, threads, error);
    if (training == NULL)
        return false;
    dataset_free(*data);
    *data = training;
    return true;
}

static bool scale(const struct source *source, struct dataset *data, int threads,
                  struct error *error)
{
    if (source->scale == NULL)
        return true;
    struct scaling *scaling = scaling_fit(source->scale, data, threads, error);
    bool scaled = scaling != NULL && scaling_apply(scaling, data, threads, error) &&
                  (data->heldout == NULL || scaling_apply(scaling, data->heldout, threads, error));
    scaling_free(scaling);
    return scaled;
}

struct dataset *preparation_apply(const struct source *source, struct dataset *data, int threads,
                                  struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (!split(source, &data, threads, &plain) || !scale(source, data, threads, &plain) ||
        (source->weights != NULL && !weighting_apply(source->weights, data, &plain))) {
        error_usage(error, "%s: %s", data->name, plain.message);
        dataset_free(data);
        return NULL;
    }
    if (data->heldout != NULL)
        dataset_seal(data->heldout);
    dataset_seal(data);
    return data;
}
