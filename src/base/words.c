/* SPDX-License-Identifier: MIT
 *
 * Words are numbered by a table of their texts (base/lookup.h), and stand in an array of pointers,
 * which may move while they do not.
 */
#include "base/words.h"

#include "base/lookup.h"
#include "base/memory.h"

#include <pthread.h>
#include <string.h>

struct word {
    struct entry entry;
    size_t number;
};

static struct {
    pthread_mutex_t lock;
    struct lookup numbers;
    size_t capacity;
    struct word **list; /* (numbers.count) */
} words = {.lock = PTHREAD_MUTEX_INITIALIZER};

const struct entry *word_of(const char *text)
{
    pthread_mutex_lock(&words.lock);
    const size_t known = words.numbers.count;
    const size_t number = lookup_number(&words.numbers, text, strlen(text));
    if (number == known) {
        words.list = memory_grow(words.list, &words.capacity, number + 1, sizeof(struct word *));
        words.list[number] = memory_allocate(1, sizeof(struct word));
        *words.list[number] = (struct word){{memory_copy_text(text), ""}, number};
    }
    const struct entry *entry = &words.list[number]->entry;
    pthread_mutex_unlock(&words.lock);
    return entry;
}

size_t word_number(const struct entry *word)
{
    return ((const struct word *)(const void *)word)->number;
}
