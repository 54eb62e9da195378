/* SPDX-License-Identifier: MIT
 *
 * A placement: how a sweep whose trials share their time is laid out on a machine. Up to `models`
 * models are trained in one pass over the data, a pass has `threads` threads, and `side_by_side`
 * passes go on at a time. The table `placement` keeps, for each machine and build, the one that
 * `descent tune-placement` found best there, and what time it expects.
 */
#ifndef DESCENT_STORE_PLACEMENT_H
#define DESCENT_STORE_PLACEMENT_H

#include "base/digest.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

struct placement {
    int64_t models;       /* in a pass, at most */
    int64_t threads;      /* of a pass; 0: a fair share of those there are */
    int64_t side_by_side; /* passes at a time */
};

struct placement_record {
    struct placement placement;
    double seconds;           /* that the whole sweep is expected to take, without finals */
    char digest[DIGEST_TEXT]; /* of the text of the sweep file that it was found for */
};

/* Records it for a machine (store_add_machine), in place of what was recorded before. */
bool store_set_placement(struct store *store, int64_t machine,
                         const struct placement_record *record, struct error *error);

/* Looks up the one of the machine that this JSON says (machine_json); *found tells whether there
 * is one. Also for stores opened for reading. */
bool store_find_placement(struct store *store, const char *machine, struct placement_record *record,
                          bool *found, struct error *error);

#endif
