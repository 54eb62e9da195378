/* SPDX-License-Identifier: MIT
 *
 * The disk's blocks are taken at once: later on, a disk that is full would be a fault in the middle
 * of a loop.
 */
#include "data/scratch.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Takes room on the disk and maps it; a number of errno, or 0. */
static int file_map(struct scratch *scratch, size_t size)
{
    int file = open(scratch->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        return errno;
    int fault = posix_fallocate(file, 0, (off_t)size);
    void *bytes = MAP_FAILED;
    if (fault == 0) {
        bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        fault = bytes == MAP_FAILED ? errno : 0;
    }
    close(file);
    if (fault == 0)
        scratch->room = (struct room){.bytes = bytes, .usable = size, .reserved = size};
    return fault;
}

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
    int fault = bytes < (double)(SIZE_MAX / 4) ? file_map(scratch, (size_t)bytes + 1) : EFBIG;
    return fault == 0 ||
           error_usage(error, "%.1200s; nor can it lie on the disk for the cache, in %.500s: %s",
                       short_of.message, scratch->folder, strerror(fault));
}

struct dataset *scratch_create(struct scratch *scratch, size_t rows, size_t features, bool labelled)
{
    double bytes = (double)rows * (double)features * (double)sizeof(double);
    if (scratch == NULL || !scratch->wanted || (double)scratch->room.usable < bytes)
        return dataset_create(rows, features, labelled);
    struct dataset *data = dataset_create_around(rows, features, (double *)scratch->room.bytes);
    data->mapping = mapping_of_room(&scratch->room, scratch->room.usable, scratch->folder);
    scratch->room = (struct room){.bytes = NULL};
    if (labelled)
        data->y = memory_allocate_untouched(rows, sizeof *data->y);
    return data;
}

void scratch_clear(struct scratch *scratch)
{
    room_release(&scratch->room);
}
