/* SPDX-License-Identifier: MIT
 *
 * What a timing depends on and what does not change while it runs: processor, processors allowed,
 * operating system, this build, and the libraries it found. Recorded with every trial, so that
 * times from different machines or builds are never compared unawares.
 */
#include "measure/machine/machine.h"

#include "base/memory.h"
#include "base/parallel/ranks.h"
#include "base/parallel/threads.h"
#include "build_facts.h"
#include "kernels/kernel.h"

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
