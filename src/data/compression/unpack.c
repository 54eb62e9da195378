/* SPDX-License-Identifier: MIT
 *
 * The loop around a library: bytes are fetched when it has none, room is made when it is full, and
 * where a stream ends, the next begins.
 *
 * At the end of the bytes a library may still have something to give, so that the end of a file is
 * an error only once a step with no more bytes gives nothing.
 */
#include "data/compression/unpack.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 18 }; /* bytes read at a time */

/* Bytes that are unpacked in one step, so that those who wait for them need not wait for all. */
#define STEP ((size_t)1 << 20)

struct unpacker {
    const struct compression *row;
    char *path;
    int file; /* -1: all bytes were given */
    struct room room;
    void *state;
    struct compression_place place;
    char *buffer;      /* (CHUNK) of what is read; NULL: nothing is */
    size_t fetched;    /* bytes given to the library so far, those that it has not taken included */
    bool ended;        /* there are no more */
    size_t streams;    /* that are whole */
    bool within;       /* one, which began ... */
    size_t begin;      /* ... at this byte, ... */
    size_t begin_used; /* ... when so many were unpacked */
    size_t used;       /* bytes unpacked */
    struct parts *parts; /* unpacked ahead, of the caller; or NULL */
    bool whole;          /* all is unpacked */
};

/* How many bytes the library has taken. */
static size_t taken(const struct unpacker *u)
{
    return u->fetched - u->place.in_left;
}

/* Fetches the next bytes; at the end there are none. */
static bool fetch(struct unpacker *u, struct error *error)
{
    if (u->ended || u->place.in_left > 0)
        return true;
    ssize_t count = 0;
    if (u->file >= 0) {
        if (u->buffer == NULL)
            u->buffer = memory_allocate_untouched(CHUNK, 1);
        do
            count = read(u->file, u->buffer, CHUNK);
        while (count < 0 && errno == EINTR);
    }
    if (count < 0)
        return error_usage(error, "%s: cannot be read: %s", u->path, strerror(errno));
    u->ended = count == 0;
    u->place.in = count > 0 ? u->buffer : ""; /* libraries add 0 to it */
    u->place.in_left = (size_t)count;
    u->fetched += (size_t)count;
    return true;
}

/* What stands where a stream should begin is none. */
static bool refuse_rest(const struct unpacker *u, struct error *error)
{
    return error_usage(
        error,
        "%s: %zu bytes are a whole %s stream, and what follows them is not; the file "
        "was damaged or something was appended: copy it again, or cut it there: "
        "head -c %zu < FILE > OUT",
        u->path, u->begin, u->row->entry.name, u->begin);
}

static bool refuse_damage(const struct unpacker *u, struct error *error)
{
    if (u->streams > 0 && u->used == u->begin_used)
        return refuse_rest(u, error);
    return error_usage(error, "%s: the %s stream is damaged at byte %zu: %s; copy the file again",
                       u->path, u->row->entry.name, taken(u), u->place.fault);
}

static bool refuse_end(const struct unpacker *u, struct error *error)
{
    char unpacked[TEXT_NUMBER];
    if (u->streams > 0 && taken(u) - u->begin < COMPRESSION_BEGIN)
        return refuse_rest(u, error);
    return error_usage(error,
                       "%s: the %s stream is cut off: after %zu bytes, which unpack to %s, more "
                       "should follow; copy the file again",
                       u->path, u->row->entry.name, taken(u),
                       text_from_bytes(unpacked, (double)u->used));
}

/* One step of the library; false at an error. `*idle`: there was nothing to do. */
static bool step(struct unpacker *u, bool *idle, struct error *error)
{
    if (u->used == u->room.usable && !room_grow(&u->room, u->used, u->path, error))
        return false;
    struct compression_place *place = &u->place;
    size_t room = u->room.usable - u->used, in_left = place->in_left;
    room = room < STEP ? room : STEP;
    place->out = u->room.bytes + u->used;
    place->out_left = room;
    enum compression_step result = u->row->step(u->state, place);
    u->used += room - place->out_left;
    *idle = place->out_left == room && place->in_left == in_left;
    if (result == COMPRESSION_STREAM_END) {
        u->streams++;
        u->within = *idle = false;
    } else if (result == COMPRESSION_GOES_ON && *idle && in_left > 0) {
        place->fault = "invalid data";
        result = COMPRESSION_DAMAGED;
    }
    return result != COMPRESSION_DAMAGED || refuse_damage(u, error);
}

