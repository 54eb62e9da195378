/* SPDX-License-Identifier: MIT
 *
 * The descriptor stays open: the path may lead to another file by now, which changes nothing here.
 * One descriptor a file can be more than a process may have by default, so that the limit is raised
 * when it is met.
 *
 * Parsers want a byte after the last that ends any number. A mapping has none when the file fills
 * its last page, so the file is mapped over the start of an anonymous mapping that is longer: what
 * follows the file is zero, always.
 *
 * A page that the file no longer has raises SIGBUS where it is looked at, which can be in any loop
 * of any thread. The handler looks up whose page it was, says so and ends the program: what is
 * recorded is in the store. A fault elsewhere goes to whoever handled it before.
 */
#include "data/mapping.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapping {
    char *path;
    char *bytes;
    size_t size, length; /* of the file, and of all that is mapped */
    int file;            /* -1: memory, which no file fills */
    struct stat before;
    _Atomic(struct mapping *) next; /* of all that are mapped now */
};

/* --- Faults ---------------------------------------------------------------------------------- */

static _Atomic(struct mapping *) mappings;
static struct sigaction fault_before;

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written; /* there is no other way to report it */
}

/* Only calls that a handler may make. */
static void end_with_fault(const struct mapping *mapping)
{
    struct stat now;
    bool shorter =
        fstat(mapping->file, &now) == 0 && (uintmax_t)now.st_size < (uintmax_t)mapping->size;
    say("descent: ");
    say(mapping->path);
    say(shorter ? ": the file was cut short while it was in use" : ": the file cannot be read");
    say("; what is recorded is safe: run the same command again when the file is whole\n");
    _exit(ERROR_FAILED);
}

static void fault(int signal_number, siginfo_t *information, void *context)
{
    const char *address = information->si_addr;
    (void)context;
    for (const struct mapping *m = atomic_load(&mappings); m != NULL; m = atomic_load(&m->next))
        if (address >= m->bytes && address < m->bytes + m->length)
            end_with_fault(m);
    sigaction(signal_number, &fault_before, NULL); /* on return the same fault goes there */
}

/* Loading is one thread's. Another library may have taken the signal since the last time. */
static void add(struct mapping *mapping)
{
    struct sigaction now, ours = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigemptyset(&ours.sa_mask);
    atomic_store(&mapping->next, atomic_load(&mappings));
    atomic_store(&mappings, mapping);
    if (sigaction(SIGBUS, NULL, &now) != 0 ||
        ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == fault))
        return;
    fault_before = now;
    sigaction(SIGBUS, &ours, NULL);
}

static void forget(struct mapping *mapping)
{
    _Atomic(struct mapping *) *link = &mappings;
    while (atomic_load(link) != mapping)
        link = &atomic_load(link)->next;
    atomic_store(link, atomic_load(&mapping->next));
}

/* --- A mapping ------------------------------------------------------------------------------- */

/* -1 when no more can be had. */
static int duplicate(int file)
{
    struct rlimit limit;
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);
    if (copy >= 0 || errno != EMFILE || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return copy;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? fcntl(file, F_DUPFD_CLOEXEC, 0) : -1;
}

static bool map(struct mapping *mapping, struct error *error)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    mapping->length = (mapping->size / page + 2) * page;
    void *room =
        mmap(NULL, mapping->length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        return error_usage(error, "%s: the file does not fit into the address space: %s",
                           mapping->path, strerror(errno));
    mapping->bytes = room;
    return mmap(room, mapping->size, PROT_READ, MAP_PRIVATE | MAP_FIXED, mapping->file, 0) !=
               MAP_FAILED ||
           error_usage(error, "%s: cannot be mapped into memory: %s", mapping->path,
                       strerror(errno));
}

static void release(struct mapping *mapping)
{
    if (mapping->bytes != NULL)
        munmap(mapping->bytes, mapping->length);
    if (mapping->file >= 0)
        close(mapping->file);
    memory_free(mapping->path);
    memory_free(mapping);
}

struct mapping *mapping_open(int file, size_t size, const char *path, struct error *error)
{
    struct mapping *mapping = memory_allocate(1, sizeof *mapping);
    mapping->path = memory_copy_text(path);
    mapping->size = size;
    mapping->file = duplicate(file);
    if (mapping->file < 0 || fstat(mapping->file, &mapping->before) != 0)
        error_usage(error, "%s: cannot be kept open: %s", path, strerror(errno));
    else if (map(mapping, error)) {
        add(mapping);
        return mapping;
    }
    release(mapping);
    return NULL;
}

void mapping_close(struct mapping *mapping)
{
    if (mapping == NULL)
        return;
    if (!mapping_is_memory(mapping))
        forget(mapping);
    release(mapping);
}

struct mapping *mapping_of_room(const struct room *room, size_t size, const char *path)
{
    struct mapping *mapping = memory_allocate(1, sizeof *mapping);
    mapping->path = memory_copy_text(path);
    mapping->bytes = room->bytes;
    mapping->size = size;
    mapping->length = room->reserved;
    mapping->file = -1;
    return mapping;
}

bool mapping_is_memory(const struct mapping *mapping)
{
    return mapping->file < 0;
}

const char *mapping_bytes(const struct mapping *mapping)
{
    return mapping->bytes;
}

/* --- Still the same? ------------------------------------------------------------------------- */

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

enum mapping_state mapping_look(const struct mapping *mapping)
{
    struct stat now;
    if (mapping_is_memory(mapping))
        return MAPPING_SAME;
    if (fstat(mapping->file, &now) != 0 || now.st_size != mapping->before.st_size ||
        !same_time(now.st_mtim, mapping->before.st_mtim))
        return MAPPING_CHANGED;
    return same_time(now.st_ctim, mapping->before.st_ctim) ? MAPPING_SAME : MAPPING_TOUCHED;
}

bool mapping_refuse(const struct mapping *mapping, struct error *error)
{
    return error_failed(error,
                        "%s: the file has changed since it was read, so this result belongs to "
                        "neither version and is not kept; what was recorded before is safe: run "
                        "the same command again, which reads the new file",
                        mapping->path);
}

void mapping_accept(struct mapping *mapping)
{
    struct stat now;
    if (fstat(mapping->file, &now) == 0)
        mapping->before = now;
}
