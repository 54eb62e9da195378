/* SPDX-License-Identifier: MIT
 *
 * What a timing depends on and what does not change while it runs: processor, processors allowed,
 * operating system, this build, and the libraries it found. Recorded with every trial, so that
 * times from different machines or builds are never compared unawares.
 */
#include "measure/machine.h"

#include "base/memory.h"
#include "base/threads.h"
#include "build_facts.h"
#include "kernels/kernel.h"

#include <jansson.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* "model name" of the first processor, or what uname calls the machine. */
static void processor_name(char *name, size_t size)
{
    struct utsname system;
    uname(&system);
    snprintf(name, size, "%s", system.machine);
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            snprintf(name, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL)
        fclose(file);
}

char *machine_json(void)
{
    char processor[128];
    processor_name(processor, sizeof processor);
    struct utsname system;
    uname(&system);
    json_t *facts = json_pack(
        "{s:s, s:I, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "processor", processor,
        "memory_bytes", (json_int_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE), "threads",
        threads_available(), "system", system.sysname, "release", system.release, "version",
        BUILD_VERSION, "commit", BUILD_COMMIT, "compiler", BUILD_COMPILER, "flags", BUILD_FLAGS,
        "blas", kernels_blas_version(), "blas_core", kernels_blas_core(), "blas_threading",
        kernels_blas_threading());
    char *text = facts != NULL ? json_dumps(facts, JSON_SORT_KEYS | JSON_COMPACT) : NULL;
    if (text == NULL)
        memory_exhausted(1, sizeof(json_t));
    json_decref(facts);
    return text;
}

void machine_print_version(FILE *out)
{
    fprintf(out, "descent %s\n", BUILD_VERSION);
    fprintf(out, "commit    %s\n", BUILD_COMMIT);
    fprintf(out, "compiler  %s\n", BUILD_COMPILER);
    fprintf(out, "flags     %s\n", BUILD_FLAGS);
    fprintf(out, "blas      %s (threads: %s, core: %s)\n", kernels_blas_version(),
            kernels_blas_threading(), kernels_blas_core());
}
