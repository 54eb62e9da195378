/* SPDX-License-Identifier: MIT
 *
 * One question a page:
 *
 *     local = pages whose node is that of the processor of the thread that owns them / pages found
 *
 * hwloc asks Linux with move_pages(2), which moves nothing when no destinations are given. It tells
 * where a page is without touching it, so that looking changes nothing: pages that were never
 * written to are nowhere, and stay so.
 *
 * Reference: https://www.open-mpi.org/projects/hwloc/, "Memory binding"
 */
#include "measure/machine/residence.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "measure/machine/machine_topology.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* --- hwloc ---------------------------------------------------------------------------------- */

static hwloc_topology_t machine;

static int open_machine(void)
{
    machine = machine_topology();
    int nodes = machine != NULL ? hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_NUMANODE) : 0;
    return nodes > 0 ? nodes : 0;
}

static void close_machine(void)
{
    machine = NULL;
}

static int thread_node(void)
{
    int node = -1;
    hwloc_bitmap_t processors = hwloc_bitmap_alloc(), nodes = hwloc_bitmap_alloc();
    if (hwloc_get_last_cpu_location(machine, processors, HWLOC_CPUBIND_THREAD) == 0) {
        hwloc_cpuset_to_nodeset(machine, processors, nodes);
        node = hwloc_bitmap_first(nodes);
    }
    hwloc_bitmap_free(processors);
    hwloc_bitmap_free(nodes);
    return node;
}

static int page_node(const void *page, size_t bytes)
{
    int node = RESIDENCE_REFUSED;
    hwloc_bitmap_t nodes = hwloc_bitmap_alloc();
    if (hwloc_get_area_memlocation(machine, page, bytes, nodes, HWLOC_MEMBIND_BYNODESET) == 0) {
        node = hwloc_bitmap_first(nodes);
        node = node >= 0 ? node : RESIDENCE_NOWHERE;
    }
    hwloc_bitmap_free(nodes);
    return node;
}

const struct residence_lookup residence_lookup_hwloc = {
    .open = open_machine,
    .close = close_machine,
    .thread_node = thread_node,
    .page_node = page_node,
};

static const struct residence_lookup *lookup = &residence_lookup_hwloc;

void residence_replace(const struct residence_lookup *other)
{
    lookup = other != NULL ? other : &residence_lookup_hwloc;
}

/* --- An array ------------------------------------------------------------------------------- */

/* The node of each thread of a team; returns how many came. */
static int find_threads(int threads, int *nodes)
{
    int came = 0;
#pragma omp parallel num_threads(threads) reduction(+ : came)
    {
        threads_enter();
        nodes[threads_current()] = lookup->thread_node();
        came++;
    }
    return came;
}

/* An array that is looked at. */
struct page_sample {
    const char *array;
    size_t bytes;
    size_t page, before; /* bytes of one; of the first that are before the array */
    size_t pages, sampled;
};

static struct page_sample sample_of(const void *array, size_t bytes)
{
    struct page_sample sample = {
        .array = array, .bytes = bytes, .page = (size_t)sysconf(_SC_PAGESIZE)};
    sample.before = (uintptr_t)array % sample.page;
    sample.pages = (sample.before + bytes + sample.page - 1) / sample.page;
    sample.sampled = bytes == 0                         ? 0
                     : sample.pages < RESIDENCE_SAMPLES ? sample.pages
                                                        : RESIDENCE_SAMPLES;
    return sample;
}

/* Where in the array the i-th page of the sample begins. */
static size_t sampled_byte(const struct page_sample *sample, size_t i)
{
    size_t byte = i * sample->pages / sample->sampled * sample->page;
    return byte < sample->before ? 0 : byte - sample->before;
}

/* Counts pages; false when the system does not say where they are. */
static bool count_pages(const struct page_sample *sample, const int *nodes, int threads,
                        struct residence *residence)
{
    size_t local = 0, counts[RESIDENCE_NODES] = {0};
    for (size_t i = 0; i < sample->sampled; i++) {
        size_t byte = sampled_byte(sample, i);
        size_t owner = byte * (size_t)threads / sample->bytes;
        int node = lookup->page_node(sample->array + byte, 1);
        if (node == RESIDENCE_REFUSED)
            return false;
        if (node < 0 || node >= RESIDENCE_NODES)
            continue;
        residence->found++;
        counts[node]++;
        local += node == nodes[owner];
    }
    if (residence->found == 0)
        return true;
    residence->local = (double)local / (double)residence->found;
    for (int node = 0; node < RESIDENCE_NODES; node++)
        residence->shares[node] = (double)counts[node] / (double)residence->found;
    return true;
}

static void look(const struct page_sample *sample, int threads, struct residence *residence)
{
    int *nodes = memory_allocate((size_t)threads, sizeof *nodes);
    int came = find_threads(threads, nodes);
    residence->sampled = sample->sampled;
    errno = 0;
    if (!count_pages(sample, nodes, came, residence))
        snprintf(residence->reason, RESIDENCE_REASON,
                 "unknown: the system does not say where pages are (move_pages: %s); a container "
                 "needs the capability CAP_SYS_NICE",
                 strerror(errno));
    else if (residence->found == 0)
        snprintf(residence->reason, RESIDENCE_REASON,
                 "unknown: none of the pages is in memory, since they have not been written yet");
    else
        residence->known = true;
    memory_free(nodes);
}

void residence_measure(const void *array, size_t bytes, int threads, struct residence *residence)
{
    const struct page_sample sample = sample_of(array, bytes);
    *residence = (struct residence){.nodes = lookup->open(), .local = NAN};
    if (residence->nodes == 0) {
        snprintf(residence->reason, RESIDENCE_REASON, "unknown: hwloc finds no NUMA nodes here");
        return;
    }
    if (residence->nodes == 1) {
        residence->known = true;
        residence->local = 1.0;
        snprintf(residence->reason, RESIDENCE_REASON, "one NUMA node: all memory is local");
    } else {
        look(&sample, threads, residence);
    }
    lookup->close();
}
