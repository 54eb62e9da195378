/* SPDX-License-Identifier: MIT
 *
 * The programs of a sweep while it runs, and workers: descent itself, where a configuration says
 * how it is started (`environment`, `binary`). Each is a process that lives over many trials: it is
 * started when the first is due, is given a data set once, and is started anew after a failure,
 * which costs the trial that it failed. Data are written for all of them together.
 *
 * Before its first trial on a data set a program trains once that does not count, as our own trials
 * are warmed up: pages are touched, threads started and code loaded then.
 */
#ifndef DESCENT_SWEEP_PROGRAMS_HOSTS_H
#define DESCENT_SWEEP_PROGRAMS_HOSTS_H

#include "data/dataset.h"
#include "programs/protocol.h"
#include "sweep/file/sweep_file.h"
#include "sweep/programs/talk.h"

/* Rows that are trained on, and what tells them from others of the same sweep. */
struct host_data {
    const struct dataset *data;
    size_t source;
    const struct configuration *of; /* its fold leaves those rows */
    double optimum;                 /* F*; NaN: it is not known */
};

/* What came of a training. */
struct host_answer {
    struct protocol_result result; /* result.w: free with memory_free() */
    double load_seconds;           /* until the program had the data; NaN: it had them before */
    size_t rows;                   /* number, from 1, of the rows that it trained on: two answers
                                    * with the same are of the same rows */
};

void host_result_clear(struct protocol_result *result);

struct program_hosts;

/* Their standard error goes to `out`; NULL: to nobody. */
struct program_hosts *program_hosts_create(const struct sweep_file *file, FILE *out);

/* Where the processes run that are started from now on, whatever their number of threads; NULL, as
 * in the beginning: where ours would (process_grant()). The set must last as long as they. */
void program_hosts_keep(struct program_hosts *hosts, const cpu_set_t *processors);

/* Ends their processes: each is started anew for the next trial that it trains. */
void program_hosts_end(struct program_hosts *hosts);

/* Ends them all. NULL is allowed. */
void program_hosts_free(struct program_hosts *hosts);

/* Has the program of a configuration train it. False: it failed, with why in `reason`. Several
 * threads may ask at a time, and take turns. */
bool program_hosts_train(struct program_hosts *hosts, const struct configuration *configuration,
                         struct host_data data, struct host_answer *answer,
                         char reason[static TALK_REASON]);

#endif
