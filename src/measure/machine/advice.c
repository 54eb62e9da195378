/* SPDX-License-Identifier: MIT
 *
 * The rules. What is unknown is never advised on: a comparison with NaN is false, and the texts
 * "unknown..." are left alone.
 *
 * The clocks that are read without entering the kernel are the processor's own counters: tsc on
 * x86, arch_sys_counter on ARM, timebase on POWER.
 */
#include "measure/machine/advice.h"

#include <string.h>
#include <strings.h>

static bool is_known(const char *fact)
{
    return strncmp(fact, "unknown", 7) != 0;
}

static bool governor_saves_power(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    const char *governor = machine->system.governor;
    return is_known(governor) && strcmp(governor, "performance") != 0;
}

static bool huge_pages_are_off(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    return strcmp(machine->system.huge_pages, "never") == 0;
}

static bool threads_share_cores(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    const struct topology *topology = &machine->topology;
    return topology->units_per_core > 1 && machine->threads > topology->cores;
}

static bool time_is_stolen(const struct machine *machine, const struct machine_moment *moment)
{
    (void)machine;
    return moment->steal_per_cent > 0.0;
}

static bool is_busy(const struct machine *machine, const struct machine_moment *moment)
{
    (void)machine;
    return moment->load.average > 0.5;
}

static bool blas_is_another(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    return strcmp(machine->blas_threading, "OpenMP") != 0;
}

/* What OpenBLAS falls back to on a processor that is newer than itself. */
static bool blas_core_is_old(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    return machine->wide_vectors && strcasecmp(machine->blas_core, "Prescott") == 0;
}

static bool clock_is_slow(const struct machine *machine, const struct machine_moment *moment)
{
    (void)moment;
    static const char *const counters[] = {"tsc", "arch_sys_counter", "timebase"};
    const char *source = machine->system.clock_source;
    bool counter = false;
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        counter = counter || strcmp(source, counters[i]) == 0;
    return is_known(source) && !counter;
}

static bool processors_are_withheld(const struct machine *machine,
                                    const struct machine_moment *moment)
{
    (void)machine;
    return grant_lacks_processors(&moment->grant);
}

static bool time_is_withheld(const struct machine *machine, const struct machine_moment *moment)
{
    (void)machine;
    return grant_lacks_time(&moment->grant);
}

static bool threads_are_withheld(const struct machine *machine, const struct machine_moment *moment)
{
    (void)machine;
    return grant_lacks_threads(&moment->grant);
}

static const struct advice governor = {
    {"governor", "the frequency governor is not 'performance' on every processor: as root, "
                 "cpupower frequency-set -g performance"},
    governor_saves_power};
static const struct advice huge_pages = {
    {"huge-pages", "transparent huge pages are off, and reading large data costs more misses of "
                   "the TLB: as root, echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"},
    huge_pages_are_off};
static const struct advice shared_cores = {
    {"shared-cores", "'threads: all' puts two threads or more on a core (SMT), which share its "
                     "arithmetic: time also with as many threads as there are cores"},
    threads_share_cores};
static const struct advice steal = {
    {"steal", "the host gave processor time of this virtual machine to other guests: repeat "
              "trials, compare by medians, or use a machine whose processors are yours alone"},
    time_is_stolen};
static const struct advice load = {
    {"load", "other programs are running (load above 0.5): end them or wait; where you cannot, "
             "OMP_WAIT_POLICY=passive lets waiting threads sleep"},
    is_busy};
static const struct advice blas = {
    {"blas", "OpenBLAS is not the OpenMP flavour, and may start threads beside those of descent: "
             "install libopenblas-openmp-dev and build again"},
    blas_is_another};
static const struct advice blas_core = {
    {"blas-core", "OpenBLAS does not know this processor and takes kernels for one of 2004 "
                  "(Prescott), several times slower: export OPENBLAS_CORETYPE=Haswell, or SkylakeX "
                  "where there is AVX-512, or use a newer OpenBLAS"},
    blas_core_is_old};
static const struct advice clock_source = {
    {"clock-source", "the kernel's clock is not the processor's own counter (tsc), and reading it "
                     "may cost more: do not trust a time that is near the cost of a reading"},
    clock_is_slow};
static const struct advice affinity = {
    {"affinity", "this process may run on fewer processors than are online (taskset, a cpuset, or "
                 "OMP_PROC_BIND where clang built descent), and 'threads: all' means those: if "
                 "that is not intended, start it without"},
    processors_are_withheld};
static const struct advice quota = {
    {"quota", "the control group gives less time than there are processors; threads that want more "
              "are stopped together until its next period, and every clock includes that: raise "
              "the quota (docker run --cpus, CPUQuota= of systemd), or time with fewer threads"},
    time_is_withheld};
static const struct advice thread_limit = {
    {"thread-limit",
     "OMP_THREAD_LIMIT is below the number of processors, and a trial that asks for "
     "more threads runs with fewer: unset it"},
    threads_are_withheld};

static const struct entry *const rows[] = {
    &governor.entry, &huge_pages.entry, &shared_cores.entry, &steal.entry,
    &load.entry,     &blas.entry,       &blas_core.entry,    &clock_source.entry,
    &affinity.entry, &quota.entry,      &thread_limit.entry,
};

const struct table advice_table = TABLE("advice", rows);

bool advice_applies(const struct entry *row, const struct machine *machine,
                    const struct machine_moment *moment)
{
    return ((const struct advice *)(const void *)row)->applies(machine, moment);
}
