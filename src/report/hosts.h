/* SPDX-License-Identifier: MIT
 *
 * Whose times may be compared. A time is of one host, and of as many processes as ran beside it
 * there: two hosts differ even where they are built alike, and merged shards (store/merge/merge.h)
 * or a job of several ranks bring times of several into one store. So of the trials that are to be
 * compared, those of the host with the most of them stand, and the others have no time.
 *
 * A host without a name is of a store from before names were recorded. It is taken to be the same
 * as any other: such a store was of one machine, or its reports warn that it was not.
 */
#ifndef DESCENT_REPORT_HOSTS_H
#define DESCENT_REPORT_HOSTS_H

#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

/* Hosts, and how many trials there are of each. */
struct hosts {
    size_t count, capacity;
    struct host_trials {
        struct seat seat; /* of the first of them; its rank is not looked at */
        size_t trials;
    } * list; /* (count) */
};

void hosts_add(struct hosts *hosts, const struct seat *seat);
void hosts_clear(struct hosts *hosts);

/* The one with the most trials, the first of equals, one with a name before one without; NULL:
 * there are none. */
const struct seat *hosts_chosen(const struct hosts *hosts);

/* May times of the two be compared? */
bool seat_is_alike(const struct seat *a, const struct seat *b);

#endif
