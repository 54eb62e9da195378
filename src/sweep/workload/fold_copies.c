/* SPDX-License-Identifier: MIT
 *
 * Copies stand in a list. Those that are at work are counted; when another one is to be made, those
 * that are not at work make room for it first.
 */
#include "sweep/workload/fold_copies.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "data/sources/preparation.h"
#include "data/sources/source_load.h"

#include <pthread.h>

struct fold_copy {
    struct fold_copy *next;
    size_t source;
    struct configuration of; /* its fold is that of this one */
    size_t users;
    struct dataset *data;
    struct ranges ranges; /* of its columns; of 0 features: nobody has asked yet */
};

/* The marks of a deal. */
struct fold_deal {
    struct fold_deal *next;
    size_t source;
    struct configuration of; /* one of its folds is that of this one */
    struct fold_masks *masks;
};

struct fold_copies {
    const struct sweep_file *file;
    struct dataset *const *data; /* (source_count) */
    struct dataset **rows;       /* (source_count) read again; NULL: not yet, or `data` serves */
    struct ranges *ranges;       /* (source_count) of their columns, as those of a copy */
    pthread_mutex_t lock;
    struct fold_copy *first;
    struct fold_deal *deals;
};

struct fold_copies *fold_copies_create(const struct sweep_file *file, struct dataset *const *data)
{
    struct fold_copies *copies = memory_allocate(1, sizeof *copies);
    *copies = (struct fold_copies){.file = file, .data = data};
    copies->rows = memory_allocate(file->source_count, sizeof *copies->rows);
    copies->ranges = memory_allocate(file->source_count, sizeof *copies->ranges);
    pthread_mutex_init(&copies->lock, NULL);
    return copies;
}

/* Frees copies that are not at work. */
static void make_room(struct fold_copies *copies)
{
    for (struct fold_copy **at = &copies->first; *at != NULL;) {
        struct fold_copy *copy = *at;
        if (copy->users > 0) {
            at = &copy->next;
            continue;
        }
        *at = copy->next;
        ranges_clear(&copy->ranges);
        dataset_free(copy->data);
        memory_free(copy);
    }
}

void fold_copies_free(struct fold_copies *copies)
{
    if (copies == NULL)
        return;
    make_room(copies);
    for (struct fold_deal *deal = copies->deals, *next; deal != NULL; deal = next) {
        next = deal->next;
        fold_masks_free(deal->masks);
        memory_free(deal);
    }
    for (size_t i = 0; i < copies->file->source_count; i++) {
        dataset_free(copies->rows[i]);
        ranges_clear(&copies->ranges[i]);
    }
    memory_free(copies->rows);
    memory_free(copies->ranges);
    pthread_mutex_destroy(&copies->lock);
    memory_free(copies);
}

static struct fold_copy *find(struct fold_copies *copies, size_t source,
                              const struct configuration *configuration)
{
    struct fold_copy *copy = copies->first;
    while (copy != NULL &&
           !(copy->source == source && configuration_same_rows(&copy->of, configuration)))
        copy = copy->next;
    return copy;
}

/* The rows of a source before anything was fitted to them; NULL on error. */
static const struct dataset *rows_of(struct fold_copies *copies, size_t source, struct error *error)
{
    if (source_rows_serve(copies->data[source]))
        return copies->data[source];
    if (copies->rows[source] == NULL)
        copies->rows[source] =
            source_load_rows(&copies->file->sources[source], threads_default(), error);
    return copies->rows[source];
}

static struct fold_copy *add(struct fold_copies *copies, size_t source,
                             const struct configuration *configuration, struct error *error)
{
    const struct fold fold = configuration_fold(configuration);
    const struct dataset *rows = rows_of(copies, source, error);
    struct dataset *data = NULL;
    make_room(copies);
    if (rows != NULL)
        data =
            preparation_fold(&copies->file->sources[source], rows, &fold, threads_default(), error);
    if (data == NULL)
        return NULL;
    struct fold_copy *copy = memory_allocate(1, sizeof *copy);
    *copy = (struct fold_copy){
        .next = copies->first, .source = source, .of = *configuration, .data = data};
    return copies->first = copy;
}

