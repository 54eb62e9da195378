/* SPDX-License-Identifier: MIT
 *
 * Facts of this machine and this build as JSON. What BLAS does with threads comes from a child
 * process, which a busy machine may not let finish in time: it is recorded, and never asked whether
 * a machine is the same. A library that only reads or writes files may be replaced between two
 * runs of a sweep; one that is part of every trial (BLAS, OpenMP, the mathematical library) may
 * not. How many threads this process may use is no fact of the machine: a trial records its own.
 */
#include "measure/machine/machine_facts.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "build_facts.h"
#include "data/compression/compression.h"
#include "kernels/kernel.h"
#include "measure/counters/counters.h"
#include "measure/machine/blas_threads.h"

#include <gnu/libc-version.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static struct utsname system_name(void)
{
    struct utsname name;
    uname(&name);
    return name;
}

static json_t *memory_bytes(const struct machine *machine)
{
    return json_integer((json_int_t)machine->memory_bytes);
}

static json_t *threads(const struct machine *machine)
{
    return json_integer(machine->threads);
}

static json_t *system_sysname(const struct machine *machine)
{
    (void)machine;
    return json_string(system_name().sysname);
}

static json_t *release(const struct machine *machine)
{
    (void)machine;
    return json_string(system_name().release);
}

static json_t *blas(const struct machine *machine)
{
    (void)machine;
    return json_string(kernels_blas_version());
}

static json_t *blas_core(const struct machine *machine)
{
    return json_string(machine->blas_core);
}

static json_t *blas_threading(const struct machine *machine)
{
    return json_string(machine->blas_threading);
}

static json_t *blas_threads(const struct machine *machine)
{
    return json_integer(machine->blas_threads);
}

static json_t *blas_gemv(const struct machine *machine)
{
    (void)machine;
    const struct blas_threads *gemv = blas_threads_found();
    if (gemv == NULL || gemv->elements < 0)
        return json_null();
    json_t *from = gemv->elements > 0 ? json_integer(gemv->elements) : json_null(); /* never */
    return json_pack("{s:i, s:o}", "threads", gemv->threads, "forks_from_elements", from);
}

static json_t *mpi(const struct machine *machine)
{
    char text[RANKS_TEXT];
    (void)machine;
    return json_string(ranks_library(text));
}

static json_t *topology(const struct machine *machine)
{
    const struct topology *topology = &machine->topology;
    json_t *caches = json_array();
    for (int i = 0; i < topology->cache_count; i++) {
        const struct cache_level *cache = &topology->caches[i];
        json_t *object = json_pack("{s:i, s:I, s:i, s:i, s:i}", "level", cache->level, "bytes",
                                   (json_int_t)cache->bytes, "count", cache->count, "shared_by",
                                   cache->shared_by, "line_bytes", cache->line_bytes);
        if (json_array_append_new(caches, object) != 0)
            memory_exhausted(1, sizeof(json_t));
    }
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:o}", "packages", topology->packages, "numa_nodes",
                     topology->numa_nodes, "cores", topology->cores, "processing_units",
                     topology->processing_units, "units_per_core", topology->units_per_core,
                     "caches", caches);
}

/* --- Libraries ----------------------------------------------------------------------------- */

static json_t *openmp(const struct machine *machine)
{
    char text[32];
    (void)machine;
    snprintf(text, sizeof text, "%d", _OPENMP); /* year and month of the standard */
    return json_string(text);
}

static json_t *glibc(const struct machine *machine)
{
    (void)machine;
    return json_string(gnu_get_libc_version());
}

static json_t *hwloc(const struct machine *machine)
{
    (void)machine;
    return json_string(topology_library_version());
}

static json_t *jansson(const struct machine *machine)
{
    (void)machine;
    return json_string(jansson_version_str());
}

static json_t *xxhash(const struct machine *machine)
{
    char text[DIGEST_TEXT];
    (void)machine;
    digest_library_version(text);
    return json_string(text);
}

