/* SPDX-License-Identifier: MIT
 *
 * What is asked of Slurm for a shard of a sweep: time and memory, as they are given on the command
 * line or as the plan expects them.
 *
 *     time    twice what the slowest shard should take, and 5 minutes to start
 *     memory  half as much again as data and training take, and 512 MiB for the program
 *     notice  twice what the longest pass should take, and a minute, before time is up; but at most
 *             half of the time, and what Slurm allows
 *
 * The plan is of another machine, and knows nothing of the search for F* and of trials that are run
 * again because they were disturbed; asking for more only makes a task wait a little longer in the
 * queue. What was asked for too little of is no loss either: a shard goes on where it stopped.
 */
#ifndef DESCENT_SWEEP_SLURM_JOB_REQUEST_H
#define DESCENT_SWEEP_SLURM_JOB_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#define JOB_TIME_FACTOR 2.0
#define JOB_TIME_START 300.0 /* seconds */
#define JOB_MEMORY_FACTOR 1.5
#define JOB_MEMORY_START (512.0 * 1048576.0) /* bytes */

/* A limit of time as Slurm reads it: "minutes", "minutes:seconds", "hours:minutes:seconds",
 * "days-hours", "days-hours:minutes" or "days-hours:minutes:seconds". Whole minutes, rounded up.
 * False when it is none of these, or 0. */
bool job_minutes_parse(const char *text, int64_t *minutes);

/* An amount of memory as Slurm reads it: a whole number of K, M (where nothing is said), G or T.
 * MiB, rounded up; 0: all of the machine's. */
bool job_mebibytes_parse(const char *text, int64_t *mebibytes);

/* To be asked for where so many seconds are expected; 0: more than can be asked for, or unknown. */
int64_t job_minutes(double seconds);

/* To be asked for, in MiB, where data and training take so many bytes. */
int64_t job_mebibytes(double bytes);

/* Seconds before the end of a job of so many minutes at which it is asked to stop, where the
 * longest pass is expected to take so many seconds (infinite: unknown). */
int64_t job_notice(double longest, int64_t minutes);

#endif
