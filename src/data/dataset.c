/* SPDX-License-Identifier: MIT
 *
 * The life of a data set, and its digest. The digest covers what training sees (shape, X, y as
 * bits), not names: the same numbers from CSV and from a generator are the same data.
 */
#include "data/dataset.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>

double dataset_bytes(size_t rows, size_t features)
{
    return (double)sizeof(double) * (double)rows * ((double)features + 1.0);
}

struct dataset *dataset_create(size_t rows, size_t features, bool labelled)
{
    struct dataset *data = memory_allocate(1, sizeof *data);
    data->rows = rows;
    data->features = features;
    data->X = memory_allocate_untouched(rows * features, sizeof *data->X);
    data->y = labelled ? memory_allocate_untouched(rows, sizeof *data->y) : NULL;
    return data;
}

void dataset_free(struct dataset *data)
{
    if (data == NULL)
        return;
    for (size_t j = 0; data->feature_names != NULL && j < data->features; j++)
        memory_free(data->feature_names[j]);
    memory_free(data->feature_names);
    memory_free(data->class_names[0]);
    memory_free(data->class_names[1]);
    memory_free(data->name);
    memory_free(data->X);
    memory_free(data->y);
    memory_free(data);
}

void dataset_seal(struct dataset *data)
{
    struct digest *digest = digest_create();
    uint64_t shape[3] = {data->rows, data->features, data->y != NULL};
    digest_add(digest, shape, sizeof shape);
    digest_add(digest, data->X, data->rows * data->features * sizeof *data->X);
    if (data->y != NULL)
        digest_add(digest, data->y, data->rows * sizeof *data->y);
    digest_finish(digest, data->digest);
}

const char *dataset_feature_name(const struct dataset *data, size_t j,
                                 char buffer[static DATASET_NAME])
{
    if (data->feature_names != NULL && data->feature_names[j][0] != '\0')
        return data->feature_names[j];
    snprintf(buffer, DATASET_NAME, "x%zu", j + 1);
    return buffer;
}
