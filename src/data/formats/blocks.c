/* SPDX-License-Identifier: MIT
 *
 * Cutting text into blocks, and putting together what was found in them.
 */
#include "data/formats/blocks.h"

#include "base/memory.h"
#include "data/formats/signature.h"

#include <string.h>

enum {
    BLOCK_BYTES = 1 << 18,
    WIDE_SAMPLE = 256, /* bytes that tell of UTF-16 */
};

/* Is every other byte NUL, as of UTF-16 text without a mark? */
static bool looks_wide(const char *bytes, size_t size)
{
    size_t nul[2] = {0}, sample = size < WIDE_SAMPLE ? size : WIDE_SAMPLE;
    for (size_t i = 0; i < sample; i++)
        nul[i % 2] += bytes[i] == '\0';
    return sample >= 4 && (nul[0] == 0) != (nul[1] == 0) && nul[0] + nul[1] >= sample / 2;
}

/* Do as many lines end in CR alone as in LF, or more? What is within quotes is a line all the same.
 */
static bool ends_in_cr(const char *bytes, size_t size)
{
    size_t feeds = 0, returns = 0;
    if (memchr(bytes, '\r', size) == NULL)
        return false;
    for (size_t i = 0; i < size; i++) {
        feeds += bytes[i] == '\n';
        returns += bytes[i] == '\r' && bytes[i + 1] != '\n';
    }
    return returns > 0 && returns >= feeds;
}

bool blocks_check_text(const struct input *input, struct error *error)
{
    return blocks_check_text_of(input, "", error);
}

bool blocks_check_text_of(const struct input *input, const char *own, struct error *error)
{
    size_t sample = input->size < INPUT_SAMPLE ? input->size : INPUT_SAMPLE;
    const struct signature *kind = signature_find(input->bytes, input->size);
    if (kind != NULL && strcmp(kind->what, own) != 0)
        return error_usage(error, "%s: this is %s; %s", input->path, kind->what, kind->remedy);
    if (memchr(input->bytes, '\0', sample) != NULL)
        return error_usage(
            error, "%s: %s", input->path,
            looks_wide(input->bytes, sample)
                ? "this is UTF-16 text; save it as UTF-8: iconv -f UTF-16LE -t UTF-8 < FILE > OUT"
                : "this is not a text file: it contains NUL bytes");
    return !ends_in_cr(input->bytes, sample) ||
           error_usage(
               error,
               "%s: lines end with CR alone; save the file with LF: tr '\\r' '\\n' < FILE > "
               "OUT",
               input->path);
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
    while (begin < end) {
        unsigned char few = 0; /* counted in bytes, of which a vector has most */
        const char *stop = end - begin > UINT8_MAX ? begin + UINT8_MAX : end;
        for (; begin < stop; begin++)
            few = (unsigned char)(few + (*begin == '\n'));
        count += few;
    }
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

bool blocks_miss(const struct block *blocks, size_t count, const struct ranks *ranks)
{
    size_t missing = 0;
    for (size_t i = 0; i < count; i++)
        missing += blocks[i].missing;
    return ranks_allreduce_max(ranks, (double)missing) > 0.0;
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
