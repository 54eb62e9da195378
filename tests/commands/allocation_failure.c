/* SPDX-License-Identifier: MIT
 *
 * The program whose memory runs out at a chosen moment: descent_allocation_test is descent, linked
 * so that the allocations of our own code come here (ld --wrap; libraries keep theirs). The k-th of
 * them fails once, k being the environment's ALLOCATION_FAILS_AT; without it none does.
 * allocation_failure.bats tries every k, after the example of CSparse's tests.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

static bool fails_now(void)
{
    static atomic_long calls;
    const char *chosen = getenv("ALLOCATION_FAILS_AT");
    return chosen != NULL && atomic_fetch_add(&calls, 1) + 1 == strtol(chosen, NULL, 10);
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails_now() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails_now() ? NULL : __real_aligned_alloc(alignment, size);
}
