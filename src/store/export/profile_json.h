/* SPDX-License-Identifier: MIT
 *
 * A profile as JSON, for exports: of a trial, and of a machine.
 */
#ifndef DESCENT_STORE_EXPORT_PROFILE_JSON_H
#define DESCENT_STORE_EXPORT_PROFILE_JSON_H

#include "store/store_profile.h"

#include <jansson.h>

/* Puts "profile" into the object of a trial: its phases, threads, regions and counters. Nothing
 * where it was not profiled. */
bool profile_trial_to_json(struct store *store, int64_t trial, json_t *object, struct error *error);

/* Puts "ceilings" and "remarks" into the object of a machine; nothing where there are none. */
bool profile_machine_to_json(struct store *store, int64_t machine, json_t *object,
                             struct error *error);

#endif
