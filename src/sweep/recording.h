/* SPDX-License-Identifier: MIT
 *
 * The recording of a sweep: its store, opened to write, with the sweep file, this machine, the data
 * sets, the configurations and the plan in it.
 */
#ifndef DESCENT_SWEEP_RECORDING_H
#define DESCENT_SWEEP_RECORDING_H

#include "store/store.h"
#include "sweep/runner.h"
#include "sweep/workload.h"

struct recording {
    const struct workload *workload;
    struct store *store;
    int64_t machine;
    int64_t *configurations; /* (workload->expansion.count): numbers in the store */
};

/* Opens it in `folder` as the options say, and tells options->out what has changed since the last
 * time: the sweep file, data sets, failed trials that are forgotten. */
bool recording_open(struct recording *recording, const struct workload *workload,
                    const char *folder, const struct sweep_options *options, struct error *error);
void recording_close(struct recording *recording);

/* Tells which data sets of a workload are recorded with other contents. */
bool recording_tell_changed_data(const struct workload *workload, struct store *store, FILE *out,
                                 struct error *error);

/* What is recorded of an item of the expansion (from 0) and a repeat (from 1). */
bool recording_find(const struct recording *recording, size_t item, int64_t repeat,
                    struct trial_record *record, struct error *error);

/* Compares a trial with another repeat of its configuration from this machine and build, if one is
 * recorded that ran its full course on the same kernel, both alone or both in a group: the same
 * computation must give the same bits. If it did not,
 * the trial becomes STATUS_FAILED with a message. */
bool recording_verify(const struct recording *recording, size_t item, int64_t repeat,
                      struct trial *trial, struct error *error);

bool recording_add(const struct recording *recording, size_t item, int64_t repeat,
                   const struct trial *trial, struct error *error);

#endif
