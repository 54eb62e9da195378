/* SPDX-License-Identifier: MIT
 *
 * Aligned allocation, and the question how much memory is left. The kernel's estimate
 * (MemAvailable in /proc/meminfo) is taken, then cut by the limits that would strike earlier: the
 * address space (RLIMIT_AS), the data (RLIMIT_DATA) and the control groups of this process and
 * around it, of which the tightest counts:
 *
 *     version 2   memory.max, memory.high        memory.current          memory.stat
 *     version 1   memory.limit_in_bytes          memory.usage_in_bytes   memory.stat
 *
 * A group is charged for files that are cached, too; these go when memory is wanted, so they do not
 * count as used. Beyond memory.high a group is not killed but slowed down without end, which no
 * trial is worth.
 *
 * References: https://docs.kernel.org/admin-guide/cgroup-v2.html, "Memory Interface Files";
 * https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
 */
#include "base/memory.h"

#include "base/control_group.h"
#include "base/text.h"

#include <inttypes.h>
#include <limits.h>
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

static void (*clean_at_exhaustion)(void), (*at_exhaustion)(void);

void memory_clean_at_exhaustion(void (*clean)(void))
{
    clean_at_exhaustion = clean;
}

void memory_at_exhaustion(void (*last)(void))
{
    at_exhaustion = last;
}

static void flush_stdout(void)
{
    fflush(stdout);
}

/* What is done at the end may itself want memory, as a stream does that keeps what is written to it
 * (base/output_guard.c), and come back here: the next step is taken then, none a second time. */
void memory_exhausted(size_t count, size_t size)
{
    void (*const steps[])(void) = {flush_stdout, clean_at_exhaustion, at_exhaustion};
    static _Thread_local size_t step;
    if (step == 0)
        fprintf(stderr,
                "descent: out of memory: %zu x %zu bytes could not be allocated; what is recorded "
                "is safe\n",
                count, size);
    while (step < sizeof steps / sizeof *steps) {
        void (*const next)(void) = steps[step++];
        if (next != NULL)
            next();
    }
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

/* A file of a control group. */
static size_t read_group(const char *folder, const char *name, const char *key)
{
    char path[2 * PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length > 0 && (size_t)length < sizeof path ? read_number(path, key) : SIZE_MAX;
}

/* Bytes of cached files. In version 1 numbers without "total_" are those of a group without the
 * groups in it, of which its usage is the sum. */
static size_t cached_in_group(const char *folder, bool first)
{
    const char *active = first ? "total_active_file " : "active_file ";
    const char *inactive = first ? "total_inactive_file " : "inactive_file ";
    size_t cached[] = {read_group(folder, "memory.stat", active),
                       read_group(folder, "memory.stat", inactive)};
    return (cached[0] == SIZE_MAX ? 0 : cached[0]) + (cached[1] == SIZE_MAX ? 0 : cached[1]);
}

/* What one group, if it has a limit, leaves. */
static void take_least(const char *folder, void *context)
{
    size_t *least = context;
    size_t limit =
        smaller(read_group(folder, "memory.max", ""), read_group(folder, "memory.high", ""));
    size_t used = read_group(folder, "memory.current", "");
    bool first = used == SIZE_MAX;
    if (first) {
        limit = read_group(folder, "memory.limit_in_bytes", "");
        used = read_group(folder, "memory.usage_in_bytes", "");
    }
    if (limit == SIZE_MAX || used == SIZE_MAX)
        return;
    size_t cached = cached_in_group(folder, first);
    *least = smaller(*least, left_under(limit, used - smaller(cached, used)));
}

size_t memory_left_in_groups(const char *root)
{
    size_t least = SIZE_MAX;
    control_groups_visit(root, "memory", take_least, &least);
    return least;
}

/* What a limit of this process leaves, of which so many KiB are taken (/proc/self/status). */
static size_t left_of_limit(__rlimit_resource_t resource, const char *key)
{
    struct rlimit limit;
    size_t kilobytes = read_number("/proc/self/status", key);
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return SIZE_MAX;
    return left_under((size_t)limit.rlim_cur, kilobytes == SIZE_MAX ? SIZE_MAX : kilobytes * 1024);
}

size_t memory_available(void)
{
    size_t kilobytes = read_number("/proc/meminfo", "MemAvailable:");
    size_t available = kilobytes == SIZE_MAX ? SIZE_MAX : kilobytes * 1024;
    available = smaller(available, left_of_limit(RLIMIT_AS, "VmSize:"));
    available = smaller(available, left_of_limit(RLIMIT_DATA, "VmData:"));
    return smaller(available, memory_left_in_groups(""));
}

bool memory_check(double bytes, const char *what, struct error *error)
{
    static const double asked_for_blindly = 1 << 20; /* to look costs a dozen files */
    if (bytes <= asked_for_blindly)
        return true;
    double available = (double)memory_available();
    if (bytes <= available)
        return true;
    char needed[TEXT_NUMBER], left[TEXT_NUMBER];
    return error_usage(error,
                       "%s needs %s of memory, but %s are available; use fewer rows or features, "
                       "or a machine with more memory",
                       what, text_from_bytes(needed, bytes), text_from_bytes(left, available));
}
