/* SPDX-License-Identifier: MIT
 *
 * Keys are kept as copies, one after the other; slots hold numbers, so that growing moves nothing
 * else. A slot that is taken by another key is passed for the next one (linear probing).
 */
#include "base/lookup.h"

#include "base/digest.h"
#include "base/memory.h"

#include <stdbool.h>
#include <string.h>

enum { SLOTS_LEAST = 64 };

static bool is_key(const struct lookup *lookup, size_t number, uint64_t hash, const void *key,
                   size_t bytes)
{
    const struct lookup_key *other = &lookup->keys[number];
    return other->hash == hash && other->bytes == bytes &&
           (bytes == 0 || memcmp(lookup->text + other->at, key, bytes) == 0);
}

/* The slot of a key, or the free one that it would have. */
static size_t slot_of(const struct lookup *lookup, uint64_t hash, const void *key, size_t bytes)
{
    size_t mask = lookup->slot_count - 1, slot = (size_t)hash & mask;
    while (lookup->slots[slot] != 0 && !is_key(lookup, lookup->slots[slot] - 1, hash, key, bytes))
        slot = (slot + 1) & mask;
    return slot;
}

static void grow(struct lookup *lookup)
{
    size_t count = lookup->slot_count > 0 ? 2 * lookup->slot_count : SLOTS_LEAST;
    memory_free(lookup->slots);
    lookup->slots = memory_allocate(count, sizeof *lookup->slots);
    lookup->slot_count = count;
    for (size_t i = 0; i < lookup->count; i++) {
        size_t slot = (size_t)lookup->keys[i].hash & (count - 1);
        while (lookup->slots[slot] != 0)
            slot = (slot + 1) & (count - 1);
        lookup->slots[slot] = i + 1;
    }
}

static void add(struct lookup *lookup, uint64_t hash, const void *key, size_t bytes)
{
    lookup->keys =
        memory_grow(lookup->keys, &lookup->capacity, lookup->count + 1, sizeof *lookup->keys);
    lookup->text = memory_grow(lookup->text, &lookup->text_capacity, lookup->used + bytes + 1, 1);
    if (bytes > 0)
        memcpy(lookup->text + lookup->used, key, bytes);
    lookup->keys[lookup->count++] = (struct lookup_key){hash, lookup->used, bytes};
    lookup->used += bytes;
}

size_t lookup_number(struct lookup *lookup, const void *key, size_t bytes)
{
    if (2 * lookup->count >= lookup->slot_count)
        grow(lookup);
    uint64_t hash = digest_hash(key, bytes);
    size_t slot = slot_of(lookup, hash, key, bytes);
    if (lookup->slots[slot] == 0) {
        add(lookup, hash, key, bytes);
        lookup->slots[slot] = lookup->count;
    }
    return lookup->slots[slot] - 1;
}

size_t lookup_find(const struct lookup *lookup, const void *key, size_t bytes)
{
    if (lookup->count == 0)
        return SIZE_MAX;
    size_t slot = slot_of(lookup, digest_hash(key, bytes), key, bytes);
    return lookup->slots[slot] != 0 ? lookup->slots[slot] - 1 : SIZE_MAX;
}

void lookup_clear(struct lookup *lookup)
{
    memory_free(lookup->keys);
    memory_free(lookup->slots);
    memory_free(lookup->text);
    *lookup = (struct lookup){0};
}
