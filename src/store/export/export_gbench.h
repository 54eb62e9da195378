/* SPDX-License-Identifier: MIT
 *
 * What the export for Google Benchmark's readers is put together from: names and context.
 * export_gbench.c has the rows.
 */
#ifndef DESCENT_STORE_EXPORT_EXPORT_GBENCH_H
#define DESCENT_STORE_EXPORT_EXPORT_GBENCH_H

#include "base/lookup.h"
#include "store/store.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct gbench_data_name {
    const char *description, *digest; /* the list's */
    char *text;
};

/* How the data sets of a list are called. */
struct gbench_data_names {
    size_t count, capacity;
    struct gbench_data_name *rows; /* (count), in the order in which the list has them */
    struct lookup sets;            /* their descriptions with their digests, numbered as rows */
    struct lookup texts;           /* names that were given or wished for */
    size_t *first;                 /* (texts.count) the row that each was first of */
    size_t first_capacity;
};

void gbench_data_names_read(struct gbench_data_names *names, const struct stored_trials *list);
void gbench_data_names_clear(struct gbench_data_names *names);

/* The name of a configuration; its data set must be among `names`. Free with memory_free(). */
char *gbench_configuration_name(const struct gbench_data_names *names,
                                const struct stored_trial *trial);

/* What a record of a machine (measure/machine/machine_record.h; NULL: none) says in a context, with
 * the moment of the export. The caller owns it. */
json_t *gbench_machine_context(const char *record);

/* The context, of the machine of that trial (NULL: of none). The caller owns *context. */
bool gbench_context(struct store *store, const struct stored_sweep *sweep,
                    const struct stored_trial *first, json_t **context, struct error *error);

#endif
