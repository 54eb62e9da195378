/* SPDX-License-Identifier: MIT
 *
 * Sparse rows are four files. All are open, and each has as many numbers as are announced, before
 * room is made for any.
 */
#include "programs/worker_data.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/formats/npy/format_npy.h"
#include "data/incidence_layout.h"
#include "data/sources/source_load.h"
#include "programs/array_file.h"

#include <math.h>
#include <stdint.h>

static const char *path_of(const json_t *message, const char *name)
{
    return json_string_value(json_object_get(message, name));
}

/* --- Dense --------------------------------------------------------------------------------- */

static bool check_shape(const struct dataset *data, size_t rows, size_t features,
                        struct error *error)
{
    return (data->rows == rows && data->features == features) ||
           error_usage(error, "X is %zu x %zu, and %zu x %zu were announced", data->rows,
                       data->features, rows, features);
}

static struct dataset *load_dense(const json_t *message, size_t rows, size_t features,
                                  struct error *error)
{
    struct source source = {.path = memory_copy_text(path_of(message, "X")),
                            .label = memory_copy_text(path_of(message, "y")),
                            .format = &format_npy};
    struct dataset *data = source_load(&source, true, threads_default(), error);
    memory_free(source.path);
    memory_free(source.label);
    if (data == NULL || check_shape(data, rows, features, error))
        return data;
    dataset_free(data);
    return NULL;
}

/* --- Sparse -------------------------------------------------------------------------------- */

enum { STARTS, COLUMNS, VALUES, LABELS, SPARSE_FILES };

static const char *const names[SPARSE_FILES] = {"starts", "columns", "values", "y"};

struct sparse_files {
    struct array_file files[SPARSE_FILES];
    size_t opened;  /* of them, the first ones */
    size_t entries; /* that the last of the starts announces */
};

/* Number i of an array: an index below `beyond`; 0: any finite number. */
static bool take_number(const struct array_file *file, size_t i, double beyond, double *value,
                        struct error *error)
{
    *value = npy_array_value(&file->array, i);
    const bool sound = beyond > 0.0 ? *value >= 0.0 && *value < beyond && floor(*value) == *value
                                    : isfinite(*value);
    return sound || error_usage(error, "%s: number %zu is %s", text_shown(file->array.path), i + 1,
                                beyond > 0.0 ? "no index" : "not finite");
}

static bool take_reals(const struct array_file *file, size_t count, double *values,
                       struct error *error)
{
    bool sound = true;
    for (size_t i = 0; i < count && sound; i++)
        sound = take_number(file, i, 0.0, &values[i], error);
    return sound;
}

static bool take_columns(const struct array_file *file, size_t count, size_t features,
                         uint32_t *columns, struct error *error)
{
    double value = 0.0;
    bool sound = true;
    for (size_t t = 0; t < count && sound; t++) {
        sound = take_number(file, t, (double)features, &value, error);
        columns[t] = sound ? (uint32_t)value : 0;
    }
    return sound;
}

/* Rows begin where those before them end. */
static bool take_starts(const struct array_file *file, size_t rows, size_t *starts,
                        struct error *error)
{
    double value = 0.0, before = 0.0;
    for (size_t i = 0; i <= rows; i++, before = value) {
        if (!take_number(file, i, 0x1p53, &value, error))
            return false;
        if (value < before)
            return error_usage(error, "row %zu begins behind its end", i);
        starts[i] = (size_t)value;
    }
    return starts[0] == 0 || error_usage(error, "starts do not begin with 0");
}

static bool check_columns(const struct dataset *data, struct error *error)
{
    for (size_t i = 0; i < data->rows; i++)
        for (size_t t = data->starts[i] + 1; t < data->starts[i + 1]; t++)
            if (data->columns[t] <= data->columns[t - 1])
                return error_usage(error, "row %zu: columns do not ascend", i + 1);
    return true;
}

static bool check_labels(const struct dataset *data, struct error *error)
{
    for (size_t i = 0; i < data->rows; i++)
        if (data->y[i] != 0.0 && data->y[i] != 1.0)
            return error_usage(error, "label %zu is neither 0 nor 1", i + 1);
    return true;
}

