/* SPDX-License-Identifier: MIT
 *
 * Comparability: may the times of two records (machine_record.h) be compared, and what differs if
 * not? The key is a part of the identity of a machine (machine_identity.h): processor, microcode,
 * topology, kernel, governor, compiler, flags, BLAS and the other facts that have a noun in
 * machine_facts.c. The amount of memory is none of them: what fits is as fast. Nor are version and
 * commit, unless they are asked for: a history is of commits.
 *
 * What one record lacks, because the system did not tell it or an earlier descent did not ask, is
 * no difference, and is told as not known.
 */
#ifndef DESCENT_MEASURE_MACHINE_COMPARABILITY_H
#define DESCENT_MEASURE_MACHINE_COMPARABILITY_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of a machine, of a build, or of all records of a group. */
struct comparability {
    size_t count, capacity;
    struct comparable {
        size_t fact; /* its row in the table of facts */
        char *noun;  /* "kernel" */
        char *value; /* "6.1.0-18-amd64" */
    } * facts;       /* (count), by `fact` */
};

/* The key of a record; with `build`, of the build that made it too. Of what is no JSON object
 * nothing is known. */
struct comparability comparability_read(const char *json, bool build);
void comparability_clear(struct comparability *key);

/* No fact that both know differs. */
bool comparability_same(const struct comparability *a, const struct comparability *b);

/* Records in groups that may be compared with each other. All zero: none yet. */
struct comparability_groups {
    size_t count, capacity;
    struct comparability *keys; /* (count) all that is known of each group */
};

/* The first group with which a key is the same, or a new one; its number. The group then also knows
 * what the key does, so that whoever comes later is told apart by that: facts that are not known
 * never join two records that differ. Takes the key over. */
size_t comparability_join(struct comparability_groups *groups, struct comparability key);
void comparability_groups_clear(struct comparability_groups *groups);

/* What differs between keys (count): "kernel 6.1.0-18 and 6.1.0-21; governor powersave and
 * performance"; "" where nothing does. A fact that only some know: "microcode not known of all",
 * after those that differ, if any do. Fit for a terminal; free with memory_free(). */
char *comparability_differences(const struct comparability *keys, size_t count);

/* The commit of a record's build: "" where it is not known. Free with memory_free(). */
char *comparability_commit(const char *json);

#endif
