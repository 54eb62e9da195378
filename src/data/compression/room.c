/* SPDX-License-Identifier: MIT
 *
 * Addresses cost nothing until they are memory, unless the process has a limit of them
 * (ulimit -v): then half of what is left is set aside, and the rest is for what is read from it.
 */
#include "data/compression/room.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define LEAST ((size_t)1 << 20) /* bytes by which it grows */
#define MOST ((size_t)1 << 30)
#define ADDRESSES ((size_t)1 << 45) /* bytes that are asked for at most */

static size_t addresses_wanted(void)
{
    struct rlimit limit;
    size_t available = memory_available();
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        available /= 2;
    available = available < ADDRESSES ? available : ADDRESSES;
    return (available / LEAST + 2) * LEAST;
}

bool room_reserve(struct room *room, const char *path, struct error *error)
{
    size_t size = addresses_wanted();
    void *bytes = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *room = (struct room){.bytes = NULL};
    if (bytes == MAP_FAILED)
        return error_usage(error, "%s: there are no addresses for what is in it: %s", path,
                           strerror(errno));
    room->bytes = bytes;
    room->reserved = size;
    return true;
}

static bool refuse(size_t used, const char *path, struct error *error)
{
    char unpacked[TEXT_NUMBER], left[TEXT_NUMBER];
    return error_usage(
        error,
        "%s: memory does not hold what is in it: after %s that are unpacked, %s of memory are "
        "available; use fewer rows, or a machine with more memory",
        path, text_from_bytes(unpacked, (double)used),
        text_from_bytes(left, (double)memory_available()));
}

bool room_grow(struct room *room, size_t used, const char *path, struct error *error)
{
    size_t step = used / 4 / LEAST * LEAST, before = room->usable;
    step = step < LEAST ? LEAST : step > MOST ? MOST : step;
    if (before > 0)
        before += ROOM_PADDING;
    if (step > room->reserved - before || memory_available() / 2 < step)
        return refuse(used, path, error);
    if (mprotect(room->bytes + before, step, PROT_READ | PROT_WRITE) != 0)
        return refuse(used, path, error);
    madvise(room->bytes + before, step, MADV_HUGEPAGE); /* advice: nothing is lost without */
    room->usable = before + step - ROOM_PADDING;
    return true;
}

void room_finish(struct room *room, size_t used)
{
    size_t kept = (used + ROOM_PADDING + LEAST - 1) / LEAST * LEAST;
    memset(room->bytes + used, 0, ROOM_PADDING);
    if (kept < room->reserved)
        munmap(room->bytes + kept, room->reserved - kept);
    room->reserved = kept;
    room->usable = used;
}

void room_release(struct room *room)
{
    if (room->bytes != NULL)
        munmap(room->bytes, room->reserved);
    *room = (struct room){.bytes = NULL};
}
