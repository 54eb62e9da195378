/* SPDX-License-Identifier: MIT
 *
 * The life of a data set, and its digest. The digest covers what training sees (shape, features, y
 * and weights as bits), not names: the same numbers from CSV and from a generator are the same
 * data.
 */
#include "data/dataset.h"

#include "base/memory.h"
#include "base/table.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COPIED = 1 << 16 }; /* elements that a thread copies at a time */

double dataset_bytes(size_t rows, size_t features)
{
    return (double)sizeof(double) * (double)rows * ((double)features + 1.0);
}

double dataset_bytes_sparse(size_t rows, size_t nonzeros)
{
    double row = sizeof(double) + sizeof(size_t), value = sizeof(double) + sizeof(uint32_t);
    return row * ((double)rows + 1.0) + value * (double)nonzeros;
}

static struct dataset *create(size_t rows, size_t features, bool labelled)
{
    struct dataset *data = memory_allocate(1, sizeof *data);
    data->rows = rows;
    data->features = features;
    data->y = labelled ? memory_allocate_untouched(rows, sizeof *data->y) : NULL;
    data->class_weights[0] = data->class_weights[1] = 1.0;
    return data;
}

struct dataset *dataset_create(size_t rows, size_t features, bool labelled)
{
    struct dataset *data = create(rows, features, labelled);
    data->X = memory_allocate_untouched(rows * features, sizeof *data->X);
    return data;
}

struct dataset *dataset_create_around(size_t rows, size_t features, double *X)
{
    struct dataset *data = create(rows, features, false);
    data->X = X;
    return data;
}

struct dataset *dataset_create_around_singles(size_t rows, size_t features, const float *singles)
{
    struct dataset *data = create(rows, features, false);
    data->singles = singles;
    return data;
}

struct dataset *dataset_create_around_sparse(size_t rows, size_t features, size_t *starts,
                                             uint32_t *columns, double *values)
{
    struct dataset *data = create(rows, features, false);
    data->starts = starts;
    data->ends = starts + 1;
    data->columns = columns;
    data->values = values;
    return data;
}

struct dataset *dataset_create_sparse(size_t rows, size_t features, size_t nonzeros, bool labelled)
{
    struct dataset *data = create(rows, features, labelled);
    data->starts = memory_allocate_untouched(rows + 1, sizeof *data->starts);
    data->starts[0] = 0;
    data->ends = data->starts + 1;
    data->columns = memory_allocate_untouched(nonzeros, sizeof *data->columns);
    data->values = memory_allocate_untouched(nonzeros, sizeof *data->values);
    return data;
}

/* An array with room for `count` elements, of which those that are kept are copied. */
static void *moved(void *old, size_t kept, size_t count, size_t size)
{
    void *array = memory_allocate_untouched(count, size);
    memcpy(array, old, kept * size);
    memory_free(old);
    return array;
}

void dataset_grow(struct dataset *data, size_t kept, size_t rows, size_t kept_values, size_t values)
{
    if (data->y != NULL)
        data->y = moved(data->y, kept, rows, sizeof *data->y);
    data->rows = rows;
    if (!dataset_is_sparse(data)) {
        size_t row = data->features * sizeof *data->X;
        data->X = moved(data->X, kept, rows, row);
        return;
    }
    data->starts = moved(data->starts, kept + 1, rows + 1, sizeof *data->starts);
    data->ends = data->starts + 1;
    data->columns = moved(data->columns, kept_values, values, sizeof *data->columns);
    data->values = moved(data->values, kept_values, values, sizeof *data->values);
}

static void storage_free(struct dataset *data)
{
    if (data->mapping != NULL) {
        mapping_close(data->mapping);
    } else {
        memory_free(data->X);
        memory_free(data->starts);
        memory_free(data->columns);
        memory_free(data->values);
    }
    incidence_free(data->incidence);
    if (data->stored.values != data->singles)
        memory_free(data->stored.values);
    memory_free(data->stored.units);
    data->stored = (struct stored){0};
    data->mapping = NULL;
    data->incidence = NULL;
    data->X = data->values = NULL;
    data->singles = NULL;
    data->starts = data->ends = NULL;
    data->columns = NULL;
}

