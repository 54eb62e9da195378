/* SPDX-License-Identifier: MIT
 *
 * There are few hosts, so they are looked for one after the other.
 */
#include "report/hosts.h"

#include "base/memory.h"

#include <string.h>

bool seat_is_alike(const struct seat *a, const struct seat *b)
{
    return a->ranks_per_host == b->ranks_per_host &&
           (*a->host == '\0' || *b->host == '\0' || strcmp(a->host, b->host) == 0);
}

void hosts_add(struct hosts *hosts, const struct seat *seat)
{
    for (size_t i = 0; i < hosts->count; i++) {
        struct host_trials *one = &hosts->list[i];
        if (one->seat.ranks_per_host == seat->ranks_per_host &&
            strcmp(one->seat.host, seat->host) == 0) {
            one->trials++;
            return;
        }
    }
    hosts->list = memory_grow(hosts->list, &hosts->capacity, hosts->count + 1, sizeof *hosts->list);
    hosts->list[hosts->count++] = (struct host_trials){*seat, 1};
}

void hosts_clear(struct hosts *hosts)
{
    memory_free(hosts->list);
    *hosts = (struct hosts){0};
}

static bool is_better(const struct host_trials *a, const struct host_trials *b)
{
    bool named = *a->seat.host != '\0', other = *b->seat.host != '\0';
    return named != other ? named : a->trials > b->trials;
}

const struct seat *hosts_chosen(const struct hosts *hosts)
{
    const struct host_trials *best = hosts->list;
    for (size_t i = 1; i < hosts->count; i++)
        if (is_better(&hosts->list[i], best))
            best = &hosts->list[i];
    return best != NULL ? &best->seat : NULL;
}
