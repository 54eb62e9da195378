/* SPDX-License-Identifier: MIT
 *
 * Which lines a rank reads, and what labels there are in all of them.
 */
#include "data/formats/share_text.h"

#include "base/memory.h"

#include <string.h>

/* --- Rows ---------------------------------------------------------------------------------- */

/* The lines in which this rank counts rows. */
struct part {
    struct block *blocks;
    size_t count;
    size_t first_row, rows;
};

size_t share_text_count(const struct share_text *text,
                        size_t (*values)(const char *begin, const char *end), struct block *blocks,
                        size_t count, int threads)
{
    size_t rows = 0;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++) {
        blocks[i].rows = text->count(text->format, blocks[i].begin, blocks[i].end);
        blocks[i].values = values != NULL ? values(blocks[i].begin, blocks[i].end) : 0;
    }
    for (size_t i = 0; i < count; i++) {
        blocks[i].first_row = rows;
        rows += blocks[i].rows;
    }
    return rows;
}

/* Where the first line begins that does so at `offset` or later. */
static const char *line_at(const struct share_text *text, size_t offset)
{
    if (offset == 0)
        return text->begin;
    const char *from = text->begin + offset - 1;
    const char *line_break = memchr(from, '\n', (size_t)(text->end - from));
    return line_break != NULL ? line_break + 1 : text->end;
}

/* Counts the rows of the part, and with that those of the whole. */
static struct part part_count(struct share *share, const struct share_text *text, int threads)
{
    int rank = ranks_index(share->ranks), ranks = ranks_count(share->ranks);
    size_t size = (size_t)(text->end - text->begin);
    struct part part = {0};
    part.blocks = blocks_cut(line_at(text, share_begin(size, rank, ranks)),
                             line_at(text, share_begin(size, rank + 1, ranks)), &part.count);
    part.rows = share_text_count(text, NULL, part.blocks, part.count, threads);
    share_rows(share, ranks_total(share->ranks, part.rows, &part.first_row));
    return part;
}

/* Where the line of a row begins; rows are counted from the begin of the block. */
static const char *row_find(const struct share_text *text, const struct block *block, size_t row)
{
    const char *line = block->begin;
    for (size_t seen = 0;;) {
        const char *line_break = memchr(line, '\n', (size_t)(block->end - line));
        const char *next = line_break != NULL ? line_break + 1 : block->end;
        seen += text->count(text->format, line, next);
        if (seen > row || next == block->end)
            return line;
        line = next;
    }
}

/* Puts in the place of a row of the whole, if it lies in the part, that of its line in the file. */
static void place_find(const struct share_text *text, const struct part *part, size_t row,
                       size_t *place)
{
    size_t within = row - part->first_row;
    if (row < part->first_row || within >= part->rows)
        return;
    size_t i = 0;
    while (within - part->blocks[i].first_row >= part->blocks[i].rows)
        i++;
    const struct block *block = &part->blocks[i];
    *place = (size_t)(row_find(text, block, within - block->first_row) - text->input->bytes);
}

bool share_find(struct share *share, struct share_text *text, int threads, struct error *error)
{
    if (share_is_whole(share))
        return true;
    size_t ranks = (size_t)ranks_count(share->ranks), own = (size_t)ranks_index(share->ranks);
    struct part part = part_count(share, text, threads);
    size_t mine[2] = {share->first, share->first + share->rows};
    size_t *rows = memory_allocate(2 * ranks, sizeof *rows);     /* begins and ends of all ranks */
    size_t *places = memory_allocate(2 * ranks, sizeof *places); /* 0 where another has found it */
    ranks_allgather(share->ranks, mine, sizeof mine, rows);
    for (size_t i = 0; i < 2 * ranks; i++)
        place_find(text, &part, rows[i], &places[i]);
    ranks_allreduce_or(share->ranks, (unsigned char *)places, 2 * ranks * sizeof *places);
    size_t end = (size_t)(text->end - text->input->bytes);
    size_t first = rows[2 * own] < share->whole ? places[2 * own] : end;
    size_t last = rows[2 * own + 1] < share->whole ? places[2 * own + 1] : end;
    memory_free(part.blocks);
    memory_free(rows);
    memory_free(places);
    text->begin = text->input->bytes + first;
    text->end = text->input->bytes + last;
    return share_compare(share, text->input, first, last, error);
}

bool share_counted(struct share *share, const char *path, size_t rows, struct error *error)
{
    if (share_is_whole(share)) {
        share_rows(share, rows);
        return true;
    }
    return share_agree(share->ranks, rows == share->rows || share_differs(path, error), error);
}

/* --- Labels -------------------------------------------------------------------------------- */

/* What a rank tells of the labels that it met. */
struct account {
    size_t count;
    bool faulty;
    struct {
        size_t place, length, row;
    } kept[LABELS_KEPT];
};

static struct account account_of(const struct labels *labels, bool faulty, const char *bytes)
{
    struct account account = {.count = labels->count, .faulty = faulty};
    for (size_t i = 0; i < labels->count; i++) {
        account.kept[i].place = (size_t)(labels->kept[i].text - bytes);
        account.kept[i].length = labels->kept[i].length;
        account.kept[i].row = labels->kept[i].row;
    }
    return account;
}

/* Adds the labels of later rows, as another rank has told of them. */
static void account_merge(const struct account *account, const char *bytes, struct labels *labels)
{
    struct labels later = {0};
    int unused[LABELS_KEPT];
    for (size_t i = 0; i < account->count; i++)
        labels_index(&later, bytes + account->kept[i].place, account->kept[i].length,
                     account->kept[i].row);
    labels_merge(labels, &later, unused);
}

/* Merges the labels of ranks, in their order, up to the first error. Returns the rank it is in, or
 * their number. */
static int accounts_merge(const struct share *share, const char *bytes, bool faulty,
                          struct labels *labels)
{
    int ranks = ranks_count(share->ranks), rank = 0;
    struct account mine = account_of(labels, faulty, bytes);
    struct account *all = memory_allocate((size_t)ranks, sizeof *all);
    ranks_allgather(share->ranks, &mine, sizeof mine, all);
    *labels = (struct labels){0};
    for (; rank < ranks; rank++) {
        account_merge(&all[rank], bytes, labels);
        if (labels->count == LABELS_KEPT || all[rank].faulty)
            break;
    }
    memory_free(all);
    return rank;
}

size_t share_merge(const struct share *share, const struct input *input, const struct block *blocks,
                   size_t count, struct labels *labels, int (*translations)[LABELS_KEPT])
{
    *labels = (struct labels){0};
    size_t wrong = blocks_merge(blocks, count, labels, translations);
    int ranks = ranks_count(share->ranks);
    if (ranks == 1)
        return wrong;
    int rank = accounts_merge(share, input->bytes, wrong < count, labels);
    if (rank == ranks)
        return blocks_merge(blocks, count, labels, translations);
    return rank == ranks_index(share->ranks) ? wrong : count;
}