void dataset_rows(const struct dataset *data, size_t begin, size_t count, double *restrict rows)
{
    const size_t d = data->features;
    if (data->X != NULL) {
        memcpy(rows, data->X + begin * d, count * d * sizeof *rows);
        return;
    }
    const float *singles = data->singles + begin * d;
#pragma omp simd
    for (size_t i = 0; i < count * d; i++)
        rows[i] = (double)singles[i];
}

bool dataset_widen(struct dataset *data, int threads, struct error *error)
{
    const size_t n = data->rows, d = data->features;
    if (data->singles == NULL)
        return true;
    if (!memory_check(dataset_bytes(n, d) * ranks_per_host(data->ranks),
                      "features of float32 as doubles, which", error))
        return false;
    double *X = memory_allocate_untouched(n * d, sizeof *X);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < n; i++)
        dataset_rows(data, i, 1, X + i * d);
    mapping_close(data->mapping);
    data->mapping = NULL;
    data->singles = NULL;
    data->X = X;
    return true;
}

/* An array of `count` elements in memory, copied by several threads, each of which places its part.
 */
static void *copied(const void *array, size_t count, size_t size, int threads)
{
    char *copy = memory_allocate_untouched(count, size);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t begin = 0; begin < count; begin += COPIED) {
        size_t part = count - begin < COPIED ? count - begin : COPIED;
        memcpy(copy + begin * size, (const char *)array + begin * size, part * size);
    }
    return copy;
}

bool dataset_own(struct dataset *data, int threads, struct error *error)
{
    if (data->mapping == NULL || mapping_is_memory(data->mapping))
        return true;
    size_t entries = dataset_entries(data), rows = data->rows;
    double bytes = dataset_is_sparse(data) ? dataset_bytes_sparse(rows, entries)
                                           : dataset_bytes(rows, data->features);
    if (!memory_check(bytes * ranks_per_host(data->ranks),
                      "scaling copies the mapped file into memory, which", error))
        return false;
    if (dataset_is_sparse(data)) {
        data->starts = copied(data->starts, rows + 1, sizeof *data->starts, threads);
        data->ends = data->starts + 1;
        data->columns = copied(data->columns, entries, sizeof *data->columns, threads);
        data->values = copied(data->values, entries, sizeof *data->values, threads);
    } else {
        data->X = copied(data->X, entries, sizeof *data->X, threads);
    }
    mapping_close(data->mapping);
    data->mapping = NULL;
    return true;
}

void dataset_densify(struct dataset *data, struct dataset *dense, int threads)
{
    double *X = dense->X;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        memset(X + i * data->features, 0, data->features * sizeof *X);
        for (size_t t = 0; t < x.count; t++)
            X[i * data->features + sample_column(&x, t)] = sample_value(&x, t);
    }
    storage_free(data);
    data->X = X;
    data->mapping = dense->mapping;
    dense->X = NULL;
    dense->mapping = NULL;
    dataset_free(dense);
}

void dataset_replace_features(struct dataset *data, struct dataset *other)
{
    texts_free(data->feature_names, data->features);
    data->feature_names = NULL;
    storage_free(data);
    data->features = other->features;
    data->mapping = other->mapping;
    data->X = other->X;
    data->starts = other->starts;
    data->ends = other->ends;
    data->columns = other->columns;
    data->values = other->values;
    other->mapping = NULL;
    other->X = other->values = NULL;
    other->starts = other->ends = NULL;
    other->columns = NULL;
    dataset_free(other);
}

void scaling_free(struct scaling *scaling)
{
    if (scaling == NULL)
        return;
    memory_free(scaling->offset);
    memory_free(scaling->factor);
    memory_free(scaling);
}

void dataset_free(struct dataset *data)
{
    if (data == NULL)
        return;
    texts_free(data->feature_names, data->features);
    memory_free(data->class_names[0]);
    memory_free(data->class_names[1]);
    memory_free(data->name);
    memory_free(data->notes);
    memory_free(data->cache);
    memory_free(data->found.label_name);
    memory_free(data->zeros);
    storage_free(data);
    memory_free(data->y);
    data_columns_free(data->table);
    encoding_free(data->encoding);
    scaling_free(data->scaling);
    dataset_free(data->heldout);
    memory_free(data);
}

/* --- Notes --------------------------------------------------------------------------------- */

