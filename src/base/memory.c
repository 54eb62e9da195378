/* SPDX-License-Identifier: MIT
 *
 * Aligned allocation, and the question how much memory is left. The kernel's estimate
 * (MemAvailable in /proc/meminfo) is taken, then cut by the limits that would strike earlier: the
 * address space (RLIMIT_AS) and the control group (memory.max of cgroup v2). The group is charged
 * for files that are cached, too; these go when memory is wanted, so they do not count as used.
 */
#include "base/memory.h"

#include "base/output_guard.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Large blocks lie on huge pages where the system has some: one entry of the translation buffer
 * then reaches as far as 512 of small ones, which rows in a random order feel most. */
enum { HUGE_PAGE = 2 << 20, HUGE_FROM = 4 * HUGE_PAGE };

static void (*at_exhaustion)(void);

void memory_at_exhaustion(void (*last)(void))
{
    at_exhaustion = last;
}

void memory_exhausted(size_t count, size_t size)
{
    fprintf(stderr,
            "descent: out of memory: %zu x %zu bytes were refused; what is recorded is safe\n",
            count, size);
    fflush(stdout);
    output_temporaries_remove();
    if (at_exhaustion != NULL)
        at_exhaustion();
    _exit(ERROR_FAILED); /* this may be inside a parallel region, which exit() would wait for */
}

void *memory_allocate_untouched(size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - HUGE_PAGE) / size)
        memory_exhausted(count, size);
    size_t bytes = count * size;
    size_t alignment = bytes >= HUGE_FROM ? HUGE_PAGE : MEMORY_ALIGNMENT;
    bytes = (bytes / alignment + 1) * alignment;
    void *block = aligned_alloc(alignment, bytes);
    if (block == NULL)
        memory_exhausted(count, size);
    if (alignment == HUGE_PAGE)
        madvise(block, bytes, MADV_HUGEPAGE); /* advice: where it is not taken, nothing is lost */
    return block;
}

void *memory_allocate(size_t count, size_t size)
{
    void *block = memory_allocate_untouched(count, size);
    return memset(block, 0, count * size);
}

void *memory_resize(void *old, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        memory_exhausted(count, size);
    void *block = realloc(old, count * size + 1);
    if (block == NULL)
        memory_exhausted(count, size);
    return block;
}

void *memory_grow(void *old, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return old;
    size_t grown = *capacity < 8 ? 8 : *capacity * 2;
    *capacity = grown < needed ? needed : grown;
    return memory_resize(old, *capacity, size);
}

char *memory_copy_text(const char *text)
{
    size_t length = strlen(text) + 1;
    return memcpy(memory_resize(NULL, length, 1), text, length);
}

void memory_free(void *block)
{
    free(block);
}

/* The number after `key` in a file such as /proc/meminfo; SIZE_MAX when there is none. */
static size_t read_number(const char *path, const char *key)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return SIZE_MAX;
    size_t number = SIZE_MAX;
    char line[256];
    while (number == SIZE_MAX && fgets(line, sizeof line, file) != NULL) {
        size_t length = strlen(key);
        if (strncmp(line, key, length) == 0 && sscanf(line + length, "%zu", &number) != 1)
            number = SIZE_MAX;
    }
    fclose(file);
    return number;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What is left under a limit of which `used` bytes are taken. */
static size_t left_under(size_t limit, size_t used)
{
    if (limit == SIZE_MAX || used == SIZE_MAX)
        return SIZE_MAX;
    return limit > used ? limit - used : 0;
}

/* What the control group, if it has a limit, leaves. */
static size_t left_in_group(void)
{
    static const char *const caches[] = {"active_file ", "inactive_file "};
    size_t limit = read_number("/sys/fs/cgroup/memory.max", "");
    size_t used = read_number("/sys/fs/cgroup/memory.current", "");
    for (size_t i = 0; i < sizeof caches / sizeof *caches && used != SIZE_MAX; i++) {
        size_t cached = read_number("/sys/fs/cgroup/memory.stat", caches[i]);
        used -= cached <= used ? cached : 0;
    }
    return left_under(limit, used);
}

size_t memory_available(void)
{
    size_t kilobytes = read_number("/proc/meminfo", "MemAvailable:");
    size_t available = kilobytes == SIZE_MAX ? SIZE_MAX : kilobytes * 1024;

    struct rlimit limit;
    size_t pages = read_number("/proc/self/statm", "");
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        available = smaller(
            available, left_under((size_t)limit.rlim_cur, pages * (size_t)sysconf(_SC_PAGESIZE)));

    return smaller(available, left_in_group());
}

bool memory_check(double bytes, const char *what, struct error *error)
{
    double available = (double)memory_available();
    if (bytes <= available)
        return true;
    char needed[TEXT_NUMBER], left[TEXT_NUMBER];
    return error_usage(error,
                       "%s needs %s of memory, and %s are available; "
                       "use fewer rows or features, or a machine with more memory",
                       what, text_from_bytes(needed, bytes), text_from_bytes(left, available));
}
