/* SPDX-License-Identifier: MIT
 *
 * Whether two records (machine_record.h) are of the same machine and build.
 */
#ifndef DESCENT_MEASURE_MACHINE_MACHINE_IDENTITY_H
#define DESCENT_MEASURE_MACHINE_MACHINE_IDENTITY_H

#include <stdbool.h>

/* A record, read back. NULL: the text is not a JSON object. */
struct machine_facts;
struct machine_facts *machine_facts_read(const char *json);
void machine_facts_free(struct machine_facts *facts); /* NULL is allowed */

/* Is it one? */
bool machine_is_sound(const char *json);

/* Are both of the same machine and build? All facts that are part of its identity
 * (machine_facts.h) must be equal; one that either lacks matches any, but they must have one in
 * common. NULL matches none. */
bool machine_facts_same(const struct machine_facts *a, const struct machine_facts *b);

/* The JSON of `known` with what only `more` has of the facts that are no part of the identity; NULL
 * when there is nothing to add. Free with memory_free(). */
char *machine_facts_complete(const struct machine_facts *known, const struct machine_facts *more);

#endif
