/* SPDX-License-Identifier: MIT
 *
 * The recording of a sweep: its store, opened to write, with the sweep file, this machine, the data
 * sets, the configurations and the plan in it.
 */
#ifndef DESCENT_SWEEP_RUN_RECORDING_H
#define DESCENT_SWEEP_RUN_RECORDING_H

#include "store/store.h"
#include "sweep/run/sweep_options.h"
#include "sweep/workload/workload.h"

struct recording {
    const struct workload *workload;
    struct store *store;
    bool read_only;   /* it cannot be written to: what is recorded may be all there is to do */
    int64_t machine;  /* 0: not recorded, of one that is read only */
    struct seat seat; /* of this process */
    int64_t *configurations; /* (workload->expansion.count): numbers in the store */
};

/* Opens it in `folder` as the options say, and tells options->out what has changed since the last
 * time: the sweep file, data sets, failed trials that are forgotten. A store that is there and may
 * not be written to is opened to be read, if it is of the same text of the sweep file and has all
 * configurations. */
bool recording_open(struct recording *recording, const struct workload *workload,
                    const char *folder, const struct sweep_options *options, struct error *error);
void recording_close(struct recording *recording);

/* Tells which data sets of a workload are recorded with other contents. */
bool recording_tell_changed_data(const struct workload *workload, struct store *store, FILE *out,
                                 struct error *error);

/* A trial to be: an item of the expansion (from 0), and which of its trials. */
struct turn {
    size_t item;
    int64_t final;  /* number of the finals; 0: the sweep itself */
    int64_t repeat; /* from 1 */
    int64_t pause;  /* of a rung (halving.h): the epoch to which it is trained; 0: to its end */
};

/* Who trains: a process of the job. */
struct trainer {
    int64_t machine; /* number in the store */
    int rank;        /* 0: the one that records */
    const char *host;
};

/* Its key in the store. */
struct trial_key recording_key(const struct recording *recording, struct turn turn);

/* What is recorded of it. */
bool recording_find(const struct recording *recording, struct turn turn,
                    struct trial_record *record, struct error *error);

/* Whose solution what is recorded of it began with; "": of none. */
bool recording_find_start(const struct recording *recording, struct turn turn,
                          char start[static START_TEXT], struct error *error);

/* Where what is recorded of it has ended: weights (features of its data) and bias. *found: it is
 * recorded, and they are finite. */
bool recording_find_solution(const struct recording *recording, struct turn turn, double *weights,
                             double *bias, bool *found, struct error *error);

/* Is nothing left to do? A disturbed trial is run again as often as the file allows. */
bool recording_is_settled(const struct sweep_file *file, const struct trial_record *record);

/* Compares a trial with another of its configuration from the same machine and build, if one is
 * recorded that ran its full course on the same kernel, both alone or both in a group: the same
 * computation must give the same bits. If it did not, the trial becomes STATUS_FAILED with a
 * message. */
bool recording_verify(const struct recording *recording, struct turn turn,
                      const struct trainer *trainer, struct trial *trial, struct error *error);

/* What was seen beside a trial; NULL: nothing was watched. */
struct sight {
    const struct evidence *evidence;
    const struct counters *counters;
};

bool recording_add(const struct recording *recording, struct turn turn, int64_t attempt,
                   const struct trainer *trainer, const struct trial *trial, struct sight sight,
                   struct error *error);

/* Forgets a trial that was cut, or waits at a rung: it is trained from the start. */
bool recording_forget(const struct recording *recording, struct turn turn, struct error *error);

#endif
