/* SPDX-License-Identifier: MIT
 *
 * Columns of a file whose rows are distributed over ranks. What ranks have counted is added up, and
 * each tells the others the texts that it has met, so that all have the same columns with the same
 * codes. Where a cell is to blame, ranks tell each other where in the file it stands, which all of
 * them have open: then all say the same.
 */
#include "data/formats/csv/format_csv_columns.h"

#include "base/memory.h"

#include <string.h>

void csv_ranks_count(struct csv_columns *all)
{
    const struct ranks *ranks = all->share->ranks;
    double *counts = memory_allocate(3 * all->count + 1, sizeof *counts);
    if (ranks_count(ranks) > 1) {
        for (size_t k = 0; k < all->count; k++) {
            counts[3 * k] = (double)all->columns[k].numbers;
            counts[3 * k + 1] = (double)all->columns[k].texts;
            counts[3 * k + 2] = (double)all->columns[k].missing;
        }
        ranks_allreduce(ranks, counts, 3 * all->count);
        ranks_allreduce_or(ranks, all->layout->full, all->layout->columns);
        for (size_t k = 0; k < all->count; k++) {
            struct csv_column *column = &all->columns[k];
            column->numbers = (size_t)counts[3 * k];
            column->texts = (size_t)counts[3 * k + 1];
            column->missing = (size_t)counts[3 * k + 2];
            column->rows = column->numbers + column->texts + column->missing;
            column->full = all->layout->full[column->c] != 0;
        }
    }
    memory_free(counts);
}

/* --- Texts -------------------------------------------------------------------------------------
 */

/* The bytes of all keys with their lengths, one after the other. */
static char *keys_pack(const struct lookup *lookup, size_t *size)
{
    *size = lookup->used + lookup->count * sizeof(size_t);
    char *packed = memory_allocate(*size + 1, 1), *p = packed;
    for (size_t n = 0; n < lookup->count; n++) {
        memcpy(p, &lookup->keys[n].bytes, sizeof(size_t));
        p += sizeof(size_t);
        memcpy(p, lookup->text + lookup->keys[n].at, lookup->keys[n].bytes);
        p += lookup->keys[n].bytes;
    }
    return packed;
}

static void keys_add(struct lookup *lookup, const char *p, size_t size)
{
    for (const char *end = p + size; p < end;) {
        size_t bytes;
        memcpy(&bytes, p, sizeof bytes);
        p += sizeof bytes;
        lookup_number(lookup, p, bytes);
        p += bytes;
    }
}

void csv_ranks_merge(const struct csv_columns *all, struct lookup *lookup)
{
    const struct ranks *ranks = all->share->ranks;
    int count = ranks_count(ranks);
    if (count == 1)
        return;
    size_t own;
    char *packed = keys_pack(lookup, &own);
    size_t *sizes = memory_allocate((size_t)count, sizeof *sizes);
    ranks_allgather(ranks, &own, sizeof own, sizes);
    for (int rank = 0; rank < count; rank++) {
        bool mine = rank == ranks_index(ranks);
        char *bytes = mine ? packed : memory_allocate(sizes[rank] + 1, 1);
        if (sizes[rank] > 0)
            ranks_broadcast(ranks, rank, bytes, sizes[rank]);
        if (!mine) {
            keys_add(lookup, bytes, sizes[rank]);
            memory_free(bytes);
        }
    }
    memory_free(packed);
    memory_free(sizes);
}

/* --- Cells -------------------------------------------------------------------------------------
 */

/* Where a cell stands in the file, and its row there. */
struct found_cell {
    bool found;
    size_t at, length, row;
};

bool csv_ranks_first(const struct csv_columns *all, bool found, struct csv_field *field,
                     size_t *row)
{
    const struct ranks *ranks = all->share->ranks;
    const char *begin = all->layout->begin;
    int count = ranks_count(ranks), rank = 0;
    if (count == 1)
        return found;
    struct found_cell own = {.found = found};
    if (found)
        own = (struct found_cell){true, (size_t)(field->text - begin), field->length, *row};
    struct found_cell *cells = memory_allocate((size_t)count, sizeof *cells);
    ranks_allgather(ranks, &own, sizeof own, cells);
    while (rank < count - 1 && !cells[rank].found)
        rank++;
    found = cells[rank].found;
    *row = cells[rank].row;
    *field = (struct csv_field){begin + cells[rank].at, cells[rank].length, false};
    memory_free(cells);
    return found;
}
