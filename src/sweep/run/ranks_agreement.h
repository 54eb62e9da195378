/* SPDX-License-Identifier: MIT
 *
 * What the ranks of a job see must be the same, if each is to train what one of them hands out: the
 * build, the sweep file, the data and the plan. Files of hosts that share none may differ, and so
 * may builds; a sum over ranks would not tell, and trials would be recorded under a wrong name.
 *
 * Called by all ranks together. Where two differ, all get an error that names both, and that is
 * settled (ranks_settle).
 */
#ifndef DESCENT_SWEEP_RUN_RANKS_AGREEMENT_H
#define DESCENT_SWEEP_RUN_RANKS_AGREEMENT_H

#include "base/error.h"
#include "base/parallel/ranks.h"
#include "sweep/workload/workload.h"

/* The words that each was started with, of which argv has argc. */
bool rank_views_of_command(const struct ranks *ranks, int argc, char **argv, struct error *error);

/* Version and commit of descent, and the text of the sweep file. */
bool rank_views_of_file(const struct ranks *ranks, const struct sweep_file *file,
                        struct error *error);

/* Data sets, then configurations. */
bool rank_views_of_plan(const struct ranks *ranks, const struct workload *workload,
                        struct error *error);

/* Each rank's machine (measure/machine/machine.h), as JSON: texts[r] of rank r. */
struct rank_machines {
    char *all;
    const char **texts; /* (ranks) */
    struct rank_host {
        char name[RANKS_TEXT];
    } * hosts; /* (ranks) */
};
void rank_machines_gather(const struct ranks *ranks, struct rank_machines *machines);
void rank_machines_clear(struct rank_machines *machines);

#endif
