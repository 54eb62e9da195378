/* SPDX-License-Identifier: MIT
 *
 * Memory: aligned for caches and vectors, and never NULL.
 *
 * Small requests that fail end the program with one line: nothing sensible is left to do, and the
 * store on disk is consistent at every instant. Requests as large as a data set are checked first
 * with memory_check(), which is an error like any other and says what to do.
 */
#ifndef DESCENT_BASE_MEMORY_H
#define DESCENT_BASE_MEMORY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes: a pair of cache lines, which is what processors fetch together, so that what two threads
 * write must lie that far apart; and a multiple of the widest vector. */
enum { MEMORY_ALIGNMENT = 128 };

/* `count` doubles, rounded up so that what follows them is that far apart. */
static inline size_t memory_apart(size_t count)
{
    const size_t line = MEMORY_ALIGNMENT / sizeof(double);
    return (count + line - 1) / line * line;
}

/* `count` elements of `size` bytes, zeroed, aligned to MEMORY_ALIGNMENT. Never returns NULL. */
void *memory_allocate(size_t count, size_t size);

/* The same without the zeros, whose pages the caller will be the first to touch. */
void *memory_allocate_untouched(size_t count, size_t size);

/* `old` (from here, or NULL) grown or cut to `count` elements; new ones are not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);

/* For growing arrays: makes room for at least `needed` elements, doubling `*capacity`. */
void *memory_grow(void *old, size_t *capacity, size_t needed, size_t size);

/* A copy of a text. */
char *memory_copy_text(const char *text);

/* What is called when memory is exhausted, from whatever thread: files that are not whole are to
 * go. */
void memory_clean_at_exhaustion(void (*clean)(void));

/* What is called last when memory is exhausted, from whatever thread: other processes that wait for
 * this one must not do so for ever. NULL: nothing. */
void memory_at_exhaustion(void (*last)(void));

/* Says so and ends the program; for libraries that report their own failed allocations. */
_Noreturn void memory_exhausted(size_t count, size_t size);

/* free(), under the name of its pair; NULL is allowed. */
void memory_free(void *block);

/* Bytes that this process may still take: what the system has available, less when a limit of the
 * process (ulimit -v, ulimit -d) or of its control groups is tighter. */
size_t memory_available(void);

/* What the control groups of this process leave, the tightest of them; SIZE_MAX: none has a limit.
 * `root`: the folder in which proc/ and sys/ are, "" on the machine itself. */
size_t memory_left_in_groups(const char *root);

/* False, with an error naming `what` and the remedy, when `bytes` are more than available; a MiB
 * always is. */
bool memory_check(double bytes, const char *what, struct error *error);

#endif