/* Adds a text, with what ends it. */
static void notes_add(char **notes, const char *text, const char *end)
{
    size_t before = *notes != NULL ? strlen(*notes) : 0, more = strlen(text) + strlen(end) + 1;
    char *all = memory_resize(*notes, before + more, 1);
    snprintf(all + before, more, "%s%s", text, end);
    *notes = all;
}

void dataset_note(char **notes, const char *format, ...)
{
    char *sentence = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&sentence, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(1, strlen(format));
    notes_add(notes, sentence, "\n");
    free(sentence);
}

void dataset_notes_append(char **notes, char *others)
{
    if (others != NULL)
        notes_add(notes, others, "");
    memory_free(others);
}

void dataset_notes_name(char **notes, const char *name)
{
    char *plain = *notes;
    *notes = NULL;
    for (const char *line = plain; line != NULL && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        dataset_note(notes, "%s: %.*s", text_shown(name), (int)length, line);
        line += length + 1;
    }
    memory_free(plain);
}

void dataset_print_notes(const struct dataset *data, FILE *file)
{
    if (ranks_index(data->ranks) != 0)
        return;
    for (const char *line = data->notes; line != NULL && *line != '\0'; line++) {
        size_t length = strcspn(line, "\n");
        fprintf(file, "descent: note: %.*s\n", (int)length, line);
        line += length;
    }
}

/* --- Features that are 0 ------------------------------------------------------------------- */

/* Marks the features that row i has a value in; how many are marked for the first time. */
static size_t row_mark(const struct dataset *data, size_t i, unsigned char *seen)
{
    const struct sample x = dataset_sample(data, i);
    size_t added = 0;
    for (size_t t = 0; t < x.count; t++) {
        unsigned char *mark = &seen[sample_column(&x, t)];
        bool fresh = sample_value(&x, t) != 0.0 && *mark == 0;
        *mark |= (unsigned char)fresh;
        added += fresh;
    }
    return added;
}

/* Ends with the row in which the last feature is seen: of a dense set, that is one of the first. */
void dataset_find_zeros(struct dataset *data)
{
    size_t d = data->features, missing = d;
    unsigned char *seen = memory_allocate(d, sizeof *seen);
    for (size_t i = 0; i < data->rows && missing > 0; i++)
        missing -= row_mark(data, i, seen);
    ranks_allreduce_or(data->ranks, seen, d);
    memory_free(data->zeros);
    data->zeros = memory_allocate(d, sizeof *data->zeros);
    data->zeros_count = 0;
    for (size_t j = 0; j < d; j++) {
        data->zeros[j] = seen[j] == 0;
        data->zeros_count += seen[j] == 0;
    }
    memory_free(seen);
    if (data->zeros_count > 0)
        return;
    memory_free(data->zeros);
    data->zeros = NULL;
}

/* --- The digest ---------------------------------------------------------------------------- */

/* Adds something of this rank. */
typedef void add_mine(const struct dataset *data, struct digest *digest, const void *bytes,
                      size_t count);

/* Adds what every rank has, in the order of ranks. All of them go on from there. */
static void add_by_ranks(const struct dataset *data, struct digest *digest, add_mine *add,
                         const void *bytes, size_t count)
{
    int ranks = ranks_count(data->ranks);
    void *state = memory_allocate(digest_state_size(), 1);
    for (int rank = 0; rank < ranks; rank++) {
        if (rank == ranks_index(data->ranks))
            add(data, digest, bytes, count);
        digest_leave(digest, state);
        ranks_broadcast(data->ranks, rank, state, digest_state_size());
        digest_enter(digest, state);
    }
    memory_free(state);
}

static void add_bytes(const struct dataset *data, struct digest *digest, const void *bytes,
                      size_t count)
{
    (void)data;
    digest_add(digest, bytes, count);
}

/* Of an array. */
static void add_in_turn(const struct dataset *data, struct digest *digest, const void *bytes,
                        size_t count)
{
    add_by_ranks(data, digest, add_bytes, bytes, count);
}

/* What are the same numbers as doubles is the same data. */
static void add_singles(const struct dataset *data, struct digest *digest, const void *bytes,
                        size_t count)
{
    (void)bytes, (void)count;
    const size_t d = data->features, most = COPIED / d + 1;
    double *rows = memory_allocate_untouched(most * d, sizeof *rows);
    for (size_t i = 0; i < data->rows; i += most) {
        const size_t part = data->rows - i < most ? data->rows - i : most;
        dataset_rows(data, i, part, rows);
        digest_add(digest, rows, part * d * sizeof *rows);
    }
    memory_free(rows);
}

