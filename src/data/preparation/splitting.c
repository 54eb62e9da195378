/* SPDX-License-Identifier: MIT
 *
 * Rows are chosen class by class by selection sampling: the next row of a class is held out with
 * the probability (still wanted) / (still to come), which takes exactly the number wanted, every
 * subset of that size with the same chance, and leaves rows in their order (Fan, Muller and
 * Rezucha 1962; Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S).
 */
#include "data/preparation/splitting.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "data/share.h"

#include <math.h>
#include <string.h>

enum { PIECE = 1 << 28 }; /* classes that a rank tells at a time */

/* The class of every row of the whole set (n), which all ranks tell each other. */
static unsigned char *classes_gather(const struct dataset *data)
{
    size_t n = dataset_samples(data);
    unsigned char *classes = memory_allocate(n, sizeof *classes);
    for (size_t i = 0; data->y != NULL && i < data->rows; i++)
        classes[data->first_row + i] = data->y[i] != 0.0;
    int ranks = ranks_count(data->ranks);
    for (int rank = 0; data->y != NULL && rank < ranks; rank++) {
        size_t end = share_begin(n, rank + 1, ranks);
        for (size_t i = share_begin(n, rank, ranks); i < end; i += PIECE)
            ranks_broadcast(data->ranks, rank, classes + i, end - i < PIECE ? end - i : PIECE);
    }
    return classes;
}

/* What to call a class in a message. */
static const char *class_name(const struct dataset *data, int k)
{
    static const char *const numbers[] = {"0", "1"};
    return data->class_names[k] != NULL ? data->class_names[k] : numbers[k];
}

static bool refuse_empty(const struct dataset *data, double share, int k, size_t count,
                         size_t wanted, struct error *error)
{
    char text[TEXT_NUMBER];
    const char *remedy = count == 1    ? "this one has too few rows to be split"
                         : wanted == 0 ? "hold out a larger share"
                                       : "hold out a smaller share";
    return error_usage(error,
                       "split %s of the %zu row%s of class '%.60s' leaves none %s; each class "
                       "needs a row on both sides: %s",
                       text_from_real(text, share), count, count == 1 ? "" : "s",
                       class_name(data, k), wanted == 0 ? "to hold out" : "to train on", remedy);
}

/* How many rows of each class there are, and how many of them to hold out. */
static bool counts_choose(const struct dataset *data, const unsigned char *classes, double share,
                          size_t counts[2], size_t wanted[2], struct error *error)
{
    for (size_t i = 0; i < dataset_samples(data); i++)
        counts[classes[i]]++;
    for (int k = 0; k < 2; k++) {
        wanted[k] = (size_t)llround(share * (double)counts[k]);
        if (counts[k] > 0 && (wanted[k] == 0 || wanted[k] == counts[k]))
            return refuse_empty(data, share, k, counts[k], wanted[k], error);
    }
    return true;
}

struct split *split_create(const struct dataset *data, size_t held)
{
    struct split *split = memory_allocate(1, sizeof *split);
    int rank = ranks_index(data->ranks), ranks = ranks_count(data->ranks);
    split->ranks = data->ranks;
    split->whole[0] = dataset_samples(data) - held;
    split->whole[1] = held;
    for (int side = 0; side < 2; side++) {
        split->first[side] = share_begin(split->whole[side], rank, ranks);
        split->counts[side] = share_begin(split->whole[side], rank + 1, ranks) - split->first[side];
        split->rows[side] = memory_allocate_untouched(split->counts[side], sizeof(size_t));
    }
    return split;
}

void split_free(struct split *split)
{
    if (split == NULL)
        return;
    memory_free(split->rows[0]);
    memory_free(split->rows[1]);
    memory_free(split);
}

/* Every rank goes through all rows, and keeps the numbers of its own. */
static void sides_fill(const unsigned char *classes, uint64_t seed, const size_t counts[2],
                       const size_t wanted[2], struct split *split)
{
    struct random_stream streams[2];
    size_t coming[2] = {counts[0], counts[1]}, missing[2] = {wanted[0], wanted[1]};
    size_t seen[2] = {0, 0};
    for (size_t k = 0; k < 2; k++)
        streams[k] = random_open(seed, RANDOM_SPLIT, k);
    for (size_t i = 0; i < counts[0] + counts[1]; i++) {
        int k = classes[i];
        bool held = random_below(&streams[k], coming[k]--) < missing[k];
        missing[k] -= held;
        size_t place = seen[held]++ - split->first[held];
        if (place < split->counts[held]) /* before the first, it is no small number */
            split->rows[held][place] = i;
    }
}

