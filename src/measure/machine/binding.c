/* SPDX-License-Identifier: MIT
 *
 * A thread is bound when it first enters a region (base/parallel/threads.h), because OpenMP starts
 * threads when it likes. A new one has the processor of the thread that started it; where no place
 * is left for it, it must therefore be set free.
 *
 * Reference: https://www.open-mpi.org/projects/hwloc/, "CPU binding"
 */
#include "measure/machine/binding.h"

#include "base/memory.h"
#include "base/parallel/processors.h"
#include "base/parallel/threads.h"
#include "measure/machine/machine_topology.h"

#include <stdatomic.h>

enum { PROCESSORS_MOST = 4096 };

static struct {
    hwloc_topology_t machine; /* NULL: nothing is bound */
    hwloc_bitmap_t allowed;   /* where this process might run before */
    int count;
    hwloc_bitmap_t *places; /* (count) */
    atomic_bool failed;     /* the system refused a thread */
} binding;

static void place(int thread)
{
    hwloc_bitmap_t set = thread < binding.count ? binding.places[thread] : binding.allowed;
    if (hwloc_set_cpubind(binding.machine, set, HWLOC_CPUBIND_THREAD) != 0)
        atomic_store(&binding.failed, true);
}

static void set_free(int thread)
{
    (void)thread;
    hwloc_set_cpubind(binding.machine, binding.allowed, HWLOC_CPUBIND_THREAD);
}

/* The `nth` hardware thread of a core that this process may use, if there is one. */
static void add_place(hwloc_obj_t core, int nth)
{
    int unit = -1;
    hwloc_bitmap_t of_core = hwloc_bitmap_alloc();
    hwloc_bitmap_and(of_core, core->cpuset, binding.allowed);
    for (int i = 0; i <= nth; i++)
        unit = hwloc_bitmap_next(of_core, unit);
    if (unit >= 0) {
        hwloc_bitmap_only(of_core, (unsigned)unit);
        binding.places[binding.count++] = of_core;
    } else {
        hwloc_bitmap_free(of_core);
    }
}

/* Where hwloc knows no cores, as on some virtual machines, each processor is one. */
static void find_places(void)
{
    int units = hwloc_bitmap_weight(binding.allowed);
    int cores = hwloc_get_nbobjs_by_type(binding.machine, HWLOC_OBJ_CORE);
    hwloc_obj_type_t type = cores > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
    int count = hwloc_get_nbobjs_by_type(binding.machine, type);
    binding.places = memory_allocate((size_t)(units > 0 ? units : 1), sizeof(hwloc_bitmap_t));
    for (int nth = 0; binding.count < units && nth < units; nth++)
        for (int i = 0; i < count; i++)
            add_place(hwloc_get_obj_by_type(binding.machine, type, (unsigned)i), nth);
}

static void clear(void)
{
    for (int i = 0; i < binding.count; i++)
        hwloc_bitmap_free(binding.places[i]);
    memory_free(binding.places);
    hwloc_bitmap_free(binding.allowed);
    binding.machine = NULL;
    binding.allowed = NULL;
    binding.places = NULL;
    binding.count = 0;
}

/* Where OpenMP itself has bound this thread (OMP_PROC_BIND, OMP_PLACES), it has one place of many:
 * taken for all that is allowed, every thread would be put there. */
static bool find_allowed(void)
{
    int processors[PROCESSORS_MOST];
    int count = threads_places(processors, PROCESSORS_MOST);
    for (int i = 0; i < count; i++)
        hwloc_bitmap_set(binding.allowed, (unsigned)processors[i]);
    return count > 0 ||
           hwloc_get_cpubind(binding.machine, binding.allowed, HWLOC_CPUBIND_THREAD) == 0;
}

static bool look_at_machine(void)
{
    binding.machine = machine_topology();
    if (binding.machine == NULL)
        return false;
    binding.allowed = hwloc_bitmap_alloc();
    return find_allowed();
}

bool binding_begin(void)
{
    threads_processors(); /* asked for the last time while this thread may run anywhere */
    atomic_store(&binding.failed, false);
    if (!look_at_machine()) {
        clear();
        return false;
    }
    find_places();
    threads_place_with(place);
    threads_enter();
    if (!atomic_load(&binding.failed))
        return true;
    binding_end();
    return false;
}

void binding_end(void)
{
    if (binding.machine == NULL)
        return;
    threads_place_with(set_free);
#pragma omp parallel num_threads(threads_processors())
    threads_enter();
    threads_place_with(NULL);
    clear();
}

int binding_places(void)
{
    return binding.count;
}

static void add_processors(hwloc_const_bitmap_t from, cpu_set_t *granted)
{
    for (int unit = hwloc_bitmap_first(from); unit >= 0 && unit < CPU_SETSIZE;
         unit = hwloc_bitmap_next(from, unit))
        CPU_SET((size_t)unit, granted);
}

/* OpenMP may have bound this thread, though we have not. */
static void grant_all(cpu_set_t *granted)
{
    int processors[PROCESSORS_MOST];
    const int count = threads_places(processors, PROCESSORS_MOST);
    if (count == 0)
        processors_read(granted);
    for (int i = 0; i < count; i++)
        if (processors[i] < CPU_SETSIZE)
            CPU_SET((size_t)processors[i], granted);
}

void binding_grant(int threads, cpu_set_t *granted)
{
    CPU_ZERO(granted);
    if (binding.machine == NULL)
        grant_all(granted);
    else if (threads > binding.count)
        add_processors(binding.allowed, granted);
    for (int i = 0; binding.machine != NULL && i < threads && threads <= binding.count; i++)
        add_processors(binding.places[i], granted);
}

int binding_processor(void)
{
    if (binding.machine == NULL)
        return -1;
    int processor = -1;
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    if (hwloc_get_cpubind(binding.machine, set, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_bitmap_weight(set) == 1)
        processor = hwloc_bitmap_first(set);
    hwloc_bitmap_free(set);
    return processor;
}
