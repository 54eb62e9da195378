/* SPDX-License-Identifier: MIT
 *
 * Working: the other ranks of a job ask rank 0 for work, train what they get, and deliver each
 * trial when it ends (models_server.h). They know the plan and the data; the store they never see.
 */
#ifndef DESCENT_SWEEP_RUN_MODELS_WORKER_H
#define DESCENT_SWEEP_RUN_MODELS_WORKER_H

#include "base/parallel/ranks.h"
#include "sweep/workload/workload.h"

/* Until rank 0 ends the sweep. An error of this rank alone is told there, and becomes everybody's
 * when errors are settled. */
void working_run(const struct ranks *ranks, const struct workload *workload, struct error *error);

#endif
