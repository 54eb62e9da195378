/* SPDX-License-Identifier: MIT
 *
 * Cutting text into blocks, and putting together what was found in them.
 */
#include "data/blocks.h"

#include "base/memory.h"

#include <string.h>

enum { BLOCK_BYTES = 1 << 18 };

bool blocks_check_text(const struct input *input, struct error *error)
{
    size_t sample = input->size < BLOCK_SAMPLE ? input->size : BLOCK_SAMPLE;
    if (memchr(input->bytes, '\0', sample) == NULL)
        return true;
    if (sample >= 2 &&
        (memcmp(input->bytes, "\xff\xfe", 2) == 0 || memcmp(input->bytes, "\xfe\xff", 2) == 0))
        return error_usage(error, "%s: this is UTF-16 text; save it as UTF-8", input->path);
    return error_usage(error, "%s: this is not a text file: it contains NUL bytes", input->path);
}

bool blocks_check_rows(const char *path, size_t rows, struct error *error)
{
    return rows <= UINT32_MAX ||
           error_usage(error, "%s: %zu rows are too many; at most %lu can be used", path, rows,
                       (unsigned long)UINT32_MAX);
}

size_t blocks_count_lines(const char *begin, const char *end)
{
    size_t count = 0;
    for (const char *p = begin; p < end; p++)
        count += *p == '\n';
    return count;
}

/* Block i begins behind the first line break that follows i BLOCK_BYTES, or the previous block's
 * begin where a long line took it further. */
struct block *blocks_cut(const char *begin, const char *end, size_t *count)
{
    size_t size = (size_t)(end - begin);
    *count = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
    struct block *blocks = memory_allocate(*count, sizeof *blocks);
    for (size_t i = 0; i < *count; i++) {
        blocks[i].begin = begin;
        blocks[i].end = end;
        if (i == 0)
            continue;
        const char *from = begin + i * BLOCK_BYTES - 1;
        from = from > blocks[i - 1].begin ? from : blocks[i - 1].begin;
        const char *line_break = memchr(from, '\n', (size_t)(end - from));
        blocks[i].begin = line_break != NULL ? line_break + 1 : end;
        blocks[i - 1].end = blocks[i].begin;
    }
    return blocks;
}

size_t blocks_merge(const struct block *blocks, size_t count, struct labels *labels,
                    int (*translations)[LABELS_KEPT])
{
    for (size_t i = 0; i < count; i++) {
        labels_merge(labels, &blocks[i].labels, translations[i]);
        if (labels->count == LABELS_KEPT || blocks[i].fault != NULL)
            return i;
    }
    return count;
}

void blocks_translate(const struct block *blocks, size_t count, int (*translations)[LABELS_KEPT],
                      int first, double *y, int threads)
{
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t i = 0; i < count; i++)
        for (size_t row = 0; row < blocks[i].rows; row++) {
            double *label = &y[blocks[i].first_row + row];
            *label = translations[i][(int)*label] != first;
        }
}
