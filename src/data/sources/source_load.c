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
                           "are needed; choose the label column by its name or position",
                           source->path, data->class_names[0], dataset_samples(data),
                           dataset_samples(data) == 1 ? "" : "s");
    return true;
}

/* Categories and missing values, which training does not know. */
static bool table_refuse(const struct source *source, const struct dataset *data,
                         struct error *error)
{
    const struct data_columns *table = data->table;
    size_t j = 0;
    while (j < table->count && table->columns[j].categories == NULL &&
           table->columns[j].missing == 0)
        j++;
    if (j == table->count)
        return true;
    char name[DATASET_NAME];
    return error_usage(error,
                       "%s: '%.60s' has %s, which cannot be trained on; leave it out: --drop",
                       source->path, dataset_feature_name(data, j, name),
                       table->columns[j].categories != NULL ? "texts" : "missing values");
}

static struct dataset *load(const struct source *source, bool labels_required, int threads,
                            struct error *error)
{
    struct share share = {.ranks = source->ranks};
    struct dataset *data = source_read(source, &share, threads, error);
    if (data == NULL)
        return NULL;
    if ((labels_required && !labels_check(source, data, error)) ||
        (data->table != NULL && !table_refuse(source, data, error))) {
        dataset_free(data);
        return NULL;
    }
    char *notes = data->notes; /* of both sides of a split, in one */
    data->notes = NULL;
    data = preparation_apply(source, &share, data, threads, error);
    if (data != NULL) {
        dataset_notes_append(&notes, data->notes);
        data->notes = notes;
    } else {
        memory_free(notes);
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