/* What unpacks data, each by its name in the table of compressions. */
#define UNPACKS(name_)                                                                             \
    static json_t *name_(const struct machine *machine)                                            \
    {                                                                                              \
        char text[COMPRESSION_VERSION];                                                            \
        (void)machine;                                                                             \
        return json_string(compression_library_version(#name_, text));                             \
    }
UNPACKS(zlib)
UNPACKS(bzip2)
UNPACKS(liblzma)
UNPACKS(zstd)
UNPACKS(lz4)
#undef UNPACKS

static json_t *papi(const struct machine *machine)
{
    char text[COUNTER_VERSION];
    (void)machine;
    counters_library_version(text);
    return json_string(text);
}

#define SYSTEM(field_) .text_at = offsetof(struct machine, system.field_)
const struct machine_fact machine_fact_table[] = {
    {NULL, "processor", "processor", true, SYSTEM(processor)},
    {NULL, "microcode", "microcode", true, SYSTEM(microcode)},
    {NULL, "memory_bytes", NULL, true, .value = memory_bytes},
    {NULL, "threads", NULL, false, .value = threads},
    {NULL, "system", "system", true, .value = system_sysname},
    {NULL, "release", "kernel", true, .value = release},
    {NULL, "version", "version", true, .text = BUILD_VERSION},
    {NULL, "commit", "commit", true, .text = BUILD_COMMIT},
    {NULL, "compiler", "compiler", true, .text = BUILD_COMPILER},
    {NULL, "flags", "flags", true, .text = BUILD_FLAGS},
    {NULL, "blas", "BLAS", true, .value = blas},
    {NULL, "blas_core", "BLAS core", true, .value = blas_core},
    {NULL, "blas_threading", "BLAS threading", true, .value = blas_threading},
    {NULL, "blas_threads", "BLAS threads", true, .value = blas_threads},
    {NULL, "blas_gemv", NULL, false, .value = blas_gemv},
    {NULL, "mpi", "MPI", true, .value = mpi},
    {NULL, "topology", "topology", true, .value = topology},
    {"libraries", "OpenMP", "OpenMP", true, .value = openmp},
    {"libraries", "glibc", "glibc", true, .value = glibc},
    {"libraries", "hwloc", NULL, false, .value = hwloc},
    {"libraries", "jansson", NULL, false, .value = jansson},
    {"libraries", "xxHash", NULL, false, .value = xxhash},
    {"libraries", "zlib", NULL, false, .value = zlib},
    {"libraries", "bzip2", NULL, false, .value = bzip2},
    {"libraries", "liblzma", NULL, false, .value = liblzma},
    {"libraries", "zstd", NULL, false, .value = zstd},
    {"libraries", "lz4", NULL, false, .value = lz4},
    {"libraries", "PAPI", NULL, false, .value = papi},
    {"settings", "governor", "governor", true, SYSTEM(governor)},
    {"settings", "huge_pages", "huge pages", true, SYSTEM(huge_pages)},
    {"settings", "virtualisation", "virtualisation", true, SYSTEM(virtualisation)},
    {"settings", "clock_source", "clock source", true, SYSTEM(clock_source)},
};
const size_t machine_fact_count = sizeof machine_fact_table / sizeof *machine_fact_table;

bool machine_fact_is_missing(const json_t *value)
{
    const char *text = json_string_value(value);
    return value == NULL || json_is_null(value) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (text != NULL && (*text == '\0' || strncmp(text, "unknown", strlen("unknown")) == 0 ||
                             strncmp(text, "none:", strlen("none:")) == 0));
}

json_t *machine_fact_value(const struct machine_fact *fact, const struct machine *machine)
{
    if (fact->value != NULL)
        return fact->value(machine);
    return json_string(fact->text != NULL ? fact->text : (const char *)machine + fact->text_at);
}
