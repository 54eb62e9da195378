/* SPDX-License-Identifier: MIT
 *
 * Lookup: gives keys numbers, 0, 1, 2, ... in the order in which they are first seen, so that what
 * belongs to a key can stand in an array. A hash table with open addressing that is at most half
 * full: a look takes the same time however many keys there are.
 */
#ifndef DESCENT_BASE_LOOKUP_H
#define DESCENT_BASE_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

/* All zero: empty. Clear with lookup_clear(). */
struct lookup {
    size_t count; /* keys */
    size_t capacity;
    struct lookup_key {
        uint64_t hash;
        size_t at, bytes; /* in `text` */
    } * keys;             /* (count) */
    size_t slot_count;    /* a power of 2, or 0 */
    size_t *slots;        /* (slot_count) number of a key + 1; 0: free */
    size_t used, text_capacity;
    char *text; /* (used) the bytes of all keys, one after the other */
};

/* The number of a key (bytes); a new one gets the next, lookup->count. */
size_t lookup_number(struct lookup *lookup, const void *key, size_t bytes);

/* The number of a key that was seen; SIZE_MAX: it was not. */
size_t lookup_find(const struct lookup *lookup, const void *key, size_t bytes);

void lookup_clear(struct lookup *lookup);

#endif
