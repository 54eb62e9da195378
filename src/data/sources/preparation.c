/* SPDX-License-Identifier: MIT
 *
 * The one order in which a set is prepared. A scale is fitted after the sides: rows held out must
 * not be known to anything that is trained.
 *
 * Ranks that share a set and split it find out together which rows are on which side, and share
 * each side anew. The rows that a rank then has lie close to each other in the file, yet are not
 * those it has read: it reads again, so that no rows go from rank to rank.
 */
#include "data/sources/preparation.h"

#include "data/preparation/scaling.h"
#include "data/preparation/splitting.h"
#include "data/preparation/weighting.h"
#include "data/sources/source_read.h"

/* An error in words that do not say whose. */
static bool refuse(const char *name, const struct error *plain, struct error *error)
{
    return error_usage(error, "%s: %s", name, plain->message);
}

/* Puts the rows of this rank's split in the place of those it has; NULL on error. */
static struct dataset *sides_read(const struct source *source, struct share *share,
                                  const struct split *split, struct dataset *data, int threads,
                                  struct error *error)
{
    if (share_is_whole(share))
        return data;
    dataset_free(data);
    share->chosen = true;
    split_range(split, &share->first, &share->rows);
    return source_read(source, share, threads, error);
}

static struct dataset *split(const struct source *source, struct share *share, struct dataset *data,
                             int threads, struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    struct split *split = split_choose(data, source->split, source->split_seed, &plain);
    if (split == NULL) {
        refuse(data->name, &plain, error);
        dataset_free(data);
        return NULL;
    }
    struct dataset *training = NULL;
    data = sides_read(source, share, split, data, threads, error);
    if (data != NULL)
        training = split_take(split, data, threads);
    split_free(split);
    dataset_free(data);
    return training;
}

/* Scales on every rank, or else has the error of the first. */
static bool scale_rows(const struct scaling *scaling, struct dataset *data, int threads,
                       struct error *error)
{
    bool scaled = scaling_apply(scaling, data, threads, error);
    return share_agree(data->ranks, scaled, error);
}

static bool scale(const struct source *source, struct dataset *data, int threads,
                  struct error *error)
{
    if (source->scale == NULL)
        return true;
    struct scaling *scaling = scaling_fit(source->scale, data, threads, error);
    bool scaled = scaling != NULL && scale_rows(scaling, data, threads, error) &&
                  (data->heldout == NULL || scale_rows(scaling, data->heldout, threads, error));
    scaling_free(scaling);
    return scaled;
}

struct dataset *preparation_apply(const struct source *source, struct share *share,
                                  struct dataset *data, int threads, struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (source->split > 0.0)
        data = split(source, share, data, threads, error);
    if (data == NULL)
        return NULL;
    if (!scale(source, data, threads, &plain) ||
        (source->weights != NULL && !weighting_apply(source->weights, data, &plain))) {
        refuse(data->name, &plain, error);
        dataset_free(data);
        return NULL;
    }
    dataset_find_zeros(data);
    if (data->heldout != NULL)
        dataset_seal(data->heldout);
    dataset_seal(data);
    return data;
}
