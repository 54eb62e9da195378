/* SPDX-License-Identifier: MIT
 *
 * From a source to the data set itself.
 */
#include "data/sources/source_load.h"

#include "base/memory.h"
#include "data/sources/preparation.h"
#include "data/sources/source_read.h"

static bool labels_check(const struct source *source, const struct dataset *data,
                         struct error *error)
{
    if (data->y == NULL)
        return error_usage(error, "%s: labels are needed here, and the label column is 'none'",
                           source->path);
    if (data->class_names[1] == NULL)
        return error_usage(error,
                           "%s: one class only: the label is '%.60s' in all %zu row%s; two classes "
                           "are needed; say which column is the label, by its name or position: "
                           "--label NAME",
                           source->path, data->class_names[0], dataset_samples(data),
                           dataset_samples(data) == 1 ? "" : "s");
    return true;
}

static struct dataset *load(const struct source *source, bool labels_required, int threads,
                            struct error *error)
{
    struct share share = {.ranks = source->ranks};
    struct dataset *data = source_read(source, &share, threads, error);
    if (data == NULL)
        return NULL;
    if (labels_required && !labels_check(source, data, error)) {
        dataset_free(data);
        return NULL;
    }
    char *notes = data->notes; /* of both sides of a split, in one */
    char *cache = data->cache;
    data->notes = data->cache = NULL;
    data = preparation_apply(source, &share, data, threads, error);
    if (data != NULL) {
        dataset_notes_name(&data->notes, source->path != NULL ? source->path : data->name);
        dataset_notes_append(&notes, data->notes);
        data->notes = notes;
        data->cache = cache;
    } else {
        memory_free(notes);
        memory_free(cache);
    }
    return data;
}

/* What every rank has found by itself is settled as well. */
struct dataset *source_load(const struct source *source, bool labels_required, int threads,
                            struct error *error)
{
    struct dataset *data = load(source, labels_required, threads, error);
    if (share_agree(source->ranks, data != NULL, error))
        return data;
    dataset_free(data);
    return NULL;
}

struct dataset *source_load_rows(const struct source *source, int threads, struct error *error)
{
    struct share share = {.ranks = NULL};
    struct dataset *rows = source_read(source, &share, threads, error);
    if (rows != NULL && !labels_check(source, rows, error)) {
        dataset_free(rows);
        return NULL;
    }
    return rows != NULL && preparation_begin(source, &rows, threads, error) ? rows : NULL;
}

bool source_rows_serve(const struct dataset *data)
{
    return data->ranks == NULL && data->heldout == NULL && data->table == NULL &&
           data->encoding == NULL && data->scaling == NULL && !dataset_is_stored(data);
}
