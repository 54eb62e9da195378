/* SPDX-License-Identifier: MIT
 *
 * A baseline: a build that was raced against its copy, written down to be raced against later. The
 * times in it are evidence of that day only: what is compared with is the build itself, run again.
 */
#ifndef DESCENT_RACE_BASELINE_H
#define DESCENT_RACE_BASELINE_H

#include "base/error.h"
#include "base/json_text.h"
#include "race/racers.h"

struct baseline {
    json_t *object;
    struct side_words
        words; /* that start it, its program by its path; the texts are of the object */
};

/* What is written: an object (race_json()) of a race without B. Takes it over. */
json_t *baseline_json(json_t *race, const struct racers *racers);

/* Reads the file, and sees to it that the build is still what it was, and the machine. False, with
 * an error that says which of them is not, and that a stored time is no evidence. Clear it in any
 * case. */
bool baseline_read(const char *path, struct baseline *baseline, struct error *error);
void baseline_clear(struct baseline *baseline);

#endif
