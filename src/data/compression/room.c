/* SPDX-License-Identifier: MIT
 *
 * Addresses cost nothing until they are memory, unless the process has a limit of them
 * (ulimit -v): then half of what is left is set aside, and the rest is for what is read from it.
 *
 * With a folder a quarter of memory is taken before the disk is: the rest is for labels, tables and
 * the part of the file that is in use.
 */
#include "data/compression/room.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LEAST ((size_t)1 << 20) /* bytes by which it grows */
#define MOST ((size_t)1 << 30)
#define ADDRESSES ((size_t)1 << 45) /* bytes that are asked for at most */

static size_t disk_left(const char *folder)
{
    struct statvfs disk;
    return folder != NULL && statvfs(folder, &disk) == 0
               ? (size_t)disk.f_bavail * (size_t)disk.f_frsize
               : 0;
}

static size_t addresses_wanted(const char *folder)
{
    struct rlimit limit;
    size_t available = memory_available(), disk = disk_left(folder);
    available = available < ADDRESSES && disk < ADDRESSES ? available + disk : ADDRESSES;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        available = memory_available() / 2;
    available = available < ADDRESSES ? available : ADDRESSES;
    return (available / LEAST + 2) * LEAST;
}

bool room_reserve(struct room *room, const char *path, const char *folder, struct error *error)
{
    size_t size = addresses_wanted(folder);
    void *bytes = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *room = (struct room){.folder = folder, .memory_most = memory_available() / 4};
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

/* --- The disk ------------------------------------------------------------------------------ */

/* A file without a name; its descriptor, or minus a number of errno. */
static int file_open(const char *folder)
{
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return file >= 0 ? file : -errno;
}

/* Takes blocks of the disk for `size` bytes from `from` on, and maps them to `*bytes`, an address
 * or NULL: any. A number of errno, or 0. */
static int file_map(int file, size_t from, size_t size, char **bytes)
{
    int fixed = *bytes != NULL ? MAP_FIXED : 0, fault;
    do
        fault = posix_fallocate(file, (off_t)from, (off_t)size);
    while (fault == EINTR);
    if (fault != 0)
        return fault;
    void *at = mmap(*bytes, size, PROT_READ | PROT_WRITE, MAP_SHARED | fixed, file, (off_t)from);
    if (at == MAP_FAILED)
        return errno;
    *bytes = at;
    return 0;
}

int room_on_disk(struct room *room, const char *folder, size_t size)
{
    char *bytes = NULL;
    int file = file_open(folder);
    if (file < 0)
        return -file;
    int fault = file_map(file, 0, size, &bytes);
    close(file);
    if (fault == 0)
        *room = (struct room){.bytes = bytes, .usable = size, .reserved = size};
    return fault;
}

static void file_close(struct room *room)
{
    if (room->has_file)
        close(room->file);
    room->has_file = false;
}

/* Makes `step` bytes behind `before` usable in the file, which is made with the first of them. */
static int disk_grow(struct room *room, size_t before, size_t step)
{
    char *bytes = room->bytes + before;
    if (!room->has_file) {
        int file = file_open(room->folder);
        if (file < 0)
            return -file;
        room->file = file;
        room->has_file = true;
        room->file_from = before;
    }
    return file_map(room->file, before - room->file_from, step, &bytes);
}

static bool refuse_disk(const struct room *room, size_t used, int fault, const char *path,
                        struct error *error)
{
    struct error short_of = {.kind = ERROR_NONE};
    refuse(used, path, &short_of);
    return error_usage(error, "%.1200s; nor can it lie on the disk for the cache, in %.500s: %s",
                       short_of.message, room->folder, strerror(fault));
}

/* --- Growing ------------------------------------------------------------------------------- */

/* Does the next step lie on the disk? What begins there goes on there. */
static bool is_for_disk(const struct room *room, size_t before, size_t step)
{
    return room->folder != NULL &&
           (room->has_file || before >= room->memory_most || memory_available() / 2 < step);
}

bool room_grow(struct room *room, size_t used, const char *path, struct error *error)
{
    size_t step = used / 4 / LEAST * LEAST, before = room->usable;
    step = step < LEAST ? LEAST : step > MOST ? MOST : step;
    if (before > 0)
        before += ROOM_PADDING;
    bool disk = is_for_disk(room, before, step);
    if (step > room->reserved - before || (!disk && memory_available() / 2 < step))
        return refuse(used, path, error);
    int fault = disk ? disk_grow(room, before, step) : 0;
    if (fault != 0)
        return refuse_disk(room, used, fault, path, error);
    if (!disk && mprotect(room->bytes + before, step, PROT_READ | PROT_WRITE) != 0)
        return refuse(used, path, error);
    if (!disk)
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
    file_close(room);
}

void room_release(struct room *room)
{
    if (room->bytes != NULL)
        munmap(room->bytes, room->reserved);
    file_close(room);
    *room = (struct room){.bytes = NULL};
}
