/* SPDX-License-Identifier: MIT
 *
 * A command timed as a whole process: from before it is started to when its end is known, with all
 * that the system does for it in between. What it reads is empty, and what it writes goes to
 * memory, so that no reader runs beside it: the digest of it is taken afterwards.
 */
#ifndef DESCENT_RACE_WHOLE_PROCESS_H
#define DESCENT_RACE_WHOLE_PROCESS_H

#include "programs/process.h"
#include "race/race.h"

/* Runs it once; the command's name and what its words are passed on to are not looked at. False,
 * with why and its last words, where it cannot be started, does not end within `limit` seconds or
 * does not end with exit code 0; it and its process group are gone then.
 *
 * The peak of memory is NaN where it is not above our own: the system begins to count before the
 * process has become the command, while its memory is ours still (findings/linux-maxrss.sh). */
bool whole_process_run(const struct process_command *command, double limit,
                       struct race_sample *sample, struct race_output *output,
                       char reason[static RACE_REASON]);

#endif