/* Of the features of dense rows. */
static void add_features(const struct dataset *data, struct digest *digest)
{
    if (data->X != NULL)
        add_in_turn(data, digest, data->X, data->rows * data->features * sizeof *data->X);
    else
        add_by_ranks(data, digest, add_singles, NULL, 0);
}

/* Adds where rows begin, counted in the entries of the whole set, and where the last one ends. */
static void add_starts(const struct dataset *data, struct digest *digest)
{
    size_t before = 0, n = data->rows;
    bool last = ranks_index(data->ranks) + 1 == ranks_count(data->ranks);
    if (data->ranks == NULL) {
        digest_add(digest, data->starts, (n + 1) * sizeof *data->starts);
        return;
    }
    ranks_total(data->ranks, dataset_entries(data), &before);
    size_t *starts = memory_allocate_untouched(n + 1, sizeof *starts);
    for (size_t i = 0; i <= n; i++)
        starts[i] = before + data->starts[i];
    add_in_turn(data, digest, starts, (n + last) * sizeof *starts);
    memory_free(starts);
}

void dataset_seal(struct dataset *data)
{
    struct digest *digest = digest_create();
    uint64_t shape[3] = {dataset_samples(data), data->features, data->y != NULL};
    digest_add(digest, shape, sizeof shape);
    if (dataset_is_sparse(data)) {
        size_t nonzeros = dataset_entries(data);
        add_starts(data, digest);
        add_in_turn(data, digest, data->columns, nonzeros * sizeof *data->columns);
        add_in_turn(data, digest, data->values, nonzeros * sizeof *data->values);
    } else {
        add_features(data, digest);
    }
    if (data->y != NULL)
        add_in_turn(data, digest, data->y, data->rows * sizeof *data->y);
    if (data->class_weights[0] != 1.0 || data->class_weights[1] != 1.0)
        digest_add(digest, data->class_weights, sizeof data->class_weights);
    if (data->stored.precision != NULL)
        digest_add_text(digest, data->stored.precision->name);
    if (data->stored.refine)
        digest_add_text(digest, "refine");
    if (data->heldout != NULL)
        digest_add_text(digest, data->heldout->digest);
    digest_finish(digest, data->digest);
}

/* Where only what the system keeps beside the file is another, the numbers themselves are looked
 * at: a backup makes links, and no other numbers. Only a part of a distributed set is here.
 */
bool dataset_is_unchanged(const struct dataset *data, struct error *error)
{
    enum mapping_state state = data->mapping != NULL ? mapping_look(data->mapping) : MAPPING_SAME;
    if (state == MAPPING_TOUCHED && data->ranks == NULL) {
        struct dataset now = *data;
        mapping_accept(data->mapping);
        dataset_seal(&now);
        state =
            strcmp(now.digest, data->digest) == 0 ? mapping_look(data->mapping) : MAPPING_CHANGED;
    }
    return state == MAPPING_SAME || mapping_refuse(data->mapping, error);
}

struct dataset dataset_slice(const struct dataset *data, size_t begin, size_t count)
{
    struct dataset slice = *data;
    slice.incidence = NULL;
    slice.rows = count;
    slice.y = data->y + begin;
    if (dataset_is_sparse(data)) {
        slice.starts = data->starts + begin;
        slice.ends = data->ends + begin;
    } else if (data->singles != NULL) {
        slice.singles = data->singles + begin * data->features;
    } else {
        slice.X = data->X + begin * data->features;
    }
    if (dataset_is_stored(data) && !dataset_is_sparse(data))
        slice.stored.values =
            (char *)data->stored.values + begin * data->features * data->stored.width;
    return slice;
}

struct dataset dataset_as_given(const struct dataset *data)
{
    struct dataset given = *data;
    given.stored = (struct stored){0};
    return given;
}

const char *dataset_feature_name(const struct dataset *data, size_t j,
                                 char buffer[static DATASET_NAME])
{
    if (data->feature_names != NULL && data->feature_names[j][0] != '\0')
        return data->feature_names[j];
    snprintf(buffer, DATASET_NAME, "x%zu", j + 1);
    return buffer;
}
