/* SPDX-License-Identifier: MIT
 *
 * A set that memory does not hold, in one file. Labels stay in memory: they are written to later
 * on, and are a small part of most rows.
 */
#include "data/scratch.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum { SLACK = 4096 }; /* bytes, for where arrays begin */

bool scratch_check(struct scratch *scratch, double bytes, const char *what, struct error *error)
{
    struct error short_of = {.kind = ERROR_NONE};
    bool fits = memory_check(bytes, what, scratch != NULL ? &short_of : error);
    if (scratch == NULL)
        return fits;
    scratch->wanted = !fits;
    if (fits || (double)scratch->room.usable >= bytes)
        return true;
    room_release(&scratch->room);
    int fault = EFBIG;
    if (bytes < (double)(SIZE_MAX / 4))
        fault = room_on_disk(&scratch->room, scratch->folder, (size_t)bytes + SLACK);
    return fault == 0 ||
           error_usage(error, "%.1200s; nor can it lie on the disk for the cache, in %.500s: %s",
                       short_of.message, scratch->folder, strerror(fault));
}

/* Is there a file for so many bytes, which is wanted? */
static bool is_ready(const struct scratch *scratch, double bytes)
{
    return scratch != NULL && scratch->wanted && (double)scratch->room.usable >= bytes;
}

/* Gives the file to a set that lies in it. */
static void file_give(struct scratch *scratch, struct dataset *data, bool labelled)
{
    data->mapping = mapping_of_room(&scratch->room, scratch->room.usable, scratch->folder);
    scratch->room = (struct room){.bytes = NULL};
    if (labelled)
        data->y = memory_allocate_untouched(data->rows, sizeof *data->y);
}

struct dataset *scratch_create(struct scratch *scratch, size_t rows, size_t features, bool labelled)
{
    if (!is_ready(scratch, (double)rows * (double)features * (double)sizeof(double)))
        return dataset_create(rows, features, labelled);
    struct dataset *data = dataset_create_around(rows, features, (double *)scratch->room.bytes);
    file_give(scratch, data, labelled);
    return data;
}

/* Where the next array begins, behind one of `bytes` at `at`. */
static size_t array_next(size_t at, size_t bytes)
{
    return (at + bytes + MEMORY_ALIGNMENT - 1) / MEMORY_ALIGNMENT * MEMORY_ALIGNMENT;
}

struct dataset *scratch_create_sparse(struct scratch *scratch, size_t rows, size_t features,
                                      size_t nonzeros, bool labelled)
{
    size_t values = array_next(0, (rows + 1) * sizeof(size_t));
    size_t columns = array_next(values, nonzeros * sizeof(double));
    if (!is_ready(scratch, (double)array_next(columns, nonzeros * sizeof(uint32_t))))
        return dataset_create_sparse(rows, features, nonzeros, labelled);
    char *bytes = scratch->room.bytes;
    struct dataset *data = dataset_create_around_sparse(
        rows, features, (size_t *)bytes, (uint32_t *)(bytes + columns), (double *)(bytes + values));
    data->starts[0] = 0;
    file_give(scratch, data, labelled);
    return data;
}

void scratch_clear(struct scratch *scratch)
{
    room_release(&scratch->room);
}