void split_range(const struct split *split, size_t *first, size_t *rows)
{
    size_t begin = SIZE_MAX, end = 0;
    for (int side = 0; side < 2; side++) {
        size_t count = split->counts[side];
        if (count == 0)
            continue;
        size_t low = split->rows[side][0], high = split->rows[side][count - 1] + 1;
        begin = low < begin ? low : begin;
        end = high > end ? high : end;
    }
    *first = end > 0 ? begin : 0;
    *rows = end - *first;
}

/* --- A set of some rows -------------------------------------------------------------------- */

static void names_copy(const struct dataset *data, struct dataset *part)
{
    part->name = data->name != NULL ? memory_copy_text(data->name) : NULL;
    part->found = data->found;
    part->table = data_columns_copy(data->table);
    if (data->found.label_name != NULL)
        part->found.label_name = memory_copy_text(data->found.label_name);
    for (int k = 0; k < 2; k++)
        part->class_names[k] =
            data->class_names[k] != NULL ? memory_copy_text(data->class_names[k]) : NULL;
    if (data->feature_names == NULL)
        return;
    part->feature_names = memory_allocate(data->features, sizeof *part->feature_names);
    for (size_t j = 0; j < data->features; j++)
        part->feature_names[j] = memory_copy_text(data->feature_names[j]);
}

/* An empty set with room for these rows; of a sparse one, with the places of its rows. */
static struct dataset *part_create(const struct dataset *data, const size_t *rows, size_t count)
{
    size_t first = data->first_row;
    if (!dataset_is_sparse(data))
        return dataset_create(count, data->features, data->y != NULL);
    size_t nonzeros = 0;
    for (size_t r = 0; r < count; r++)
        nonzeros += data->ends[rows[r] - first] - data->starts[rows[r] - first];
    struct dataset *part = dataset_create_sparse(count, data->features, nonzeros, data->y != NULL);
    for (size_t r = 0; r < count; r++)
        part->starts[r + 1] =
            part->starts[r] + data->ends[rows[r] - first] - data->starts[rows[r] - first];
    return part;
}

static void row_copy(const struct dataset *data, size_t i, struct dataset *part, size_t r)
{
    if (!dataset_is_sparse(data)) {
        dataset_rows(data, i, 1, part->X + r * data->features);
    } else {
        size_t start = data->starts[i], count = data->ends[i] - start, to = part->starts[r];
        memcpy(part->values + to, data->values + start, count * sizeof *part->values);
        memcpy(part->columns + to, data->columns + start, count * sizeof *part->columns);
    }
    if (part->y != NULL)
        part->y[r] = data->y[i];
}

struct dataset *splitting_rows(const struct dataset *data, const size_t *rows, size_t count,
                               int threads)
{
    struct dataset *part = part_create(data, rows, count);
    names_copy(data, part);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t r = 0; r < count; r++)
        row_copy(data, rows[r] - data->first_row, part, r);
    share_note(part, NULL, 0, count);
    return part;
}

/* Takes the rows of one side. */
static struct dataset *side_take(const struct split *split, int side, const struct dataset *data,
                                 int threads)
{
    struct dataset *part = splitting_rows(data, split->rows[side], split->counts[side], threads);
    share_note(part, split->ranks, split->first[side], split->whole[side]);
    return part;
}

struct dataset *split_take(const struct split *split, const struct dataset *data, int threads)
{
    struct dataset *training = side_take(split, 0, data, threads);
    training->heldout = side_take(split, 1, data, threads);
    return training;
}

static double copy_bytes(const struct dataset *data)
{
    double numbers = (double)sizeof(size_t) * (double)data->rows;
    return numbers + (dataset_is_sparse(data)
                          ? dataset_bytes_sparse(data->rows, dataset_entries(data))
                          : dataset_bytes(data->rows, data->features));
}

bool split_copies_check(const struct dataset *data, struct error *error)
{
    double bytes = copy_bytes(data) * ranks_per_host(data->ranks);
    bool fit = memory_check(bytes, "splitting the data, which copies them,", error);
    return share_agree(data->ranks, fit, error);
}

struct split *split_choose(const struct dataset *data, double share, uint64_t seed,
                           struct error *error)
{
    size_t counts[2] = {0}, wanted[2] = {0};
    struct split *split = NULL;
    unsigned char *classes = classes_gather(data);
    if (counts_choose(data, classes, share, counts, wanted, error) &&
        split_copies_check(data, error)) {
        split = split_create(data, wanted[0] + wanted[1]);
        sides_fill(classes, seed, counts, wanted, split);
    }
    memory_free(classes);
    return split;
}

struct dataset *splitting_create(const struct dataset *data, double share, uint64_t seed,
                                 int threads, struct error *error)
{
    struct split *split = split_choose(data, share, seed, error);
    struct dataset *training = split != NULL ? split_take(split, data, threads) : NULL;
    split_free(split);
    return training;
}
