/* SPDX-License-Identifier: MIT
 *
 * Reading a pair of NumPy files. Opening costs nothing, yet every number is looked at once, by all
 * threads: training on what is not finite would only end in NaN. Together with the digest, a mapped
 * set is thus read twice before training begins; for one larger than memory, that is twice from
 * disk.
 *
 * The mapping belongs to the data set and ends with it. A file that is cut short while it is mapped
 * ends the program, as with any mapping.
 */
#include "data/format_npy.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/npy_array.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

char *npy_labels_path(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/'), *last = strrchr(path, 'X');
    if (last == NULL || (slash != NULL && last < slash)) {
        error_usage(error,
                    "%s: labels are in a file called as this one with y for the last X in its "
                    "name, which has none; rename it, as in train_X.npy, or name the other one "
                    "with --label y.npy (label: y.npy), or use --label none",
                    path);
        return NULL;
    }
    char *text = memory_copy_text(path);
    text[last - path] = 'y';
    return text;
}

/* --- X --------------------------------------------------------------------------------------- */

static bool features_check(struct npy_array *array, struct error *error)
{
    bool known = strcmp(array->type, "<f8") == 0 || strcmp(array->type, "<f4") == 0;
    if (!known)
        return error_usage(error,
                           "%s: features of type '%s' cannot be used; save X.astype('<f8'), or "
                           "'<f4'",
                           array->path, array->type);
    if (array->dimensions != 2)
        return error_usage(error,
                           "%s: X has %d dimension%s, and (rows, features) are two; save "
                           "X.reshape(rows, features)",
                           array->path, array->dimensions, array->dimensions == 1 ? "" : "s");
    if (array->shape[0] == 0 || array->shape[1] == 0)
        return error_usage(error, "%s: the set is empty: %zu rows, %zu features", array->path,
                           array->shape[0], array->shape[1]);
    if (array->shape[0] > UINT32_MAX || array->shape[1] >= UINT32_MAX)
        return error_usage(error, "%s: %zu rows and %zu features are too many; at most %lu of both",
                           array->path, array->shape[0], array->shape[1],
                           (unsigned long)UINT32_MAX - 1);
    if (array->fortran_order)
        return error_usage(error,
                           "%s: the matrix is stored by columns (Fortran order); save "
                           "np.ascontiguousarray(X)",
                           array->path);
    return npy_array_check(array, "X", error);
}

/* May the numbers stay where they are in the file? */
static bool is_mappable(const struct npy_array *array, const struct input *input)
{
    return input->mapped > 0 && strcmp(array->type, "<f8") == 0 &&
           (uintptr_t)array->values % _Alignof(double) == 0;
}

static bool memory_suffices(const struct npy_array *array, struct error *error)
{
    char what[512];
    snprintf(what, sizeof what, "%s, %zu rows of %zu features,", array->path, array->shape[0],
             array->shape[1]);
    struct error short_of = {.kind = ERROR_NONE};
    if (memory_check(dataset_bytes(array->shape[0], array->shape[1]), what, &short_of))
        return true;
    return error_usage(error, "%.1500s; a file of float64, from X.astype('<f8'), need not fit",
                       short_of.message);
}

/* Takes X over from the file, or copies it. */
static struct dataset *features_read(const struct npy_array *array, struct input *input,
                                     int threads, struct error *error)
{
    size_t rows = array->shape[0], features = array->shape[1];
    if (is_mappable(array, input)) {
        struct dataset *data = dataset_create_around(rows, features, (double *)array->values);
        input_release(input, &data->mapping, &data->mapped);
        return data;
    }
    if (!memory_suffices(array, error))
        return NULL;
    struct dataset *data = dataset_create(rows, features, false);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < rows * features; i++)
        data->X[i] = npy_array_value(array, i);
    return data;
}

static bool finite_check(const struct dataset *data, const char *path, int threads,
                         struct error *error)
{
    size_t count = data->rows * data->features, first = count;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(min : first)
    for (size_t i = 0; i < count; i++)
        if (!isfinite(data->X[i]) && i < first)
            first = i;
    char number[TEXT_NUMBER];
    return first == count ||
           error_usage(error,
                       "%s: X[%zu, %zu] is %s; all features must be finite: fill it in, or leave "
                       "out the row",
                       path, first / data->features, first % data->features,
                       text_from_real(number, data->X[first]));
}

