/* SPDX-License-Identifier: MIT
 *
 * Counts of hwloc's objects. hwloc is asked, rather than /sys, because the files there differ
 * between systems, architectures and containers, and hwloc knows the differences.
 *
 * Reference: https://www.open-mpi.org/projects/hwloc/
 */
#include "measure/machine/topology.h"

#include "measure/machine/machine_topology.h"

/* How many objects of a type there are; 0 where hwloc does not know. */
static int count_objects(hwloc_topology_t machine, hwloc_obj_type_t type)
{
    int count = hwloc_get_nbobjs_by_type(machine, type);
    return count > 0 ? count : 0;
}

static int units_below(hwloc_obj_t object)
{
    return object->cpuset != NULL ? hwloc_bitmap_weight(object->cpuset) : 0;
}

static int most_units_per_core(hwloc_topology_t machine, int cores)
{
    int most = 0;
    for (int i = 0; i < cores; i++) {
        int units = units_below(hwloc_get_obj_by_type(machine, HWLOC_OBJ_CORE, (unsigned)i));
        most = units > most ? units : most;
    }
    return most;
}

static void read_caches(hwloc_topology_t machine, struct topology *topology)
{
    static const hwloc_obj_type_t levels[TOPOLOGY_CACHES] = {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE,
                                                             HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE,
                                                             HWLOC_OBJ_L5CACHE};
    for (int i = 0; i < TOPOLOGY_CACHES; i++) {
        int count = count_objects(machine, levels[i]);
        if (count == 0)
            continue;
        hwloc_obj_t first = hwloc_get_obj_by_type(machine, levels[i], 0);
        topology->caches[topology->cache_count++] = (struct cache_level){
            .level = i + 1,
            .bytes = (size_t)first->attr->cache.size,
            .count = count,
            .shared_by = units_below(first),
            .line_bytes = (int)first->attr->cache.linesize,
        };
    }
}

void topology_read(struct topology *topology)
{
    *topology = (struct topology){0};
    hwloc_topology_t machine = machine_topology();
    if (machine == NULL)
        return;
    topology->packages = count_objects(machine, HWLOC_OBJ_PACKAGE);
    topology->numa_nodes = count_objects(machine, HWLOC_OBJ_NUMANODE);
    topology->cores = count_objects(machine, HWLOC_OBJ_CORE);
    topology->processing_units = count_objects(machine, HWLOC_OBJ_PU);
    topology->units_per_core = most_units_per_core(machine, topology->cores);
    read_caches(machine, topology);
}

const char *topology_library_version(void)
{
    return HWLOC_VERSION;
}
