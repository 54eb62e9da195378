/* SPDX-License-Identifier: MIT
 *
 * A job script for Slurm: a sweep in shards, each a task of a job array on a machine of its own.
 * Slurm is what starts, watches and queues them; the script only says what to ask for and how to
 * stop and go on:
 *
 *     a while before time is up, or to make room,    Slurm sends SIGTERM to the script
 *     which passes it on,                            and the trial in flight is finished
 *     the sweep ends with code 130,                  and the script queues its task again
 *
 * A sweep goes on where it stopped, so that a task may be queued any number of times; the script
 * lets it be some twenty.
 */
#ifndef DESCENT_SWEEP_SLURM_JOB_SCRIPT_H
#define DESCENT_SWEEP_SLURM_JOB_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Texts are without control characters, which job_script_can_say() tells; paths that the job uses
 * are absolute, for it may start anywhere. */
struct job_script {
    const char *command;   /* that made it, as one types it */
    const char *directory; /* where that was: data files are looked for there */
    const char *script;    /* what one calls it when it is submitted */
    const char *program;   /* this one */
    const char *file;      /* the sweep file */
    const char *name;      /* of the sweep */
    const char *results;   /* folder of all results */
    const char *execution; /* in place of the file's, or NULL */
    const char *partition; /* or NULL: Slurm's default */
    const char *account;   /* likewise */
    int64_t shards;
    int64_t cpus;                        /* for a task */
    int64_t minutes;                     /* after which it is ended, and */
    int64_t notice;                      /* seconds before that, at which it is asked to stop */
    int64_t mebibytes;                   /* 0: all of the machine's */
    double expected;                     /* seconds of the slowest shard; infinite: unknown */
    double bytes;                        /* expected for data and training */
    bool minutes_given, mebibytes_given; /* on the command line */
    bool exclusive;                      /* no other job beside it */
    bool finals;                         /* the sweep has some, to be run after merging */
    bool waits;                          /* shards wait for each other at rungs */
};

/* Can this text stand in a job script? Slurm reads it line by line. */
bool job_script_can_say(const char *text);

void job_script_write(const struct job_script *job, FILE *out);

#endif
