/* SPDX-License-Identifier: MIT
 *
 * The one order in which a set is prepared. An encoding, and then a scale, are fitted after the
 * sides: rows held out must not be known to anything that is trained. Values are stored in fewer
 * bits last, as they will be read. Rows that are dropped for a
 * missing value are dropped before, so that both sides are of the size that was asked for.
 *
 * Ranks that share a set and split it find out together which rows are on which side, and share
 * each side anew. The rows that a rank then has lie close to each other in the file, yet are not
 * those it has read: it reads again, so that no rows go from rank to rank.
 */
#include "data/sources/preparation.h"

#include "base/memory.h"
#include "data/formats/labels.h"
#include "data/incidence_layout.h"
#include "data/precision.h"
#include "data/preparation/encoding.h"
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

/* --- Columns become features ---------------------------------------------------------------- */

static struct encoding_wish wish_of(const struct source *source)
{
    struct encoding_wish wish = {.rare = source->rare};
    char reason[512];
    categories_parse(source->categories, &wish, reason,
                     sizeof reason); /* checked when it was set */
    wish.missing = source->missing != NULL ? source->missing : &missing_refuse.entry;
    return wish;
}

/* Refuses what cannot be encoded, and drops rows; in the place of `data`, which is NULL on error.
 * `gaps`: were values missing? */
static bool whole_rows(const struct source *source, struct dataset **data, bool *gaps, int threads,
                       struct error *error)
{
    const struct encoding_wish wish = wish_of(source);
    bool sound = encoding_check(&wish, *data, threads, gaps, error);
    if (!share_agree((*data)->ranks, sound, error))
        return false;
    if (!*gaps || !missing_method_of(wish.missing)->drops)
        return true;
    char *notes = NULL;
    struct dataset *kept = encoding_drop(*data, threads, &notes, error);
    if (kept == NULL)
        return false;
    kept->notes = notes;
    dataset_free(*data);
    *data = kept;
    return true;
}

/* What is noted of rows held out is noted of the set. */
static void notes_move(struct dataset *data, struct dataset *heldout)
{
    dataset_notes_append(&data->notes, heldout->notes);
    heldout->notes = NULL;
}

/* A set of numbers alone is encoded for the sake of what it is to be filled with later: rows that a
 * model predicts. */
static bool encode(const struct source *source, struct dataset *data, int threads,
                   struct error *error)
{
    const struct encoding_wish wish = wish_of(source);
    bool fills = missing_method_of(wish.missing)->fill != NULL;
    bool alone = ranks_count(data->ranks) == 1;
    if (data->table == NULL && !(fills && alone))
        return true;
    struct encoding *encoding = encoding_fit(&wish, data, threads, error);
    bool done =
        encoding != NULL && encoding_apply(encoding, data, true, "rows trained on", threads, error);
    if (done && data->heldout != NULL) {
        done = encoding_apply(encoding, data->heldout, dataset_is_sparse(data), "rows held out",
                              threads, error);
        notes_move(data, data->heldout);
    }
    encoding_free(encoding);
    return done;
}

/* --- Scales and classes --------------------------------------------------------------------- */

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

/* Exchanges the two classes: names and labels. */
static void classes_swap(struct dataset *data)
{
    char *name = data->class_names[0];
    data->class_names[0] = data->class_names[1];
    data->class_names[1] = name;
    for (size_t i = 0; i < data->rows; i++)
        data->y[i] = 1.0 - data->y[i];
}

/* Makes the class of that name 1, after the sides were chosen: which rows are held out does not
 * depend on it. */
static bool choose_positive(const char *positive, struct dataset *data, struct error *error)
{
    char *const *names = data->class_names;
    if (positive == NULL)
        return true;
    if (data->y == NULL || names[1] == NULL)
        return error_usage(error, "positive '%.60s': there are no two classes to choose from",
                           positive);
    if (labels_same(positive, names[1]))
        return true;
    if (!labels_same(positive, names[0]))
        return error_usage(error, "positive '%.60s' is not a class; there are '%.60s' and '%.60s'",
                           positive, names[0], names[1]);
    classes_swap(data);
    if (data->heldout != NULL)
        classes_swap(data->heldout);
    return true;
}

/* What follows the choice of sides, in place. */
static bool finish(const struct source *source, struct dataset *data, int threads,
                   struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (!choose_positive(source->positive, data, &plain) ||
        (source->wanted == NULL && !encode(source, data, threads, &plain)) ||
        !scale(source, data, threads, &plain) ||
        (source->weights != NULL && !weighting_apply(source->weights, data, &plain)) ||
        !precision_apply(source->precision, source->refine == &refine_yes, data, threads, &plain))
        return refuse(data->name, &plain, error);
    dataset_find_zeros(data);
    if (data->heldout != NULL)
        dataset_seal(data->heldout);
    dataset_seal(data);
    incidence_add(data, threads);
    return true;
}

bool preparation_begin(const struct source *source, struct dataset **data, int threads,
                       struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    bool gaps = false;
    if (source->wanted != NULL || whole_rows(source, data, &gaps, threads, &plain)) {
        (*data)->gaps = gaps;
        return true;
    }
    refuse((*data)->name, &plain, error);
    dataset_free(*data);
    *data = NULL;
    return false;
}

struct dataset *preparation_apply(const struct source *source, struct share *share,
                                  struct dataset *data, int threads, struct error *error)
{
    if (!preparation_begin(source, &data, threads, error))
        return NULL;
    const bool gaps = data->gaps;
    char *notes = data->notes;
    data->notes = NULL;
    if (source->split > 0.0)
        data = split(source, share, data, threads, error);
    if (data == NULL) {
        memory_free(notes);
        return NULL;
    }
    data->notes = notes;
    data->gaps = gaps;
    if (finish(source, data, threads, error))
        return data;
    dataset_free(data);
    return NULL;
}

struct dataset *preparation_fold(const struct source *source, const struct dataset *data,
                                 const struct fold *fold, int threads, struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    struct split *split = fold_split(data, fold, &plain);
    if (split == NULL) {
        refuse(data->name, &plain, error);
        return NULL;
    }
    struct dataset *training = split_take(split, data, threads);
    split_free(split);
    training->gaps = data->gaps;
    if (finish(source, training, threads, error))
        return training;
    dataset_free(training);
    return NULL;
}