static bool open_file(struct sparse_files *sparse, const json_t *message, size_t i, size_t count,
                      struct error *error)
{
    if (!array_file_open(&sparse->files[i], path_of(message, names[i]), count, error))
        return false;
    sparse->opened = i + 1;
    return true;
}

static bool open_files(struct sparse_files *sparse, const json_t *message, size_t rows,
                       struct error *error)
{
    double entries = 0.0;
    if (!open_file(sparse, message, STARTS, rows + 1, error) ||
        !take_number(&sparse->files[STARTS], rows, 0x1p53, &entries, error))
        return false;
    sparse->entries = (size_t)entries;
    return open_file(sparse, message, COLUMNS, sparse->entries, error) &&
           open_file(sparse, message, VALUES, sparse->entries, error) &&
           open_file(sparse, message, LABELS, rows, error);
}

static void close_files(struct sparse_files *sparse)
{
    for (size_t i = 0; i < sparse->opened; i++)
        array_file_close(&sparse->files[i]);
}

static bool take_all(const struct sparse_files *sparse, struct dataset *data, struct error *error)
{
    const struct array_file *files = sparse->files;
    return take_starts(&files[STARTS], data->rows, data->starts, error) &&
           take_columns(&files[COLUMNS], sparse->entries, data->features, data->columns, error) &&
           take_reals(&files[VALUES], sparse->entries, data->values, error) &&
           take_reals(&files[LABELS], data->rows, data->y, error) && check_labels(data, error) &&
           check_columns(data, error);
}

/* What preparation does to sets that are read otherwise. */
static void finish_sparse(struct dataset *data)
{
    dataset_find_zeros(data);
    dataset_seal(data);
    incidence_add(data, threads_default());
}

/* What finish_sparse() looks at of each feature is counted in. */
static bool check_memory(const struct sparse_files *sparse, size_t rows, size_t features,
                         struct error *error)
{
    const double bytes =
        dataset_bytes_sparse(rows, sparse->entries) + 2.0 * sizeof(double) * (double)features;
    return memory_check(bytes, "the data", error);
}

static struct dataset *load_sparse(const json_t *message, size_t rows, size_t features,
                                   struct error *error)
{
    struct sparse_files sparse = {.opened = 0};
    struct dataset *data = NULL;
    if (open_files(&sparse, message, rows, error) && check_memory(&sparse, rows, features, error)) {
        data = dataset_create_sparse(rows, features, sparse.entries, true);
        if (!take_all(&sparse, data, error)) {
            dataset_free(data);
            data = NULL;
        }
    }
    close_files(&sparse);
    if (data != NULL)
        finish_sparse(data);
    return data;
}

/* --- Either -------------------------------------------------------------------------------- */

/* Columns are int32, so that there are no more features. */
static bool check_size(json_int_t rows, json_int_t features, struct error *error)
{
    if (rows < 1 || features < 1)
        return error_usage(error, "'samples' and 'features' are to be positive");
    return features <= INT32_MAX || error_usage(error, "'features' is to be at most %d", INT32_MAX);
}

static bool check_paths(const json_t *message, bool dense, struct error *error)
{
    if (path_of(message, "y") == NULL)
        return error_usage(error, "'y' is no path");
    for (size_t i = STARTS; i <= VALUES && !dense; i++)
        if (path_of(message, names[i]) == NULL)
            return error_usage(error, "'%s' is no path, and there is no X", names[i]);
    return true;
}

struct dataset *worker_data_load(const json_t *message, struct error *error)
{
    const json_int_t rows = json_integer_value(json_object_get(message, "samples"));
    const json_int_t features = json_integer_value(json_object_get(message, "features"));
    const bool dense = path_of(message, "X") != NULL;
    if (!check_size(rows, features, error) || !check_paths(message, dense, error))
        return NULL;
    return dense ? load_dense(message, (size_t)rows, (size_t)features, error)
                 : load_sparse(message, (size_t)rows, (size_t)features, error);
}
