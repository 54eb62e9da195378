/* SPDX-License-Identifier: MIT
 *
 * Parts are cut one behind the other, under a lock, up to the first stream that does not say how
 * long it is; from there on the one that unpacks in order goes alone, and where it comes to a
 * stream that does, cutting begins again. Short streams together are one part.
 */
#include "data/compression/parts.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>

enum { PART_LEAST = 1 << 16, PART_MOST = 64 << 20 }; /* bytes compressed; bytes unpacked */

struct parts {
    const struct compression *row;
    const char *bytes; /* (size) */
    size_t size;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t moved;
    size_t next; /* where the next part begins; SIZE_MAX: it is not known */
    bool ended;
    size_t most; /* bytes that a part may unpack to */
    size_t count;
    struct stream_part *parts; /* (count) */
};

/* Where the part ends that begins there; SIZE_MAX: it does not say so. */
static size_t part_end(const struct parts *parts, size_t begin)
{
    size_t end = begin;
    while (end < parts->size && end - begin < PART_LEAST) {
        size_t length = parts->row->length(parts->bytes + end, parts->size - end);
        if (length == 0 || length > parts->size - end)
            return end > begin ? end : SIZE_MAX;
        end += length;
    }
    return end > begin ? end : SIZE_MAX;
}

struct parts *parts_open(const struct compression *row, const char *bytes, size_t size,
                         size_t begin, int threads)
{
    if (row->length == NULL || threads < 2)
        return NULL;
    struct parts *parts = memory_allocate(1, sizeof *parts);
    *parts = (struct parts){.row = row, .bytes = bytes, .size = size, .count = 2 * (size_t)threads};
    parts->most = memory_available() / 8 / parts->count;
    parts->most = parts->most < PART_MOST ? parts->most : PART_MOST;
    parts->parts = memory_allocate(parts->count, sizeof *parts->parts);
    parts->next = part_end(parts, begin);
    pthread_mutex_init(&parts->lock, NULL);
    pthread_cond_init(&parts->moved, NULL);
    return parts;
}

void parts_close(struct parts *parts)
{
    if (parts == NULL)
        return;
    for (size_t i = 0; i < parts->count; i++)
        memory_free(parts->parts[i].bytes);
    pthread_cond_destroy(&parts->moved);
    pthread_mutex_destroy(&parts->lock);
    memory_free(parts->parts);
    memory_free(parts);
}

/* --- Unpacking ------------------------------------------------------------------------------- */

/* Makes room for more; false: it is more than a part may be. */
static bool part_grow(const struct parts *parts, struct stream_part *part)
{
    if (part->used < part->capacity)
        return true;
    if (part->used >= parts->most)
        return false;
    size_t capacity = part->capacity > 0 ? 2 * part->capacity : 2 * (size_t)PART_LEAST;
    part->capacity = capacity < parts->most ? capacity : parts->most;
    part->bytes = memory_resize(part->bytes, part->capacity, 1);
    return true;
}

/* Unpacks whole streams up to the end. */
static bool part_unpack(const struct parts *parts, struct stream_part *part)
{
    void *state = parts->row->open();
    struct compression_place place = {.in = parts->bytes + part->begin,
                                      .in_left = part->end - part->begin};
    bool whole = false, sound = true;
    while (!whole && sound) {
        sound = part_grow(parts, part);
        if (!sound)
            break;
        size_t room = part->capacity - part->used, in_left = place.in_left;
        place.out = part->bytes + part->used;
        place.out_left = room;
        enum compression_step result = parts->row->step(state, &place);
        part->used += room - place.out_left;
        part->streams += result == COMPRESSION_STREAM_END;
        whole = result == COMPRESSION_STREAM_END && place.in_left == 0;
        sound =
            result == COMPRESSION_STREAM_END ||
            (result == COMPRESSION_GOES_ON && (place.out_left < room || place.in_left < in_left));
    }
    parts->row->close(state);
    return sound;
}

/* Cuts the next part for this thread; NULL when there is none, or no room. */
static struct stream_part *part_begin(struct parts *parts)
{
    struct stream_part *part = parts->parts, *end = part + parts->count;
    while (part < end && part->state != PART_FREE)
        part++;
    if (part == end || parts->next >= parts->size)
        return NULL;
    part->begin = parts->next;
    part->end = parts->next = part_end(parts, part->begin);
    if (part->end == SIZE_MAX)
        return NULL;
    part->state = PART_BUSY;
    part->used = part->streams = 0;
    return part;
}

/* Unpacks one, with the lock held before and afterwards. */
static bool help(struct parts *parts)
{
    struct stream_part *part = part_begin(parts);
    if (part == NULL)
        return false;
    pthread_mutex_unlock(&parts->lock);
    bool done = part_unpack(parts, part);
    pthread_mutex_lock(&parts->lock);
    part->state = done ? PART_DONE : PART_FAILED;
    pthread_cond_broadcast(&parts->moved);
    return true;
}

bool parts_help(struct parts *parts)
{
    if (parts == NULL)
        return false;
    pthread_mutex_lock(&parts->lock);
    bool helped = help(parts);
    pthread_mutex_unlock(&parts->lock);
    return helped;
}

void parts_help_all(struct parts *parts)
{
    pthread_mutex_lock(&parts->lock);
    while (!parts->ended)
        if (!help(parts))
            pthread_cond_wait(&parts->moved, &parts->lock);
    pthread_mutex_unlock(&parts->lock);
}

void parts_end(struct parts *parts)
{
    pthread_mutex_lock(&parts->lock);
    parts->ended = true;
    pthread_cond_broadcast(&parts->moved);
    pthread_mutex_unlock(&parts->lock);
}

/* --- In order -------------------------------------------------------------------------------- */

/* Forgets what was unpacked of places that turned out to be within others. */
static void parts_forget(struct parts *parts, size_t begin)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct stream_part *part = &parts->parts[i];
        if (part->begin < begin && (part->state == PART_DONE || part->state == PART_FAILED))
            part->state = PART_FREE;
    }
}

/* The part that begins there and is being unpacked, or was. */
static struct stream_part *part_find(struct parts *parts, size_t begin)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->parts[i].state != PART_FREE && parts->parts[i].begin == begin)
            return &parts->parts[i];
    return NULL;
}

const struct stream_part *parts_take(struct parts *parts, size_t begin)
{
    pthread_mutex_lock(&parts->lock);
    parts_forget(parts, begin);
    struct stream_part *part = part_find(parts, begin);
    while (part != NULL && part->state == PART_BUSY)
        if (!help(parts))
            pthread_cond_wait(&parts->moved, &parts->lock);
    if (part != NULL && part->state == PART_FAILED) {
        part->state = PART_FREE;
        part = NULL;
    } else if (part == NULL && (parts->next == SIZE_MAX || parts->next <= begin)) {
        parts->next = part_end(parts, begin);
    }
    pthread_cond_broadcast(&parts->moved);
    pthread_mutex_unlock(&parts->lock);
    return part;
}

void parts_release(struct parts *parts, const struct stream_part *part)
{
    pthread_mutex_lock(&parts->lock);
    parts->parts[part - parts->parts].state = PART_FREE;
    pthread_cond_broadcast(&parts->moved);
    pthread_mutex_unlock(&parts->lock);
}
