/* SPDX-License-Identifier: MIT
 *
 * What a timing depends on and what does not change while it runs: processor, processors allowed,
 * operating system, this build, and the libraries it found. Recorded with every trial, so that
 * times from different machines or builds are never compared unawares.
 */
#include "measure/machine.h"

#include "base/digest.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/ranks.h"
#include "base/threads.h"
#include "build_facts.h"
#include "kernels/kernel.h"
#include "measure/blas_threads.h"
#include "measure/counters.h"

#include <gnu/libc-version.h>
#include <math.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static bool has_wide_vectors(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return false;
#endif
}

void machine_read(struct machine *machine)
{
    *machine = (struct machine){
        .memory_bytes = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE),
        .threads = threads_available(),
        .blas_threads = kernels_blas_threads(),
        .blas_threading = kernels_blas_threading(),
        .blas_core = kernels_blas_core(),
        .wide_vectors = has_wide_vectors(),
    };
    topology_read(&machine->topology);
    system_facts_read("", &machine->system);
    struct utsname system;
    if (strcmp(machine->system.processor, "unknown") == 0 && uname(&system) == 0)
        snprintf(machine->system.processor, FACT_TEXT, "%s", system.machine);
}

/* --- The moment ---------------------------------------------------------------------------- */

void machine_watch(double seconds, struct machine_moment *moment)
{
    struct processor_ticks before, after;
    system_load_read("", &moment->load); /* first: watching must not count as load */
    processor_ticks_read("", &before);
    struct timespec rest = {.tv_sec = (time_t)seconds,
                            .tv_nsec = (long)(1e9 * (seconds - floor(seconds)))};
    nanosleep(&rest, NULL); /* a signal shortens the watch, and nothing else */
    processor_ticks_read("", &after);
    moment->steal_per_cent = steal_per_cent(&before, &after);
    moment->memory_available_bytes = (double)memory_available();
    grant_read("", &moment->grant);
    harness_measure(&moment->harness);
}

/* --- Libraries ----------------------------------------------------------------------------- */

static struct library library_of(const char *name, const char *version)
{
    struct library library = {.name = name};
    snprintf(library.version, sizeof library.version, "%s", version);
    return library;
}

void machine_libraries(struct library libraries[static MACHINE_LIBRARIES])
{
    char digest[DIGEST_TEXT], openmp[DIGEST_TEXT], counters[COUNTER_VERSION];
    digest_library_version(digest);
    counters_library_version(counters);
    snprintf(openmp, sizeof openmp, "%d", _OPENMP); /* year and month of the standard */
    libraries[0] = library_of("OpenMP", openmp);
    libraries[1] = library_of("glibc", gnu_get_libc_version());
    libraries[2] = library_of("hwloc", topology_library_version());
    libraries[3] = library_of("jansson", jansson_version_str());
    libraries[4] = library_of("xxHash", digest);
    libraries[5] = library_of("PAPI", counters);
}

/* --- As JSON ------------------------------------------------------------------------------- */

static json_t *libraries_json(void)
{
    struct library libraries[MACHINE_LIBRARIES];
    machine_libraries(libraries);
    json_t *object = json_object();
    for (int i = 0; i < MACHINE_LIBRARIES; i++)
        if (json_object_set_new(object, libraries[i].name, json_string(libraries[i].version)) != 0)
            memory_exhausted(1, sizeof(json_t));
    return object;
}

static json_t *topology_json(const struct topology *topology)
{
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

static json_t *settings_json(const struct system_facts *facts)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "governor", facts->governor, "huge_pages",
                     facts->huge_pages, "virtualisation", facts->virtualisation, "clock_source",
                     facts->clock_source);
}

static json_t *gemv_json(void)
{
    const struct blas_threads *gemv = blas_threads_found();
    if (gemv == NULL || gemv->elements < 0)
        return json_null();
    json_t *from = gemv->elements > 0 ? json_integer(gemv->elements) : json_null(); /* never */
    return json_pack("{s:i, s:o}", "threads", gemv->threads, "forks_from_elements", from);
}

char *machine_json(void)
{
    struct machine machine;
    machine_read(&machine);
    struct utsname system;
    char ranks[RANKS_TEXT];
    uname(&system);
    json_t *facts = json_pack(
        "{s:s, s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:s, s:o, s:o, "
        "s:o}",
        "processor", machine.system.processor, "memory_bytes", (json_int_t)machine.memory_bytes,
        "threads", machine.threads, "system", system.sysname, "release", system.release, "version",
        BUILD_VERSION, "commit", BUILD_COMMIT, "compiler", BUILD_COMPILER, "flags", BUILD_FLAGS,
        "blas", kernels_blas_version(), "blas_core", kernels_blas_core(), "blas_threading",
        machine.blas_threading, "blas_threads", machine.blas_threads, "blas_gemv", gemv_json(),
        "mpi", ranks_library(ranks), "libraries", libraries_json(), "topology",
        topology_json(&machine.topology), "settings", settings_json(&machine.system));
    if (facts == NULL)
        memory_exhausted(1, sizeof(json_t));
    char *text = json_text(facts, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(facts);
    return text;
}

const char *machine_build(void)
{
    return BUILD_VERSION ", commit " BUILD_COMMIT;
}

void machine_print_version(FILE *out)
{
    char ranks[RANKS_TEXT];
    fprintf(out, "descent %s\n", BUILD_VERSION);
    fprintf(out, "commit    %s\n", BUILD_COMMIT);
    fprintf(out, "compiler  %s\n", BUILD_COMPILER);
    fprintf(out, "flags     %s\n", BUILD_FLAGS);
    fprintf(out, "blas      %s (threads: %s, core: %s)\n", kernels_blas_version(),
            kernels_blas_threading(), kernels_blas_core());
    fprintf(out, "mpi       %s\n", ranks_library(ranks));
}
