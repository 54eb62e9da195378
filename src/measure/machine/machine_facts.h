/* SPDX-License-Identifier: MIT
 *
 * The facts that are recorded of a machine, one row each: from this list come its JSON and its
 * identity. Included by nothing outside this folder.
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_FACTS_H
#define DESCENT_MEASURE_MACHINE_MACHINE_FACTS_H

#include "measure/machine/machine.h"

#include <jansson.h>

struct machine_fact {
    const char *group; /* the object that it is in; NULL: the record itself */
    const char *name;
    const char *noun; /* what it is called where times are told not to be comparable because it
                         differs (comparability.h); NULL: it is not looked at there */
    bool identity; /* another value is another machine or build, whose times are not comparable and
                      whose bits may differ. Not so what a probe found, which can fail, and what no
                      trial makes use of */
    json_t *(*value)(const struct machine *machine); /* or NULL: it is a text, */
    const char *text;                                /* this one, or NULL: */
    size_t text_at;                                  /* that one of struct machine */
};

extern const struct machine_fact machine_fact_table[];
extern const size_t machine_fact_count;

/* Was it not told: is there no value, or one of the words for that? NULL is allowed. */
bool machine_fact_is_missing(const json_t *value);

/* What it is on this machine; `machine` may be NULL for those of the group "libraries". */
json_t *machine_fact_value(const struct machine_fact *fact, const struct machine *machine);

#endif
