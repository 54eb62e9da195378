/* SPDX-License-Identifier: MIT
 *
 * Rows are chosen class by class by selection sampling: the next row of a class is held out with
 * the probability (still wanted) / (still to come), which takes exactly the number wanted, every
 * subset of that size with the same chance, and leaves rows in their order (Fan, Muller and
 * Rezucha 1962; Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S).
 */
#include "data/splitting.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static int class_of(const struct dataset *data, size_t i)
{
    return data->y != NULL && data->y[i] != 0.0;
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
static bool counts_choose(const struct dataset *data, double share, size_t counts[2],
                          size_t wanted[2], struct error *error)
{
    for (size_t i = 0; i < data->rows; i++)
        counts[class_of(data, i)]++;
    for (int k = 0; k < 2; k++) {
        wanted[k] = (size_t)llround(share * (double)counts[k]);
        if (counts[k] > 0 && (wanted[k] == 0 || wanted[k] == counts[k]))
            return refuse_empty(data, share, k, counts[k], wanted[k], error);
    }
    return true;
}

/* The numbers of the rows on each side, in their order; sides[1] is held out. */
struct sides {
    size_t *rows[2]; /* (counts[side]) */
    size_t counts[2];
};

static void sides_choose(const struct dataset *data, uint64_t seed, const size_t counts[2],
                         const size_t wanted[2], struct sides *sides)
{
    struct random_stream streams[2];
    size_t coming[2] = {counts[0], counts[1]}, missing[2] = {wanted[0], wanted[1]};
    for (size_t k = 0; k < 2; k++)
        streams[k] = random_open(seed, RANDOM_SPLIT, k);
    for (size_t i = 0; i < data->rows; i++) {
        int k = class_of(data, i);
        bool held = random_below(&streams[k], coming[k]--) < missing[k];
        missing[k] -= held;
        sides->rows[held][sides->counts[held]++] = i;
    }
}

/* --- A set of some rows -------------------------------------------------------------------- */

static void names_copy(const struct dataset *data, struct dataset *part)
{
    part->name = data->name != NULL ? memory_copy_text(data->name) : NULL;
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
    if (!dataset_is_sparse(data))
        return dataset_create(count, data->features, data->y != NULL);
    size_t nonzeros = 0;
    for (size_t r = 0; r < count; r++)
        nonzeros += data->ends[rows[r]] - data->starts[rows[r]];
    struct dataset *part = dataset_create_sparse(count, data->features, nonzeros, data->y != NULL);
    for (size_t r = 0; r < count; r++)
        part->starts[r + 1] = part->starts[r] + data->ends[rows[r]] - data->starts[rows[r]];
    return part;
}

static void row_copy(const struct dataset *data, size_t i, struct dataset *part, size_t r)
{
    if (!dataset_is_sparse(data)) {
        size_t d = data->features;
        memcpy(part->X + r * d, data->X + i * d, d * sizeof *part->X);
    } else {
        size_t start = data->starts[i], count = data->ends[i] - start, to = part->starts[r];
        memcpy(part->values + to, data->values + start, count * sizeof *part->values);
        memcpy(part->columns + to, data->columns + start, count * sizeof *part->columns);
    }
    if (part->y != NULL)
        part->y[r] = data->y[i];
}

static struct dataset *rows_take(const struct dataset *data, const size_t *rows, size_t count,
                                 int threads)
{
    struct dataset *part = part_create(data, rows, count);
    names_copy(data, part);
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t r = 0; r < count; r++)
        row_copy(data, rows[r], part, r);
    return part;
}

static double copy_bytes(const struct dataset *data)
{
    double numbers = (double)sizeof(size_t) * (double)data->rows;
    return numbers + (dataset_is_sparse(data)
                          ? dataset_bytes_sparse(data->rows, dataset_entries(data))
                          : dataset_bytes(data->rows, data->features));
}

struct dataset *splitting_create(const struct dataset *data, double share, uint64_t seed,
                                 int threads, struct error *error)
{
    size_t counts[2] = {0}, wanted[2] = {0};
    if (!counts_choose(data, share, counts, wanted, error) ||
        !memory_check(copy_bytes(data), "splitting the data, which copies them,", error))
        return NULL;
    size_t held = wanted[0] + wanted[1];
    struct sides sides = {.rows = {
                              memory_allocate_untouched(data->rows - held, sizeof(size_t)),
                              memory_allocate_untouched(held, sizeof(size_t)),
                          }};
    sides_choose(data, seed, counts, wanted, &sides);
    struct dataset *training = rows_take(data, sides.rows[0], sides.counts[0], threads);
    training->heldout = rows_take(data, sides.rows[1], sides.counts[1], threads);
    memory_free(sides.rows[0]);
    memory_free(sides.rows[1]);
    return training;
}
