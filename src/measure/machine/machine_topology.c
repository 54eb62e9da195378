/* SPDX-License-Identifier: MIT
 *
 * Two things that hwloc does by default are left out, because they take longer than all the rest.
 *
 * It opens every plugin that is installed: on Debian those for OpenCL and for displays, with X11,
 * Unicode and XML behind them, 20 libraries and 7 million instructions of the dynamic linker, again
 * with every load. They know devices, which are not asked for here. A user who names plugins or
 * components in the environment is obeyed.
 *
 * It also asks each processor itself (CPUID), for which this thread moves to one after the other
 * and waits until it is its turn there. Linux has told the same in /sys already. Where it has told
 * of no cache, as in some containers, the processors are asked.
 *
 * Reference: https://www.open-mpi.org/projects/hwloc/, "Components and plugins"
 */
#include "measure/machine/machine_topology.h"

#include <stdbool.h>
#include <stdlib.h>

static const char plugins[] = "HWLOC_PLUGINS_PATH";

static bool user_chooses(void)
{
    return getenv(plugins) != NULL || getenv("HWLOC_COMPONENTS") != NULL;
}

/* The list of places that hold plugins is read here, and never again. */
static bool begin(hwloc_topology_t *machine)
{
    const bool none = !user_chooses();
    if (none)
        setenv(plugins, "", 1);
    bool begun = hwloc_topology_init(machine) == 0;
    if (none)
        unsetenv(plugins);
    return begun;
}

static bool knows_caches(hwloc_topology_t machine)
{
    return hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_L1CACHE) > 0;
}

/* NULL: it cannot be loaded. `component`: is left out, or NULL. */
static hwloc_topology_t load_without(const char *component)
{
    hwloc_topology_t machine;
    if (!begin(&machine))
        return NULL;
    if (component != NULL)
        hwloc_topology_set_components(machine, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, component);
    if (hwloc_topology_load(machine) == 0)
        return machine;
    hwloc_topology_destroy(machine);
    return NULL;
}

static hwloc_topology_t load(void)
{
    hwloc_topology_t quick = user_chooses() ? NULL : load_without("x86");
    if (quick != NULL && knows_caches(quick))
        return quick;
    if (quick != NULL)
        hwloc_topology_destroy(quick);
    return load_without(NULL);
}

hwloc_topology_t machine_topology(void)
{
    static hwloc_topology_t machine;
    static bool loaded;
    if (!loaded)
        machine = load();
    loaded = true;
    return machine;
}