/* Begins a stream, where bytes are left for one. */
static void stream_begin(struct unpacker *u)
{
    while (u->streams > 0 && u->place.in_left > 0 && *u->place.in == '\0') {
        u->place.in++;
        u->place.in_left--;
    }
    u->within = u->place.in_left > 0;
    u->begin = taken(u);
    u->begin_used = u->used;
}

/* Copies the part that was unpacked from here on, if there is one; then no stream is begun. */
static bool part_join(struct unpacker *u, struct error *error)
{
    const struct stream_part *part = u->parts != NULL ? parts_take(u->parts, u->begin) : NULL;
    if (part == NULL)
        return true;
    while (u->room.usable - u->used < part->used)
        if (!room_grow(&u->room, u->used, u->path, error))
            return false;
    memcpy(u->room.bytes + u->used, part->bytes, part->used);
    u->used += part->used;
    u->streams += part->streams;
    u->place.in += part->end - part->begin;
    u->place.in_left -= part->end - part->begin;
    u->within = false;
    parts_release(u->parts, part);
    return true;
}

struct parts *unpack_parts(struct unpacker *u, int threads)
{
    u->parts = NULL;
    if (u->file < 0 && !u->ended)
        u->parts = parts_open(u->row, u->place.in - taken(u), u->fetched, u->begin, threads);
    return u->parts;
}

struct unpacker *unpack_begin(const struct compression *row, const struct unpack_source *source,
                              struct error *error)
{
    struct room room;
    if (!room_reserve(&room, source->path, source->folder, error))
        return NULL;
    if (!room_grow(&room, 0, source->path, error)) {
        room_release(&room);
        return NULL;
    }
    struct unpacker *u = memory_allocate(1, sizeof *u);
    *u = (struct unpacker){
        .row = row,
        .path = memory_copy_text(source->path),
        .file = source->file >= 0 ? fcntl(source->file, F_DUPFD_CLOEXEC, 0) : -1,
        .room = room,
        .state = row->open(),
        .place = {.in = source->bytes, .in_left = source->size},
        .fetched = source->size,
    };
    if (source->file < 0 || u->file >= 0)
        return u;
    error_usage(error, "%s: cannot be kept open: %s", source->path, strerror(errno));
    unpack_end(u, NULL);
    return NULL;
}

bool unpack_until(struct unpacker *u, size_t size, struct error *error)
{
    while (!u->whole && u->used < size) {
        if (!fetch(u, error))
            return false;
        if (!u->within)
            stream_begin(u);
        bool begins = u->within && taken(u) == u->begin;
        if (begins && !part_join(u, error))
            return false;
        u->whole = !u->within && u->ended;
        bool idle = false;
        if (u->within && !step(u, &idle, error))
            return false;
        if (idle && u->ended)
            return refuse_end(u, error);
    }
    return true;
}

size_t unpack_size(const struct unpacker *u)
{
    return u->used;
}

bool unpack_is_whole(const struct unpacker *u)
{
    return u->whole;
}

double unpack_expected(const struct unpacker *u)
{
    double share = u->fetched > 0 ? (double)taken(u) / (double)u->fetched : 0.0;
    return u->file < 0 && share > 0.0 ? (double)u->used / share : 0.0;
}

const struct room *unpack_room(const struct unpacker *u)
{
    return &u->room;
}

void unpack_end(struct unpacker *u, struct room *room)
{
    u->row->close(u->state);
    if (room == NULL) {
        room_release(&u->room);
    } else {
        room_finish(&u->room, u->used);
        *room = u->room;
    }
    if (u->file >= 0)
        close(u->file);
    memory_free(u->buffer);
    memory_free(u->path);
    memory_free(u);
}

bool unpack(const struct compression *row, const struct unpack_source *source, struct room *room,
            size_t *size, struct error *error)
{
    struct unpacker *u = unpack_begin(row, source, error);
    if (u == NULL)
        return false;
    bool done = unpack_until(u, SIZE_MAX, error);
    *size = u->used;
    unpack_end(u, done ? room : NULL);
    return done;
}
