/* SPDX-License-Identifier: MIT
 *
 * The first class is that of the first row, whatever it is called. Rows of a class in the order of
 * a random permutation are dealt like cards, one to each fold in turn.
 */
#include "data/preparation/folds.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>

size_t fold_part(const struct fold *fold)
{
    return (fold->number - 1) % fold->folds + 1;
}

size_t fold_rows_most(size_t rows, size_t folds)
{
    return (rows + folds - 1) / folds;
}

/* 0: it is of the class of the first row. */
static size_t class_of(const struct dataset *data, size_t row)
{
    return data->y[row] != data->y[0];
}

static bool refuse_few(const struct dataset *data, size_t folds, size_t class, size_t count,
                       struct error *error)
{
    static const char *const numbers[] = {"0", "1"};
    const char *name = data->class_names[class] != NULL ? data->class_names[class] : numbers[class];
    if (count < 2)
        return error_usage(error,
                           "folds %zu: class '%.60s' has %zu row%s, which cannot be dealt into "
                           "folds; leave folds out",
                           folds, text_shown(name), count, count == 1 ? "" : "s");
    return error_usage(error,
                       "folds %zu are more than the %zu rows of class '%.60s', and each fold needs "
                       "a row of each class; give at most %zu",
                       folds, count, text_shown(name), count);
}

bool folds_check(const struct dataset *data, size_t folds, struct error *error)
{
    size_t counts[2] = {0};
    if (data->rows > UINT32_MAX)
        return error_usage(error, "folds are for at most %" PRIu32 " rows, and there are %zu",
                           UINT32_MAX, data->rows);
    for (size_t i = 0; i < data->rows; i++)
        counts[data->y[i] > 0.5]++;
    const size_t class = counts[1] < counts[0]; /* the smaller */
    return counts[class] >= folds || refuse_few(data, folds, class, counts[class], error);
}

/* Deals the rows of a class, the first of them to part `next`, from 0. Returns the part after the
 * last. */
static size_t class_deal(const struct dataset *data, size_t class, const struct fold *fold,
                         size_t next, uint16_t *parts)
{
    const size_t repeat = (fold->number - 1) / fold->folds;
    struct random_stream stream = random_open(fold->seed, RANDOM_FOLDS, 2 * repeat + class);
    size_t *rows = memory_allocate_untouched(data->rows, sizeof *rows), count = 0;
    uint32_t *order = memory_allocate_untouched(data->rows, sizeof *order);
    for (size_t i = 0; i < data->rows; i++)
        if (class_of(data, i) == class)
            rows[count++] = i;
    random_permutation(&stream, order, count);
    for (size_t i = 0; i < count; i++)
        parts[rows[order[i]]] = (uint16_t)((next + i) % fold->folds + 1);
    memory_free(order);
    memory_free(rows);
    return (next + count) % fold->folds;
}

uint16_t *fold_deal(const struct dataset *data, const struct fold *fold)
{
    assert(data->y != NULL && fold->folds >= 2 && fold->folds <= FOLDS_MOST && fold->number >= 1);
    uint16_t *parts = memory_allocate_untouched(data->rows, sizeof *parts);
    size_t next = class_deal(data, 0, fold, 0, parts);
    class_deal(data, 1, fold, next, parts);
    return parts;
}

struct split *fold_split(const struct dataset *data, const struct fold *fold, struct error *error)
{
    if (!folds_check(data, fold->folds, error) || !split_copies_check(data, error))
        return NULL;
    uint16_t *parts = fold_deal(data, fold);
    const size_t part = fold_part(fold);
    size_t held = 0, places[2] = {0};
    for (size_t i = 0; i < data->rows; i++)
        held += parts[i] == part;
    struct split *split = split_create(data, held);
    for (size_t i = 0; i < data->rows; i++) {
        const int side = parts[i] == part;
        split->rows[side][places[side]++] = i;
    }
    memory_free(parts);
    return split;
}
