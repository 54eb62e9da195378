/* SPDX-License-Identifier: MIT
 *
 * The heading of a report: what the sweep asks, how far it is, and the command that goes on.
 */
#ifndef DESCENT_REPORT_HEADING_H
#define DESCENT_REPORT_HEADING_H

#include "report/results.h"

#include <stdio.h>

/* `folder`: of the store, as the user gave it. */
void heading_print(const struct results *results, const char *folder, FILE *out);

/* "descent sweep FILE", the command that goes on, for a store in results/NAME; else with the folder
 * that NAME is in. Free with memory_free(). */
char *heading_sweep_command(const struct results *results, const char *folder);

/* The same for the sweep file at `path`; for the folder of a shard (store/shard_folder.h), with the
 * shard.
 */
char *heading_sweep_of(const char *path, const char *folder);

/* The optimum of a section on a line, or why there is none; nothing where nothing is recorded. */
void heading_print_optimum(const struct section *section, FILE *out);

/* Of which features the numbers of a section are, where training read them in fewer bits: a
 * sentence; NULL: it read them as they were given. */
const char *heading_precision(const struct section *section);

/* The title of a section: data set, its shape, and lambda where it varies. */
void heading_print_section(const struct results *results, const struct section *section, FILE *out);

#endif
