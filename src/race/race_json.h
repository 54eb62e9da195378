/* SPDX-License-Identifier: MIT
 *
 * A race for programs: one JSON object, also what `descent history` adds to its store.
 */
#ifndef DESCENT_RACE_RACE_JSON_H
#define DESCENT_RACE_RACE_JSON_H

#include "base/json_text.h"
#include "race/race_verdict.h"
#include "race/racers.h"

enum { RACE_JSON_VERSION = 1 };

/* Members: `race`, the version; `outcome`, `valid`, `answer`; `machine`, as stores have it;
 * `sides`, who they are; `results`, what each side took in each task, with every sample;
 * `verdicts`. */
json_t *race_json(const struct race *race, const struct race_verdicts *verdicts,
                  const struct racers *racers);

/* What is known of a side beside its times. A's copy has no commit of its own: whoever adds the
 * race to a history adds each commit once. */
json_t *racer_json(const struct racer *racer, enum race_side side);

/* This machine, as stores have it. */
json_t *race_machine_json(void);

#endif