const struct dataset *fold_copies_take(struct fold_copies *copies, size_t source,
                                       const struct configuration *configuration,
                                       struct error *error)
{
    pthread_mutex_lock(&copies->lock);
    struct fold_copy *copy = find(copies, source, configuration);
    if (copy == NULL)
        copy = add(copies, source, configuration, error);
    if (copy != NULL)
        copy->users++;
    pthread_mutex_unlock(&copies->lock);
    return copy != NULL ? copy->data : NULL;
}

void fold_copies_return(struct fold_copies *copies, const struct dataset *data)
{
    pthread_mutex_lock(&copies->lock);
    for (struct fold_copy *copy = copies->first; copy != NULL && data != NULL; copy = copy->next)
        copy->users -= copy->data == data;
    pthread_mutex_unlock(&copies->lock);
}

const struct ranges *fold_copies_ranges(struct fold_copies *copies, size_t source,
                                        const struct dataset *data)
{
    pthread_mutex_lock(&copies->lock);
    struct fold_copy *copy = copies->first;
    while (copy != NULL && copy->data != data)
        copy = copy->next;
    struct ranges *ranges = copy != NULL ? &copy->ranges : &copies->ranges[source];
    if (ranges->features == 0)
        *ranges = ranges_find(data, NULL, threads_default());
    pthread_mutex_unlock(&copies->lock);
    return ranges;
}

/* --- Marks -------------------------------------------------------------------------------------
 */

/* What is fitted to the rows that each part leaves: found on a copy of them, one after the other.
 */
static bool note_parts(struct fold_copies *copies, size_t source, struct fold fold,
                       struct fold_masks *masks, struct error *error)
{
    const struct dataset *rows = rows_of(copies, source, error);
    const size_t first = fold.number - fold_part(&fold);
    make_room(copies);
    for (size_t part = 1; part <= fold.folds && rows != NULL; part++) {
        fold.number = first + part;
        struct dataset *copy =
            preparation_fold(&copies->file->sources[source], rows, &fold, threads_default(), error);
        if (copy == NULL)
            return false;
        fold_masks_note(masks, part, copies->data[source], copy);
        dataset_free(copy);
    }
    return rows != NULL;
}

static struct fold_masks *make_masks(struct fold_copies *copies, size_t source,
                                     const struct fold *fold, struct error *error)
{
    const struct dataset *data = copies->data[source];
    if (!folds_check(data, fold->folds, error) ||
        !memory_check(fold_masks_bytes(data, fold->folds), "marking the rows of folds", error))
        return NULL;
    struct fold_masks *masks = fold_masks_create(data, fold);
    if (data->scaling == NULL)
        fold_masks_find_zeros(masks, data);
    else if (!note_parts(copies, source, *fold, masks, error)) {
        fold_masks_free(masks);
        return NULL;
    }
    return masks;
}

static bool same_deal(const struct configuration *a, const struct configuration *b)
{
    return a->folds == b->folds && a->fold_seed == b->fold_seed &&
           configuration_repeat(a) == configuration_repeat(b);
}

static const struct fold_masks *find_masks(struct fold_copies *copies, size_t source,
                                           const struct configuration *configuration,
                                           struct error *error)
{
    const struct fold fold = configuration_fold(configuration);
    struct fold_deal *deal = copies->deals;
    while (deal != NULL && !(deal->source == source && same_deal(&deal->of, configuration)))
        deal = deal->next;
    if (deal != NULL)
        return deal->masks;
    struct fold_masks *masks = make_masks(copies, source, &fold, error);
    if (masks == NULL)
        return NULL;
    deal = memory_allocate(1, sizeof *deal);
    *deal = (struct fold_deal){copies->deals, source, *configuration, masks};
    copies->deals = deal;
    return masks;
}

const struct fold_masks *fold_masks_take(struct fold_copies *copies, size_t source,
                                         const struct configuration *configuration,
                                         struct error *error)
{
    pthread_mutex_lock(&copies->lock);
    const struct fold_masks *masks = find_masks(copies, source, configuration, error);
    pthread_mutex_unlock(&copies->lock);
    return masks;
}

double fold_copies_bytes(const struct dataset *data)
{
    return dataset_is_sparse(data) ? dataset_bytes_sparse(data->rows, dataset_entries(data))
                                   : dataset_bytes(data->rows, data->features);
}
