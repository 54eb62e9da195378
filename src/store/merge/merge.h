/* SPDX-License-Identifier: MIT
 *
 * Merging stores of one sweep, the shards that ran on several machines, into one. A trial is known
 * by what it is: its configuration (by its key, which the data's digest is part of), finals, repeat
 * and attempt. One that is there already with the same bits is a duplicate, so that merging again
 * changes nothing; other bits are an error. All that belongs to trials, machines, data and
 * configurations comes along.
 *
 * Everything is one transaction: a full disk, an error or a kill leaves the store as it was.
 */
#ifndef DESCENT_STORE_MERGE_MERGE_H
#define DESCENT_STORE_MERGE_MERGE_H

#include "base/error.h"
#include "store/merge/merge_tally.h"

#include <stdbool.h>
#include <stddef.h>

/* The sweep that the sources are of. */
struct merge_facts {
    char *path;   /* of the sweep file, as given */
    bool finals;  /* it asks for them */
    bool changed; /* the store was of another text of the sweep file */
};

/* Checks that all sources (count > 0; folders) are stores of the same text of a sweep file, and
 * none of them the store in `folder`, which need not be there; sets facts->path and ->finals. */
bool merge_check(const char *folder, const char *const *sources, size_t count,
                 struct merge_facts *facts, struct error *error);

/* Merges them into the store in `folder`, which is created when missing. tallies (count). After
 * merge_check(). */
bool merge_stores(const char *folder, const char *const *sources, size_t count,
                  struct merge_tally *tallies, struct merge_facts *facts, struct error *error);

void merge_facts_clear(struct merge_facts *facts);

#endif
