/* SPDX-License-Identifier: MIT
 *
 * Reading a pair of NumPy files. Opening costs nothing, yet every number is looked at once, by all
 * threads: NaN are missing values, and training on infinities would only end in NaN. Together with
 * the digest, a mapped set is thus read twice before training begins; for one larger than memory,
 * that is twice from disk.
 *
 * The mapping belongs to the data set and ends with it. What becomes of the file meanwhile is
 * looked at before a result is recorded (mapping.h).
 */
#include "data/formats/npy/format_npy.h"

#include "base/memory.h"
#include "base/system/path.h"
#include "base/text.h"
#include "data/formats/npy/npy_array.h"
#include "data/missing.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *npy_labels_path(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/'), *last = strrchr(path, 'X');
    if (last == NULL || (slash != NULL && last < slash)) {
        error_usage(error,
                    "%s: the file of labels is named like this one, with y for the last X, but "
                    "this name has no X; rename it, as in train_X.npy, or name the other one with "
                    "--label y.npy (label: y.npy), or use --label none",
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
    if (!npy_array_check_type(array, false, error))
        return false;
    if (array->dimensions != 2)
        return error_usage(error, "%s: X has %d dimension%s, and (rows, features) are two; save %s",
                           array->path, array->dimensions, array->dimensions == 1 ? "" : "s",
                           array->dimensions == 1   ? "X.reshape(-1, 1), if it is one feature"
                           : array->dimensions == 0 ? "one array of numbers"
                                                    : "X.reshape(len(X), -1)");
    if (array->shape[0] == 0 || array->shape[1] == 0)
        return error_usage(error, "%s: the set is empty: %zu rows, %zu features", array->path,
                           array->shape[0], array->shape[1]);
    if (array->shape[0] > UINT32_MAX || array->shape[1] >= UINT32_MAX)
        return error_usage(error, "%s: %zu rows and %zu features are too many; at most %lu of both",
                           array->path, array->shape[0], array->shape[1],
                           (unsigned long)UINT32_MAX - 1);
    return npy_array_check_size(array, error);
}

/* Are rows apart in the file? */
static bool is_by_columns(const struct npy_array *array)
{
    return array->fortran_order && array->shape[0] > 1 && array->shape[1] > 1;
}

/* Notes which rows are read, and that they are the same bytes for all ranks. */
static bool rows_share(const struct npy_array *array, const struct input *input,
                       struct share *share, struct error *error)
{
    share_rows(share, array->shape[0]);
    size_t row = array->shape[1] * array->number->size;
    size_t values = (size_t)(array->values - input->bytes);
    if (is_by_columns(array))
        return share_compare(share, input, values, values + array->shape[0] * row, error);
    return share_compare(share, input, values + share->first * row,
                         values + (share->first + share->rows) * row, error);
}

static bool is_of(const struct npy_array *array, const char *type)
{
    return strcmp(array->number->name, type) == 0;
}

/* May numbers of this type stay where they are in the file? */
static bool is_mappable(const struct npy_array *array, const struct input *input, const char *type)
{
    return input->mapping != NULL && is_of(array, type) && !array->swapped &&
           !is_by_columns(array) && (uintptr_t)array->values % array->number->size == 0;
}

/* Why numbers of float32, which training is to read as float32, are not left in the file; NULL:
 * they are, or that is not the question. */
static const char *why_widened(const struct npy_array *array, const struct source *source)
{
    if (!source->singles || !is_of(array, "f4"))
        return NULL;
    if (source->needs_doubles != NULL)
        return source->needs_doubles;
    return array->swapped         ? "their bytes are in the other order (X.astype('<f4'))"
           : is_by_columns(array) ? "they are in Fortran order (np.ascontiguousarray(X))"
                                  : NULL;
}

/* One feature or two go to BLAS, which knows doubles. */
static bool stay_singles(const struct npy_array *array, const struct input *input,
                         const struct source *source)
{
    enum { SHORT_ROW = 2 };
    return source->singles && source->needs_doubles == NULL && array->shape[1] > SHORT_ROW &&
           is_mappable(array, input, "f4");
}

static bool memory_suffices(const struct npy_array *array, const struct share *share,
                            struct error *error)
{
    char what[512];
    double bytes = dataset_bytes(array->shape[0], array->shape[1]) * share_of_host(share);
    snprintf(what, sizeof what, "%s, %zu rows of %zu features,", array->path, array->shape[0],
             array->shape[1]);
    struct error short_of = {.kind = ERROR_NONE};
    if (memory_check(bytes, what, &short_of))
        return true;
    return error_usage(error, "%.1500s; a file of float64, from X.astype('<f8'), need not fit",
                       short_of.message);
}

/* A whole number that lies between two doubles. */
static bool refuse_inexact(const struct npy_array *array, char name, size_t i, size_t j,
                           struct error *error)
{
    char place[64], copy[NPY_SIZE_MOST];
    uint64_t bits;
    memcpy(&bits, npy_array_number(array, npy_array_index(array, i, j), copy), sizeof bits);
    snprintf(place, sizeof place, name == 'X' ? "%zu, %zu" : "%zu", i, j);
    bool is_negative = array->number->name[0] == 'i' && (int64_t)bits < 0;
    return error_usage(error,
                       "%s: %c[%s] is %s%" PRIu64
                       ", which is not exact as a double: whole numbers are exact up to 2^53 "
                       "(9007199254740992); save %s",
                       array->path, name, place, is_negative ? "-" : "", is_negative ? -bits : bits,
                       name == 'X' ? "X.astype('<f8') to have them rounded"
                                   : "np.unique(y, return_inverse=True)[1]");
}

/* A square of rows and columns, which is copied at once: whichever of the two lie side by side in
 * the file, lines of the cache are read and written whole. */
enum { TILE = 64 };

struct tile {
    size_t row, row_end, column, column_end;
};

/* Returns the first number of the copy in the tile that no double is, or `none`. */
static size_t tile_copy(const struct npy_array *array, size_t first, const struct tile *tile,
                        struct dataset *data, size_t none)
{
    size_t wrong = none;
    for (size_t i = tile->row; i < tile->row_end; i++)
        for (size_t j = tile->column; j < tile->column_end; j++) {
            size_t place = i * data->features + j, index = npy_array_index(array, first + i, j);
            data->X[place] = npy_array_value(array, index);
            if (place < wrong && !npy_array_is_exact(array, index))
                wrong = place;
        }
    return wrong;
}

/* Copies the rows of X from row `first` of the file on. Returns which number, counted in the copy,
 * is the first that no double is, or how many there are: none. */
static size_t features_copy(const struct npy_array *array, size_t first, struct dataset *data,
                            int threads)
{
    size_t rows = data->rows, features = data->features, none = rows * features, wrong = none;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(min : wrong)
    for (size_t i = 0; i < rows; i += TILE)
        for (size_t j = 0; j < features; j += TILE) {
            const struct tile tile = {i, i + TILE < rows ? i + TILE : rows, j,
                                      j + TILE < features ? j + TILE : features};
            size_t found = tile_copy(array, first, &tile, data, none);
            wrong = found < wrong ? found : wrong;
        }
    return wrong;
}

/* The rows of X around the numbers in the file; NULL: they cannot stay there. */
static struct dataset *features_mapped(const struct npy_array *array, struct input *input,
                                       const struct source *source, const struct share *share)
{
    const size_t features = array->shape[1], rows = share->rows;
    const void *values = array->values + share->first * features * array->number->size;
    struct dataset *data = NULL;
    if (is_mappable(array, input, "f8"))
        data = dataset_create_around(rows, features, (double *)values);
    else if (stay_singles(array, input, source))
        data = dataset_create_around_singles(rows, features, values);
    if (data != NULL)
        data->mapping = input_release(input);
    return data;
}

/* Takes the rows of X over from the file, or copies them. */
static struct dataset *features_read(const struct npy_array *array, struct input *input,
                                     const struct source *source, const struct share *share,
                                     int threads, struct error *error)
{
    size_t features = array->shape[1];
    struct dataset *mapped = features_mapped(array, input, source, share);
    if (mapped != NULL)
        return mapped;
    if (!share_agree(share->ranks, memory_suffices(array, share, error), error))
        return NULL;
    struct dataset *data = dataset_create(share->rows, features, false);
    if (why_widened(array, source) != NULL)
        dataset_note(&data->notes,
                     "%s: the numbers are float32, and take 8 bytes each in memory, as %s",
                     array->path, why_widened(array, source));
    size_t wrong = features_copy(array, share->first, data, threads);
    bool sound =
        wrong == data->rows * features ||
        refuse_inexact(array, 'X', share->first + wrong / features, wrong % features, error);
    if (share_agree(share->ranks, sound, error))
        return data;
    dataset_free(data);
    return NULL;
}

/* X[i], counted through the rows. */
static double value_at(const struct dataset *data, size_t i)
{
    return data->singles != NULL ? (double)data->singles[i] : data->X[i];
}

/* Notes what X[i] (counted through the rows) is that is no finite number: missing (features) counts
 * NaN, and `first` is the least i of an infinity. Returns that. */
static size_t value_note(const struct dataset *data, size_t i, size_t first, size_t *missing)
{
    if (!isnan(value_at(data, i)))
        return i < first ? i : first;
#pragma omp atomic
    missing[i % data->features]++;
    return first;
}

/* Refuses infinities, and counts what is missing: zeros at first. */
static bool values_check(const struct dataset *data, const char *path, int threads, size_t *missing,
                         struct error *error)
{
    size_t count = data->rows * data->features, first = count;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(min : first)
    for (size_t i = 0; i < count; i++)
        if (!isfinite(value_at(data, i)))
            first = value_note(data, i, first, missing);
    char number[TEXT_NUMBER];
    return first == count ||
           error_usage(error,
                       "%s: X[%zu, %zu] is %s; features must be finite, or nan where they are "
                       "missing (X[~np.isfinite(X)] = np.nan), for --missing; or leave out the row "
                       "(X = X[np.isfinite(X).all(axis=1)], and y alike)",
                       path, data->first_row + first / data->features, first % data->features,
                       text_from_real(number, value_at(data, first)));
}

/* Describes the columns, on all ranks, where values are missing on any. What looks at such columns
 * looks at doubles. */
static bool columns_describe(struct dataset *data, const size_t *missing, const char *path,
                             const struct share *share, int threads, struct error *error)
{
    bool any = false;
    for (size_t j = 0; j < data->features; j++)
        any = any || missing[j] > 0;
    return ranks_allreduce_max(share->ranks, any) == 0.0 ||
           (share_agree(share->ranks, dataset_widen(data, threads, error), error) &&
            missing_describe(data, share->ranks, missing, path, error));
}

/* --- y --------------------------------------------------------------------------------------- */

enum { CLASSES_KEPT = 3 }; /* the third is an error, which names it */

/* The values of labels in the order of rows, until one that is none or makes a third class. */
struct classes {
    size_t count;
    double values[CLASSES_KEPT]; /* (count) */
    size_t rows[CLASSES_KEPT];   /* (count) of their first appearance, in the file */
    bool faulty;
    double fault;
    size_t fault_row;
};

static bool labels_check(struct npy_array *array, const struct share *share, struct error *error)
{
    if (!npy_array_check_type(array, true, error))
        return false;
    if (array->dimensions < 1 || array->dimensions > 2 ||
        (array->dimensions == 2 && array->shape[1] != 1))
        return error_usage(error,
                           "%s: labels are an array (rows) or (rows, 1), but this has %d "
                           "dimensions; save y.reshape(-1)",
                           array->path, array->dimensions);
    if (!npy_array_check_size(array, error))
        return false;
    return array->shape[0] == share->whole ||
           error_usage(error, "%s: there are %zu labels for %zu rows", array->path, array->shape[0],
                       share->whole);
}

static void class_add(struct classes *classes, double value, size_t row)
{
    size_t k = 0;
    while (k < classes->count && value != classes->values[k])
        k++;
    if (k < classes->count)
        return;
    classes->values[k] = value;
    classes->rows[k] = row;
    classes->count++;
}

/* The classes among the labels of the rows that are read here. */
static struct classes classes_find(const struct npy_array *array, const struct share *share)
{
    struct classes found = {.count = 0};
    size_t end = share->first + share->rows;
    for (size_t i = share->first; i < end && found.count < CLASSES_KEPT; i++) {
        double value = npy_array_value(array, i);
        if (!isfinite(value) || !npy_array_is_exact(array, i)) {
            found.faulty = true;
            found.fault = value;
            found.fault_row = i;
            break;
        }
        class_add(&found, value, i);
    }
    return found;
}

/* Adds what another rank found in later rows. */
static void classes_add(struct classes *classes, const struct classes *later)
{
    for (size_t k = 0; k < later->count && classes->count < CLASSES_KEPT; k++)
        class_add(classes, later->values[k], later->rows[k]);
    if (classes->count == CLASSES_KEPT)
        return;
    classes->faulty = later->faulty;
    classes->fault = later->fault;
    classes->fault_row = later->fault_row;
}

/* The classes among the labels of all rows. */
static struct classes classes_share(const struct npy_array *array, const struct share *share)
{
    int ranks = ranks_count(share->ranks);
    struct classes mine = classes_find(array, share), classes = {.count = 0};
    struct classes *all = memory_allocate((size_t)ranks, sizeof *all);
    ranks_allgather(share->ranks, &mine, sizeof mine, all);
    for (int rank = 0; rank < ranks && classes.count < CLASSES_KEPT && !classes.faulty; rank++)
        classes_add(&classes, &all[rank]);
    memory_free(all);
    return classes;
}

/* The name of a class: of a whole number all digits, as other formats have it. Returns `text`. */
static char *class_name(char text[static TEXT_NUMBER], double value)
{
    if (fabs(value) < 0x1p53 || fabs(value) > 0x1p64)
        return text_from_real(text, value);
    snprintf(text, TEXT_NUMBER, "%.0f", value);
    return text;
}

static bool classes_check(const struct npy_array *array, const struct classes *classes,
                          struct error *error)
{
    char names[CLASSES_KEPT][TEXT_NUMBER];
    if (classes->count == CLASSES_KEPT)
        return error_usage(error,
                           "%s: a third class: y[%zu] is %s, after %s and %s; two classes are "
                           "needed, or none (--label none)",
                           array->path, classes->rows[2], class_name(names[2], classes->values[2]),
                           class_name(names[0], classes->values[0]),
                           class_name(names[1], classes->values[1]));
    if (!classes->faulty)
        return true;
    if (!npy_array_is_exact(array, classes->fault_row))
        return refuse_inexact(array, 'y', classes->fault_row, 0, error);
    return error_usage(error, "%s: y[%zu] is %s; labels must be finite", array->path,
                       classes->fault_row, text_from_real(names[0], classes->fault));
}

static bool labels_set(const struct npy_array *array, const struct share *share,
                       struct dataset *data, struct error *error)
{
    double bytes = (double)share->whole * sizeof *data->y * share_of_host(share);
    struct classes classes = classes_share(array, share);
    bool sound = classes_check(array, &classes, error) && memory_check(bytes, array->path, error);
    if (!share_agree(share->ranks, sound, error))
        return false;
    double *values = classes.values;
    if (classes.count == 2 && values[1] < values[0]) {
        double larger = values[0];
        values[0] = values[1];
        values[1] = larger;
    }
    data->y = memory_allocate_untouched(data->rows, sizeof *data->y);
    for (size_t i = 0; i < data->rows; i++)
        data->y[i] = npy_array_value(array, share->first + i) != values[0];
    for (size_t k = 0; k < classes.count; k++) {
        char name[TEXT_NUMBER];
        data->class_names[k] = memory_copy_text(class_name(name, values[k]));
    }
    return true;
}

bool npy_labels_read(struct dataset *data, struct input *input, struct share *share,
                     struct error *error)
{
    struct npy_array array;
    bool sound = npy_array_open(&array, input, error) && labels_check(&array, share, error);
    return share_agree(share->ranks, sound, error) && rows_share(&array, input, share, error) &&
           labels_set(&array, share, data, error);
}

/* Is the file that was not opened missing, at least for one rank? */
static bool labels_missing(const struct share *share, const char *path)
{
    return ranks_count(share->ranks) == 1 ||
           ranks_allreduce_min(share->ranks, access(path, R_OK) == 0) == 0.0;
}

static bool labels_read(struct dataset *data, const char *path, const struct source *source,
                        struct share *share, struct error *error)
{
    if (source->label != NULL && strcmp(source->label, "none") == 0)
        return true;
    bool optional = source->label == NULL && source->wanted != NULL; /* rows for a model */
    struct error missing = {.kind = ERROR_NONE};
    const char *folder = source->folder != NULL ? source->folder : "";
    char *other =
        source->label != NULL ? path_in(folder, source->label) : npy_labels_path(path, &missing);
    if (other == NULL || (optional && access(other, F_OK) != 0)) {
        memory_free(other);
        *error = optional ? *error : missing;
        return optional;
    }
    struct input input;
    bool done = false;
    if (share_open(share, &input, other, &missing)) {
        done = npy_labels_read(data, &input, share, error) &&
               share_agree(share->ranks, input_is_unchanged(&input, error), error);
        input_close(&input);
    } else if (source->label != NULL || !labels_missing(share, other)) {
        *error = missing;
    } else {
        error_usage(
            error,
            "%.1500s; this file should hold the labels of %s; --label names another file, or none",
            missing.message, path);
    }
    memory_free(other);
    return done;
}

struct dataset *npy_features_read(struct input *input, const struct source *source,
                                  struct share *share, int threads, struct error *error)
{
    struct npy_array array;
    bool sound = npy_array_open(&array, input, error) && features_check(&array, error);
    if (!share_agree(share->ranks, sound, error) || !rows_share(&array, input, share, error))
        return NULL;
    struct dataset *data = features_read(&array, input, source, share, threads, error);
    if (data != NULL)
        data->first_row = share->first;
    return data;
}

struct dataset *npy_checked(struct dataset *data, bool sound, const char *path,
                            const struct share *share, int threads, struct error *error)
{
    size_t *missing = memory_allocate(data->features, sizeof *missing);
    sound = sound &&
            share_agree(share->ranks, values_check(data, path, threads, missing, error), error) &&
            columns_describe(data, missing, path, share, threads, error);
    memory_free(missing);
    if (sound)
        return data;
    dataset_free(data);
    return NULL;
}

static struct dataset *npy_read(struct input *input, const struct source *source,
                                struct share *share, int threads, struct error *error)
{
    if (zip_begins(input->bytes, input->size))
        return npz_read(input, source, share, threads, error);
    bool alone = source->array == NULL ||
                 error_usage(error,
                             "%s: array '%.60s' is one of an .npz archive, and this is no "
                             "archive; leave it out",
                             source->path, source->array);
    if (!share_agree(share->ranks, alone, error))
        return NULL;
    struct dataset *data = npy_features_read(input, source, share, threads, error);
    if (data == NULL)
        return NULL;
    bool sound = labels_read(data, source->path, source, share, error);
    return npy_checked(data, sound, source->path, share, threads, error);
}

static const char *const extensions[] = {"npy", "npz", NULL};

const struct format format_npy = {
    .entry = {"npy",
              "NumPy: X.npy (rows, features), and y.npy with labels beside it, or both in an .npz"},
    .extensions = extensions,
    .arrays = true,
    .read = npy_read,
    .write = npy_write,
    .write_labels = npy_write_labels,
    .labels_path = npy_labels_path,
};