/* --- y --------------------------------------------------------------------------------------- */

static bool labels_check(struct npy_array *array, const struct dataset *data, struct error *error)
{
    if (array->dimensions < 1 || array->dimensions > 2 ||
        (array->dimensions == 2 && array->shape[1] != 1))
        return error_usage(error,
                           "%s: labels are an array (rows) or (rows, 1), and this has %d "
                           "dimensions; save y.reshape(-1)",
                           array->path, array->dimensions);
    if (!npy_array_check(array, "y", error))
        return false;
    return array->shape[0] == data->rows ||
           error_usage(error, "%s: there are %zu labels for %zu rows", array->path, array->shape[0],
                       data->rows);
}

static bool classes_find(const struct npy_array *array, double classes[2], size_t *count,
                         struct error *error)
{
    char names[3][TEXT_NUMBER];
    *count = 0;
    for (size_t i = 0; i < array->shape[0]; i++) {
        double value = npy_array_value(array, i);
        if (!isfinite(value))
            return error_usage(error, "%s: y[%zu] is %s; labels must be finite", array->path, i,
                               text_from_real(names[0], value));
        if ((*count > 0 && value == classes[0]) || (*count > 1 && value == classes[1]))
            continue;
        if (*count == 2)
            return error_usage(error,
                               "%s: a third class: y[%zu] is %s, after %s and %s; two classes are "
                               "needed, or none (--label none)",
                               array->path, i, text_from_real(names[2], value),
                               text_from_real(names[0], classes[0]),
                               text_from_real(names[1], classes[1]));
        classes[(*count)++] = value;
    }
    return true;
}

static bool labels_set(struct npy_array *array, struct dataset *data, struct error *error)
{
    double classes[2] = {0.0, 0.0};
    size_t count;
    if (!labels_check(array, data, error) || !classes_find(array, classes, &count, error) ||
        !memory_check((double)data->rows * sizeof *data->y, array->path, error))
        return false;
    if (count == 2 && classes[1] < classes[0]) {
        double larger = classes[0];
        classes[0] = classes[1];
        classes[1] = larger;
    }
    data->y = memory_allocate_untouched(data->rows, sizeof *data->y);
    for (size_t i = 0; i < data->rows; i++)
        data->y[i] = npy_array_value(array, i) != classes[0];
    for (size_t k = 0; k < count; k++) {
        char name[TEXT_NUMBER];
        data->class_names[k] = memory_copy_text(text_from_real(name, classes[k]));
    }
    return true;
}

static bool labels_read(struct dataset *data, const char *path, const struct source *source,
                        struct error *error)
{
    if (source->label != NULL && strcmp(source->label, "none") == 0)
        return true;
    char *other =
        source->label != NULL ? memory_copy_text(source->label) : npy_labels_path(path, error);
    if (other == NULL)
        return false;
    struct input input;
    struct npy_array array;
    struct error missing = {.kind = ERROR_NONE};
    bool done = false;
    if (input_open(&input, other, &missing)) {
        done = npy_array_open(&array, &input, error) && labels_set(&array, data, error);
        input_close(&input);
    } else if (source->label != NULL) {
        *error = missing;
    } else {
        error_usage(error,
                    "%.1500s; there the labels of %s should be; --label names another file, or "
                    "none",
                    missing.message, path);
    }
    memory_free(other);
    return done;
}

static struct dataset *npy_read(struct input *input, const struct source *source, int threads,
                                struct error *error)
{
    struct npy_array array;
    if (!npy_array_open(&array, input, error) || !features_check(&array, error))
        return NULL;
    struct dataset *data = features_read(&array, input, threads, error);
    if (data == NULL || (labels_read(data, source->path, source, error) &&
                         finite_check(data, source->path, threads, error)))
        return data;
    dataset_free(data);
    return NULL;
}

static const char *const extensions[] = {"npy", NULL};

const struct format format_npy = {
    .entry = {"npy", "NumPy: X.npy (rows, features), and y.npy with labels beside it"},
    .extensions = extensions,
    .read = npy_read,
    .write = npy_write,
    .write_labels = npy_write_labels,
    .labels_path = npy_labels_path,
};
